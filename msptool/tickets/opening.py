"""Opening the index of a workspace. Where `.msptool` cannot be written (a read-only folder, a full
disk, a folder in its place) a copy in a temporary folder is used.
"""

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from msptool import files
from msptool.errors import DiskError
from msptool.tickets import database
from msptool.tickets.clocks import Reckoner
from msptool.tickets.index import Index, Progress
from msptool.workspace import Workspace

# A folder, a link or a file stands where the index or its folder belongs: fsck tells of it.
_IN_THE_WAY = frozenset({errno.EISDIR, errno.ELOOP, errno.ENOTDIR, errno.EEXIST})
_ROOM_BYTES = 256 << 10  # less is a full disk


@contextmanager
def opened(
    workspace: Workspace,
    reckoner: Reckoner,
    *,
    progress: Progress | None = None,
    wait_s: float = database.WAIT_S,
    is_fresh: bool = True,
) -> Iterator[Index]:
    """Yield the index, in agreement with the files; wait at most `wait_s` for who writes it.

    Where it need not be `is_fresh`, it tells of the files as they were when it was read last.
    """
    with ExitStack() as held:
        try:
            index = _ready(workspace, database.path_of(workspace), reckoner, progress, wait_s)
            if is_fresh:
                _refresh(index)
        except (OSError, DiskError, sqlite3.OperationalError) as error:
            if not _is_unwritable(error):
                raise
            import tempfile

            spare = Path(
                held.enter_context(tempfile.TemporaryDirectory(prefix="msptool-")), database.NAME
            )
            _copy(database.path_of(workspace), spare)
            index = _ready(workspace, spare, reckoner, progress, wait_s)
            _refresh(index)
        held.callback(index.close)
        yield index


def _ready(
    workspace: Workspace,
    path: Path,
    reckoner: Reckoner,
    progress: Progress | None,
    wait_s: float,
) -> Index:
    if not path.parent.is_dir():
        files.make_folder(path.parent)
    _require_room(path.parent)
    try:
        index = Index(workspace, path, reckoner, progress, wait_s)
    except sqlite3.DatabaseError as error:
        if database.is_about_the_query(error):
            raise
        database.remove(path)
        index = Index(workspace, path, reckoner, progress, wait_s)
    return index


def _refresh(index: Index) -> None:
    try:
        index.refresh()
    except BaseException:
        index.close()
        raise


def _require_room(folder: Path) -> None:
    """Raise OSError on a full disk. SQLite writes to its shared memory (-shm) through a map: where
    the disk has no block for it, as ext4 with blocks of 1 KiB, that kills the process (SIGBUS).
    """
    told = os.statvfs(folder)
    if told.f_bavail * told.f_frsize < _ROOM_BYTES:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(folder))


def _copy(path: Path, spare: Path) -> None:
    """Begin with what another index knows, as far as it can be read: what differs is read anew."""
    import shutil

    for name in ("", "-wal"):
        with suppress(OSError):
            shutil.copyfile(f"{path}{name}", f"{spare}{name}")


def _is_unwritable(error: Exception) -> bool:
    if isinstance(error, sqlite3.OperationalError):
        return error.sqlite_errorcode & 0xFF in (
            sqlite3.SQLITE_READONLY,
            sqlite3.SQLITE_CANTOPEN,
            sqlite3.SQLITE_FULL,
            sqlite3.SQLITE_IOERR,
        )
    return isinstance(error, PermissionError | DiskError) or (
        isinstance(error, OSError) and error.errno in files.DISK_ERRORS | _IN_THE_WAY
    )
