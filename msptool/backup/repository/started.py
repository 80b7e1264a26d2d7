"""Which restics we started: by this, and by nothing in the lock itself, a lock is known as ours.

A lock of restic names a host, a user and a pid; another machine may have the same three. So each
restic is written down with its pid, the start of that process, the boot and the repository, and
struck out when it ended by itself; after a kill -9 of it, of us or of both, the record is there.
"""

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
from msgspec.structs import replace

from msptool import clock, files, runs
from msptool.model import Instant
from msptool.process import Done

_KEPT = timedelta(days=60)
_SIGNALLED = 128  # 0.14 answers SIGTERM with 143 and leaves its lock
# Inode of the first pid namespace (PROC_PID_INIT_INO, include/linux/proc_ns.h).
_FIRST_PIDS = 0xEFFFFFFC


class Started(msgspec.Struct, frozen=True, kw_only=True):
    """A restic of ours. `ticks`: when its process began, since the boot (proc(5), field 22)."""

    host: str
    boot: str
    pid: int
    ticks: int
    repository: str
    at: Instant
    ended_at: Instant | None = None


def digest(location: str) -> str:
    """Return what stands for a repository in a record: its location may hold a password."""
    return hashlib.sha256(location.encode("utf-8", "surrogateescape")).hexdigest()


class Record:
    """What is written down of one call: give `started` to process.run, and `ended` its end."""

    def __init__(self, book: Path | None, repository: str) -> None:
        self._book = book
        self._repository = repository
        self._kept: tuple[Path, Started] | None = None

    def started(self, pid: int) -> None:
        """Write down a process that was just started."""
        ticks = ticks_of(pid)
        if self._book is None or ticks is None:
            return
        told = Started(
            host=runs.host(), boot=boot(), pid=pid, ticks=ticks,
            repository=self._repository, at=clock.now(),
        )  # fmt: skip
        path = files.make_folder(self._book) / f"{pid}-{ticks}.json"
        files.write(path, msgspec.json.encode(told))
        self._kept = path, told

    def ended(self, done: Done) -> None:
        """Strike it out where it ended by itself, and so took its lock away."""
        if self._kept and 0 <= done.returncode < _SIGNALLED and not (done.timed_out or done.cut):
            self._kept[0].unlink(missing_ok=True)
            self._kept = None

    def close(self) -> None:
        """Write down when a process that was stopped was gone: no later lock is its own."""
        if self._kept:
            path, told = self._kept
            files.write(path, msgspec.json.encode(replace(told, ended_at=clock.now())))


@contextmanager
def recorded(book: Path | None, repository: str) -> Iterator[Record]:
    """Yield the record of one call of restic; without a book nothing is written."""
    record = Record(book, repository)
    try:
        yield record
    finally:
        record.close()


def read(book: Path | None, now: datetime) -> tuple[Started, ...]:
    """Return what is on record; strike out what is older than 60 days or cannot be read."""
    found = []
    for path in sorted(book.glob("*.json")) if book else ():
        with suppress(OSError, msgspec.DecodeError):
            told = msgspec.json.decode(path.read_bytes(), type=Started)
            if now - told.at < _KEPT:
                found.append(told)
                continue
        path.unlink(missing_ok=True)
    return tuple(found)


def gone(told: Started, now_boot: str, ticks: Callable[[int], int | None]) -> bool:
    """Tell whether the process of a record is gone, also where its pid was given out again."""
    return told.boot != now_boot or ticks(told.pid) != told.ticks


def ticks_of(pid: int) -> int | None:
    """Return when a process of this machine began; None if there is none. A zombie is gone."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_bytes()
    except OSError:
        return None
    fields = stat.rpartition(b")")[2].split()
    return None if fields[0] in (b"Z", b"X") else int(fields[19])


def boot() -> str:
    """Return the id of this boot."""
    return Path("/proc/sys/kernel/random/boot_id").read_text().strip()


def booted_at() -> datetime:
    """Return when this machine was booted."""
    lines = Path("/proc/stat").read_text().splitlines()
    told = next(line for line in lines if line.startswith("btime "))
    return datetime.fromtimestamp(int(told.split()[1]), UTC)


def own_pids() -> bool:
    """Tell whether our pids are those of the machine; a container's are few, and repeat."""
    try:
        return os.stat("/proc/self/ns/pid").st_ino == _FIRST_PIDS  # noqa: PTH116 - a magic link
    except OSError:
        return False
