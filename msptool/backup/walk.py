"""Walk what a job backs up, as restic does: no link is followed, sockets are passed over."""

import errno
import hashlib
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from typing import Literal, TypeAlias

import msgspec

from msptool.backup import names
from msptool.backup.patterns import Excludes

Kind: TypeAlias = Literal["file", "folder", "link", "other"]
# Size, mtime, ctime (both in nanoseconds) and inode: equal means that nobody wrote the file.
# ctime cannot be set by hand as mtime can.
Stamp: TypeAlias = tuple[int, int, int, int]
# Read into one buffer that stays in the processor's cache: new memory for each piece costs more
# than a tenth of the hashing.
_CHUNK_BYTES = 1 << 18


class Seen(msgspec.Struct, frozen=True, gc=False):
    """Something that stands at an absolute path. `blind`: a folder that we may not list."""

    name: str
    kind: Kind
    stamp: Stamp
    mode: int
    target: str = ""
    blind: bool = False

    @property
    def size_bytes(self) -> int:
        """The bytes of a file; of anything else what the file system says."""
        return self.stamp[0]


def walk(paths: Iterable[str], excludes: Excludes) -> Iterator[Seen]:
    """Yield everything below some paths, themselves included, that the excludes leave.

    What vanishes while we look is passed over; the caller looks twice.
    """
    waiting = [names.raw(path) for path in paths]
    while waiting:
        at = waiting.pop()
        name = names.text(at)
        if excludes.drops(name):
            continue
        seen = _look(at, name)
        if seen is None:
            continue
        if seen.kind == "folder":
            seen, inner = _listed(at, seen)
            waiting += inner
        yield seen


def look(at: bytes) -> Seen | None:
    """Return what stands at a path; None if nothing does, or a socket."""
    return _look(at, names.text(at))


def _look(at: bytes, name: str) -> Seen | None:
    try:
        told = os.lstat(at)
        link = os.readlink(at) if stat.S_ISLNK(told.st_mode) else b""  # noqa: PTH115 - bytes
    except OSError:
        return None
    if stat.S_ISSOCK(told.st_mode):
        return None
    return Seen(
        name,
        _kind(told.st_mode),
        stamp(told),
        stat.S_IMODE(told.st_mode),
        names.text(link) if link else "",
    )


def stamp(told: os.stat_result) -> Stamp:
    """Return what changes when a file is written."""
    return told.st_size, told.st_mtime_ns, told.st_ctime_ns, told.st_ino


def _kind(mode: int) -> Kind:
    if stat.S_ISREG(mode):
        return "file"
    if stat.S_ISDIR(mode):
        return "folder"
    return "link" if stat.S_ISLNK(mode) else "other"


def _listed(at: bytes, seen: Seen) -> tuple[Seen, list[bytes]]:
    try:
        with os.scandir(at) as entries:
            return seen, [entry.path for entry in entries]
    except OSError:
        blind = Seen(seen.name, seen.kind, seen.stamp, seen.mode, blind=True)
        return blind, []


def digest(name: str, on_bytes: Callable[[int], None]) -> tuple[str, Stamp] | None:
    """Return the SHA-256 of a file and its stamp after reading; None if it cannot be read.

    Opened without following a link and without waiting on a pipe that took the file's place.
    """
    try:
        handle = os.open(
            names.raw(name), os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        )
    except OSError as error:
        if error.errno in (errno.EMFILE, errno.ENFILE, errno.ENOMEM):
            raise
        return None
    try:
        told = os.fstat(handle)
        if not stat.S_ISREG(told.st_mode):
            return None
        return _hashed(handle, told.st_size, on_bytes), stamp(os.fstat(handle))
    except OSError:
        return None
    finally:
        os.close(handle)


def _hashed(handle: int, size_bytes: int, on_bytes: Callable[[int], None]) -> str:
    hashed = hashlib.sha256()
    buffer = memoryview(bytearray(min(size_bytes + 1, _CHUNK_BYTES)))
    while count := os.readv(handle, [buffer]):
        hashed.update(buffer[:count])
        on_bytes(count)
    return hashed.hexdigest()
