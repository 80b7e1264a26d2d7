"""The document by id: rules, things, tickets, and the findings that still stand.

Runs of several kinds may try one check on one thing. As with tickets, the later look decides: an
attempt that passed or failed replaces what an earlier run found; an unknown one replaces nothing.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from msptool import model
from msptool.model import SEVERITIES, Attempt, Evidence, Finding, Kind, Report, Rule, Thing
from msptool.report.document import Document, Ticket
from msptool.report.i18n import Tongue

DECIDED = frozenset({"pass", "fail"})


@dataclass(frozen=True)
class Index:
    """Look-ups over one document; each is made once, when it is first asked for."""

    document: Document

    @cached_property
    def reports(self) -> Mapping[Kind, Report]:
        """The reports by kind, in the order in which their runs ended."""
        found = self.document.reports().items()
        return dict(sorted(found, key=lambda item: item[1].end.ended_at))

    @cached_property
    def rules(self) -> Mapping[str, Rule]:
        """The rules by check."""
        return {rule.check: rule for report in self.reports.values() for rule in report.rules}

    @cached_property
    def things(self) -> Mapping[str, Thing]:
        """The things by id and by each of their aliases."""
        found: dict[str, Thing] = {}
        for report in self.reports.values():
            for thing in report.things:
                found.update(dict.fromkeys(thing.aliases, thing))
        for report in self.reports.values():
            found.update({thing.id: thing for thing in report.things})
        return found

    @cached_property
    def evidence(self) -> Mapping[str, Evidence]:
        """The evidence by its hash."""
        return {kept.sha256: kept for report in self.reports.values() for kept in report.evidence}

    @cached_property
    def attempts(self) -> tuple[Attempt, ...]:
        """The last word of each check on each thing."""
        latest: dict[tuple[str, str], Attempt] = {}
        for report in self.reports.values():
            for attempt in report.attempts:
                key = (attempt.check, self.resolved(attempt.thing))
                if attempt.outcome in DECIDED or key not in latest:
                    latest[key] = attempt
        return tuple(latest.values())

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """The findings that stand, worst first, each fingerprint once."""
        latest: dict[tuple[str, str], dict[str, Finding]] = {}
        for report in self.reports.values():
            for attempt in report.attempts:
                if attempt.outcome in DECIDED:
                    before = latest.pop((attempt.check, self.resolved(attempt.thing)), {})
                    self._keep_unsure(latest, attempt, before)
            for finding in report.findings:
                key = (finding.check, self.resolved(finding.subject.thing))
                latest.setdefault(key, {})[finding.subject.part] = finding
        standing = [finding for parts in latest.values() for finding in parts.values()]
        return tuple(sorted(standing, key=self._rank))

    def _keep_unsure(
        self,
        latest: dict[tuple[str, str], dict[str, Finding]],
        attempt: Attempt,
        before: Mapping[str, Finding],
    ) -> None:
        """What an attempt could not judge, it does not replace."""
        kept = {part: before[part] for part in attempt.unsure if part in before}
        if kept:
            latest[attempt.check, self.resolved(attempt.thing)] = kept

    def _rank(self, finding: Finding) -> tuple[int, str, str, str]:
        name = self.name(finding.subject.thing)
        return SEVERITIES.index(finding.severity), finding.check, name, finding.subject.part

    @cached_property
    def by_thing(self) -> Mapping[str, tuple[Finding, ...]]:
        """The standing findings by the id of their thing, worst first."""
        found: dict[str, list[Finding]] = {}
        for finding in self.findings:
            found.setdefault(self.resolved(finding.subject.thing), []).append(finding)
        return {thing: tuple(findings) for thing, findings in found.items()}

    @cached_property
    def _tickets(self) -> Mapping[tuple[str, str, str], Ticket]:
        ordered = sorted(self.document.tickets, key=lambda t: (t.ended_at is None, t.opened_at))
        return {(t.check, self.resolved(t.thing), t.part): t for t in ordered if t.check}

    def ticket(self, finding: Finding) -> Ticket | None:
        """Return the ticket of a finding, an open one before an ended one."""
        subject = finding.subject
        return self._tickets.get((finding.check, self.resolved(subject.thing), subject.part))

    def resolved(self, ident: str) -> str:
        """Return the id of the thing that an id or alias names; itself if none is known."""
        thing = self.things.get(ident)
        return thing.id if thing else ident

    def name(self, ident: str) -> str:
        """Return what a thing is called; its id if nothing is known of it."""
        thing = self.things.get(ident)
        return (thing.name or thing.id) if thing else ident

    def of_kind(self, *kinds: str) -> tuple[Thing, ...]:
        """Return the things of some kinds, each once: as the latest run knows it."""
        unique = {thing.id: self.things[thing.id] for thing in self.things.values()}
        return tuple(thing for thing in unique.values() if thing.kind in kinds)


def title(index: Index, check: str, tongue: Tongue) -> str:
    """Return the title of a check; its id where no rule travelled along."""
    rule = index.rules.get(check)
    return (tongue.pick(rule.title) if rule else "") or check


def message(index: Index, finding: Finding, tongue: Tongue) -> str:
    """Return what is wrong, in words; times and fractions as the reader writes them."""
    rule = index.rules.get(finding.check)
    template = tongue.pick(rule.message) if rule else ""
    if not template:
        return finding.message
    filled = model.fill(template, {n: _inline(n, v, tongue) for n, v in finding.facts.items()})
    return filled.replace("\u00a0г..", "\u00a0г.")  # a Russian date brings the full stop along


_DATE = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d.*)?")


def _inline(name: str, value: model.Scalar, tongue: Tongue) -> model.Scalar:
    """Return a fact for a sentence. Whole numbers stay as they are: they may be ports."""
    if name in ("kind", "type") and isinstance(value, str):
        return tongue.known("type", value)
    if isinstance(value, float):
        return tongue.decimal(value)
    if isinstance(value, bool) or (isinstance(value, str) and _DATE.fullmatch(value)):
        return tongue.fact("_at", value)
    return value


def unique(names: Iterable[str]) -> tuple[str, ...]:
    """Return each name once, in the order of first sight."""
    return tuple(dict.fromkeys(names))
