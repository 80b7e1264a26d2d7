"""Times as people say them, on the client's wall clock: `2d`, `mon`, `tomorrow 09:00`, `1h30`.

A day without a time means the morning (`MORNING`) where something is to begin, and its very end
where something lasts until it.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from msptool.errors import UsageError

MORNING = time(9)
_DAYS = (
    ("mon", "monday", "пн", "понедельник"), ("tue", "tuesday", "вт", "вторник"),
    ("wed", "wednesday", "ср", "среда", "среду"), ("thu", "thursday", "чт", "четверг"),
    ("fri", "friday", "пт", "пятница", "пятницу"), ("sat", "saturday", "сб", "суббота", "субботу"),
    ("sun", "sunday", "вс", "воскресенье"),
)  # fmt: skip
_WEEKDAY = {name: number for number, names in enumerate(_DAYS) for name in names}
_AHEAD = {"today": 0, "сегодня": 0, "tomorrow": 1, "завтра": 1, "послезавтра": 2}
_UNITS = {"w": "weeks", "н": "weeks", "d": "days", "д": "days", "h": "hours", "ч": "hours",
          "m": "minutes", "м": "minutes"}  # fmt: skip
_SPAN = re.compile(r"(\d{1,4})\s?([wdhmндчм])")
_CLOCK = re.compile(r"(\d{1,2}):(\d\d)")
_ISO_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_POINT_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_WORK = re.compile(r"(?:(\d{1,3}(?:[.,]\d{1,2})?)\s?[hч])?\s?(?:(\d{1,4})\s?(?:m|min|м|мин)?)?")


def moment(
    said: str, now: datetime, zone: ZoneInfo, *, to_its_end: bool = False, past: bool = False
) -> datetime:
    """Return the time to come that a person means, in UTC; `to_its_end`: a day lasts until its
    end; `past`: an hour without a day is over already. Raises UsageError where it is none.
    """
    try:
        found = _moment(said, now.astimezone(zone), zone, to_its_end=to_its_end)
        return found - timedelta(days=1) if past and _is_hour(said) and found > now else found
    except OverflowError:  # a year that no calendar has
        raise _no_time(said) from None


def _moment(said: str, local: datetime, zone: ZoneInfo, *, to_its_end: bool) -> datetime:
    text = " ".join(said.strip().casefold().replace(",", " ").split())
    if span := _SPAN.fullmatch(text):
        return _after(local, int(span[1]), _UNITS[span[2]])
    if exact := _with_zone(said.strip()):
        return exact
    words = text.replace("t", " ", 1).split() if _ISO_DAY.match(text) else text.split()
    clock = _clock(words.pop(), said) if words and _CLOCK.fullmatch(words[-1]) else None
    if not words and clock is not None:
        day = local.date() if clock > local.time() else local.date() + timedelta(days=1)
        return _at(day, clock, zone, said)
    day_said = _day(" ".join(words), local.date())
    if day_said is None:
        raise _no_time(said)
    if clock is None and to_its_end:
        return _at(day_said + timedelta(days=1), time(0), zone, said)
    return _at(day_said, clock or MORNING, zone, said)


def _is_hour(said: str) -> bool:
    return _CLOCK.fullmatch(said.strip()) is not None


def end(said: str, begins: datetime, zone: ZoneInfo) -> datetime:
    """Return when something ends that begins then: `12:00` of that day, `2h` later, or a time."""
    text = said.strip()
    if _is_hour(text):
        return _at(begins.astimezone(zone).date(), _clock(text, said), zone, said)
    return moment(text, begins, zone)


def as_it_was(said: str, planned: datetime, now: datetime, zone: ZoneInfo) -> datetime:
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


def _after(local: datetime, count: int, unit: str) -> datetime:
    """Return a time so much later: days and weeks by the wall clock, hours as they pass."""
    length = timedelta(**{unit: count})
    if unit in ("hours", "minutes"):
        return local.astimezone(UTC) + length
    return (local + length).astimezone(UTC)


def _with_zone(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo else None


def _clock(text: str, said: str) -> time:
    hour, minute = map(int, text.split(":"))
    if hour > 23 or minute > 59:
        raise _no_time(said)
    return time(hour, minute)


def _day(text: str, today: date) -> date | None:
    if text in _AHEAD:
        return today + timedelta(days=_AHEAD[text])
    if text in _WEEKDAY:
        return today + timedelta(days=(_WEEKDAY[text] - today.weekday() - 1) % 7 + 1)
    if span := _SPAN.fullmatch(text):
        unit = _UNITS[span[2]]
        return today + timedelta(**{unit: int(span[1])}) if unit in ("days", "weeks") else None
    iso, point = _ISO_DAY.fullmatch(text), _POINT_DAY.fullmatch(text)
    parts = iso.groups() if iso else point.groups()[::-1] if point else None
    try:
        return date(*map(int, parts)) if parts else None
    except ValueError:
        return None


def _at(day: date, clock: time, zone: ZoneInfo, said: str) -> datetime:
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
