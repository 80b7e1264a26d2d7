"""The judge: tries every check on every thing, and gives every attempt a recorded outcome.

A check is a pure function from one case to its violations. It never probes. Silence is no pass:
what a check needs and the case lacks makes the attempt unknown, with the probe's own reason, and
so does a crash.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeAlias, TypeVar

import msgspec

from msptool.model import (
    REASONS,
    Attempt,
    Finding,
    Outcome,
    Privilege,
    Rule,
    Scalar,
    Severity,
    Subject,
    Thing,
)
from msptool.registry import Register

T = TypeVar("T")
_CRASH_FRAMES = 20  # of an endless recursion, its end
Said: TypeAlias = "Violation | Unsure"
Judging: TypeAlias = Callable[[T], Iterable[Said]]


@dataclass(frozen=True)
class Violation:
    """What a check found wrong: with which part of the thing, and the facts that word it.

    `severity` only where it differs from the rule's.
    """

    part: str
    facts: Mapping[str, Scalar] = field(default_factory=dict)
    severity: Severity | None = None
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True)
class Unsure:
    """A part that a check could not judge, while it goes on with the others."""

    part: str
    reason: str


class Undecided(Exception):  # noqa: N818 - it is an outcome, not a fault
    """Raised by a check that cannot tell of any part: `reason` is a key of REASONS."""

    def __init__(self, reason: str, outcome: Outcome = "unknown") -> None:
        super().__init__(reason)
        self.reason = reason
        self.outcome = outcome


def not_applicable() -> Undecided:
    """Return what a check raises for a thing it has no question for."""
    return Undecided("not-applicable", "skipped")


@dataclass(frozen=True)
class Case(Generic[T]):
    """A thing, what was learnt of it, and which needs could not be met and why."""

    thing: Thing
    subject: T
    lacks: Mapping[str, str] = field(default_factory=dict)
    vantage: str = ""
    privilege: Privilege = "user"


@dataclass(frozen=True)
class Check(Generic[T]):
    """A rule and the function that applies it.

    `kinds`: the kinds of thing it has a question for (empty: all). `needs`: what must have been
    learnt, else the attempt is unknown with the case's reason. `consent`: the module that the
    client must have agreed to.
    """

    rule: Rule
    judge: Judging[T]
    kinds: frozenset[str] = frozenset()
    needs: tuple[str, ...] = ()
    consent: str = ""


class Checks(Register[Check[T]]):
    """The checks of one room: one file each in its folder."""

    def check(
        self,
        rule: Rule,
        *,
        kinds: Collection[str] = (),
        needs: tuple[str, ...] = (),
        consent: str = "",
    ) -> Callable[[Judging[T]], Judging[T]]:
        """Return a decorator that files a judging function under its rule's id."""

        def file(judge: Judging[T]) -> Judging[T]:
            self.add(rule.check)(Check(rule, judge, frozenset(kinds), needs, consent))
            return judge

        return file


@dataclass(frozen=True)
class Verdict:
    """What all checks said of all cases; `crashes` tells where each check that crashed did so
    first, for its author: lines of our source and no values, which may be secrets.
    """

    rules: tuple[Rule, ...]
    attempts: tuple[Attempt, ...]
    findings: tuple[Finding, ...]
    crashes: tuple[str, ...] = ()


def judge(
    checks: Iterable[Check[T]],
    cases: Iterable[Case[T]],
    *,
    client: str,
    seen_at: datetime,
    consents: Collection[str] = (),
) -> Verdict:
    """Try every check on every case it has a question for."""
    tried = list(checks)
    attempts: list[Attempt] = []
    findings: list[Finding] = []
    crashes: dict[str, str] = {}
    for case in cases:
        for check in tried:
            if check.kinds and case.thing.kind not in check.kinds:
                continue
            try:
                attempt, violations = _attempt(check, case, consents)
            except Exception as error:  # noqa: BLE001 - one check's crash must be an outcome
                attempt, violations = _record(check, case, "unknown", "check-crashed"), []
                crashes.setdefault(check.rule.check, _crash(check, case, error))
            attempts.append(attempt)
            findings.extend(_finding(check, case, v, client, seen_at) for v in violations)
    rules = tuple(check.rule for check in tried)
    return Verdict(rules, tuple(attempts), tuple(findings), tuple(crashes.values()))


def _crash(check: Check[T], case: Case[T], error: Exception) -> str:
    import traceback

    frames = traceback.format_list(traceback.extract_tb(error.__traceback__))
    head = f"{check.rule.check} on {case.thing.id}\n"
    return "".join([head, *frames[-_CRASH_FRAMES:], type(error).__name__, "\n"])


def _attempt(
    check: Check[T], case: Case[T], consents: Collection[str]
) -> tuple[Attempt, list[Violation]]:
    barred = _barred(check, case, consents)
    if barred is not None:
        return barred, []
    try:
        said = _heard(check.judge(case.subject))
    except Undecided as undecided:
        return _undecided(check, case, undecided), []
    violations = [word for word in said if isinstance(word, Violation)]
    unsure = [word for word in said if isinstance(word, Unsure)]
    parts = tuple(word.part for word in unsure)
    if violations:
        return _record(check, case, "fail", unsure=parts), violations
    if unsure:
        return _record(check, case, "unknown", unsure[0].reason, unsure=parts), []
    return _record(check, case, "pass"), []


def _heard(said: Iterable[Said]) -> list[Said]:
    """Return what a check said; raise TypeError where it is no word of ours, or cannot be saved:
    to pass it over would make a fault a pass, and to save it would end the run.
    """
    heard = list(said)
    for word in heard:
        if not isinstance(word, Violation | Unsure):
            raise TypeError(f"a check said {type(word).__name__}")
        msgspec.json.encode(word)
        facts = word.facts.values() if isinstance(word, Violation) else ()
        if not all(fact is None or isinstance(fact, str | int | float) for fact in facts):
            raise TypeError("a fact is no scalar")
    return heard


def _undecided(check: Check[T], case: Case[T], said: Undecided) -> Attempt:
    """Return the attempt of a check that could not tell; it cannot tell that it passed either."""
    if said.outcome not in ("unknown", "skipped"):
        return _record(check, case, "unknown", "check-crashed")
    return _record(check, case, said.outcome, said.reason)


def _barred(check: Check[T], case: Case[T], consents: Collection[str]) -> Attempt | None:
    """Return the attempt that ends before the check is asked, None where it may be."""
    if check.consent and check.consent not in consents:
        return _record(check, case, "skipped", "no-consent")
    missing = [case.lacks[need] for need in check.needs if need in case.lacks]
    return _record(check, case, "unknown", missing[0]) if missing else None


def _record(
    check: Check[T],
    case: Case[T],
    outcome: Outcome,
    reason: str = "",
    unsure: tuple[str, ...] = (),
) -> Attempt:
    if reason and reason not in REASONS:  # a slip in one check must not end the run
        outcome, reason = "unknown", "check-crashed"
    return Attempt(
        check=check.rule.check,
        thing=case.thing.id,
        vantage=case.vantage,
        privilege=case.privilege,
        outcome=outcome,
        reason=reason,
        unsure=unsure,
    )


def _finding(
    check: Check[T], case: Case[T], violation: Violation, client: str, seen_at: datetime
) -> Finding:
    return Finding(
        check=check.rule.check,
        subject=Subject(client=client, thing=case.thing.id, part=violation.part),
        severity=violation.severity or check.rule.severity,
        facts=violation.facts,
        evidence=violation.evidence,
        seen_at=seen_at,
    )
