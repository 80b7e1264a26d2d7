"""The findings, a group a check: what is wrong, where, how it is known, what to do. Pure."""

from dataclasses import dataclass
from datetime import datetime

from msptool.model import Evidence, Finding, Severity
from msptool.report.document import Ticket
from msptool.report.i18n import Tongue
from msptool.report.index import Index, message, title
from msptool.report.summary import by_check


@dataclass(frozen=True)
class Affected:
    """A place where a check failed. `evidence` are the bytes kept; `hashes` those not at hand."""

    name: str
    addresses: tuple[str, ...]
    part: str
    severity: Severity
    message: str
    seen_at: datetime | None
    evidence: tuple[Evidence, ...]
    hashes: tuple[str, ...]
    ticket: Ticket | None


@dataclass(frozen=True)
class Group:
    """A check that failed, with all its places; worded in one language."""

    check: str
    title: str
    remedy: str
    category: str
    standards: tuple[str, ...]
    severity: Severity
    affected: tuple[Affected, ...]


def groups(index: Index, tongue: Tongue) -> tuple[Group, ...]:
    """Return the groups, the worst first."""
    found = by_check(index.findings)
    return tuple(_group(index, tongue, check, findings) for check, findings in found.items())


def _group(index: Index, tongue: Tongue, check: str, findings: tuple[Finding, ...]) -> Group:
    rule = index.rules.get(check)
    return Group(
        check=check,
        title=title(index, check, tongue),
        remedy=tongue.pick(rule.remedy) if rule else "",
        category=rule.category if rule else "",
        standards=rule.standards if rule else (),
        severity=findings[0].severity,
        affected=tuple(affected(index, tongue, finding) for finding in findings),
    )


def affected(index: Index, tongue: Tongue, finding: Finding) -> Affected:
    """Return one finding as its reader sees it."""
    thing = index.things.get(finding.subject.thing)
    return Affected(
        name=index.name(finding.subject.thing),
        addresses=thing.addresses if thing else (),
        part=finding.subject.part,
        severity=finding.severity,
        message=message(index, finding, tongue),
        seen_at=finding.seen_at,
        evidence=tuple(index.evidence[h] for h in finding.evidence if h in index.evidence),
        hashes=tuple(h for h in finding.evidence if h not in index.evidence),
        ticket=index.ticket(finding),
    )
