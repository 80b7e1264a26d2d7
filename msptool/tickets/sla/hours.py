"""Counting time: how much of it lies between two instants, and when so much of it has passed.

For both kinds `between(a, add(a, amount)) == amount`. What is promised by the end of a working day
is due at its end, not at the beginning of the next one.
"""

from bisect import bisect_left, bisect_right
from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from msgspec import Struct

from msptool.tickets.sla import wall

_HORIZON_YEARS = 30  # a calendar that never adds up within them promises nothing
_DAY = timedelta(days=1)
_YEAR = 31_556_952 * wall.SECOND  # the mean one: an estimate is at most a year off


class Hours(Protocol):
    """A way to count time; instants and amounts are microseconds."""

    def between(self, start: int, end: int) -> int:
        """Return how much counts from one instant to a later one; 0 if it is not later."""

    def add(self, start: int, amount: int) -> int | None:
        """Return the first instant at which a positive amount has passed; None if never."""


class Always:
    """Around the clock: every hour counts, also that which a change of clocks adds."""

    def between(self, start: int, end: int) -> int:
        """Return the time between two instants."""
        return max(0, end - start)

    def add(self, start: int, amount: int) -> int | None:
        """Return the instant after so much time."""
        return start + amount


class Days(Protocol):
    """Working hours by day."""

    def hours(self, day: date) -> tuple[tuple[int, int], ...]:
        """Return a day's working hours in minutes of its wall clock, in order, apart."""


class Block(Struct, frozen=True, gc=False):
    """The working time of a year of the wall clock: intervals, and what was worked before each."""

    start: int
    end: int
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    before: tuple[int, ...]
    total: int

    def upto(self, instant: int) -> int:
        """Return what was worked in this year until an instant."""
        at = bisect_right(self.starts, instant) - 1
        if at < 0:
            return 0
        return self.before[at] + min(instant, self.ends[at]) - self.starts[at]

    def reach(self, amount: int) -> int:
        """Return when a positive amount, at most the total, was worked."""
        at = bisect_left(self.before, amount) - 1
        return self.starts[at] + amount - self.before[at]


class Worked(Struct):
    """The working time of a calendar in a zone; a year is laid out when it is first asked for."""

    days: Days
    zone: ZoneInfo
    _blocks: dict[int, Block] = {}

    def between(self, start: int, end: int) -> int:
        """Return the working time between two instants."""
        total, at = 0, start
        while at < end:
            block = self._around(at)
            total += block.upto(min(end, block.end)) - block.upto(at)
            at = block.end
        return total

    def add(self, start: int, amount: int) -> int | None:
        """Return when so much was worked; None if that takes more than 30 years."""
        block = self._around(start)
        amount += block.upto(start)
        for _ in range(_HORIZON_YEARS):
            if amount <= block.total:
                return block.reach(amount)
            amount -= block.total
            block = self._around(block.end)
        return None

    def _around(self, instant: int) -> Block:
        """Return the year of an instant: by the length of a year, then by its bounds."""
        year = 1970 + instant // _YEAR
        block = self._block(year)
        while instant < block.start:
            year -= 1
            block = self._block(year)
        while instant >= block.end:
            year += 1
            block = self._block(year)
        return block

    def _block(self, year: int) -> Block:
        block = self._blocks.get(year)
        if block is None:
            block = self._blocks[year] = _laid_out(self.days, self.zone, year)
        return block


def _laid_out(days: Days, zone: ZoneInfo, year: int) -> Block:
    """Return a year's working time; raise OverflowError for the first and the last there is."""
    if not date.min.year < year < date.max.year:
        raise OverflowError(year)
    starts, ends, before, total = [], [], [], 0
    day, after = date(year, 1, 1), date(year + 1, 1, 1)
    while day < after:
        for start, end in _instants(day, days.hours(day), zone):
            if start < end:
                starts.append(start)
                ends.append(end)
                before.append(total)
                total += end - start
        day += _DAY
    bounds = wall.when(date(year, 1, 1), 0, zone), wall.when(after, 0, zone)
    return Block(*bounds, tuple(starts), tuple(ends), tuple(before), total)


def _instants(
    day: date, hours: tuple[tuple[int, int], ...], zone: ZoneInfo
) -> list[tuple[int, int]]:
    """Return a day's hours as instants; on most days they follow from its midnight."""
    if not hours:
        return []
    if not wall.is_even(day, zone):
        return [(wall.when(day, a, zone), wall.when(day, b, zone)) for a, b in hours]
    midnight = wall.instant(datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC))
    return [(midnight + a * wall.MINUTE, midnight + b * wall.MINUTE) for a, b in hours]
