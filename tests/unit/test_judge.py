from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from msptool import judge, model
from msptool.judge import Case, Check, Checks, Undecided, Unsure, Verdict, Violation
from msptool.model import Rule, Thing
from msptool.registry import Register

T0 = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
THING = Thing(id="01J", kind="asset", name="sw")


def rule(name: str = "NET-001") -> Rule:
    words = {"en": "x", "ru": "ы"}
    return Rule(check=name, title=words, message=words, remedy=words, severity="high", category="c")


def tried(said: Any, case: Case[Any] | None = None, **limits: Any) -> Verdict:
    """Judge one case by a check that says `said`, or calls it."""

    def look(subject: object) -> Any:
        return said(subject) if callable(said) else said

    consents = limits.pop("consents", ())
    return judge.judge(
        [Check(rule(), look, **limits)],
        [case or Case(THING, None)],
        client="ACME",
        seen_at=T0,
        consents=consents,
    )


def outcome(verdict: Verdict) -> tuple[str, str]:
    [attempt] = verdict.attempts
    assert bool(verdict.findings) == (attempt.outcome == "fail")
    return attempt.outcome, attempt.reason


def crash(_subject: object) -> Iterable[Violation]:
    raise ZeroDivisionError


def crash_late(_subject: object) -> Iterator[Violation]:
    yield Violation("tcp/23")
    raise RecursionError


def test_a_crash_can_be_traced_and_says_no_value() -> None:
    def crash_with_a_value(subject: str) -> Iterable[Violation]:
        raise ValueError(f"of {subject}")

    cases = [Case(Thing(id=n, kind="asset", name=n), "hunter2") for n in ("first", "second")]
    told = judge.judge([Check(rule(), crash_with_a_value)], cases, client="ACME", seen_at=T0)
    assert [(a.outcome, a.reason) for a in told.attempts] == [CRASHED, CRASHED]
    [crash_told] = told.crashes
    assert crash_told.startswith("NET-001 on first\n") and crash_told.endswith("\nValueError\n")
    assert "crash_with_a_value" in crash_told and "hunter2" not in crash_told
    assert tried([]).crashes == ()


def test_of_an_endless_recursion_the_end_is_told() -> None:
    def endless(subject: object) -> Iterable[Violation]:
        return endless(subject)

    [crash_told] = tried(endless).crashes
    assert crash_told.endswith("RecursionError\n") and len(crash_told.splitlines()) < 50


def undecided(*words: Any) -> Any:
    def look(_subject: object) -> Iterable[Violation]:
        raise Undecided(*words)

    return look


CRASHED = ("unknown", "check-crashed")


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ([], ("pass", "")),
        ([Violation("tcp/23")], ("fail", "")),
        ([Unsure("a", "partial")], ("unknown", "partial")),
        ([Unsure("a", "partial"), Violation("b")], ("fail", "")),
        (undecided("no-snmp"), ("unknown", "no-snmp")),
        (undecided("not-applicable", "skipped"), ("skipped", "not-applicable")),
        (crash, CRASHED),
        (crash_late, CRASHED),
        (None, CRASHED),
        (7, CRASHED),
        (["tcp/23"], CRASHED),
        ([None], CRASHED),
        ([Violation("a", {"x": b"bytes"})], CRASHED),  # type: ignore[dict-item]
        ([Violation("a", {"x": ["list"]})], CRASHED),  # type: ignore[dict-item]
        ([Violation("a", {"x": "\udc80"})], CRASHED),
        ([Unsure("a", "no such reason")], CRASHED),
        (undecided("no such reason"), CRASHED),
        (undecided("no such reason", "skipped"), CRASHED),
        (undecided("no-snmp", "pass"), CRASHED),
        (undecided("no-snmp", "fail"), CRASHED),
    ],
)
def test_whatever_a_check_does_has_an_outcome(said: object, expected: tuple[str, str]) -> None:
    verdict = tried(said)
    assert outcome(verdict) == expected
    saved: tuple[model.Line, ...] = (*verdict.attempts, *verdict.findings)
    for record in saved:
        assert model.decode(model.encode(record)) == record, "it can be saved"


def test_the_run_is_stopped_by_us_not_by_a_check() -> None:
    def stop(_subject: object) -> Any:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        tried(stop)


def test_what_could_not_be_judged_travels_with_what_was() -> None:
    [attempt] = tried([Unsure("a", "partial"), Unsure("b", "too-soon"), Violation("c")]).attempts
    assert attempt.unsure == ("a", "b")


def test_a_check_is_not_asked_for_what_it_lacks() -> None:
    case = Case(THING, None, lacks={"snmp": "no-snmp", "ports": "host-off"})
    assert outcome(tried(crash, case, needs=("ports", "snmp"))) == ("unknown", "host-off")
    assert outcome(tried([], case, needs=("other",))) == ("pass", "")
    odd = Case(THING, None, lacks={"snmp": "no such reason"})
    assert outcome(tried([], odd, needs=("snmp",))) == CRASHED


def test_a_check_is_not_asked_without_consent() -> None:
    assert outcome(tried(crash, consent="default-credentials")) == ("skipped", "no-consent")
    agreed = tried([], consent="default-credentials", consents=["default-credentials"])
    assert outcome(agreed) == ("pass", "")


def test_a_check_is_asked_only_of_things_it_knows() -> None:
    assert tried([], kinds=frozenset({"job"})).attempts == ()
    assert outcome(tried([], kinds=frozenset({"asset"}))) == ("pass", "")


def test_a_finding_is_about_the_part_of_the_thing() -> None:
    case = Case(THING, None, vantage="lan", privilege="root")
    verdict = tried([Violation("tcp/23", {"port": 23}, "low", ("aa",)), Violation("tcp/24")], case)
    first, second = verdict.findings
    assert (first.subject.client, first.subject.thing, first.subject.part) == (
        "ACME",
        "01J",
        "tcp/23",
    )
    assert (first.severity, second.severity) == ("low", "high")
    assert first.evidence == ("aa",) and first.seen_at == T0
    assert verdict.attempts[0].vantage == "lan" and verdict.attempts[0].privilege == "root"


def test_a_second_check_of_one_id_stops_the_program() -> None:
    checks: Checks[None] = Checks("msptool.audit.checks")
    checks.check(rule("NET-999"))(lambda _subject: [])
    with pytest.raises(RuntimeError, match="twice"):
        checks.check(rule("NET-999"))(lambda _subject: [])


def test_a_register_shares_nothing_with_another() -> None:
    one, other = Register[int]("msptool.tickets.export"), Register[int]("msptool.tickets.export")
    one.add("a")(1)
    other.add("a")(2)
    assert (one.load()["a"], other.load()["a"]) == (1, 2)


def test_a_folder_that_failed_to_load_fails_again() -> None:
    register: Register[int] = Register("msptool.nowhere")
    for _ in range(2):
        with pytest.raises(ModuleNotFoundError):
            register.load()


def test_check_ids_are_unique_over_all_rooms_and_worded_in_both_languages() -> None:
    from msptool.audit.checks import CHECKS as audit
    from msptool.backup.checks import CHECKS as backup
    from msptool.monitor.checks import CHECKS as monitor

    rules = [
        (name, check.rule)
        for register in (audit.load(), backup.load(), monitor.load())
        for name, check in register.items()
    ]
    assert len(rules) == len(dict(rules)) >= 8
    for name, found in rules:
        assert found.check == name
        for words in (found.title, found.message, found.remedy):
            assert words["en"].strip() and words["ru"].strip(), name
            assert set(words) == set(model.LANGUAGES)
