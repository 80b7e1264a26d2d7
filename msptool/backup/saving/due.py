"""Which jobs missed their backup: the machine was off, the repository away, the run failed.

A job is due if its newest sealed backup was begun before the last moment at which the schedule
should have made one, or, where nothing is scheduled, is older than agreed. Seals are looked at and
no repository is asked, so that this can run every hour. A seal from the future, made before the
clock was set back, counts as none: it would stay the newest for as long as it likes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from msptool import clock
from msptool.backup import manifest
from msptool.profile.load import Loaded
from msptool.profile.shape import Job
from msptool.schedule import plan
from msptool.schedule.calendar import Calendar
from msptool.workspace import Workspace

# What the schedule itself started may still be waiting (systemd's RandomizedDelaySec) or at work.
GRACE = timedelta(hours=1)
_AHEAD = timedelta(minutes=10)
_STEPS = ("backup", "run")


@dataclass(frozen=True)
class Due:
    """A job that missed its backup; `scheduled_at`: the one it missed, None without a schedule."""

    job: str
    newest_at: datetime | None
    scheduled_at: datetime | None

    @property
    def newest(self) -> str:
        """When its newest backup was begun, as text; "" if there is none."""
        return clock.iso(self.newest_at) if self.newest_at else ""


def of(workspace: Workspace, loaded: Loaded, jobs: Mapping[str, Job], now: datetime) -> list[Due]:
    """Return the jobs that are due; raise ProfileError for a schedule that cannot be read."""
    calendars = [task.calendar for task in plan.tasks(loaded) if task.step in _STEPS]
    begun = {
        name: [seal.walked_at for seal in manifest.seals(workspace, name).values()] for name in jobs
    }
    found = (judged(name, job, begun[name], calendars, now) for name, job in jobs.items())
    return [due for due in found if due is not None]


def judged(
    name: str, job: Job, begun: Iterable[datetime], calendars: Iterable[Calendar], now: datetime
) -> Due | None:
    """Return a job if it is due: `begun` are the times of its backups."""
    newest_at = max((at for at in begun if at <= now + _AHEAD), default=None)
    missed = [at for each in calendars if (at := each.last_before(now - GRACE))]
    scheduled_at = max(missed, default=None)
    limit_at = scheduled_at or now - timedelta(hours=job.rpo_h)
    if newest_at is not None and newest_at >= limit_at:
        return None
    return Due(name, newest_at, scheduled_at)
