"""The lines of one ticket's file: which are events, and what the others are."""

import os
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from msptool.tickets import events, fold, redaction, store
from msptool.tickets.doctor.troubles import Trouble, trouble
from msptool.tickets.events import FORMAT, AnyEvent, Opened, Unknown

_CHUNK_BYTES = 1 << 20
_MARKERS = (b"<<<<<<<", b"=======", b">>>>>>>", b"|||||||")


@dataclass(frozen=True)
class Line:
    """Where a line stands in its file, in bytes; `data` is None where it is too long."""

    number: int
    start: int
    size: int
    data: bytes | None


@dataclass
class Looked:
    """What one file holds: its events, redacted, and what is wrong with its lines.

    `bad` are the numbers of lines that are no events.
    """

    file: str
    events: list[AnyEvent] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    bad: set[int] = field(default_factory=set)


def of(path: Path) -> Iterator[Line]:
    """Yield the lines of a file, holding none that is longer than 4 MiB; raise OSError."""
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
    with os.fdopen(handle, "rb") as file:
        number, start = 1, 0
        while head := file.readline(store.LINE_BYTES + 2):
            size = len(head)
            is_giant = not head.endswith(b"\n") and size > store.LINE_BYTES
            while not head.endswith(b"\n") and (more := file.readline(_CHUNK_BYTES)):
                head, size = more, size + len(more)
            yield Line(number, start, size, None if is_giant else head.removesuffix(b"\n"))
            number, start = number + 1, start + size


def look(path: Path, file: str) -> Looked:
    """Return what a file's lines are; raise OSError where it cannot be read."""
    found = Looked(file)
    told = list(of(path))
    raw = [line.data or b"" for line in told]
    clean = redaction.clean(b"\n".join(raw)).split(b"\n")
    for line, before, now in zip(told, raw, clean, strict=True):
        if line.data is None:
            _bad(found, "gigantic", line.number, f"{line.size >> 20} MiB")
        elif now.strip():
            _one(found, line.number, now)
        if before != now:
            found.troubles.append(trouble("unredacted", file, line.number))
    found.troubles += _order(found)
    return found


def _one(found: Looked, number: int, line: bytes) -> None:
    try:
        found.events.append(event := events.decode(line))
    except ValueError as error:
        _bad(found, _kind(line, str(error)), number)
        return
    if isinstance(event, Unknown):
        found.troubles.append(trouble("newer", found.file, number, event.event))
    elif isinstance(event, Opened) and event.format > FORMAT:
        found.troubles.append(trouble("format", found.file, number, str(event.format)))


def _bad(found: Looked, code: str, number: int, detail: str = "") -> None:
    found.bad.add(number)
    found.troubles.append(trouble(code, found.file, number, detail))


def _kind(line: bytes, why: str) -> str:
    if line.startswith(_MARKERS):
        return "marker"
    try:
        line.decode()
    except UnicodeDecodeError:
        return "binary"
    if b"\0" in line:
        return "binary"
    return "torn" if line.lstrip().startswith(b"{") and "truncated" in why else "foreign"


def _order(found: Looked) -> Iterator[Trouble]:
    """Yield what means nothing, and what means that somebody's event is hidden by another's."""
    if len(found.events) > len({event.eid for event in found.events}):
        by_eid: dict[str, list[AnyEvent]] = defaultdict(list)
        for event in found.events:
            by_eid[event.eid].append(event)
        for eid, claims in by_eid.items():
            if len(claims) > 1:
                same = all(claim == claims[0] for claim in claims)
                yield trouble("doubled" if same else "claimed", found.file, detail=eid)
    keys = [(event.n, event.eid) for event in found.events]
    if keys != sorted(keys):
        yield trouble("reordered", found.file)


def history(found: Looked) -> tuple[AnyEvent, ...]:
    """Return the events in order, each once."""
    return fold.in_order(found.events)


def pieces(path: Path, line: Line) -> Iterator[bytes]:
    """Yield the bytes of a line, its end apart."""
    with path.open("rb") as file:
        file.seek(line.start)
        left = line.size
        while left and (piece := file.read(min(left, _CHUNK_BYTES))):
            left -= len(piece)
            yield piece if left else piece.removesuffix(b"\n")
