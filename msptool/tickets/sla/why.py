"""Why a deadline is when it is: every interval that counted or did not, with its reason.

Outside working hours nothing counts, paused or not; a pause is told where time would have counted,
so that `counted` and `paused` together are the working time since the ticket last opened.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Literal, TypeAlias

from msgspec import Struct

from msptool import clock
from msptool.errors import UsageError
from msptool.model import Instant
from msptool.tickets import clocks
from msptool.tickets.clocks import Standing
from msptool.tickets.lifecycle import Importance
from msptool.tickets.sla import running, wall
from msptool.tickets.sla.calendar import Day, Kind, Span
from msptool.tickets.sla.reckoner import Plan, Promise
from msptool.tickets.sla.running import Pause
from msptool.tickets.ticket import Ticket

Reason: TypeAlias = Literal[
    "around the clock", "working hours", "night", "break", "weekend", "holiday", "closure",
    "short day", "pause",
]  # fmt: skip
_COUNTED: frozenset[Reason] = frozenset({"around the clock", "working hours"})
_MOST_DAYS = 3700  # ten years; a clock that stood in another century is not printed day by day


class Interval(Struct, frozen=True, kw_only=True, gc=False, tag_field="type", tag="sla-interval"):
    """From one instant to the next the clock counted, or did not. `names`: of the holiday by
    language; `source`: who says that it is one; `text`: the client's words, or the state that
    paused; `by`: who paused; `day`: what sort of day it is.
    """

    starts_at: Instant
    ends_at: Instant
    seconds: float
    counted: bool
    reason: Reason
    names: Mapping[str, str] = {}
    source: str = ""
    text: str = ""
    by: str = ""
    day: Kind | Literal[""] = ""


class Clock(Struct, frozen=True, kw_only=True, gc=False):
    """One promise in hours: what of it was used until it was kept, or until now."""

    promised_h: float
    used_h: float
    due_at: Instant | None
    stopped_at: Instant | None
    standing: Standing


class Told(Struct, frozen=True, kw_only=True, gc=False, tag_field="type", tag="sla"):
    """A ticket's clocks and the sums of its intervals, in hours; null where nothing is promised."""

    ticket: str
    client: str
    priority: Importance
    hours: Literal["24x7", "business", ""]
    zone: str
    holidays: str
    since: Instant
    until: Instant
    counted_h: float
    paused_h: float
    skipped_h: float
    response: Clock | None
    resolution: Clock | None


class Piece(Struct, frozen=True, gc=False):
    """A part of a day, in microseconds, with a reason."""

    start: int
    end: int
    reason: Reason
    day: Day | None = None
    pause: Pause | None = None


def of(plan: Plan, ticket: Ticket, now: datetime) -> tuple[list[Interval], Told]:
    """Return the intervals from a ticket's last opening until it ended, or now; and their sums.

    Raise UsageError for one that a wrong clock opened in another century.
    """
    promise = plan.promise(ticket.priority)
    since = wall.instant(ticket.since)
    until = max(since, wall.instant(ticket.ended_at or now))
    if until - since > _MOST_DAYS * wall.DAY_MIN * wall.MINUTE:
        raise UsageError(
            "ticket.old", f"{ticket.id} is open since {clock.iso(ticket.since)}",
            hint="a clock was wrong: close it and open a new one",
        )  # fmt: skip
    found = pieces(plan, ticket, since, until) if promise else []
    languages = plan.profile.client.languages
    told = [_interval(piece, plan, languages) for piece in found]
    return told, _told(plan, ticket, promise, found, now)


def pieces(plan: Plan, ticket: Ticket, since: int, until: int) -> list[Piece]:
    """Return what lies between two instants, by reason, without gaps."""
    hours = plan.profile.tickets.sla[ticket.priority].hours
    base = (
        _by_day(plan, since, until)
        if hours == "business"
        else iter([Piece(since, until, "around the clock")])
    )
    stopped = running.pauses(ticket, plan.profile.tickets.pauses)
    parts = (part for piece in base for part in _paused(piece, stopped))
    return _joined(part for part in parts if part.start < part.end)


def _by_day(plan: Plan, since: int, until: int) -> Iterator[Piece]:
    day = wall.moment(since).astimezone(plan.zone).date()
    while wall.when(day, 0, plan.zone) < until:
        for piece in _of_day(plan, day):
            start, end = max(piece.start, since), min(piece.end, until)
            if start < end:
                yield Piece(start, end, piece.reason, piece.day)
        day += timedelta(days=1)


def _of_day(plan: Plan, day: date) -> Iterator[Piece]:
    """Yield a whole day, from midnight to midnight."""
    found = plan.calendar.day(day)
    for start, end, reason in _parts(found):
        at = wall.when(day, start, plan.zone), wall.when(day, end, plan.zone)
        yield Piece(*at, reason, found if reason not in ("night", "break") else None)


def _parts(day: Day) -> Iterator[tuple[int, int, Reason]]:
    """Yield a day's minutes with the reason for which they count or do not."""
    if not day.hours and day.kind != "short":
        yield 0, wall.DAY_MIN, _OFF[day.kind]
        return
    edges = {0, wall.DAY_MIN, *(at for span in (*day.hours, *day.uncut) for at in span)}
    for start, end in pairwise(sorted(edges)):
        yield start, end, _reason(day, start)


_OFF: Mapping[str, Reason] = {"weekend": "weekend", "holiday": "holiday", "closure": "closure"}


def _reason(day: Day, minute: int) -> Reason:
    if _within(day.hours, minute):
        return "working hours"
    if _within(day.uncut, minute):
        return "short day"
    inside = day.uncut[0][0] <= minute < day.uncut[-1][1]
    return "break" if inside else "night"


def _within(spans: Sequence[Span], minute: int) -> bool:
    return any(start <= minute < end for start, end in spans)


def _paused(piece: Piece, stopped: Sequence[Pause]) -> Iterator[Piece]:
    """Yield a piece, the paused parts of it apart where it would have counted."""
    if piece.reason not in _COUNTED:
        yield piece
        return
    at = piece.start
    for pause in stopped:
        start = max(at, pause.start)
        end = piece.end if pause.end is None else min(pause.end, piece.end)
        if start < end:
            yield Piece(at, start, piece.reason, piece.day)
            yield Piece(start, end, "pause", pause=pause)
            at = end
    yield Piece(at, piece.end, piece.reason, piece.day)


def _joined(parts: Iterator[Piece]) -> list[Piece]:
    """Return the parts with neighbours of one reason as one."""
    found: list[Piece] = []
    for part in parts:
        last = found[-1] if found else None
        if last is not None and last.end == part.start and _key(last) == _key(part):
            found[-1] = Piece(last.start, part.end, part.reason, last.day, last.pause)
        else:
            found.append(part)
    return found


def _key(piece: Piece) -> object:
    day = piece.day
    said = (day.kind, day.said, day.names) if day and piece.reason != "weekend" else None
    return piece.reason, said, piece.pause


def _interval(piece: Piece, plan: Plan, languages: Sequence[str]) -> Interval:
    day, pause = piece.day, piece.pause
    names = (day.names if day and piece.reason != "working hours" else None) or {}
    return Interval(
        starts_at=wall.moment(piece.start),
        ends_at=wall.moment(piece.end),
        seconds=(piece.end - piece.start) / wall.SECOND,
        counted=piece.reason in _COUNTED,
        reason=piece.reason,
        names=names,
        source=_source(piece, plan),
        text=pause.state if pause else (day.said if day else ""),
        by=pause.by if pause else "",
        day=day.kind if day else "",
    )


def _source(piece: Piece, plan: Plan) -> str:
    """Return who says why a day is as it is."""
    kind = piece.day.kind if piece.day else ""
    if kind in ("holiday", "moved") or piece.reason == "short day":
        return plan.calendar.public.source
    return "client.yaml" if kind in ("closure", "own") else ""


def _told(
    plan: Plan, ticket: Ticket, promise: Promise | None, found: list[Piece], now: datetime
) -> Told:
    sla = plan.profile.tickets.sla.get(ticket.priority)
    counted = sum(p.end - p.start for p in found if p.reason in _COUNTED)
    paused = sum(p.end - p.start for p in found if p.reason == "pause")
    whole = sum(p.end - p.start for p in found)
    business = sla is not None and sla.hours == "business"
    response, resolution = _clocks(plan, ticket, promise, found, now) if promise else (None, None)
    return Told(
        ticket=ticket.id,
        client=ticket.client,
        priority=ticket.priority,
        hours=sla.hours if sla else "",
        zone=plan.profile.client.zone,
        holidays=plan.calendar.public.source if business else "",
        since=ticket.since,
        until=max(ticket.since, ticket.ended_at or now),
        counted_h=counted / wall.HOUR,
        paused_h=paused / wall.HOUR,
        skipped_h=(whole - counted - paused) / wall.HOUR,
        response=response,
        resolution=resolution,
    )


def _clocks(
    plan: Plan, ticket: Ticket, promise: Promise, found: list[Piece], now: datetime
) -> tuple[Clock, Clock]:
    reckoned = plan.clocks(ticket)
    stops = [at for at in (ticket.answered_at, ticket.ended_at) if at is not None]
    answered = min(stops, default=None)
    return (
        Clock(
            promised_h=promise.response / wall.HOUR,
            used_h=used_h(found, answered),
            due_at=reckoned.response_due,
            stopped_at=answered,
            standing=clocks.response(reckoned, now),
        ),
        Clock(
            promised_h=promise.resolve / wall.HOUR,
            used_h=used_h(found, ticket.ended_at),
            due_at=reckoned.resolve_due,
            stopped_at=ticket.ended_at,
            standing=clocks.resolution(reckoned, now),
        ),
    )


def used_h(found: Sequence[Piece], stopped: datetime | None) -> float:
    """Return the counted hours until a time, None for all of them."""
    until = None if stopped is None else wall.instant(stopped)
    counted = (
        max(0, (piece.end if until is None else min(piece.end, until)) - piece.start)
        for piece in found
        if piece.reason in _COUNTED
    )
    return sum(counted) / wall.HOUR
