"""Tickets on disk: `tickets/4K/ACME-4K7QX2-Y.jsonl`, one event a line; the files are the truth.

Sharded by the first two drawn characters (at most 1,024 folders): a folder of 100,000 names is
slow to list and to diff, and the few files of a shard let a later index trust the folder's time.
For that same time a new event rewrites its file (temporary, fsync, rename, fsync of the folder)
instead of appending: an append leaves the folder's time as it was, and can tear.

A line that cannot be read stays where it is, is reported, and is carried along by every write.
`read_all` is the one place that walks the files, so an index may come to stand behind it.
"""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from msptool import files
from msptool.errors import PartDone, Place, UsageError
from msptool.tickets import events, fold, ids
from msptool.tickets.events import AnyEvent
from msptool.tickets.fold import Ticket
from msptool.workspace import Workspace

SUFFIX = ".jsonl"


@dataclass(frozen=True)
class Problem:
    """A line or file of the store that could not be read; `line` counts from 1, 0 is the file."""

    path: Path
    line: int
    why: str

    def __str__(self) -> str:
        """Return `file:line: why`."""
        return f"{self.path.name}:{self.line}: {self.why}"


@dataclass(frozen=True)
class Shelf:
    """All tickets by id, and what could not be read."""

    tickets: Mapping[str, Ticket]
    problems: tuple[Problem, ...] = ()


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
        hint="the line is kept as it is; mend or delete it by hand",
    )


def lock(workspace: Workspace) -> AbstractContextManager[None]:
    """Hold the store for one read and write; waits, since nobody holds it for long."""
    return files.lock(workspace.derived / "tickets.lock", what="tickets", wait=True)


def path_of(workspace: Workspace, ident: str) -> Path:
    """Return where a ticket lies."""
    return workspace.tickets / ids.drawn_part(ident)[:2] / f"{ident}{SUFFIX}"


def read_all(workspace: Workspace) -> Shelf:
    """Read every ticket, in the order of opening."""
    found: list[Ticket] = []
    problems: list[Problem] = []
    for path in _paths(workspace.tickets):
        ticket, bad = _read(path)
        problems += bad
        if ticket is not None:
            found.append(ticket)
    found.sort(key=lambda ticket: (ticket.opened_at, ticket.id))
    return Shelf({ticket.id: ticket for ticket in found}, tuple(problems))


def read(workspace: Workspace, ident: str) -> tuple[Ticket, tuple[Problem, ...]]:
    """Read one ticket; raise UsageError where there is none by this id."""
    path = path_of(workspace, ident)
    if not path.is_file():
        raise _missing(ident)
    ticket, problems = _read(path)
    if ticket is None:
        raise part_done(problems) or _missing(ident)
    return ticket, tuple(problems)


def _missing(ident: str) -> UsageError:
    hint = "msptool tickets list --all shows all of them"
    return UsageError("ticket.missing", f"there is no ticket {ident}", hint=hint)


def create(workspace: Workspace, opening: events.Opened) -> None:
    """Write the first line of a new ticket; the caller holds the lock and drew a free id."""
    path = path_of(workspace, opening.ticket)
    durable_folder(path.parent)
    files.write(path, events.encode(opening) + b"\n")


def add(workspace: Workspace, ident: str, new: tuple[AnyEvent, ...]) -> None:
    """Add events to a ticket; the caller holds the lock under which it read the ticket."""
    path = path_of(workspace, ident)
    before = path.read_bytes()
    gap = b"" if before.endswith(b"\n") or not before else b"\n"
    files.write(path, before + gap + b"".join(events.encode(event) + b"\n" for event in new))


def durable_folder(folder: Path) -> None:
    """Make a folder of the store so that a power cut cannot take it from above its files."""
    if not folder.is_dir():
        files.make_folder(folder)
        for above in (folder.parent, folder.parent.parent):
            files.sync_folder(above)


def _paths(root: Path) -> Iterator[Path]:
    """Yield the files of events; what git, an editor or a killed write left beside is no ticket."""
    if not root.is_dir():
        return
    for shard in os.scandir(root):
        if len(shard.name) == 2 and shard.is_dir(follow_symlinks=False):
            for entry in os.scandir(shard.path):
                name = entry.name
                if name.endswith(SUFFIX) and not name.startswith("."):
                    yield Path(entry.path)


def _read(path: Path) -> tuple[Ticket | None, list[Problem]]:
    ident = path.name.removesuffix(SUFFIX)
    if not ids.is_id(ident) or ids.drawn_part(ident)[:2] != path.parent.name:
        return None, [Problem(path, 0, "not a ticket's file name, or in another's folder")]
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
        with os.fdopen(handle, "rb", buffering=0) as file:
            data = file.read()
    except OSError as error:
        return None, [Problem(path, 0, error.strerror or "cannot be read")]
    known, problems = parse(path, data)
    ticket = fold.fold(ident, known)
    if ticket is None:
        problems.append(Problem(path, 0, "no line opens the ticket"))
    return ticket, problems


def parse(path: Path, data: bytes) -> tuple[list[AnyEvent], list[Problem]]:
    """Return the events of a file's bytes, and its lines that are none; `path` names the file."""
    known: list[AnyEvent] = []
    problems: list[Problem] = []
    for number, line in enumerate(data.split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            known.append(events.decode(line))
        except ValueError as error:
            problems.append(Problem(path, number, f"not an event: {error}"))
    return known, problems


def drawer(workspace: Workspace, client: str) -> Callable[[], str]:
    """Return a function that draws free ids, never one twice; the caller holds the lock."""
    drawn: set[str] = set()

    def draw() -> str:
        ident = ids.draw(client)
        while ident in drawn or path_of(workspace, ident).exists():
            ident = ids.draw(client)
        drawn.add(ident)
        return ident

    return draw
