"""Instants and wall clocks. An instant is a whole number of microseconds since 1970, in UTC.

A wall time becomes one instant, and later wall times never earlier ones: of an hour that comes
twice (clocks go back) the first, of one that never comes (clocks go forward) the moment of the
jump. So a working day from 02:30 to 10:00 has an hour less or more on such a day, and two
neighbouring intervals neither overlap nor leave a gap.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY_MIN = 24 * 60
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_UNIT = timedelta(microseconds=1)
_DAY = timedelta(days=1)


def instant(at: datetime) -> int:
    """Return the instant of an aware time."""
    return (at - _EPOCH) // _UNIT


def moment(instant_us: int) -> datetime:
    """Return an instant as an aware time in UTC; raise OverflowError beyond the year 9999."""
    return _EPOCH + timedelta(microseconds=instant_us)


def when(day: date, minute: int, zone: ZoneInfo) -> int:
    """Return the instant at which a minute of a day begins; minute 1440 is the next midnight."""
    days, rest = divmod(minute, DAY_MIN)
    naive = datetime.combine(day + days * _DAY, time(rest // 60, rest % 60))
    first = instant(naive.replace(tzinfo=zone))
    if moment(first).astimezone(zone).replace(tzinfo=None) == naive:
        return first
    return _jump(instant(naive.replace(tzinfo=zone, fold=1)), first, zone)


def _jump(before: int, after: int, zone: ZoneInfo) -> int:
    """Return the second at which the clock jumped forward, between two instants."""
    old = moment(before).astimezone(zone).utcoffset()
    while after - before > SECOND:
        middle = (before + after) // 2 // SECOND * SECOND
        if moment(middle).astimezone(zone).utcoffset() == old:
            before = middle
        else:
            after = middle
    return after


def is_even(day: date, zone: ZoneInfo) -> bool:
    """Tell whether no clock is changed on a day, so that its minutes follow from its midnight."""
    start = datetime.combine(day, time(), zone)
    offsets = {at.utcoffset() for at in (start, start.replace(fold=1), start + _DAY)}
    return len(offsets) == 1
