"""A month of a client: which promises were kept, how long clocks stood, and what was worked.

A promise counts once, in the month in which it was decided: one that was kept, when it was; one
that was missed, when it should have been. So a month that is over does not change any more, and
none is left out because its ticket came back or is still open.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

from msgspec import Struct

from msptool.model import Instant
from msptool.tickets import lifecycle, rows
from msptool.tickets.desk import Desk
from msptool.tickets.events import Timed
from msptool.tickets.lifecycle import Importance
from msptool.tickets.sla import effort, lives, running, wall
from msptool.tickets.sla.effort import Worked
from msptool.tickets.sla.hours import Hours
from msptool.tickets.sla.reckoner import Plan
from msptool.tickets.ticket import Ticket

Which: TypeAlias = Literal["response", "resolution"]
Bounds: TypeAlias = tuple[datetime, datetime]


class Kept(Struct, frozen=True, kw_only=True, gc=False):
    """How many promises of a kind were decided in the month, and how."""

    met: int
    missed: int


class Worst(Struct, frozen=True, kw_only=True, gc=False):
    """The promise that was missed by most, in counted hours; until now, if it still is."""

    ticket: str
    promise: Which
    over_h: float


class Row(Struct, frozen=True, kw_only=True, gc=False):
    """Of one priority: tickets opened, ended and open at the month's end; promises; hours for
    which clocks stood that would have counted.
    """

    priority: Importance
    opened: int
    ended: int
    left_open: int
    response: Kept
    resolution: Kept
    paused_h: float


class Report(Struct, frozen=True, kw_only=True, gc=False, tag_field="type", tag="sla-report"):
    """A client's month, from its first instant to that of the next month in the client's zone."""

    client: str
    month: str
    zone: str
    starts_at: Instant
    ends_at: Instant
    rows: tuple[Row, ...]
    worst: Worst | None
    time: Worked


class _Decision(Struct, frozen=True, gc=False):
    """When a promise was kept or should have been; by how many counted hours it was missed."""

    which: Which
    at: datetime
    met: bool
    over_h: float = 0.0


class _Life(Struct, frozen=True, gc=False):
    """One life of a ticket under its promise."""

    ticket: Ticket
    decided: tuple[_Decision, ...]
    paused_h: float


def of(desk: Desk, plan: Plan, first: date, now: datetime) -> Report:
    """Return the report of the month that begins on this day."""
    bounds = month(first, plan.zone)
    tickets = list(_touched(desk, bounds))
    told = [_life(plan, life, bounds, now) for ticket in tickets for life in lives.of(ticket)]
    missed = [
        Worst(ticket=life.ticket.id, promise=one.which, over_h=one.over_h)
        for life in told
        for one in life.decided
        if not one.met and _within(one.at, bounds)
    ]
    return Report(
        client=desk.client,
        month=f"{first:%Y-%m}",
        zone=plan.profile.client.zone,
        starts_at=bounds[0],
        ends_at=bounds[1],
        rows=tuple(_row(level, told, bounds) for level in reversed(lifecycle.LEVELS)),
        worst=max(missed, key=lambda one: (one.over_h, one.ticket), default=None),
        time=effort.total(_entries(tickets, bounds), plan.profile.tickets.time),
    )


def month(first: date, zone: ZoneInfo) -> Bounds:
    """Return the first instant of a day's month, and that of the next month."""
    start = first.replace(day=1)
    following = (start + timedelta(days=31)).replace(day=1)
    midnights = (wall.moment(wall.when(day, 0, zone)) for day in (start, following))
    return next(midnights), next(midnights)


def _touched(desk: Desk, bounds: Bounds) -> Iterator[Ticket]:
    """Yield the tickets that may have to do with a month."""
    found = desk.index.rows(
        "SELECT id FROM ticket WHERE opened_at < ? AND (active OR changed_at >= ?) ORDER BY id",
        (rows.ms(bounds[1]), rows.ms(bounds[0])),
    )
    for (ident,) in found:
        yield desk.read(ident)


def _entries(tickets: Iterable[Ticket], bounds: Bounds) -> Iterator[Timed]:
    for ticket in tickets:
        yield from (one for one in ticket.times if _within(one.began_at, bounds))


def _life(plan: Plan, ticket: Ticket, bounds: Bounds, now: datetime) -> _Life:
    promise = plan.promise(ticket.priority)
    if promise is None:
        return _Life(ticket, (), 0.0)
    reckoned, hours = plan.clocks(ticket), promise.hours
    stops = [at for at in (ticket.answered_at, ticket.ended_at) if at is not None]
    decided = (
        _decided("response", hours, reckoned.response_due, min(stops, default=None), now),
        _decided("resolution", hours, reckoned.resolve_due, ticket.ended_at, now),
    )
    known = tuple(one for one in decided if one is not None)
    return _Life(ticket, known, _paused_h(plan, hours, ticket, bounds, now))


def _decided(
    which: Which, hours: Hours, due: datetime | None, stopped: datetime | None, now: datetime
) -> _Decision | None:
    """Return when a promise was decided, whether it was kept, and by how much it was not."""
    if due is None or (stopped or now) <= due:
        return None if stopped is None else _Decision(which, stopped, met=True)
    late = hours.between(wall.instant(due), wall.instant(stopped or now))
    return _Decision(which, due, met=False, over_h=late / wall.HOUR)


def _paused_h(plan: Plan, hours: Hours, ticket: Ticket, bounds: Bounds, now: datetime) -> float:
    since = wall.instant(max(bounds[0], ticket.since))
    until = wall.instant(min(bounds[1], ticket.ended_at or now))
    stopped = running.pauses(ticket, plan.profile.tickets.pauses)
    return (
        sum(hours.between(max(one.start, since), min(one.end or until, until)) for one in stopped)
        / wall.HOUR
    )


def _row(level: Importance, told: list[_Life], bounds: Bounds) -> Row:
    own = [life for life in told if life.ticket.priority == level]
    tickets = [life.ticket for life in own]
    return Row(
        priority=level,
        opened=sum(_within(one.since, bounds) for one in tickets),
        ended=sum(one.ended_at is not None and _within(one.ended_at, bounds) for one in tickets),
        left_open=sum(
            one.since < bounds[1] and (one.ended_at is None or one.ended_at >= bounds[1])
            for one in tickets
        ),
        response=_kept("response", own, bounds),
        resolution=_kept("resolution", own, bounds),
        paused_h=sum(life.paused_h for life in own),
    )


def _kept(which: Which, told: list[_Life], bounds: Bounds) -> Kept:
    found = [
        one.met
        for life in told
        for one in life.decided
        if one.which == which and _within(one.at, bounds)
    ]
    return Kept(met=sum(found), missed=len(found) - sum(found))


def _within(at: datetime, bounds: Bounds) -> bool:
    return bounds[0] <= at < bounds[1]
