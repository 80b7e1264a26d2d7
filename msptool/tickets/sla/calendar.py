"""What a day is: worked as usual, off, shorter, or worked although it would be off.

What says most about a day wins: the client's own hours for it, then the client's closure, then
the public holiday, then a worked weekend day, then the day of the week. A worked weekend day has
the hours of the day off that it pays for (Russia: order 588n of 2009, so that 2025-11-01 was short
as the eve of 4 November would have been).
"""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cached_property
from typing import Literal, TypeAlias

from msgspec import Struct

from msptool.profile import promises, working
from msptool.tickets.sla import public_days
from msptool.tickets.sla.public_days import Public

Kind: TypeAlias = Literal["usual", "weekend", "holiday", "closure", "own", "moved", "short"]
Span: TypeAlias = tuple[int, int]
_WEEK_DAYS = 7


class Day(Struct, frozen=True):
    """A day's hours in minutes of the wall clock, and why; `uncut` are those it has without the
    shortening. `names`: of the holiday, or that on the next day, by language. `said`: the client's
    own words.
    """

    kind: Kind
    hours: tuple[Span, ...] = ()
    uncut: tuple[Span, ...] = ()
    names: Mapping[str, str] | None = None
    said: str = ""


class Calendar(Struct, frozen=True, dict=True):
    """The profile's calendar with the public holidays that it names."""

    told: promises.Calendar
    public: Public

    def hours(self, day: date) -> tuple[Span, ...]:
        """Return a day's working hours in minutes of the wall clock."""
        return self.day(day).hours

    def day(self, day: date) -> Day:
        """Return what a day is."""
        if day in self._own:
            own = self._own[day]
            hours = tuple(map(working.minutes, own.hours))
            return Day("own", hours, hours, said=own.why)
        for closure in self.told.closed:
            if closure.date <= day <= (closure.to or closure.date):
                return Day("closure", said=closure.why)
        off = self.public.of(day)
        if off is not None:
            return Day("holiday", names=off.names)
        if self.public.is_worked(day):
            return self._worked(day)
        hours = self._week[day.weekday()]
        return self._cut(Day("usual", hours, hours), day) if hours else Day("weekend")

    def _worked(self, day: date) -> Day:
        paid = self.public.stands_for(day)
        hours = self._week[paid.weekday()] if paid else ()
        hours = hours or self._week[day.weekday()] or self._last_hours(day)
        moved = Day("moved", hours, hours)
        cut = self._cut(moved, day)
        return self._cut(moved, paid) if paid and cut is moved else cut

    def _cut(self, found: Day, day: date) -> Day:
        """Return the day shortened if a public holiday follows `day`."""
        less_min = round(self.told.eve_less_h * 60)
        holiday = public_days.following(self.public, day) if less_min else None
        if holiday is None:
            return found
        return Day("short", _shortened(found.hours, less_min), found.uncut, names=holiday.names)

    def _last_hours(self, day: date) -> tuple[Span, ...]:
        """Return the hours of the last weekday before a day that has some."""
        before = ((day - timedelta(days=back)).weekday() for back in range(1, _WEEK_DAYS + 1))
        return next((self._week[at] for at in before if self._week[at]), ())

    @cached_property
    def _own(self) -> Mapping[date, promises.OwnDay]:
        return {one.date: one for one in self.told.days}

    @cached_property
    def _week(self) -> tuple[tuple[Span, ...], ...]:
        week = self.told.week
        return tuple(tuple(map(working.minutes, week.get(day, ()))) for day in promises.WEEKDAYS)


def _shortened(hours: tuple[Span, ...], less_min: int) -> tuple[Span, ...]:
    """Return hours without their last minutes."""
    kept = list(hours)
    while kept and less_min > 0:
        start, end = kept.pop()
        if end - start > less_min:
            return (*kept, (start, end - less_min))
        less_min -= end - start
    return tuple(kept)
