"""Tickets on disk: `tickets/4K/ACME-4K7QX2-Y.jsonl`, one event a line; the files are the truth.

Sharded by the first two drawn characters (at most 1,024 folders): a folder of 100,000 names is
slow to list and to diff, and the few files of a shard let the index trust the folder's time.
For that same time a new event rewrites its file (temporary, fsync, rename, fsync of the folder)
instead of appending: an append leaves the folder's time as it was, and can tear.

A line that cannot be read stays where it is, is reported, and is carried along by every write.
"""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from msgspec import Struct

from msptool import files
from msptool.errors import PartDone, Place
from msptool.tickets import events, fold, ids, redaction
from msptool.tickets.events import AnyEvent
from msptool.tickets.ticket import Ticket
from msptool.workspace import Workspace

SUFFIX = ".jsonl"
LINE_BYTES = 4 << 20  # no honest event comes near; files are kept beside tickets
FILE_BYTES = 64 << 20  # some copies of it must fit into memory


class Problem(Struct, frozen=True):
    """A line or file of the store that could not be read; `line` counts from 1, 0 is the file."""

    path: Path
    line: int
    why: str

    def __str__(self) -> str:
        """Return `file:line: why`."""
        return f"{self.path.name}:{self.line}: {self.why}"


def part_done(problems: Sequence[Problem]) -> PartDone | None:
    """Return the error that tells of what could not be read; None if all could."""
    if not problems:
        return None
    first = problems[0]
    more = f", and {len(problems) - 1} more" if problems[1:] else ""
    return PartDone(
        "tickets.unreadable",
        f"{first.why}{more}; all else was read",
        place=Place(file=str(first.path), line=first.line),
        hint="the line is kept as it is; msptool tickets fsck tells of all",
    )


def lock(workspace: Workspace, *, wait: bool = True) -> AbstractContextManager[None]:
    """Hold the store for one read and write; waits, since nobody holds it for long. Without
    `wait` raises Busy where somebody does.
    """
    return files.lock(workspace.derived / "tickets.lock", what="tickets", wait=wait)


def path_of(workspace: Workspace, ident: str) -> Path:
    """Return where a ticket lies."""
    return workspace.tickets / ids.drawn_part(ident)[:2] / f"{ident}{SUFFIX}"


def write(new: Mapping[Path, Sequence[AnyEvent]]) -> None:
    """Add events to files; the caller holds the lock under which it read them.

    When it returns, all is on disk; a kill before leaves each file as it was, or whole. What was
    redacted and came back by a merge goes again.
    """
    contents = {path: _with(path, added) for path, added in new.items()}
    for folder in {path.parent for path in contents}:
        durable_folder(folder)
    files.write_many(contents)


def _with(path: Path, added: Iterable[AnyEvent]) -> bytes:
    before = path.read_bytes() if path.exists() else b""
    gap = b"" if before.endswith(b"\n") or not before else b"\n"
    return redaction.clean(before + gap + b"".join(events.encode(event) + b"\n" for event in added))


def durable_folder(folder: Path) -> None:
    """Make a folder of the store so that a power cut cannot take it from above its files."""
    if not folder.is_dir():
        files.make_folder(folder)
        for above in (folder.parent, folder.parent.parent):
            files.sync_folder(above)


def shards(root: Path) -> Iterator[str]:
    """Yield the names of the folders that hold tickets."""
    if root.is_dir():
        for shard in os.scandir(root):
            if len(shard.name) == 2 and shard.is_dir(follow_symlinks=False):
                yield shard.name


def entries(shard: Path | str) -> Iterator[os.DirEntry[str]]:
    """Yield the files of events; what git, an editor or a killed write left beside is no ticket,
    nor is what has a name that is no text: `fsck` tells of it.
    """
    for entry in os.scandir(shard):
        name = entry.name
        if name.endswith(SUFFIX) and not name.startswith(".") and name.isprintable():
            yield entry


def paths(root: Path) -> Iterator[Path]:
    """Yield all files of events, in order."""
    for shard in sorted(shards(root)):
        yield from sorted(Path(entry.path) for entry in entries(root / shard))


def is_at_home(shard: str, name: str) -> bool:
    """Tell whether a file has the name of a ticket and lies in that ticket's shard."""
    ident = name.removesuffix(SUFFIX)
    return ids.is_id(ident) and ids.drawn_part(ident)[:2] == shard


def read_file(path: Path) -> tuple[list[Ticket], list[Problem]]:
    """Return the tickets of a file, more than one where two laptops drew one id, and what of it
    could not be read.
    """
    return read_entry(str(path.parent), path.parent.name, path.name)


def read_entry(folder: str, shard: str, name: str) -> tuple[list[Ticket], list[Problem]]:
    """Read a file as `read_file` does; a hundred thousand paths cost more than their strings."""
    ident = name.removesuffix(SUFFIX)
    path = f"{folder}/{name}"
    if not is_at_home(shard, name):
        return [], [Problem(Path(path), 0, "not a ticket's file name, or in another's folder")]
    try:
        data = content(path)
    except OSError as error:
        return [], [Problem(Path(path), 0, error.strerror or "cannot be read")]
    known, problems = parse(path, data)
    tickets = fold.fold_all(ident, known)
    if not tickets:
        problems.append(Problem(Path(path), 0, "no line opens the ticket"))
    return tickets, problems


def content(path: Path | str) -> bytes:
    """Return a file's bytes; raise OSError for a link, and for one larger than `FILE_BYTES`."""
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
    try:
        size = os.fstat(handle).st_size
        if size > FILE_BYTES:
            raise OSError(0, f"larger than {FILE_BYTES >> 20} MiB")
        data = os.read(handle, size + 1)
        while more := os.read(handle, 1 << 20) if len(data) != size else b"":
            data += more
        return data
    finally:
        os.close(handle)


def parse(path: Path | str, data: bytes) -> tuple[list[AnyEvent], list[Problem]]:
    """Return the events of a file's bytes, redacted, and its lines that are none."""
    known: list[AnyEvent] = []
    problems: list[Problem] = []
    for number, line in enumerate(redaction.clean(data).split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            if len(line) > LINE_BYTES:
                raise ValueError(f"longer than {LINE_BYTES >> 20} MiB")
            known.append(events.decode(line))
        except ValueError as error:
            problems.append(Problem(Path(path), number, f"not an event: {error}"))
    return known, problems
