"""When a ticket's clock ran: from its last opening on, but for the states that stop it.

A snooze stops it no longer than until its own time. The spans stand in the order of the history;
where clocks of laptops disagree, one that seems to begin before its predecessor begins with it.
"""

from collections.abc import Collection
from typing import TypeAlias

from msgspec import Struct

from msptool.tickets.sla import wall
from msptool.tickets.sla.hours import Hours
from msptool.tickets.ticket import Ticket

Run: TypeAlias = tuple[int, int | None]


class Pause(Struct, frozen=True, gc=False):
    """A state that stopped the clock, since when, until when (None: it still does), by whom."""

    start: int
    end: int | None
    state: str
    by: str


def runs(ticket: Ticket, stopping: Collection[str]) -> list[Run]:
    """Return the intervals in which the clock ran; the last may have no end."""
    start = wall.instant(ticket.since)
    if not any(span.state in stopping for span in ticket.spans):
        return [(start, None)]
    found: list[Run] = []
    for pause in pauses(ticket, stopping):
        if pause.start > start:
            found.append((start, pause.start))
        if pause.end is None:
            return found
        start = pause.end
    return [*found, (start, None)]


def pauses(ticket: Ticket, stopping: Collection[str]) -> list[Pause]:
    """Return the pauses since the ticket last opened, in order, apart."""
    at = since = wall.instant(ticket.since)
    begun = []
    for span in ticket.spans:
        at = max(at, wall.instant(span.at))
        begun.append((at, span))
    found = []
    for number, (start, span) in enumerate(begun):
        if span.state not in stopping:
            continue
        end = begun[number + 1][0] if number + 1 < len(begun) else None
        if span.until is not None:
            until = max(start, wall.instant(span.until))
            end = until if end is None else min(end, until)
        if end is None or end > max(start, since):
            found.append(Pause(start, end, span.state, span.by))
    return found


def reach(hours: Hours, ran: list[Run], stopped: int | None, amount: int) -> int | None:
    """Return when a clock that ran so had counted an amount; None if it stands still before that.

    What happens after the clock `stopped` no longer matters: it is taken to run on from there.
    """
    for start, end in ran:
        if stopped is not None and (end is None or end >= stopped):
            return hours.add(min(start, stopped), amount)
        due = hours.add(start, amount)
        if end is None or (due is not None and due <= end):
            return due
        amount -= hours.between(start, end)
    return None if stopped is None else hours.add(stopped, amount)
