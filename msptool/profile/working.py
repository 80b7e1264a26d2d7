"""What the shape cannot say of working time: hours in order, days in order, time to work in."""

from collections.abc import Iterator, Sequence

from msptool import yaml12
from msptool.errors import ProfileError
from msptool.profile.promises import Calendar
from msptool.profile.shape import Profile
from msptool.yaml12 import Document

_PATH = ("tickets", "calendar")


def minutes(text: str) -> tuple[int, int]:
    """Return `09:00-13:00` as minutes since the day began, by the wall clock."""
    start, _, end = text.partition("-")
    return _of(start), _of(end)


def _of(text: str) -> int:
    hour, _, minute = text.partition(":")
    return int(hour) * 60 + int(minute)


def check(profile: Profile, document: Document) -> None:
    """Raise ProfileError at the first thing wrong with the calendar."""
    calendar = profile.tickets.calendar
    for path, hours in _all_hours(calendar):
        _check_order(path, hours, document)
    for at, closure in enumerate(calendar.closed):
        if closure.to is not None and closure.to < closure.date:
            raise _wrong(("closed", at, "to"), "is before its first day", document)
    seen = set()
    for at, day in enumerate(calendar.days):
        if day.date in seen:
            raise _wrong(("days", at, "date"), "stands here twice", document)
        seen.add(day.date)
    in_hours = [level for level, sla in profile.tickets.sla.items() if sla.hours == "business"]
    if in_hours and not any(calendar.week.values()):
        raise _wrong(("week",), "names no working hours", document)


def _all_hours(calendar: Calendar) -> Iterator[tuple[yaml12.Path, Sequence[str]]]:
    for weekday, hours in calendar.week.items():
        yield ("week", weekday), hours
    for at, day in enumerate(calendar.days):
        yield ("days", at, "hours"), day.hours


def _check_order(path: yaml12.Path, hours: Sequence[str], document: Document) -> None:
    free_from = 0
    for at, text in enumerate(hours):
        start, end = minutes(text)
        if end <= start:
            raise _wrong((*path, at), "ends before it begins", document)
        if start < free_from:
            raise _wrong((*path, at), "begins before the one above it ends", document)
        free_from = end


def _wrong(path: yaml12.Path, said: str, document: Document) -> ProfileError:
    where = (*_PATH, *path)
    return ProfileError(
        "profile.calendar", f"{yaml12.dotted(where)}: {said}",
        place=document.place(where),
        hint='write mon: ["09:00-13:00", "14:00-18:00"]; a night is 22:00-24:00 and 00:00-06:00',
    )  # fmt: skip
