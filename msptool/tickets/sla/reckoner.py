"""A client's plan: when a ticket must be answered and done.

The promise is that of the priority as it is now, counted from when the ticket last became open.
"""

import zoneinfo
from datetime import datetime
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from msptool.profile import Profile
from msptool.profile.promises import Sla
from msptool.tickets.clocks import Clocks
from msptool.tickets.lifecycle import Importance
from msptool.tickets.sla import public_days, running, wall
from msptool.tickets.sla.calendar import Calendar
from msptool.tickets.sla.hours import Always, Hours, Worked
from msptool.tickets.sla.public_days import Public
from msptool.tickets.sla.running import Run
from msptool.tickets.ticket import Ticket
from msptool.workspace import Workspace

_ENGINE = 1  # another one reckons otherwise, and makes the index anew


class Promise(Struct, frozen=True):
    """What is promised for a priority, in microseconds of these hours; when to warn of it."""

    hours: Hours
    response: int
    resolve: int
    response_warn: int
    resolve_warn: int


class Plan(Struct, frozen=True, dict=True):
    """The promises of a profile; `folder` keeps computed holidays. See `clocks.Reckoner`."""

    profile: Profile
    folder: Path | None = None

    @cached_property
    def basis(self) -> str:
        """What all answers follow from: promises, calendar, the data of holidays and zones."""
        told = self.profile.tickets
        parts: list[object] = [_ENGINE, sorted(told.sla.items()), told.pauses, told.warn_at]
        if self.has_hours:
            zone = self.profile.client.zone
            known = public_days.version() if told.calendar.holidays else ""
            parts += [told.calendar, zone, _rules(zone), known]
        return msgspec.json.encode(parts).decode()

    @property
    def has_hours(self) -> bool:
        """Whether a promise counts working hours only."""
        return any(sla.hours == "business" for sla in self.profile.tickets.sla.values())

    @cached_property
    def zone(self) -> ZoneInfo:
        """The client's time zone."""
        return ZoneInfo(self.profile.client.zone)

    @cached_property
    def calendar(self) -> Calendar:
        """The client's working days."""
        told = self.profile.tickets.calendar
        return Calendar(told, Public(told.holidays, told.categories, self.folder))

    @cached_property
    def worked(self) -> Worked:
        """The client's working time."""
        return Worked(self.calendar, self.zone)

    def promise(self, priority: Importance) -> Promise | None:
        """Return what the plan promises for a priority."""
        return self._promises.get(priority)

    @cached_property
    def _promises(self) -> dict[Importance, Promise]:
        told = self.profile.tickets
        return {level: self._promise(sla, told.warn_at) for level, sla in told.sla.items()}

    def _promise(self, sla: Sla, warn_at: float) -> Promise:
        hours = self.worked if sla.hours == "business" else Always()
        response, resolve = round(sla.response_h * wall.HOUR), round(sla.resolve_h * wall.HOUR)
        warned = (max(1, round(amount * warn_at)) for amount in (response, resolve))
        return Promise(hours, response, resolve, *warned)

    def clocks(self, ticket: Ticket) -> Clocks:
        """Return a ticket's deadlines."""
        promise = self._promises.get(ticket.priority)
        if promise is None:
            return Clocks()
        ran = running.runs(ticket, self.profile.tickets.pauses)
        ended = _stop(ticket, ticket.ended_at)
        answered = _stop(ticket, ticket.answered_at)
        if answered is None or (ended is not None and ended < answered):
            answered = ended
        try:
            return _clocks(promise, ran, answered, ended)
        except OverflowError:  # a clock that stood in the year 9999 has no deadline
            return Clocks()

    def told(self) -> bytes:
        """Return what `retold` makes the same plan of."""
        return msgspec.msgpack.encode(
            _Told(self.profile, str(self.folder) if self.folder else None)
        )


class _Told(Struct, frozen=True):
    profile: Profile
    folder: str | None


def retold(told: bytes) -> Plan:
    """Return the plan of another process."""
    found = msgspec.msgpack.decode(told, type=_Told)
    return Plan(found.profile, Path(found.folder) if found.folder else None)


def _clocks(promise: Promise, ran: list[Run], answered: int | None, ended: int | None) -> Clocks:
    hours = promise.hours
    response = running.reach(hours, ran, answered, promise.response)
    resolve = running.reach(hours, ran, ended, promise.resolve)
    due = _moment(response), _moment(resolve)
    if ended is not None and answered is not None:
        return Clocks(*due, None, None, _met(answered, response), _met(ended, resolve))
    return Clocks(
        *due,
        None if answered else _warn(hours, ran, promise.response_warn, response),
        _warn(hours, ran, promise.resolve_warn, resolve),
        None if answered is None else _met(answered, response),
        None,
        paused=ran[-1][1] is not None if ran else True,
    )


def _warn(hours: Hours, ran: list[Run], amount: int, due: int | None) -> datetime | None:
    return None if due is None else _moment(running.reach(hours, ran, None, amount))


def _stop(ticket: Ticket, at: datetime | None) -> int | None:
    """Return when a clock stopped: by a laptop's clock that is slow, when it began."""
    return None if at is None else wall.instant(max(at, ticket.since))


def _met(stopped: int, due: int | None) -> bool:
    return due is None or stopped <= due


def _moment(instant: int | None) -> datetime | None:
    return None if instant is None else wall.moment(instant)


def _rules(zone: str) -> bytes:
    """Return what the system says of a zone: governments change clocks."""
    for folder in zoneinfo.TZPATH:
        path = Path(folder, zone)
        if path.is_file():
            return path.read_bytes()
    return b""


def folder(workspace: Workspace) -> Path:
    """Return where a workspace keeps computed holidays."""
    return workspace.derived / "holidays"


def of(profile: Profile, folder: Path | None = None) -> Plan:
    """Return the plan of a profile; computed holidays are kept in the folder, if there is one.

    Raise ProfileError where the holidays it needs are of no known country: before anything is
    written, not after.
    """
    plan = Plan(profile, folder)
    if plan.has_hours:
        plan.calendar.public.require()
    return plan
