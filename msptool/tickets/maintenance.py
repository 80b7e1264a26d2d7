"""Works that are announced in the profile: what begins while they go on opens no ticket."""

import fnmatch
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from msptool.profile import works
from msptool.profile.shape import Maintenance

_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Window:
    """Machines by name or alias, and the times: once, or of every week on the wall clock."""

    match: tuple[str, ...]
    zone: ZoneInfo
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    weekly: tuple[timedelta, timedelta] | None = None
    reason: str = ""

    def covers(self, names: Iterable[str], at: datetime) -> bool:
        """Tell whether a thing of these names was being worked on at a time."""
        if not self._is_on(at):
            return False
        # In these patterns a bracket is a bracket.
        wanted = [pattern.casefold().replace("[", "[[]") for pattern in self.match]
        named = [form for name in names for form in (name.casefold(), _bare(name).casefold())]
        return any(fnmatch.fnmatchcase(name, pattern) for name in named for pattern in wanted)

    def _is_on(self, at: datetime) -> bool:
        begun = self.starts_at is None or self.starts_at <= at
        if not begun or (self.ends_at is not None and at >= self.ends_at):
            return False
        if self.weekly is None:
            return True
        local = at.astimezone(self.zone)
        since = timedelta(days=local.weekday(), hours=local.hour, minutes=local.minute)
        start, end = self.weekly
        return (since - start) % _WEEK < (end - start) % _WEEK


def _bare(name: str) -> str:
    """Return what an alias says, without its kind."""
    return name.partition(":")[2] or name


def windows(announced: Sequence[Maintenance], zone: ZoneInfo) -> tuple[Window, ...]:
    """Return the windows of a profile that was checked as it was loaded."""
    return tuple(
        Window(one.match, zone, one.starts_at, one.ends_at,
               works.weekly(one.weekly) if one.weekly.strip() else None, one.reason)
        for one in announced
    )  # fmt: skip
