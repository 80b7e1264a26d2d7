"""What a job's earlier manifests tell its next backup: hashes to reuse, and what it may lack."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from msptool.backup import jobs, manifest
from msptool.backup.jobs import Task
from msptool.backup.keeping import ledger
from msptool.backup.manifest import Entries, Entry, Seal
from msptool.backup.saving import hollow
from msptool.backup.sources.feed import Lack
from msptool.workspace import Workspace


@dataclass(frozen=True)
class Last:
    """A manifest of a job, its entries by path."""

    seal: Seal
    entries: Entries


def newest(workspace: Workspace, name: str) -> Last | None:
    """Return a job's newest manifest; None where it has none that can be read."""
    seal = manifest.newest(workspace, name)
    return _read(workspace, name, seal.snapshot) if seal else None


def _read(workspace: Workspace, name: str, snapshot: str) -> Last | None:
    found = manifest.load(workspace, name, snapshot)  # it only saves time and shows what changed
    return Last(found[0], {entry.path: entry for entry in found[1]}) if found else None


def lacks(workspace: Workspace, task: Task, entries: Sequence[Entry], last: Last) -> Iterable[Lack]:
    """Return what the newest whole backup of the same paths held and these entries lack."""
    if jobs.kind(task.job) != "paths":
        return ()
    whole = last if last.seal.complete else _whole(workspace, task)
    return hollow.lacks(entries, whole.entries) if whole else ()


def _whole(workspace: Workspace, task: Task) -> Last | None:
    """Return the newest whole backup; one that a person accepted as it is (`backup forget
    --accept`) counts as whole.
    """
    accepted = ledger.read(workspace, task.job.repository).of("plausible")
    seals = manifest.seals(workspace, task.name)
    whole = (s for s, seal in reversed(seals.items()) if seal.complete or s in accepted)
    found = next(whole, None)
    return _read(workspace, task.name, found) if found else None
