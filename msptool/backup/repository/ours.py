"""The snapshots of a folder of this machine, where all of them are ours: known without asking
restic, which would open the repository for it (0.5 s of scrypt: a third of an unchanged backup, a
quarter of a daily proof).

A snapshot is a file named by the SHA-256 of its bytes (design document, "Repository Layout"). If
each file there is what its name says, and each but the new one has a seal of this workspace, the
seals tell the rest. Anything else, also one file that cannot be read, is for restic to say.
"""

import platform
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from msgspec.structs import replace

from msptool import files
from msptool.backup import manifest, names, pick
from msptool.backup.manifest import Seal
from msptool.backup.repository.answers import Snapshot
from msptool.workspace import Workspace


def listed(
    folder: Path, workspace: Workspace, jobs: Iterable[str], new: Snapshot | None = None
) -> tuple[Snapshot, ...] | None:
    """Return the snapshots in a repository's folder, oldest first; None where only restic can say.

    `jobs`: those that lie in it. `new`: the snapshot that restic said it made just now, by an id
    of at least 8 digits.
    """
    idents = _intact(folder / "snapshots")
    if not idents:
        return None
    known = {
        seal.snapshot: _snapshot(seal)
        for job in jobs
        for seal in manifest.seals(workspace, job).values()
    }
    if new is not None:
        made = [ident for ident in idents if ident.startswith(new.id)]
        if len(made) != 1:
            return None
        known[made[0]] = replace(new, id=made[0], hostname=platform.node())
    if any(ident not in known for ident in idents):
        return None
    return tuple(sorted((known[ident] for ident in idents), key=lambda snapshot: snapshot.time))


def claimed(ident: str, job: str, paths: tuple[str, ...], walked_at: datetime) -> Snapshot:
    """Return the snapshot that restic said it made of a job."""
    return Snapshot(ident, walked_at, paths, (pick.tag(job),))


def _snapshot(seal: Seal) -> Snapshot:
    paths = tuple(names.read(path) for path in seal.paths)
    return claimed(seal.snapshot, seal.job, paths, seal.walked_at)


def _intact(folder: Path) -> list[str] | None:
    """Return the ids of the snapshots in a folder; None if one is not what its name says."""
    try:
        found = [(path.name, files.sha256(path)) for path in folder.iterdir()]
    except OSError:
        return None
    return [name for name, _ in found] if all(name == sha256 for name, sha256 in found) else None
