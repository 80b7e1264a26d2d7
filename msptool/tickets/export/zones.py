"""A time zone as iCalendar tells it (RFC 5545, 3.6.5): each change of its clock, by date.

icalendar 7.3.2 makes these, too, but passes over changes that are five weeks apart: Morocco's
clock in Ramadan of 2024, 2027 and 2031.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from icalendar import Timezone

_MINUTE = timedelta(minutes=1)


class Clock(NamedTuple):
    """What a clock shows from a change on: its offset before and since, its name, summer time."""

    before: timedelta
    since: timedelta
    name: str
    summer: bool


def vtimezone(zone: ZoneInfo, first: date, last: date) -> "Timezone":
    """Return the rules of a zone between two days."""
    from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

    made = Timezone()
    made.add("tzid", zone.key)
    begin = datetime.combine(first, time(), UTC)
    changes: dict[Clock, list[datetime]] = defaultdict(list)
    changes[_clock(zone, begin, begin)].append(begin.astimezone(zone).replace(tzinfo=None))
    for before, at in _changes(zone, begin, datetime.combine(last, time(), UTC)):
        clock = _clock(zone, before, at)
        changes[clock].append((at + clock.before).replace(tzinfo=None))  # by the clock before
    for clock, times in changes.items():
        part = TimezoneDaylight() if clock.summer else TimezoneStandard()
        part.add("dtstart", times[0])
        if times[1:]:
            part.add("rdate", times[1:])
        part.add("tzoffsetfrom", clock.before)
        part.add("tzoffsetto", clock.since)
        part.add("tzname", clock.name)
        made.add_component(part)
    return made


def _clock(zone: tzinfo, before: datetime, at: datetime) -> Clock:
    was, is_ = before.astimezone(zone), at.astimezone(zone)
    return Clock(
        was.utcoffset() or timedelta(), is_.utcoffset() or timedelta(), is_.tzname() or "",
        bool(is_.dst()),
    )  # fmt: skip


def _changes(zone: tzinfo, at: datetime, last: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Yield each change of the offset: the minute before it, and its own. One a day at most."""
    while at < last:
        after = at + timedelta(days=1)
        if at.astimezone(zone).utcoffset() != after.astimezone(zone).utcoffset():
            yield _halved(zone, at, after)
        at = after


def _halved(zone: tzinfo, low: datetime, high: datetime) -> tuple[datetime, datetime]:
    before = low.astimezone(zone).utcoffset()
    while high - low > _MINUTE:
        middle = low + (high - low) // _MINUTE // 2 * _MINUTE
        if middle.astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return low, high
