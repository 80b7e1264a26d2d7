"""When each backup job was last proven: read from the runs of restore tests, newest first."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from pathlib import Path

from msptool import model, runs
from msptool.errors import UsageError
from msptool.monitor.probes import Unseen
from msptool.monitor.seen import Proof
from msptool.workspace import Workspace

LOOK_BACK = 400  # runs; more than a year of daily proofs
_AHEAD = timedelta(minutes=10)  # how far another clock may run ahead of ours


def look(workspace: Workspace, jobs: Collection[str], now: datetime) -> dict[str, Proof | Unseen]:
    """Return the last proof of each job.

    A run that cannot be read may have held the proof: a job without another is then unseen.
    """
    found: dict[str, Proof | Unseen] = {}
    spoilt = False
    for _, folder in zip(range(LOOK_BACK), runs.folders(workspace, "restore"), strict=False):
        if len(found) == len(jobs):
            break
        things = _things(folder)
        spoilt |= things is None
        for job, proven_at in proven(things or ()).items():
            if job in jobs and proven_at <= now + _AHEAD:
                found.setdefault(job, Proof(job, proven_at))
    return {
        job: found.get(job) or (Unseen("unreadable") if spoilt else Proof(job, None))
        for job in jobs
    }


def _things(folder: Path) -> tuple[model.Thing, ...] | None:
    try:
        return runs.load(folder).things
    except (UsageError, OSError, ValueError):  # ValueError: a line that is no record
        return None


def proven(things: Iterable[model.Thing]) -> dict[str, datetime]:
    """Return the jobs of a restore run that carry the time of their last proof."""
    found = {}
    for thing in things:
        at = _instant(thing.facts.get("last_proven_at"))
        if thing.id.startswith("job:") and at is not None:
            found[thing.id.removeprefix("job:")] = at
    return found


def _instant(value: model.Scalar) -> datetime | None:
    """Return an aware time of RFC 3339; None for anything else."""
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return at if at is not None and at.tzinfo is not None else None
