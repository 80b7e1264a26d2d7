"""Which snapshot to prove, and why that one."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from msptool.backup import names
from msptool.backup.manifest import Seal
from msptool.backup.repository.answers import Snapshot

AHEAD = timedelta(minutes=10)  # how far another machine's clock may run ahead of ours
_TAG = "job="


@dataclass(frozen=True)
class Choice:
    """The newest snapshot with a sealed manifest, and what was seen on the way to it.

    `unsealed`: the newest of the job if it came after that and has no manifest: a person who
    restores "latest" gets this one, so it is tested too. `lost`: the newest sealed snapshot, if
    the repository no longer has it.
    """

    reason: str
    sealed: Snapshot | None = None
    unsealed: Snapshot | None = None
    lost: str = ""

    @property
    def newest_at(self) -> datetime | None:
        """When the newest backup that can be proven was made."""
        return self.sealed.time if self.sealed else None


def tag(job: str) -> str:
    """Return the restic tag that says whose a snapshot is."""
    return _TAG + names.safe(job)


def job_of(tags: Iterable[str]) -> str:
    """Return the job that the tags of a snapshot name; "" if they name none."""
    named = next((t for t in tags if t.startswith(_TAG)), "")
    return names.unsafe(named.removeprefix(_TAG))


def choose(
    snapshots: Sequence[Snapshot], seals: Mapping[str, Seal], job: str, paths: Collection[str],
    now: datetime,
) -> Choice:  # fmt: skip
    """Return the snapshot to prove and why; without one, the reason is a finding on the job.

    A snapshot from the future is passed over: it would stay the newest for as long as it likes.
    """
    mine = [s for s in snapshots if belongs(s, job, paths) and s.time <= now + AHEAD]
    sealed = _newest(s for s in mine if s.id in seals)
    last = _newest(mine)
    lost = list(seals)[-1] if seals else ""
    lost = "" if any(s.id == lost for s in snapshots) else lost
    unsealed = last if last is not None and last.id not in seals else None
    if sealed is None:
        reason = "no snapshot of this job has a sealed manifest" if mine else "no snapshot"
    else:
        reason = "the newest snapshot with a sealed manifest"
    return Choice(reason, sealed, unsealed, lost)


def belongs(snapshot: Snapshot, job: str, paths: Collection[str]) -> bool:
    """Tell whether a snapshot is of a job: by its tag, and without any by the same paths."""
    tags = [t for t in snapshot.tags or () if t.startswith(_TAG)]
    return tag(job) in tags if tags else set(snapshot.paths) == set(paths)


def _newest(snapshots: Iterable[Snapshot]) -> Snapshot | None:
    return max(snapshots, key=lambda snapshot: snapshot.time, default=None)
