"""What earlier runs recorded: the last proof of each job, the last reading of each repository,
and the hashes under which manifests were sealed.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from msptool import model, runs
from msptool.errors import MsptoolError
from msptool.model import Scalar
from msptool.workspace import Workspace

LOOK_BACK = 100  # runs; each carries the last proof of every job of the profile


def last(
    workspace: Workspace, kind: model.Kind, things: Collection[str]
) -> dict[str, Mapping[str, Scalar]]:
    """Return what the newest run of a kind that names each of these things says of it."""
    found: dict[str, Mapping[str, Scalar]] = {}
    for _, folder in zip(range(LOOK_BACK), runs.folders(workspace, kind), strict=False):
        if len(found) == len(things):
            break
        try:
            report = runs.load(folder)
        except (MsptoolError, OSError, ValueError):  # a spoilt run proves nothing
            continue
        for thing in report.things:
            if thing.id in things:
                found.setdefault(thing.id, thing.facts)
    return found


def age_s(at: Scalar, now: datetime) -> float | None:
    """Return how long ago a fact's time was; None where there is none."""
    return (now - datetime.fromisoformat(at)).total_seconds() if isinstance(at, str) else None


@dataclass(frozen=True)
class Record:
    """What the backup runs recorded of a job's manifests.

    `sha256`: of the one that is looked for, "" if no run tells of it. `missing`: snapshots that
    were sealed after it, and whose manifest is not there.
    """

    sha256: str = ""
    missing: tuple[str, ...] = ()


def record(workspace: Workspace, job: str, snapshot: str, sealed: Collection[str]) -> Record:
    """Return what is recorded of a snapshot, `sealed` being those whose manifest can be read.

    By the snapshot and never by what a manifest says of itself: that is what is being tested.
    Without a snapshot ("") every one that was recorded and is not sealed is missing.
    """
    missing: dict[str, None] = {}
    for recorded, sha256 in _recorded(workspace, job):
        if recorded == snapshot:
            return Record(sha256, tuple(missing))
        if recorded not in sealed:
            missing[recorded] = None
    return Record(missing=() if snapshot else tuple(missing))


def _recorded(workspace: Workspace, job: str) -> Iterator[tuple[str, str]]:
    """Yield snapshots of a job and the hashes of their manifests, newest run first."""
    for folder in runs.folders(workspace, "backup"):
        try:
            things = runs.load(folder).things
        except (MsptoolError, OSError, ValueError):  # a spoilt run vouches for nothing
            continue
        facts = next((t.facts for t in things if t.id == f"job:{job}"), {})
        if facts.get("snapshot"):
            yield str(facts["snapshot"]), str(facts.get("manifest_sha256", ""))
