"""Each check: on its limit, beyond it, and with nothing to look at."""

import re
from datetime import timedelta

import pytest

from msptool import model
from msptool.monitor.checks import CHECKS
from msptool.monitor.seen import Load, Memory, Proof, Service, Volume
from tests.unit.monitor.seen import NOW, findings, outcome, seen

GIB = 2**30


def test_the_checks_are_those_of_the_catalogue() -> None:
    assert list(CHECKS.load()) == ["BKP-003", "MON-001", "MON-002", "MON-003", "SRV-006"]


@pytest.mark.parametrize("check", CHECKS.load())
def test_rules_are_worded_in_both_languages_from_the_same_facts(check: str) -> None:
    rule = CHECKS.load()[check].rule
    for words in (rule.title, rule.message, rule.remedy):
        assert set(words) == set(model.LANGUAGES)
        assert re.search("[а-я]", words["ru"])
        assert not re.search("[а-я]", words["en"])
    fields = [set(re.findall(r"\{(\w+)\}", text)) for text in rule.message.values()]
    assert fields[0] == fields[1]
    assert not re.findall(r"\{\w+\}", "".join(rule.remedy.values()))


def _worded(found: model.Finding) -> str:
    rule = CHECKS.load()[found.check].rule
    return "".join(model.fill(text, found.facts) for text in rule.message.values())


@pytest.mark.parametrize(("average", "expected"), [(8.0, "pass"), (8.1, "fail"), (0.0, "pass")])
def test_load_counts_for_each_cpu(average: float, expected: str) -> None:
    facts = seen(load=Load(average, cpus=4))
    assert outcome("MON-001", "agent", facts).outcome == expected


@pytest.mark.parametrize(("available", "expected"), [(10, "pass"), (9, "fail"), (100, "pass")])
def test_memory_that_can_be_had_counts(available: int, expected: str) -> None:
    facts = seen(memory=Memory(total_bytes=100 * GIB, available_bytes=available * GIB))
    assert outcome("MON-002", "agent", facts).outcome == expected


@pytest.mark.parametrize(
    ("used", "free", "inodes", "expected"),
    [(89, 11, 0, "pass"), (90, 10, 0, "fail"), (1, 99, 95, "fail"), (50, 0, 0, "fail")],
)
def test_volumes_fill_with_bytes_or_with_files(
    used: int, free: int, inodes: int, expected: str
) -> None:
    volume = Volume("/srv", "/dev/sdb", used, free, inodes, 100 - inodes if inodes else 0)
    facts = seen(volume=volume)
    assert outcome("SRV-006", "volume", facts).outcome == expected
    assert [found.subject.part for found in findings("SRV-006", "volume", facts)] == (
        ["/srv"] if expected == "fail" else []
    )


def test_a_reserve_that_only_root_may_fill_counts_as_full() -> None:
    """As df shows it: 90 used, 5 for users, 5 for root is 94.7 %, not 90."""
    assert Volume("/", "d", used_bytes=90, free_bytes=5).used_percent == pytest.approx(94.736, 1e-4)


@pytest.mark.parametrize(
    ("loaded", "active", "sub", "severity", "state"),
    [
        ("loaded", "active", "running", "", ""),
        ("loaded", "active", "exited", "", ""),
        ("loaded", "reloading", "reload", "", ""),
        ("loaded", "inactive", "dead", "high", "inactive (dead)"),
        ("loaded", "failed", "failed", "high", "failed (failed)"),
        ("loaded", "activating", "auto-restart", "high", "activating (auto-restart)"),
        ("loaded", "activating", "start", "low", "activating (start)"),
        ("not-found", "inactive", "dead", "high", "not-found"),
        ("masked", "inactive", "dead", "high", "masked"),
        ("bad-setting", "inactive", "dead", "high", "bad-setting"),
    ],
)
def test_services(loaded: str, active: str, sub: str, severity: str, state: str) -> None:
    facts = seen(services=(Service("a.service", loaded, active, sub),), evidence=("e1",))
    found = findings("MON-003", "agent", facts)
    assert [(one.severity, one.facts["state"], one.subject.part) for one in found] == (
        [(severity, state, "a.service")] if severity else []
    )
    assert all(one.evidence == ("e1",) for one in found)


def test_no_service_in_the_profile_is_no_pass() -> None:
    attempt = outcome("MON-003", "agent", seen(services=None))
    assert (attempt.outcome, attempt.reason) == ("skipped", "not-configured")


@pytest.mark.parametrize(
    ("age_days", "expected"), [(None, "fail"), (29.9, "pass"), (30.1, "fail"), (0, "pass")]
)
def test_proofs_age(age_days: float | None, expected: str) -> None:
    at = None if age_days is None else NOW - timedelta(days=age_days)
    facts = seen(proof=Proof("files", at))
    assert outcome("BKP-003", "job", facts).outcome == expected
    assert [one.subject.part for one in findings("BKP-003", "job", facts)] == (
        [""] if expected == "fail" else []
    )


@pytest.mark.parametrize(
    ("check", "kind", "need"),
    [("MON-001", "agent", "load"), ("MON-002", "agent", "memory"), ("MON-003", "agent", "services"),
     ("SRV-006", "volume", "volume"), ("BKP-003", "job", "proof")],
)  # fmt: skip
def test_what_a_probe_did_not_see_is_unknown(check: str, kind: str, need: str) -> None:
    attempt = outcome(check, kind, seen(), {need: "timed-out"})
    assert (attempt.outcome, attempt.reason) == ("unknown", "timed-out")


def test_messages_have_a_value_for_every_field() -> None:
    bad = [
        *findings("MON-001", "agent", seen(load=Load(99, 1))),
        *findings("MON-002", "agent", seen(memory=Memory(100, 1))),
        *findings("MON-003", "agent", seen(services=(Service("a", "loaded", "failed", "x"),))),
        *findings("SRV-006", "volume", seen(volume=Volume("/", "d", 99, 1))),
        *findings("BKP-003", "job", seen(proof=Proof("files", None))),
    ]
    assert len(bad) == 5
    for found in bad:
        assert "?" not in _worded(found)
