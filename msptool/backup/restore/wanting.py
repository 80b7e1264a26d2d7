"""What a person wants back, what that would do to what stands there, and what to type next."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from msptool.backup import manifest, names
from msptool.backup.jobs import Task
from msptool.backup.manifest import Entry
from msptool.backup.restore import contents
from msptool.backup.restore.contents import Contents
from msptool.backup.restore.listing import Listed
from msptool.backup.walk import Seen, digest, look
from msptool.profile.load import Loaded
from msptool.profile.shape import Postgresql
from msptool.workspace import Workspace

State: TypeAlias = Literal["new", "same", "differs"]


@dataclass(frozen=True)
class Wish:
    """What a person wants back: the paths (written form; none is all) and all that lies below."""

    loaded: Loaded
    task: Task
    listed: Listed
    sealed: bool
    paths: tuple[str, ...]
    entries: tuple[Entry, ...]

    @property
    def files_and_bytes(self) -> tuple[int, int]:
        """How many files that is, and their bytes."""
        return manifest.files_and_bytes(self.entries)


def wish(
    workspace: Workspace, loaded: Loaded, task: Task, listed: Listed, typed: Sequence[str]
) -> Wish:
    """Return what is wanted of a snapshot; raise UsageError for a path that is not in it."""
    held: Contents = contents.of(workspace, task, listed)
    paths = contents.found(held, listed, typed)
    entries = contents.below(held.entries, paths)
    return Wish(loaded, task, listed, held.sealed, paths, entries)


@dataclass(frozen=True)
class Meant:
    """An entry and what stands in its place now."""

    entry: Entry
    state: State


def preview(wanted: Wish, *, in_place: bool) -> tuple[Meant, ...]:
    """Return what a restore would do to each name, but for folders; write nothing."""
    return tuple(
        Meant(entry, _state(entry) if in_place else "new")
        for entry in wanted.entries
        if entry.kind != "folder"
    )


def _state(entry: Entry) -> State:
    seen = look(names.raw(names.read(entry.path)))
    if seen is None:
        return "new"
    return "same" if _is_same(entry, seen) else "differs"


def _is_same(entry: Entry, seen: Seen) -> bool:
    if seen.kind != entry.kind:
        return False
    if entry.kind == "link":
        return names.written(seen.target) == entry.target
    if entry.kind != "file":
        return True
    if seen.size_bytes != entry.size_bytes:
        return False
    if not entry.sha256:
        return seen.stamp[1] // 10**9 == entry.mtime_ns // 10**9
    hashed = digest(seen.name, lambda _count: None)
    return hashed is not None and hashed[0] == entry.sha256


def next_words(wanted: Wish, target: Path) -> tuple[str, ...]:
    """Return what to type next for what is no plain file, a line each."""
    job = wanted.task.job
    back = (f"{target}{names.read(e.path)}" for e in wanted.entries if e.kind == "file")
    files = [shlex.quote(file) for file in back]
    if job.postgresql is not None:
        return tuple(line for file in files for line in _load(job.postgresql, file))
    if job.sqlite:
        return tuple(f"sqlite3 {file} 'PRAGMA integrity_check'" for file in files)
    return ()


def _load(door: Postgresql, file: str) -> tuple[str, str]:
    """Return how to load a dump into a new database beside the old one."""
    where = [f"--host={door.host}"] if door.host else []
    where += [f"--port={door.port}", *([f"--username={door.user}"] if door.user else [])]
    reach, new = shlex.join(where), shlex.quote(f"{door.database}_restored")
    return f"createdb {reach} {new}", f"pg_restore {reach} --dbname={new} --no-owner {file}"
