"""A ticket as a row of the index: what lists, filters and ingests ask for. Times are in ms."""

import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from msptool import model
from msptool.tickets import lifecycle
from msptool.tickets.clocks import Clocks
from msptool.tickets.events import (
    About,
    AnyEvent,
    Attached,
    Comment,
    Escalated,
    Opened,
    Sighting,
    Timed,
    Visit,
)
from msptool.tickets.ticket import Ticket

COLUMNS = (
    "id", "file", "opening", "kind", "state", "snoozed_until", "reason", "accepted_until",
    "duplicate_of", "active", "priority", "severity", "importance", "title", "requester", "name",
    "rule", "thing", "part", "vantage", "privilege", "channel", "category", "line", "queue",
    "assignee", "tags", "parent", "opened_at", "since", "as_of", "changed_at", "answered_at",
    "ended_at", "response_due", "resolve_due", "response_warn", "resolve_warn", "response_met",
    "resolve_met", "paused", "reopened", "turns", "minutes", "worked", "unknown", "conflicts",
    "clashed",
)  # fmt: skip


def of(ticket: Ticket, file: str, clocks: Clocks) -> tuple[Any, ...]:
    """Return the values of COLUMNS."""
    about = ticket.about or _NOTHING
    opening = next(event for event in ticket.history if isinstance(event, Opened))
    return (
        ticket.id, file, opening.eid, ticket.kind, ticket.state, ms(ticket.snoozed_until),
        ticket.reason, ms(ticket.accepted_until), ticket.duplicate_of, ticket.active,
        lifecycle.LEVELS.index(ticket.priority),
        model.SEVERITIES.index(about.severity) if ticket.about else None,
        lifecycle.LEVELS.index(about.importance) if ticket.about else None,
        ticket.title, ticket.requester, about.name, about.check, about.subject.thing,
        about.subject.part, about.seen.vantage, about.seen.privilege, ticket.channel,
        ticket.category, ticket.line, ticket.queue, ticket.assignee, listed(ticket.tags),
        ticket.parent, ms(ticket.opened_at), ms(ticket.since), ms(ticket.as_of),
        ms(ticket.changed_at), ms(ticket.answered_at), ms(ticket.ended_at),
        ms(clocks.response_due), ms(clocks.resolve_due), ms(clocks.response_warn),
        ms(clocks.resolve_warn), clocks.response_met, clocks.resolve_met, clocks.paused,
        ticket.reopened, " ".join(str(ms(at)) for at in ticket.turns[-_TURNS:]),
        sum(one.minutes for one in ticket.times),
        " ".join(f"{ms(one.began_at)}:{one.minutes}" for one in ticket.times),
        len(ticket.unknown), len(ticket.conflicts), ticket.clashed,
    )  # fmt: skip


_TURNS = 32  # more of them within any window are flapping by any plan
_NOTHING = About(
    check="",
    subject=model.Subject(thing=""),
    name="",
    severity="info",
    seen=Sighting(seen_at=datetime(1970, 1, 1, tzinfo=UTC)),
)


def ms(at: datetime | None) -> int | None:
    """Return a time as the index has it."""
    return None if at is None else round(at.timestamp() * 1000)


def at(ms: int | None) -> datetime | None:
    """Return a time of the index."""
    return None if ms is None else datetime.fromtimestamp(ms / 1000, UTC)


def listed(tags: tuple[str, ...]) -> str:
    """Return tags so that one can be found between two line breaks."""
    return "".join(f"\n{tag.casefold()}" for tag in tags) + "\n" if tags else ""


def minutes_since(worked: str, since_ms: int) -> int:
    """Return the minutes of the work that began since, by the column `worked`."""
    entries = (entry.partition(":") for entry in worked.split())
    return sum(int(minutes) for began, _, minutes in entries if int(began) >= since_ms)


def words(ticket: Ticket) -> tuple[str, str]:
    """Return the title, and all other texts in which one may search for a ticket."""
    about = ticket.about
    told = [ticket.text, ticket.requester, *ticket.aliases, *ticket.tags,
            *(item.text for item in ticket.checklist)]  # fmt: skip
    if about is not None:
        told += [about.name, about.check, about.subject.part, *about.message.values()]
    told += (text for event in ticket.history if type(event) in _TELLING for text in _texts(event))
    return _composed(ticket.title), _composed("\n".join(filter(None, told)))


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


_TELLING = frozenset({Comment, Timed, Escalated, Visit, Attached})


def _texts(event: AnyEvent) -> Iterator[str]:
    match event:
        case Comment() | Timed():
            yield event.text
        case Escalated():
            yield from (event.symptom, event.tried, event.evidence)
        case Visit():
            yield from (event.place, event.engineer, event.text)
        case Attached():
            yield event.name
