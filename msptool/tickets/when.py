"""Times as people say them, on the client's wall clock: `2d`, `mon`, `tomorrow 09:00`, `1h30`.

One grammar for what is to come and for what is over. A length (`90m`, `8h`, `2d`, `1.5w`) leads
away from now; a word for a day, a weekday or an hour means the next one, or the last one. A day
without a time means the morning (`MORNING`) where something is to begin, its very end where
something lasts until it, and all of it where one asks for what happened.
"""

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from msptool.errors import UsageError

MORNING = time(9)
_DAYS = (
    ("mon", "monday", "пн", "понедельник"), ("tue", "tuesday", "вт", "вторник"),
    ("wed", "wednesday", "ср", "среда", "среду"), ("thu", "thursday", "чт", "четверг"),
    ("fri", "friday", "пт", "пятница", "пятницу"), ("sat", "saturday", "сб", "суббота", "субботу"),
    ("sun", "sunday", "вс", "воскресенье"),
)  # fmt: skip
_WEEKDAY = {name: number for number, names in enumerate(_DAYS) for name in names}
_NAMED = {
    "позавчера": -2, "yesterday": -1, "вчера": -1, "today": 0, "сегодня": 0,
    "tomorrow": 1, "завтра": 1, "послезавтра": 2,
}  # fmt: skip
_UNITS = {"w": "weeks", "н": "weeks", "d": "days", "д": "days", "h": "hours", "ч": "hours",
          "m": "minutes", "м": "minutes"}  # fmt: skip
_SPAN = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,3})?)\s?([wdhmндчм])")
_DAYS_AWAY = re.compile(r"([0-9]{1,6})\s?([wdнд])")
_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})")
_ISO_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_POINT_DAY = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
_WORK = re.compile(r"(?:(\d{1,3}(?:[.,]\d{1,2})?)\s?[hч])?\s?(?:(\d{1,4})\s?(?:m|min|м|мин)?)?")
_MINUTE = timedelta(minutes=1)


def moment(
    said: str, now: datetime, zone: tzinfo, *, to_its_end: bool = False, past: bool = False
) -> datetime:
    """Return the time that a person means, in UTC; `to_its_end`: a day lasts until its end;
    `past`: a length leads back, a weekday or an hour is the last one. Raises UsageError where it is
    none.
    """
    try:
        if (at := away(said, now, zone, past=past) or _with_zone(said)) is not None:
            return at
        day, clock = _parts(said, now.astimezone(zone), past=past)
        if clock is None and to_its_end:
            return _begin(day + timedelta(days=1), zone)
        return _at(day, clock or MORNING, zone, said)
    except OverflowError:  # a year that no calendar has
        raise _no_time(said) from None


def since(said: str, now: datetime, zone: tzinfo) -> datetime:
    """Return when a day or an hour that is over began, or the time that was so long ago; raise
    UsageError where it is none.
    """
    at = away(said, now, zone, past=True)
    return period(said, now, zone, past=True)[0] if at is None else at


def period(said: str, now: datetime, zone: tzinfo, *, past: bool) -> tuple[datetime, datetime]:
    """Return the first instant of a day or a minute, and that of the next one, in UTC; raise
    UsageError where it is none.
    """
    try:
        start = _with_zone(said)
        if start is None:
            day, clock = _parts(said, now.astimezone(zone), past=past)
            if clock is None:
                return _begin(day, zone), _begin(day + timedelta(days=1), zone)
            start = _at(day, clock, zone, said)
        return start, start + _MINUTE
    except OverflowError:
        raise _no_time(said) from None


def away(said: str, now: datetime, zone: tzinfo, *, past: bool = False) -> datetime | None:
    """Return the time that is a length away from now: days and weeks by the wall clock, hours as
    they pass. None where it is no length; raises UsageError where no calendar has that time.
    """
    span = _SPAN.fullmatch(_plain(said))
    if span is None:
        return None
    unit = _UNITS[span[2]]
    try:
        length = timedelta(**{unit: float(span[1])}) * (-1 if past else 1)
        if unit in ("hours", "minutes"):
            return now.astimezone(UTC) + length
        return (now.astimezone(zone) + length).astimezone(UTC)
    except OverflowError:
        raise _no_time(said) from None


def _plain(said: str) -> str:
    return " ".join(said.strip().casefold().replace(",", " ").split())


def _parts(said: str, local: datetime, *, past: bool) -> tuple[date, time | None]:
    """Return the day that was said, and the hour if one was."""
    text = _plain(said)
    words = text.replace("t", " ", 1).split() if _ISO_DAY.match(text) else text.split()
    clock = _clock(words.pop(), said) if words and _CLOCK.fullmatch(words[-1]) else None
    if not words and clock is not None:
        return _of_hour(clock, local, past=past), clock
    name = " ".join(words)
    if name in _WEEKDAY:
        return _of_weekday(_WEEKDAY[name], clock, local, past=past), clock
    day = _day(name, local.date(), past=past)
    if day is None:
        raise _no_time(said)
    return day, clock


def _of_hour(clock: time, local: datetime, *, past: bool) -> date:
    is_over = clock <= local.time()
    days = 0 if is_over == past else -1 if past else 1
    return local.date() + timedelta(days=days)


def _of_weekday(number: int, clock: time | None, local: datetime, *, past: bool) -> date:
    """Return the next such day after today, or the last one that has begun."""
    if not past:
        return local.date() + timedelta(days=(number - local.weekday() - 1) % 7 + 1)
    back = (local.weekday() - number) % 7
    if not back and clock is not None and clock > local.time():
        back = 7
    return local.date() - timedelta(days=back)


def _is_hour(said: str) -> bool:
    return _CLOCK.fullmatch(said.strip()) is not None


def end(said: str, begins: datetime, zone: tzinfo) -> datetime:
    """Return when something ends that begins then: `12:00` of that day, `2h` later, or a time."""
    text = said.strip()
    if _is_hour(text):
        return _at(begins.astimezone(zone).date(), _clock(text, said), zone, said)
    return moment(text, begins, zone)


def as_it_was(said: str, planned: datetime, now: datetime, zone: tzinfo) -> datetime:
    """Return when something planned took place: an hour is of its day, or if that is still to
    come, the last such hour.
    """
    if _is_hour(said) and (found := end(said, planned, zone)) <= now:
        return found
    return moment(said, now, zone, past=True)


def minutes(said: str) -> int:
    """Return minutes of work: `25m`, `25`, `1h30`, `1.5h`, `1:30`; raise UsageError otherwise."""
    text = said.strip().casefold()
    if clock := _CLOCK.fullmatch(text):
        return int(clock[1]) * 60 + int(clock[2])
    found = _WORK.fullmatch(text)
    if not text or found is None:
        raise UsageError(
            "ticket.minutes", f"{said[:40]!r} is no length of work",
            hint="write 25m, 1h30 or 1.5h",
        )  # fmt: skip
    hours = float((found[1] or "0").replace(",", "."))
    return round(hours * 60) + int(found[2] or 0)


def _with_zone(said: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(said.strip())
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo else None


def _clock(text: str, said: str) -> time:
    hour, minute = map(int, text.split(":"))
    if hour > 23 or minute > 59:
        raise _no_time(said)
    return time(hour, minute)


def _day(text: str, today: date, *, past: bool) -> date | None:
    if text in _NAMED:
        return today + timedelta(days=_NAMED[text])
    if span := _DAYS_AWAY.fullmatch(text):
        length = timedelta(**{_UNITS[span[2]]: int(span[1])})
        return today - length if past else today + length
    iso, point = _ISO_DAY.fullmatch(text), _POINT_DAY.fullmatch(text)
    parts = iso.groups() if iso else point.groups()[::-1] if point else None
    try:
        return date(*map(int, parts)) if parts else None
    except ValueError:
        return None


def _begin(day: date, zone: tzinfo) -> datetime:
    """Return a day's first instant, also where the clocks skip midnight."""
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)


def _at(day: date, clock: time, zone: tzinfo, said: str) -> datetime:
    """Return a time of the wall clock; one that is skipped in spring is none."""
    wall = datetime.combine(day, clock, tzinfo=zone)
    moment = wall.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) != wall.replace(tzinfo=None):
        raise UsageError(
            "ticket.time", f"the clocks skip {said[:40]!r}",
            hint="summer time begins then; take another hour",
        )  # fmt: skip
    return moment


def _no_time(said: str) -> UsageError:
    return UsageError(
        "ticket.time", f"{said[:40]!r} is no time",
        hint="write 2d, mon, 'tomorrow 09:00', 2026-12-01 or '2026-12-01 14:30'",
    )  # fmt: skip
