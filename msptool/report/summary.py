"""The one page for a person in a hurry: how bad, how much was seen, what to do first. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from msptool.model import SEVERITIES, Attempt, Finding, Kind, Severity
from msptool.report.document import Document
from msptool.report.index import DECIDED, Index, unique

ACTIONS = 3


@dataclass(frozen=True)
class Coverage:
    """How many of the attempts that had a question to ask ended in a verdict."""

    decided: int
    asked: int

    @property
    def percent(self) -> int | None:
        """Rounded down, so that only a whole look is 100; None if nothing was asked."""
        return self.decided * 100 // self.asked if self.asked else None


@dataclass(frozen=True)
class Action:
    """One thing to do: the remedy of a check, for all the things it failed on."""

    check: str
    severity: Severity
    things: tuple[str, ...]


@dataclass(frozen=True)
class Summary:
    """What the first page and the terminal tell. `worst_category` is "" without findings."""

    severities: Mapping[Severity, int]
    worst_category: str
    worst_severity: Severity | None
    coverage: Coverage
    actions: tuple[Action, ...]
    missing: tuple[Kind, ...]
    cut: tuple[Kind, ...]

    @property
    def findings(self) -> int:
        """How many findings stand."""
        return sum(self.severities.values())

    @property
    def blind(self) -> bool:
        """Whether nothing was learnt: no findings then means nothing."""
        return not self.findings and not self.coverage.decided


def summarise(document: Document) -> Summary:
    """Return the summary of a document."""
    index = Index(document)
    counted = Counter(finding.severity for finding in index.findings)
    worst = index.findings[0].severity if index.findings else None
    return Summary(
        severities={severity: counted[severity] for severity in SEVERITIES},
        worst_category=_worst_category(index),
        worst_severity=worst,
        coverage=coverage(index.attempts),
        actions=actions(index)[:ACTIONS],
        missing=tuple(part.kind for part in document.parts if part.report is None),
        cut=tuple(part.kind for part in document.parts if part.problems),
    )


def coverage(attempts: Iterable[Attempt]) -> Coverage:
    """Count verdicts among the attempts; one that does not apply asked nothing."""
    asked = [attempt for attempt in attempts if attempt.reason != "not-applicable"]
    return Coverage(sum(attempt.outcome in DECIDED for attempt in asked), len(asked))


def by_check(findings: Iterable[Finding]) -> Mapping[str, tuple[Finding, ...]]:
    """Group findings by check, in the order in which they come."""
    groups: dict[str, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(finding.check, []).append(finding)
    return {check: tuple(group) for check, group in groups.items()}


def actions(index: Index) -> tuple[Action, ...]:
    """Return what to do, the worst first; of equally bad ones, what mends the most things."""
    found = [
        Action(
            check=check,
            severity=group[0].severity,
            things=unique(index.resolved(finding.subject.thing) for finding in group),
        )
        for check, group in by_check(index.findings).items()
    ]
    return tuple(
        sorted(found, key=lambda a: (SEVERITIES.index(a.severity), -len(a.things), a.check))
    )


def _worst_category(index: Index) -> str:
    """Return the category of the worst finding; of equally bad ones, the one with most of them."""
    tally: dict[str, Counter[Severity]] = {}
    for finding in index.findings:
        rule = index.rules.get(finding.check)
        if rule is not None:
            tally.setdefault(rule.category, Counter())[finding.severity] += 1
    return max(tally, key=lambda name: [tally[name][s] for s in SEVERITIES], default="")
