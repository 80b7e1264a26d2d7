"""What machines said and people did about findings, in order: from runs, receipts and tickets.

A run that is kept says all. Of one that is not (runs stay out of git) its receipt says what it saw,
and the tickets what they were told by it. Where there is no receipt either, only the turns are
known that the tickets wrote down: openings, resolutions, returns.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from msgspec import structs

from msptool import __version__, runs, ulid
from msptool.errors import UsageError
from msptool.model import Attempt, Finding, Header, Rule, Subject, Thing
from msptool.tickets import batch, receipts
from msptool.tickets.batch import Batch
from msptool.tickets.desk import Desk
from msptool.tickets.events import (
    MACHINE,
    About,
    AnyEvent,
    Closed,
    Opened,
    Reopened,
    Resolved,
    Sighting,
    Snoozed,
)
from msptool.tickets.fold import Ticket
from msptool.tickets.receipts import Receipt

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
    """A turn that a ticket wrote down."""

    about: About
    seen: Sighting
    is_gone: bool


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
    abouts: dict[str, About] = {}
    acts: list[Entry] = []
    for ticket in _tickets(desk, since):
        if ticket.about is not None:
            abouts[ticket.id] = ticket.about
            _turns(ticket, ticket.about, kept.keys(), told)
            acts += _acts(ticket, ticket.about)
    for receipt in known.values():
        if receipt.run not in kept:
            told[receipt.run, receipt.ingested_at].receipt = receipt
    made = [(at, _batch(desk.client, run, at, one, abouts)) for (run, at), one in told.items()]
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


def _turns(
    ticket: Ticket,
    about: About,
    kept: Iterable[str],
    told: dict[tuple[str, datetime], _Told],
) -> None:
    """Add the turns of a ticket to what their runs told, unless those runs are kept."""
    for event in ticket.history:
        word = None if event.eid in ticket.unmoved else _word(event, about)
        if word is None:
            continue
        about = word.about
        if word.seen.run not in kept:
            told[word.seen.run, event.at].words.append(word)


def _word(event: AnyEvent, about: About) -> _Word | None:
    match event:
        case Opened(about=About() as said) | Reopened(about=About() as said):
            return _Word(said, said.seen, is_gone=False)
        case Resolved(duplicate_of=""):
            return _Word(about, event.seen, is_gone=True)
    return None


def _acts(ticket: Ticket, about: About) -> Iterator[Entry]:
    for event in ticket.history:
        by_person = isinstance(event, Closed | Snoozed | Reopened) and event.by != MACHINE
        if by_person and event.eid not in ticket.unmoved:
            yield event.at, Act(about.check, about.subject, event)  # type: ignore[arg-type]


def _batch(client: str, run: str, at: datetime, told: _Told, abouts: Mapping[str, About]) -> Batch:
    """Return what a run is known to have said: what it saw, and what it looked for in vain."""
    words, receipt = told.words, told.receipt
    seen = {_place(word.about): word.about for word in words if not word.is_gone}
    if receipt is not None:
        for about in (abouts[ticket] for ticket in receipt.seen.values() if ticket in abouts):
            again = structs.replace(about.seen, seen_at=receipt.started_at)
            seen.setdefault(_place(about), structs.replace(about, seen=again))
    gone = [word for word in words if word.is_gone]
    only = {(about.check, about.subject.thing): frozenset[str]() for about in seen.values()}
    for word in gone:
        place = word.about.check, word.about.subject.thing
        only[place] = only.get(place, frozenset()) | {word.about.subject.part}
    times = [word.seen.seen_at for word in words] + ([receipt.started_at] if receipt else [])
    return Batch(
        header=Header(
            run=run or ulid.of(int(at.timestamp() * 1000), 0), client=client, kind="audit",
            msptool=__version__, started_at=min(times),
        ),
        rules={about.check: _rule(about) for about in seen.values()},
        things=tuple(_thing(about) for about in seen.values()),
        attempts=(*map(_failed, seen.values()), *map(_passed, gone)),
        findings=tuple(_finding(about) for about in seen.values()),
        whole=True,
        only=only,
    )  # fmt: skip


def _place(about: About) -> tuple[str, str, str]:
    return about.check, about.subject.thing, about.subject.part


def _failed(about: About) -> Attempt:
    return Attempt(
        check=about.check, thing=about.subject.thing, vantage=about.seen.vantage,
        privilege=about.seen.privilege, outcome="fail",
    )  # fmt: skip


def _passed(word: _Word) -> Attempt:
    return Attempt(
        check=word.about.check, thing=word.about.subject.thing, vantage=word.seen.vantage,
        privilege=word.seen.privilege, outcome="pass",
    )  # fmt: skip


def _thing(about: About) -> Thing:
    return Thing(id=about.subject.thing, kind="asset", name=about.name, importance=about.importance)


def _rule(about: About) -> Rule:
    return Rule(
        check=about.check, title=about.title, message=about.message, remedy={},
        severity=about.severity, category="",
    )  # fmt: skip


def _finding(about: About) -> Finding:
    return Finding(
        check=about.check,
        subject=about.subject,
        severity=about.severity,
        seen_at=about.seen.seen_at,
    )
