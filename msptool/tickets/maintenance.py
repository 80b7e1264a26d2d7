"""Works that are announced in the profile: what begins while they go on opens no ticket."""

import fnmatch
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from msptool.errors import ProfileError
from msptool.profile.shape import Maintenance

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEK = timedelta(days=7)
_WEEKLY = re.compile(
    rf"({'|'.join(_DAYS)}) (\d\d):(\d\d) ?- ?({'|'.join(_DAYS)}) (\d\d):(\d\d)", re.IGNORECASE
)


@dataclass(frozen=True)
class Window:
    """Machines by name or alias, and the times: once, or of every week on the wall clock."""

    match: tuple[str, ...]
    zone: ZoneInfo
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    weekly: tuple[timedelta, timedelta] | None = None
    reason: str = ""

    def covers(self, names: Iterable[str], now: datetime) -> bool:
        """Tell whether a thing of these names is being worked on."""
        wanted = [pattern.casefold() for pattern in self.match]
        named = (name.casefold() for name in names)
        hit = any(
            fnmatch.fnmatchcase(name.partition(":")[2] or name, pattern)
            or fnmatch.fnmatchcase(name, pattern)
            for name in named
            for pattern in wanted
        )
        return hit and self._is_on(now)

    def _is_on(self, now: datetime) -> bool:
        if self.weekly is None:
            begun = self.starts_at is None or self.starts_at <= now
            return begun and (self.ends_at is None or now < self.ends_at)
        local = now.astimezone(self.zone)
        since = timedelta(days=local.weekday(), hours=local.hour, minutes=local.minute)
        start, end = self.weekly
        return (since - start) % _WEEK < (end - start) % _WEEK


def windows(announced: Sequence[Maintenance], zone: ZoneInfo) -> tuple[Window, ...]:
    """Return the windows of a profile; raise ProfileError where a time is none."""
    return tuple(
        Window(one.match, zone, one.starts_at, one.ends_at, _weekly(one.weekly), one.reason)
        for one in announced
    )


def _weekly(text: str) -> tuple[timedelta, timedelta] | None:
    if not text.strip():
        return None
    found = _WEEKLY.fullmatch(text.strip())
    if found is None or int(found[2]) > 23 or int(found[5]) > 23:
        raise ProfileError(
            "profile.weekly", f"{text[:40]!r} is no time of the week",
            hint="write it as: sat 22:00 - sun 04:00",
        )  # fmt: skip
    day, hour, minute, day_2, hour_2, minute_2 = found.groups()
    return _since(day, hour, minute), _since(day_2, hour_2, minute_2)


def _since(day: str, hour: str, minute: str) -> timedelta:
    number = _DAYS.index(day.casefold())
    return timedelta(days=number, hours=int(hour), minutes=int(minute))
