"""One ticket's history: clocks that disagree with its order, and what it says of other tickets."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from msptool.tickets import believed, causal
from msptool.tickets.doctor.lines import Looked
from msptool.tickets.doctor.troubles import Trouble, trouble
from msptool.tickets.events import AnyEvent, Opened, Redacted
from msptool.tickets.ticket import Ticket

TOLERANCE = timedelta(minutes=2)  # clocks that are set by hand; SLA promises count minutes
_AHEAD = timedelta(minutes=5)


@dataclass(frozen=True)
class Said:
    """What a ticket's file says of others: ids that it points at, what hangs on it, and what was
    deleted (SHA-256).
    """

    file: str
    pointed: Mapping[str, str]
    attached: frozenset[str]
    deleted: frozenset[str]


def said(found: Looked, tickets: Sequence[Ticket]) -> Said:
    """Return what must be there for a file to be whole."""
    pointed: dict[str, str] = {}
    for ticket in tickets:
        pointed |= {to: tie for tie, to in ticket.links}
        pointed |= {ticket.parent: "parent"} if ticket.parent else {}
        pointed |= {ticket.duplicate_of: "duplicate"} if ticket.duplicate_of else {}
    history = [event for ticket in tickets for event in ticket.history]
    return Said(
        found.file,
        pointed,
        frozenset(one.sha256 for ticket in tickets for one in ticket.attachments),
        frozenset(e.sha256 for e in history if isinstance(e, Redacted) and e.sha256),
    )


def opening(found: Looked, drawn: str, client: str, tickets: Sequence[Ticket]) -> Iterator[Trouble]:
    """Yield what an opening says that its file's name does not."""
    for event in found.events:
        if isinstance(event, Opened) and event.ticket != drawn:
            yield trouble("renamed", found.file, detail=event.ticket)
        if isinstance(event, Opened) and event.client != client:
            yield trouble("other-client", found.file, detail=event.client)
    if len(tickets) > 1:
        yield trouble("clash", found.file, detail=", ".join(ticket.id for ticket in tickets))


def clocks(found: Looked, tickets: Sequence[Ticket], now: datetime) -> Iterator[Trouble]:
    """Yield whose clock was wrong by how much, once a writer and ticket."""
    worst: dict[tuple[str, str], timedelta] = {}
    for ticket in tickets:
        for event, by in _skewed(ticket.history):
            key = ("skew", event.by)
            worst[key] = max(worst.get(key, timedelta()), by, key=abs)
        for event in ticket.history:
            if event.at > now + _AHEAD:
                key = ("future", event.by)
                worst[key] = max(worst.get(key, timedelta()), event.at - now)
    for (code, who), by in sorted(worst.items()):
        yield trouble(code, found.file, detail=f"{who} {_told(by)}")


def _skewed(history: Sequence[AnyEvent]) -> Iterator[tuple[AnyEvent, timedelta]]:
    stated = [event.at for event in history]
    if all(a <= b for a, b in zip(stated, stated[1:], strict=False)):
        return
    if not causal.is_branched(history):
        believable = believed.times(stated)
        for event, at in zip(history, believable, strict=True):
            if abs(event.at - at) > TOLERANCE:
                yield event, event.at - at
        return
    # Events that knew nothing of each other have no order; what one knew was there before it.
    by_eid = {event.eid: event for event in history}
    for event in history:
        known = [by_eid[eid].at for eid in event.after if eid in by_eid]
        if known and max(known) - event.at > TOLERANCE:
            yield event, event.at - max(known)


def _told(by: timedelta) -> str:
    """Return a difference in minutes, with its sign."""
    return f"{by.total_seconds() / 60:+,.0f} min".replace(",", " ")
