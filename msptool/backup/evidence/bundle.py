"""Proofs as a folder to hand out, and how a folder or a workspace is read for checking.

What is read is untrusted: links are not followed, nothing is larger in memory than an envelope
may be, and a name that no statement gives is told.
"""

import hashlib
import os
import secrets
import shutil
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from msptool import files, shipped
from msptool.backup import names
from msptool.backup.evidence import chain, check
from msptool.backup.evidence.check import Item
from msptool.errors import Place, UsageError
from msptool.profile.load import nearest
from msptool.workspace import Workspace

_CHUNK_BYTES = 1024 * 1024


@dataclass(frozen=True)
class Exported:
    """A folder that was written. `absent`: materials that are no longer in the workspace."""

    folder: Path
    statements: int
    materials: int
    absent: int


def read(folder: Path) -> list[Item]:
    """Read a bundle, every file of it; raise UsageError where there is none."""
    found = list(_items(folder, folder)) if folder.is_dir() else []
    _refuse_empty(found, folder)
    return found


def read_workspace(workspace: Workspace, *, with_materials: bool) -> list[Item]:
    """Read the proofs of a workspace and, if asked, the files that they name."""
    found = [item for item in _items(workspace.root, workspace.evidence) if not _unborn(item)]
    _refuse_empty(found, workspace.evidence)
    if with_materials:
        for path in (workspace.root / uri for uri in check.material_uris(found) if _is_fit(uri)):
            if path.is_file():
                found.append(_item(workspace.root, path))
    return found


def _refuse_empty(found: Sequence[Item], folder: Path) -> None:
    if not any(check.place_of(item.name) for item in found):
        raise UsageError(
            "evidence.none",
            "there are no proofs here",
            place=Place(file=str(folder)),
            hint="msptool backup verify makes them",
        )


def _unborn(item: Item) -> bool:
    """Whether a kill left this of a write that never became a file."""
    name = item.name.rpartition("/")[2]
    return name.startswith(".msptool-") and name.endswith(".tmp")


def _is_fit(uri: str) -> bool:
    """Whether a statement's file is one that may be read: it could name any file of ours."""
    parts = uri.split("/")
    return parts[0] in check.MATERIALS and not {"", ".", ".."} & set(parts) and "\0" not in uri


def _items(root: Path, folder: Path) -> Iterator[Item]:
    for at, folders, found in os.walk(folder):
        links = [name for name in folders if (Path(at) / name).is_symlink()]
        for name in sorted([*found, *links]):
            yield _item(root, Path(at) / name)


def _item(root: Path, path: Path) -> Item:
    """Read one file; of what is none, only the name is told."""
    name = names.written(path.relative_to(root).as_posix())
    if not stat.S_ISREG(path.lstat().st_mode):
        return Item(name, "", 0)
    kept = b""
    size, digest = 0, hashlib.sha256()
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC), "rb") as file:
        while block := file.read(_CHUNK_BYTES):
            size += len(block)
            digest.update(block)
            if name.startswith("evidence/") and size <= chain.LIMIT_BYTES:
                kept += block
    return Item(name, digest.hexdigest(), size, kept)


def export(
    workspace: Workspace, jobs: Sequence[str], target: Path, *, with_materials: bool = False
) -> Exported:
    """Write the proofs of some jobs (all without any) as a new folder; raise UsageError.

    It appears whole or not at all. The files are copied as they are, also those that are wrong.
    """
    wanted = {names.safe(job) for job in _wanted(workspace, jobs)}
    if target.exists():
        raise UsageError(
            "evidence.exists",
            "something stands there already",
            place=Place(file=str(target)),
            hint="name a new folder",
        )
    found = read_workspace(workspace, with_materials=False)
    chosen = [item for item in found if item.name.split("/")[1] in {*wanted, "public"}]
    uris = [uri for uri in check.material_uris(chosen) if _is_fit(uri)] if with_materials else []
    there = [uri for uri in uris if (workspace.root / uri).is_file()]
    _publish(workspace, [*(item.name for item in chosen), *there], target)
    statements = sum(check.place_of(item.name) is not None for item in chosen)
    return Exported(target, statements, len(there), len(uris) - len(there))


def _wanted(workspace: Workspace, jobs: Sequence[str]) -> Sequence[str]:
    known = chain.jobs(workspace)
    for job in jobs:
        if job not in known:
            raise unknown_job(job, known)
    return jobs or known


def unknown_job(job: str, known: tuple[str, ...]) -> UsageError:
    """Return the error for a job without proofs."""
    return UsageError(
        "evidence.job",
        f"no proofs of a job {job!r}",
        nearest=nearest(job, known),
        hint=f"jobs with proofs: {', '.join(known)}" if known else "msptool backup verify",
    )


def _publish(workspace: Workspace, found: Sequence[str], target: Path) -> None:
    temporary = target.with_name(f".msptool-{secrets.token_hex(8)}.tmp")
    try:
        files.make_folder(temporary)
        files.write(temporary / check.README, readme())
        for name in found:
            files.make_folder((temporary / name).parent)
            files.write(temporary / name, (workspace.root / name).read_bytes())
        files.publish(temporary, target)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def readme() -> bytes:
    """Return how a third party checks a bundle, in both languages."""
    return (shipped.folder("templates") / "evidence" / check.README).read_bytes()
