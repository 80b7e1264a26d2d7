"""When a task runs: the part of systemd's OnCalendar that cron can say too, always in UTC.

UTC because a local 02:30 is skipped on one spring night and comes twice in autumn. Everything is
parsed to sets of numbers and written from them, so no text of a profile reaches a unit.
Grammar: systemd.time(7), "CALENDAR EVENTS".
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from msptool.errors import UsageError

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_FULL_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SHORT = {
    "hourly": "*-*-* *:00:00",
    "daily": "*-*-* 00:00:00",
    "weekly": "Mon *-*-* 00:00:00",
    "monthly": "*-*-01 00:00:00",
}
_ITEM = re.compile(r"(?:(\*)|(\d{1,2})(?:\.\.(\d{1,2}))?)(?:/(\d{1,2}))?", re.ASCII)
_HORIZON_DAYS = 366 * 40  # the longest way to a Monday 29 February, over the year 2100
_MONTHS, _DAYS, _HOURS, _MINUTES = (1, 12), (1, 31), (0, 23), (0, 59)


@dataclass(frozen=True)
class Calendar:
    """The moments (UTC, whole minutes) that match every field; weekdays count Monday as 1."""

    weekdays: frozenset[int]
    months: frozenset[int]
    days: frozenset[int]
    hours: frozenset[int]
    minutes: frozenset[int]

    def __str__(self) -> str:
        """Return it as systemd reads it: `Mon,Tue *-*-* 19:00:00 UTC`."""
        named = ",".join(_WEEKDAYS[day - 1].capitalize() for day in sorted(self.weekdays))
        weekdays = "" if len(self.weekdays) == 7 else f"{named} "
        months, days = numbers(self.months, _MONTHS), numbers(self.days, _DAYS)
        hours, minutes = numbers(self.hours, _HOURS), numbers(self.minutes, _MINUTES)
        return f"{weekdays}*-{months}-{days} {hours}:{minutes}:00 UTC"

    def next_after(self, moment: datetime) -> datetime | None:
        """Return the first matching moment later than this one; None if there is none."""
        moment = moment.astimezone(UTC)
        for ahead in range(_HORIZON_DAYS):
            day = (moment + timedelta(days=ahead)).replace(
                hour=0, minute=0, second=0, microsecond=0
            )
            if not self._has_day(day):
                continue
            for hour in sorted(self.hours):
                for minute in sorted(self.minutes):
                    if (found := day.replace(hour=hour, minute=minute)) > moment:
                        return found
        return None

    def last_before(self, moment: datetime) -> datetime | None:
        """Return the last matching moment that is not later than this one; None if there is none
        within as many days.
        """
        moment = moment.astimezone(UTC)
        for back in range(_HORIZON_DAYS):
            day = (moment - timedelta(days=back)).replace(hour=0, minute=0, second=0, microsecond=0)
            if not self._has_day(day):
                continue
            for hour in sorted(self.hours, reverse=True):
                for minute in sorted(self.minutes, reverse=True):
                    if (found := day.replace(hour=hour, minute=minute)) <= moment:
                        return found
        return None

    def _has_day(self, day: datetime) -> bool:
        return (
            day.month in self.months and day.day in self.days and day.isoweekday() in self.weekdays
        )


def numbers(chosen: Iterable[int], limits: tuple[int, int]) -> str:
    """Return a set of numbers as `*` (all of them) or `00,15,30,45`."""
    listed = sorted(chosen)
    if listed == list(range(limits[0], limits[1] + 1)):
        return "*"
    return ",".join(f"{number:02d}" for number in listed)


def parse(text: str) -> Calendar:
    """Read an expression; raise UsageError where it is not of our part or never comes."""
    words = _SHORT.get(text.strip().lower(), text).split()
    if words and words[-1].upper() == "UTC":
        words.pop()
    weekdays, date, time = _sorted_out(words, text)
    calendar = Calendar(
        weekdays=_weekdays(weekdays, text),
        months=_numbers(date[1], _MONTHS, text),
        days=_numbers(date[2], _DAYS, text),
        hours=_numbers(time[0], _HOURS, text),
        minutes=_numbers(time[1], _MINUTES, text),
    )
    if date[0] != "*" or time[2] not in ("0", "00"):
        raise _wrong(text, "years and seconds cannot be chosen")
    if calendar.next_after(datetime(2026, 1, 1, tzinfo=UTC)) is None:
        raise _wrong(text, "this day never comes")
    return calendar


def _sorted_out(words: list[str], text: str) -> tuple[str, list[str], list[str]]:
    """Return weekdays, [year, month, day] and [hour, minute, second]."""
    left = list(words)
    weekdays = left.pop(0) if left and left[0][0].isalpha() else ""
    date = left.pop(0).split("-") if left and "-" in left[0] else ["*", "*", "*"]
    time = left.pop(0).split(":") if left and ":" in left[0] else ["0", "0"]
    if len(time) == 2:
        time.append("0")
    if left or not words or len(date) != 3 or len(time) != 3:
        raise _wrong(text, "not understood")
    return weekdays, date, time


def _weekdays(text: str, whole: str) -> frozenset[int]:
    if not text:
        return frozenset(range(1, 8))
    found: set[int] = set()
    for item in text.split(","):
        first, dots, last = item.partition("..")
        begin = _weekday(first, whole)
        end = _weekday(last, whole) if dots else begin
        found.update((day - 1) % 7 + 1 for day in range(begin, end + (7 if end < begin else 0) + 1))
    return frozenset(found)


def _weekday(name: str, whole: str) -> int:
    for names in (_WEEKDAYS, _FULL_WEEKDAYS):
        if name.lower() in names:
            return names.index(name.lower()) + 1
    raise _wrong(whole, f"no weekday {name!r}")


def _numbers(text: str, limits: tuple[int, int], whole: str) -> frozenset[int]:
    found: set[int] = set()
    for item in text.split(","):
        match = _ITEM.fullmatch(item)
        if match is None:
            raise _wrong(whole, f"{item!r} is no number, range or step")
        star, first, last, step = match.groups()
        begin = limits[0] if star else int(first)
        end = int(last) if last else begin if first and not step else limits[1]
        if not limits[0] <= begin <= end <= limits[1] or step in ("0", "00"):
            raise _wrong(whole, f"{item!r} is not within {limits[0]} to {limits[1]}")
        found.update(range(begin, end + 1, int(step or 1)))
    return frozenset(found)


def _wrong(text: str, why: str) -> UsageError:
    return UsageError(
        "schedule.calendar",
        f"{text!r}: {why}",
        hint="times in UTC, like: *-*-* 19:00:00, Mon..Fri *-*-* 06:30, *-*-* *:00/15:00, daily",
    )
