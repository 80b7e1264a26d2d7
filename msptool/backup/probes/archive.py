"""Archives: zip (office documents are such), gzip, bzip2, xz, zstd, and tar in any of them.

Every member is read to its end, so that lengths and checksums are tried; nothing is written. What
unpacks to more than a limit is not decided: neither a bomb nor a good archive is waited for.
"""

import bz2
import codecs
import gzip
import lzma
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO, Protocol, TypeAlias, cast

from msptool import process
from msptool.backup import words
from msptool.backup.probes import promise
from msptool.backup.probes.cell import Limits, Told
from msptool.backup.probes.kinds import PROBES, Candidate, Probe, Subject
from msptool.errors import ToolMissing

_CHUNK_BYTES = 1 << 20
_MOST_BYTES = 64 << 30
_MOST_RATIO = 1100  # deflate cannot do better than 1032:1; what bzip2 and xz do beyond is a bomb
_FREE_BYTES = 64 << 20
_SMALL_BYTES = 4 << 20
_Unpacked: TypeAlias = gzip.GzipFile | bz2.BZ2File | lzma.LZMAFile
_OPENERS: tuple[tuple[bytes, Callable[[Path], _Unpacked]], ...] = (
    (promise.GZIP, gzip.GzipFile),
    (promise.BZIP2, bz2.BZ2File),
    (promise.XZ, lzma.LZMAFile),
)
_ZIP_WITHIN = frozenset(
    {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA}
)
_DAMAGE = (
    EOFError, zlib.error, lzma.LZMAError, gzip.BadGzipFile, zipfile.BadZipFile, tarfile.TarError,
    UnicodeError, ValueError, OverflowError,
)  # fmt: skip


for _encoding in ("cp437", "utf-8", "latin-1", "ascii"):
    codecs.lookup(_encoding)  # names in archives need them, and the cell has no more to load


class TooMuch(Exception):  # noqa: N818 - it is an answer, not a fault
    """It unpacks to more than is looked at."""


class Stream(Protocol):
    """What bytes are read from."""

    def read(self, size: int = -1, /) -> bytes:
        """Return at most so many bytes; none at the end."""


class Budget:
    """How many bytes an archive may still give."""

    def __init__(self, packed_bytes: int) -> None:
        self._left = min(_MOST_BYTES, _FREE_BYTES + packed_bytes * _MOST_RATIO)

    def spend(self, count: int) -> None:
        """Take bytes off; raise TooMuch where none are left."""
        self._left -= count
        if self._left < 0:
            raise TooMuch


def fits(candidate: Candidate) -> bool:
    """Tell an archive by its beginning, or a broken one by its name."""
    head = candidate.head
    begins = (*promise.ZIP, promise.GZIP, promise.BZIP2, promise.XZ, promise.ZSTD)
    if head.startswith(begins) or head.startswith(promise.TAR, 257):
        return True
    return candidate.suffix in promise.ARCHIVES and not promise.has_magic(head)


def look(subject: Subject) -> Told:
    """Read an archive to its end."""
    path = subject.path
    budget = Budget(path.stat().st_size)
    try:
        return _read(path, budget)
    except TooMuch:
        return Told("could-not-run", words.ARCHIVE_BOMB)
    except _DAMAGE as error:
        return _broken(str(error))
    except OSError as error:  # bz2 and gzip say so of bad data; what the disk says has a number
        if error.errno is None:
            return _broken(str(error))
        raise


def _broken(said: str) -> Told:
    return Told("bad-content", words.ARCHIVE_BROKEN, said)


def _read(path: Path, budget: Budget) -> Told:
    with path.open("rb") as file:
        head = file.read(512)
    if head.startswith(promise.ZSTD):
        return _zstd(path)
    for magic, opener in _OPENERS:
        if head.startswith(magic):
            with opener(path) as unpacked:
                return _inner(unpacked, budget)
    if head.startswith(promise.TAR, 257):
        with path.open("rb") as file:
            return _inner(file, budget)
    return _zip(path, budget)


def _inner(unpacked: Stream, budget: Budget) -> Told:
    """Read a stream to its end; if it is a tar, member by member."""
    counted = Counted(unpacked, budget)
    first = counted.peek(512)
    if not first.startswith(promise.TAR, 257):
        counted.drain()
        return Told("ok")
    with tarfile.open(fileobj=cast(IO[bytes], counted), mode="r|") as archive:
        for member in archive:
            if member.isreg():
                _drain(archive.extractfile(member))
        ended_at = archive.offset
    # tarfile takes the end of the file for the zero block that ends a tar (POSIX pax).
    if ended_at + 512 > counted.bytes:
        return _broken("no end of archive")
    counted.drain()
    return Told("ok")


class Counted:
    """A stream that is read once from the front, within a budget."""

    def __init__(self, stream: Stream, budget: Budget) -> None:
        self.bytes = 0
        self._stream, self._budget = stream, budget
        self._kept = b""

    def peek(self, count: int) -> bytes:
        """Return the first bytes, to be read again."""
        self._kept = self._stream.read(count)
        return self._kept

    def read(self, count: int) -> bytes:
        """Return at most so many bytes."""
        data, self._kept = self._kept[:count], self._kept[count:]
        if len(data) < count:
            data += self._stream.read(count - len(data))
        self._budget.spend(len(data))
        self.bytes += len(data)
        return data

    def drain(self) -> None:
        """Read to the end: only there does a checksum stand."""
        while self.read(_CHUNK_BYTES):
            pass


def _drain(member: IO[bytes] | None) -> None:
    while member is not None and member.read(_CHUNK_BYTES):
        pass


def _zip(path: Path, budget: Budget) -> Told:
    locked = unknown = False
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            if info.flag_bits & 1:
                locked = True
            elif info.compress_type not in _ZIP_WITHIN:
                unknown = True
            elif not stat.S_ISDIR(info.external_attr >> 16):
                with archive.open(info) as member:
                    while data := member.read(_CHUNK_BYTES):
                        budget.spend(len(data))
    if locked:
        return Told("could-not-run", words.ARCHIVE_LOCKED)
    if unknown:
        return Told("could-not-run", words.NO_UNPACKER)
    return Told("ok")


def _zstd(path: Path) -> Told:
    with suppress(ToolMissing):
        done = process.run([process.find("zstd"), "-tq", str(path)], timeout_s=3600)
        return Told("ok") if done.ok else _broken(done.complaint())
    return Told("could-not-run", words.NO_UNPACKER)


def _limits(size_bytes: int) -> Limits:
    """Allow for 2 MB/s of what is packed."""
    seconds = 30 + size_bytes / 2e6
    shared = size_bytes <= _SMALL_BYTES
    return Limits(wall_s=seconds, cpu_s=int(seconds), processes=8, shared=shared)


PROBES.add("archive")(Probe(50, fits, look, _limits))
