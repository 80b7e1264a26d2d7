"""The sealed manifest: what stood in the sources when they were backed up, by our own reading.

It is hashed from the source, never from what restic tells of a snapshot: only so can it show
what restic was not given. `survey` reads before restic does, `settle` looks again after it; what
changed in between is marked moved, since nobody can say which state restic saw. One JSON Lines
file a snapshot, `manifests/JOB/SNAPSHOT.jsonl`: a Seal, then an Entry a line, sorted by path.
"""

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import Literal, TypeAlias

import msgspec
from msgspec.structs import replace

from msptool import files
from msptool.backup import names
from msptool.backup.patterns import Excludes
from msptool.backup.walk import Kind, Seen, Stamp, digest, walk
from msptool.model import Instant
from msptool.workspace import Workspace

# A file written within this time of our reading may have been written again within the same tick
# of the file system's clock: its hash is not reused ("racily clean", as in git's index).
_RACY_NS = 2_000_000_000


Source: TypeAlias = Literal["paths", "sqlite", "postgresql", "command"]
Counts: TypeAlias = Mapping[str, Mapping[str, int]]


class Entry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One name of the source; `path` and `target` are in the written form (see names).

    `moved`: it changed, came or went around restic's reading; `sha256_after` and `target_after`
    are then what it held afterwards. `unread`: we or restic could not read it.
    """

    path: str
    kind: Kind
    size_bytes: int = 0
    mode: int = 0
    mtime_ns: int = 0
    ctime_ns: int = 0
    inode: int = 0
    target: str = ""
    sha256: str = ""
    sha256_after: str = ""
    target_after: str = ""
    moved: bool = False
    unread: bool = False

    @property
    def stamp(self) -> Stamp:
        """What changes when the file is written."""
        return self.size_bytes, self.mtime_ns, self.ctime_ns, self.inode

    @property
    def stood(self) -> bool:
        """Whether a name that moved was there, as the same kind, at both of our looks."""
        return bool(self.sha256 and self.sha256_after) or bool(self.target_after)


class Seal(msgspec.Struct, frozen=True, kw_only=True):
    """The first line: of which snapshot, of what, and when we began to read.

    `complete`: every path was there and could be read, and there was a file to save. `counts`:
    the rows by table of each database, by its path. `files` and `bytes` as entries has them;
    `changed` are those that are new or of other content than in the seal before, `gone` those
    that only it had, and `added_bytes` what the repository grew by. None: not known, or there was
    no seal of the same paths before.
    """

    schema: str = "msptool.manifest/1"
    job: str
    run: str
    snapshot: str
    paths: tuple[str, ...]
    exclude: tuple[str, ...]
    walked_at: Instant
    sealed_at: Instant
    complete: bool
    restic: str
    kind: Source = "paths"
    counts: Counts = {}
    files: int = 0
    bytes: int = 0
    changed: int | None = None
    gone: int | None = None
    added_bytes: int | None = None


Entries = Mapping[str, Entry]


def _silent(_count: int) -> None:
    return None


def survey(
    paths: Iterable[str],
    excludes: Excludes,
    known: Entries,
    on_bytes: Callable[[int], None] = _silent,
) -> dict[str, Entry]:
    """Return what stands in the sources, hashed; `known` are hashes that may be reused."""
    found: dict[str, Entry] = {}
    for seen in walk(paths, excludes):
        path = names.written(seen.name)
        before = known.get(path)
        if before is not None and _same_file(before, seen):
            entry = before if before.mode == seen.mode else replace(before, mode=seen.mode)
        else:
            entry = entry_of(seen)
            entry = _read(entry, seen, on_bytes) if seen.kind == "file" else entry
        found[path] = entry
    return found


def _same_file(before: Entry, seen: Seen) -> bool:
    return seen.kind == "file" and bool(before.sha256) and before.stamp == seen.stamp


def entry_of(seen: Seen) -> Entry:
    """Return what was seen as an entry without a hash."""
    size, mtime, ctime, inode = seen.stamp
    return Entry(
        path=names.written(seen.name),
        kind=seen.kind,
        size_bytes=size,
        mode=seen.mode,
        mtime_ns=mtime,
        ctime_ns=ctime,
        inode=inode,
        target=names.written(seen.target),
        unread=seen.blind,
    )


def _read(entry: Entry, seen: Seen, on_bytes: Callable[[int], None]) -> Entry:
    found = digest(seen.name, on_bytes)
    if found is None:
        return replace(entry, unread=True)
    sha256, after = found
    return replace(entry, sha256=sha256, moved=after != seen.stamp)


def settle(
    before: Entries, paths: Iterable[str], excludes: Excludes, unread: Collection[str]
) -> tuple[Entry, ...]:
    """Look again after restic did; return all entries, with what changed marked as moved.

    `unread` are the paths (written form) that restic could not read; of a folder that is only
    true if we could not list it either.
    """
    settled: dict[str, Entry] = {}
    for seen in walk(paths, excludes):
        path = names.written(seen.name)
        settled[path] = _settled(before.get(path), seen)
    for path in before.keys() - settled.keys():
        settled[path] = _settled(before[path], None)
    for path in unread:
        if path in settled:
            settled[path] = replace(settled[path], unread=True)
    return tuple(settled[path] for path in sorted(settled))


def _settled(entry: Entry | None, seen: Seen | None) -> Entry:
    if entry is None and seen is not None:  # came meanwhile
        entry = entry_of(seen)
        return replace(_hashed_after(entry, seen), moved=True)
    if entry is None:
        raise RuntimeError("a path from neither look")
    if seen is None:  # went meanwhile
        return replace(entry, moved=True)
    if entry.kind == seen.kind != "file":
        target = names.written(seen.target)
        return entry if entry.target == target else replace(entry, target_after=target, moved=True)
    if entry.stamp == seen.stamp and not entry.moved:
        return entry
    return replace(_hashed_after(entry, seen), moved=True)


def _hashed_after(entry: Entry, seen: Seen) -> Entry:
    found = digest(seen.name, _silent) if seen.kind == "file" else None
    return replace(entry, sha256_after=found[0]) if found else entry


def reusable(seal: Seal, entries: Iterable[Entry]) -> dict[str, Entry]:
    """Return the entries of an older manifest whose hashes a new one may take over."""
    racy = int(seal.walked_at.timestamp() * 1e9) - _RACY_NS
    return {
        entry.path: entry
        for entry in entries
        if entry.sha256 and not (entry.moved or entry.unread) and entry.ctime_ns < racy
    }


# On disk.


def folder(workspace: Workspace, job: str) -> Path:
    """Return where a job's manifests lie."""
    return workspace.manifests / names.safe(job)


def path(workspace: Workspace, job: str, snapshot: str) -> Path:
    """Return the manifest of a snapshot of a job."""
    return folder(workspace, job) / f"{snapshot}.jsonl"


def seal(workspace: Workspace, head: Seal, entries: Iterable[Entry]) -> tuple[Path, str]:
    """Write a manifest; return its file and SHA-256."""
    data = msgspec.json.Encoder().encode_lines((head, *entries))
    files.make_folder(folder(workspace, head.job))
    written = path(workspace, head.job, head.snapshot)
    files.write(written, data)
    return written, hashlib.sha256(data).hexdigest()


def read(at: Path) -> tuple[Seal, tuple[Entry, ...]]:
    """Read a manifest; raise OSError or msgspec.DecodeError."""
    head, _, rest = at.read_bytes().partition(b"\n")
    return read_seal(head), tuple(msgspec.json.Decoder(Entry).decode_lines(rest))


def load(workspace: Workspace, job: str, snapshot: str) -> tuple[Seal, tuple[Entry, ...]] | None:
    """Return the manifest of a snapshot; None where it is lost or cannot be read."""
    try:
        return read(path(workspace, job, snapshot))
    except (OSError, msgspec.DecodeError):
        return None


def read_seal(line: bytes) -> Seal:
    """Return the seal on a manifest's first line; raise msgspec.DecodeError."""
    return msgspec.json.decode(line, type=Seal)


def seals(workspace: Workspace, job: str) -> dict[str, Seal]:
    """Return the seals of a job by snapshot, oldest first; what cannot be read is no seal."""
    found = []
    for at in folder(workspace, job).glob("*.jsonl"):
        try:
            with at.open("rb") as file:
                found.append(read_seal(file.readline()))
        except (OSError, msgspec.DecodeError):
            continue
    found.sort(key=lambda head: head.sealed_at)
    return {head.snapshot: head for head in found}


def newest(workspace: Workspace, job: str) -> Seal | None:
    """Return the newest seal of a job; None where there is none."""
    return next(reversed(seals(workspace, job).values()), None)


def files_and_bytes(entries: Iterable[Entry]) -> tuple[int, int]:
    """Return how many files there are, and their bytes."""
    sizes = [entry.size_bytes for entry in entries if entry.kind == "file"]
    return len(sizes), sum(sizes)
