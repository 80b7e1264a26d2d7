"""What machines said and people did about findings, in order: from runs, receipts and tickets.

A run that is kept says all. Of one that is not (runs stay out of git) its receipt says what it saw,
and the tickets what they were told by it. Where there is no receipt either, only the turns are
known that the tickets wrote down: openings, resolutions, returns.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeAlias

from msgspec import structs

from msptool import __version__, runs, ulid
from msptool.errors import UsageError
from msptool.model import Attempt, Finding, Header, Rule, Subject, Thing
from msptool.tickets import batch, receipts
from msptool.tickets.batch import UNREACHABLE, Batch
from msptool.tickets.desk import Desk
from msptool.tickets.events import (
    MACHINE,
    About,
    Closed,
    Opened,
    Reopened,
    Resolved,
    Sighting,
    Snoozed,
)
from msptool.tickets.receipts import Receipt
from msptool.tickets.ticket import Ticket

_WANTED = (
    "SELECT id FROM ticket WHERE rule != '' AND "
    "(active OR reason IN ('wont-fix', 'accepted', 'duplicate') OR changed_at >= ?) ORDER BY id"
)


@dataclass(frozen=True)
class Act:
    """What a person did to the ticket of a finding."""

    check: str
    subject: Subject
    event: Closed | Snoozed | Reopened


Entry: TypeAlias = tuple[datetime, Batch | Act]


@dataclass(frozen=True)
class Past:
    """What was said and done, oldest first; and of how many runs all, or only the receipt, is
    known. `broken` runs could not be read.
    """

    entries: tuple[Entry, ...]
    runs: int = 0
    receipts: int = 0
    broken: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Word:
    """A turn that a ticket wrote down; `is_silent`: its thing does not answer at all."""

    about: About
    seen: Sighting
    is_gone: bool
    is_silent: bool

    @property
    def place(self) -> tuple[str, str, str]:
        """What it is about: check, thing and part."""
        subject = self.about.subject
        return self.about.check, subject.thing, subject.part


@dataclass
class _Told:
    """What one run, or one moment, is known to have said."""

    words: list[_Word] = field(default_factory=list)
    receipt: Receipt | None = None


def of(desk: Desk, since: datetime) -> Past:
    """Return the past of a store: of runs since a time; of tickets that changed since, or still
    matter, from their beginning.
    """
    kept: dict[str, Entry] = {}
    broken: list[str] = []
    known = {r.run: r for r in receipts.since(desk.workspace, since)}
    for run, entry in _runs(desk, since, known, broken):
        kept[run] = entry
    told: dict[tuple[str, datetime], _Told] = defaultdict(_Told)
    last: dict[str, _Word] = {}
    acts: list[Entry] = []
    for ticket in _tickets(desk, since):
        if ticket.about is None:
            continue
        acts += _acts(ticket, ticket.about)
        for at, word in _turns(ticket, ticket.about):
            last[ticket.id] = word
            if word.seen.run not in kept:
                told[word.seen.run, at].words.append(word)
    for receipt in known.values():
        if receipt.run not in kept:
            told[receipt.run, receipt.ingested_at].receipt = receipt
    made = [(at, _batch(desk.client, run, at, one, last)) for (run, at), one in told.items()]
    entries = sorted((*kept.values(), *made, *acts), key=lambda entry: entry[0])
    return Past(tuple(entries), len(kept), len(known.keys() - kept.keys()), tuple(broken))


def _runs(
    desk: Desk, since: datetime, known: Mapping[str, Receipt], broken: list[str]
) -> Iterator[tuple[str, Entry]]:
    oldest = ulid.of(int(since.timestamp() * 1000), 0)
    for folder in runs.folders(desk.workspace):
        if folder.name < oldest:
            return
        try:
            report = runs.load(folder)
            one = batch.of_report(report, desk.client)
        except UsageError:
            broken.append(folder.name)
            continue
        receipt = known.get(report.header.run)
        yield report.header.run, (receipt.ingested_at if receipt else report.end.ended_at, one)


def _tickets(desk: Desk, since: datetime) -> Iterator[Ticket]:
    for (ident,) in desk.index.rows(_WANTED, (int(since.timestamp() * 1000),)):
        yield desk.read(ident)


def _turns(ticket: Ticket, about: About) -> Iterator[tuple[datetime, _Word]]:
    """Yield the turns of a ticket that had an effect, and when they were written."""
    silent = UNREACHABLE in ticket.tags
    for event in ticket.history:
        if event.eid in ticket.unmoved:
            continue
        match event:
            case Opened(about=About() as said) | Reopened(about=About() as said):
                about = said
                yield event.at, _Word(said, said.seen, is_gone=False, is_silent=silent)
            case Resolved(duplicate_of="", seen=seen):
                yield event.at, _Word(about, seen, is_gone=True, is_silent=silent)


def _acts(ticket: Ticket, about: About) -> Iterator[Entry]:
    for event in ticket.history:
        by_person = isinstance(event, Closed | Snoozed | Reopened) and event.by != MACHINE
        if by_person and event.eid not in ticket.unmoved:
            yield event.at, Act(about.check, about.subject, event)  # type: ignore[arg-type]


def _batch(client: str, run: str, at: datetime, told: _Told, last: Mapping[str, _Word]) -> Batch:
    """Return what a run is known to have said: what it saw, and what it looked for in vain."""
    receipt = told.receipt
    seen = {word.place: word for word in told.words if not word.is_gone}
    for ticket in receipt.seen.values() if receipt else ():
        if receipt and (word := last.get(ticket)):
            again = structs.replace(word.seen, seen_at=receipt.started_at)
            seen.setdefault(word.place, replace(word, seen=again, is_gone=False))
    gone = [word for word in told.words if word.is_gone]
    only = {word.place[:2]: frozenset[str]() for word in seen.values()}
    for word in gone:
        only[word.place[:2]] = only.get(word.place[:2], frozenset()) | {word.place[2]}
    times = [word.seen.seen_at for word in told.words]
    return Batch(
        header=Header(
            run=run or ulid.of(int(at.timestamp() * 1000), 0), client=client, kind="audit",
            msptool=__version__, started_at=min(times + ([receipt.started_at] if receipt else [])),
        ),
        rules={word.about.check: _rule(word.about) for word in seen.values()},
        things=tuple(_thing(word.about) for word in seen.values()),
        attempts=tuple(map(_attempt, (*seen.values(), *gone))),
        findings=tuple(map(_finding, seen.values())),
        whole=True,
        only=only,
    )  # fmt: skip


def _attempt(word: _Word) -> Attempt:
    return Attempt(
        check=word.about.check, thing=word.about.subject.thing, vantage=word.seen.vantage,
        privilege=word.seen.privilege, outcome="pass" if word.is_gone else "fail",
    )  # fmt: skip


def _thing(about: About) -> Thing:
    return Thing(id=about.subject.thing, kind="asset", name=about.name, importance=about.importance)


def _rule(about: About) -> Rule:
    return Rule(
        check=about.check, title=about.title, message=about.message, remedy={},
        severity=about.severity, category="",
    )  # fmt: skip


def _finding(word: _Word) -> Finding:
    return Finding(
        check=word.about.check,
        subject=word.about.subject,
        severity=word.about.severity,
        facts={UNREACHABLE: True} if word.is_silent else {},
        seen_at=word.seen.seen_at,
    )
