"""SQLite databases: a consistent copy of each by the online backup API, under its own path.

A copied file may be torn, and lacks what still stands in the -wal beside it. The copies stand in a
private folder that is laid out as the machine is, and restic is started in it with relative paths:
so one snapshot holds all databases of a job under the paths that they belong to.
"""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from msptool import clock, files
from msptool.backup import manifest, names, words
from msptool.backup.manifest import Entry
from msptool.backup.patterns import Excludes
from msptool.backup.probes.sqlite import rows
from msptool.backup.repository import locks, restic
from msptool.backup.repository.outcome import Outcome
from msptool.backup.sources.feed import Feed, Lack, Taken, on_status
from msptool.backup.verdicts import Verdict
from msptool.errors import DiskError, Place

BUSY_S = 30.0  # how long a writer may hold the database before we give up
_PAGES = 2048  # at a time: between two, Ctrl-C and the time limit are looked at
_RESERVE_BYTES = 64 << 20


def take(feed: Feed) -> Taken:
    """Copy each database, let restic save the copies, count their rows."""
    with _stage(feed) as stage:
        _refuse_full(stage, feed.sources.present)
        walked_at = clock.now()
        lacks = [lack for path in feed.sources.present if (lack := _copied(feed, stage, path))]
        lacking = {name for lack in lacks for name in lack.names}
        copied = [p for p in feed.sources.present if names.written(p) not in lacking]
        if not copied:
            return Taken(Outcome(lacks[0].verdict, lacks[0].detail), walked_at)
        entries = _entries(stage, copied)
        counts, broken = _counted(stage, copied)
        done, outcome = locks.unlocking(
            feed.task.access,
            feed.gently(restic.backup_argv(
                feed.task.access, [f".{path}" for path in copied], (), feed.tags, *feed.limits
            )),
            timeout_s=feed.left_s,
            on_line=on_status(feed.meter()),
            cwd=stage,
        )  # fmt: skip
        return Taken(outcome, walked_at, done, entries, counts, (*lacks, *broken))


@contextmanager
def _stage(feed: Feed) -> Iterator[Path]:
    """Yield an empty private folder; what a kill left in it is gone."""
    stage = feed.workspace.derived / "sqlite" / names.safe(feed.task.name)
    shutil.rmtree(stage, ignore_errors=True)
    files.make_folder(stage)
    try:
        yield stage
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _refuse_full(stage: Path, paths: tuple[str, ...]) -> None:
    """Raise DiskError where the copies have no room."""
    needed = sum(_size_bytes(path) + _size_bytes(f"{path}-wal") for path in paths)
    free = shutil.disk_usage(stage).free
    if needed + _RESERVE_BYTES > free:
        raise DiskError(
            "disk.full",
            words.NO_STAGE,
            place=Place(str(stage)),
            hint="free some space, then run the command again",
        )


def _size_bytes(path: str) -> int:
    try:
        return Path(path).stat().st_size
    except OSError:
        return 0


def _copied(feed: Feed, stage: Path, path: str) -> Lack | None:
    """Copy a database; return what was wrong if there is no copy."""
    target = Path(f"{stage}{path}")
    _lay_out(stage, path)
    try:
        with (
            closing(_opened(path, "mode=ro")) as source,
            closing(sqlite3.connect(target, isolation_level=None)) as copy,
        ):
            copy.execute("PRAGMA journal_mode=OFF")
            copy.execute("PRAGMA synchronous=OFF")
            # Held open, it keeps the backup from beginning anew at each write of another.
            source.execute("BEGIN")
            source.execute("SELECT count(*) FROM sqlite_master").fetchone()
            source.backup(copy, pages=_PAGES, progress=_watch(feed))
        _dress(path, target)
    except _OutOfTime:
        return _lack(target, path, "could-not-run", words.NO_TIME)
    except sqlite3.OperationalError as error:
        if "full" in str(error):
            raise DiskError("disk.full", words.NO_STAGE, place=Place(str(stage))) from error
        busy = "locked" in str(error) or "busy" in str(error)
        return _lack(target, path, "incomplete-source", words.BUSY if busy else words.UNREAD)
    except (sqlite3.DatabaseError, OSError):
        return _lack(target, path, "incomplete-source", words.NO_DATABASE)
    return None


class _OutOfTime(Exception):
    """The job's time limit passed between two pages."""


def _watch(feed: Feed) -> Callable[[int, int, int], None]:
    meter = feed.meter()

    def at(_status: int, remaining: int, total: int) -> None:
        meter.at(total - remaining, total)
        if not feed.left_s:
            raise _OutOfTime

    return at


def _lack(target: Path, path: str, verdict: Verdict, detail: str) -> Lack:
    target.unlink(missing_ok=True)
    return Lack(verdict, detail, (names.written(path),))


def _opened(path: str, how: str) -> sqlite3.Connection:
    """Open a database; it is never made, and never written by us."""
    uri = f"file:{quote(names.raw(path))}?{how}"
    return sqlite3.connect(uri, uri=True, timeout=BUSY_S, isolation_level=None)


def _lay_out(stage: Path, path: str) -> None:
    """Make the folders above a copy, with the modes and owners of those above the database: a
    restore gives them back.
    """
    for folder in reversed(Path(path).parents[:-1]):
        made = Path(f"{stage}{folder}")
        if not made.exists():
            made.mkdir(mode=0o700)
            _dress(str(folder), made)
            made.chmod(made.stat().st_mode | 0o700)


def _dress(like: str, made: Path) -> None:
    told = Path(like).stat()
    if os.geteuid() == 0:
        os.chown(made, told.st_uid, told.st_gid)
    made.chmod(told.st_mode & 0o7777)
    os.utime(made, ns=(told.st_atime_ns, told.st_mtime_ns))


def _entries(stage: Path, paths: list[str]) -> tuple[Entry, ...]:
    """Return the copies, hashed, under the paths of their databases."""
    found = manifest.survey([f"{stage}{path}" for path in paths], Excludes(()), {})
    prefix = len(names.written(str(stage)))
    return tuple(
        Entry(path=entry.path[prefix:], kind="file", size_bytes=entry.size_bytes,
              mode=entry.mode, mtime_ns=entry.mtime_ns, sha256=entry.sha256, unread=entry.unread)
        for entry in sorted(found.values(), key=lambda entry: entry.path)
    )  # fmt: skip


def _counted(
    stage: Path, paths: list[str]
) -> tuple[Mapping[str, Mapping[str, int]], tuple[Lack, ...]]:
    """Return the rows by table of each copy, and which copies cannot be counted."""
    counts, broken = {}, []
    for path in paths:
        try:
            with closing(_opened(f"{stage}{path}", "mode=ro&immutable=1")) as copy:
                counts[names.written(path)] = rows(copy)
        except sqlite3.Error:
            broken.append(names.written(path))
    lack = Lack("bad-content", words.BROKEN_DATABASE, tuple(broken))
    return counts, (lack,) if broken else ()
