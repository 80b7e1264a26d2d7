"""The snapshots of a folder of this machine, where all of them are ours: known without asking
restic, which would open the repository for it (0.4 s of scrypt, a third of an unchanged backup).

A snapshot is a file named by the SHA-256 of its bytes (design document, "Repository Layout"). If
each file there is what its name says, and each but the new one has a seal of this workspace, the
seals tell the rest. Anything else, also one file that cannot be read, is for restic to say.
"""

import platform
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from msptool import files
from msptool.backup import manifest, names, pick
from msptool.backup.manifest import Seal
from msptool.backup.repository.restic import Snapshot
from msptool.workspace import Workspace


def listed(
    folder: Path, workspace: Workspace, repository: Mapping[str, str], new: Snapshot
) -> tuple[Snapshot, ...] | None:
    """Return the snapshots in a repository's folder, oldest first; None where only restic can say.

    `repository`: the jobs that lie in it, with their tags. `new`: the snapshot that restic said it
    made, by an id of at least 8 digits.
    """
    idents = _intact(folder / "snapshots")
    made = [ident for ident in idents or () if ident.startswith(new.id)]
    if idents is None or len(made) != 1:
        return None
    known = {
        seal.snapshot: _snapshot(seal, tag)
        for job, tag in repository.items()
        for seal in manifest.seals(workspace, job).values()
    }
    if any(ident not in known for ident in idents if ident != made[0]):
        return None
    found = [known[ident] for ident in idents if ident != made[0]]
    whole = Snapshot(made[0], new.time, new.paths, new.tags, hostname=platform.node())
    return tuple(sorted([*found, whole], key=lambda snapshot: snapshot.time))


def claimed(ident: str, job: str, paths: tuple[str, ...], walked_at: datetime) -> Snapshot:
    """Return the snapshot that restic said it made of a job."""
    return Snapshot(ident, walked_at, paths, (pick.tag(job),))


def _snapshot(seal: Seal, tag: str) -> Snapshot:
    paths = tuple(names.read(path) for path in seal.paths)
    return Snapshot(seal.snapshot, seal.walked_at, paths, (tag,))


def _intact(folder: Path) -> list[str] | None:
    """Return the ids of the snapshots in a folder; None if one is not what its name says."""
    try:
        found = [(path.name, files.sha256(path)) for path in folder.iterdir()]
    except OSError:
        return None
    return [name for name, _ in found] if all(name == sha256 for name, sha256 in found) else None
