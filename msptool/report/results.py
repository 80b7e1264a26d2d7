"""How every check ended, by run and by check: nothing that was tried is left out. Pure."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from msptool.model import Attempt, Kind, Outcome
from msptool.report.i18n import Tongue
from msptool.report.index import Index, message, title


@dataclass(frozen=True)
class Result:
    """One attempt, worded: `why` is the finding's message or the reason for no verdict."""

    check: str
    title: str
    name: str
    outcome: Outcome
    why: str


def of_run(index: Index, kind: Kind, tongue: Tongue) -> tuple[Result, ...]:
    """Return every attempt of the newest run of a kind."""
    report = index.reports.get(kind)
    found = report.attempts if report else ()
    return tuple(_result(index, attempt, kind, tongue) for attempt in found)


def _result(index: Index, attempt: Attempt, kind: Kind, tongue: Tongue) -> Result:
    return Result(
        check=attempt.check,
        title=title(index, attempt.check, tongue),
        name=index.name(attempt.thing),
        outcome=attempt.outcome,
        why=_why(index, attempt, kind, tongue),
    )


def _why(index: Index, attempt: Attempt, kind: Kind, tongue: Tongue) -> str:
    if attempt.outcome != "fail":
        return tongue.reason(attempt.reason) if attempt.reason else ""
    report = index.reports[kind]
    return "; ".join(
        message(index, finding, tongue)
        for finding in report.findings
        if (finding.check, finding.subject.thing) == (attempt.check, attempt.thing)
    )


@dataclass(frozen=True)
class Tally:
    """How often a check ended how."""

    check: str
    title: str
    category: str
    outcomes: Mapping[Outcome, int]


def tallies(index: Index, tongue: Tongue) -> tuple[Tally, ...]:
    """Return every check that was tried, or that came along and found nothing to try."""
    counted: dict[str, Counter[Outcome]] = {check: Counter() for check in index.rules}
    for attempt in index.attempts:
        counted.setdefault(attempt.check, Counter())[attempt.outcome] += 1
    return tuple(
        Tally(
            check=check,
            title=title(index, check, tongue),
            category=index.rules[check].category if check in index.rules else "",
            outcomes=counted[check],
        )
        for check in sorted(counted)
    )
