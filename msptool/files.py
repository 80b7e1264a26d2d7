"""Durable files: whole or not there, private by default, one writer at a time.

A rename without fsync loses the file's bytes in a power cut (ext4), an append without a lock
tears. So: temporary file, fsync, rename, fsync of the folder; or an fsynced append under a lock.
"""

import errno
import fcntl
import hashlib
import json
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from msptool.errors import Busy, DiskError, Place, UnsafeError

_DISK = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS, errno.EFBIG})
PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700


@contextmanager
def disk_errors(path: Path) -> Iterator[None]:
    """Turn a full, read-only or failing disk into DiskError that names the path."""
    try:
        yield
    except OSError as error:
        if error.errno not in _DISK:
            raise
        raise DiskError(
            "disk.failed",
            f"cannot write: {error.strerror}",
            place=Place(file=str(path)),
            hint="free some space or mend the disk, then run the same command again",
        ) from error


def write(path: Path, data: bytes, *, mode: int = PRIVATE_FILE) -> None:
    """Replace a file so that a reader, a kill or a power cut finds the old or the new, whole."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with disk_errors(path):
        try:
            _write_synced(temporary, data, mode)
            temporary.replace(path)
        except BaseException:
            with suppress(OSError):
                temporary.unlink()
            raise
        sync_folder(path.parent)


def write_text(path: Path, text: str, *, mode: int = PRIVATE_FILE) -> None:
    """Replace a text file (UTF-8) as `write` does."""
    write(path, text.encode(), mode=mode)


def write_if_unchanged(path: Path, data: bytes, *, read_sha256: str) -> None:
    """Replace a file that people edit too, unless it changed since it was read."""
    if sha256(path) != read_sha256:
        raise Busy(
            "file.changed",
            f"{path.name} was changed by someone else meanwhile",
            place=Place(file=str(path)),
            hint="nothing was written; run the command again",
        )
    write(path, data)


def create(path: Path, data: bytes, *, mode: int = PRIVATE_FILE) -> bool:
    """Write a new file; return False, touching nothing, where one stands already."""
    if path.exists():
        return False
    write(path, data, mode=mode)
    return True


def append(path: Path, data: bytes) -> None:
    """Append whole lines, synced. The caller holds the lock of what the file belongs to.

    A tail torn by a kill is ended by a line break first, so that it cannot swallow this record.
    """
    with disk_errors(path):
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, PRIVATE_FILE)
        with os.fdopen(handle, "r+b") as file:
            end = file.seek(0, os.SEEK_END)
            if end and _last_byte(file.fileno(), end) != b"\n":
                data = b"\n" + data
            file.write(data)
            file.flush()
            os.fsync(file.fileno())


def _last_byte(handle: int, size_bytes: int) -> bytes:
    return os.pread(handle, 1, size_bytes - 1)


def _write_synced(path: Path, data: bytes, mode: int) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW
    with os.fdopen(os.open(path, flags, mode), "wb") as file:
        os.fchmod(file.fileno(), mode)
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def sync_folder(path: Path) -> None:
    """Make a folder's names durable."""
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_folder(path: Path) -> Path:
    """Make a private folder and its parents; return it."""
    with disk_errors(path):
        for part in reversed([path, *path.parents]):
            if not part.exists():
                with suppress(FileExistsError):
                    part.mkdir(mode=PRIVATE_FOLDER)
    return path


def publish(temporary: Path, final: Path) -> None:
    """Make a finished folder visible under its name: sync all of it, then rename."""
    with disk_errors(final):
        for folder in (temporary, *(p for p in temporary.rglob("*") if p.is_dir())):
            sync_folder(folder)
        temporary.rename(final)
        sync_folder(final.parent)


def sha256(path: Path) -> str:
    """Return a file's SHA-256 as hex; "" where there is none."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return ""


@contextmanager
def lock(path: Path, *, what: str, wait: bool = False) -> Iterator[None]:
    """Hold an exclusive lock, freed by the kernel even on kill -9; raise Busy if it is taken.

    The file tells people who holds it; the lock itself is flock, never the pid in the file.
    """
    make_folder(path.parent)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, PRIVATE_FILE)
    try:
        _take(handle, path, what, wait)
        with disk_errors(path):
            os.ftruncate(handle, 0)
            os.pwrite(handle, json.dumps({"pid": os.getpid(), "what": what}).encode(), 0)
        yield
    finally:
        os.close(handle)


def _take(handle: int, path: Path, what: str, wait: bool) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.pread(handle, 200, 0).decode(errors="replace")
        raise Busy(
            "workspace.busy",
            f"cannot start {what}: another run holds {path.parent.parent.name} ({_who(holder)})",
            place=Place(file=str(path)),
            hint="wait for it to end, or stop it",
        ) from None


def _who(holder: str) -> str:
    try:
        told = json.loads(holder)
        return f"{told['what']}, pid {told['pid']}"
    except (ValueError, KeyError, TypeError):
        return "unknown"


def refuse_foreign(path: Path) -> None:
    """Raise UnsafeError where another user could write what we are about to trust.

    As git's safe.directory: the owner must be us (or root), and nobody else may write.
    Inside a user namespace the owner of what the outside owns shows as the overflow id 65534;
    that is allowed for folders above, never for the path itself.
    """
    told = path.stat()
    if told.st_uid not in (os.geteuid(), 0):
        raise _unsafe(path, "belongs to another user")
    if stat.S_IMODE(told.st_mode) & 0o022:
        raise _unsafe(path, "can be written by others")


def _unsafe(path: Path, why: str) -> UnsafeError:
    return UnsafeError(
        "workspace.unsafe",
        f"{path} {why}",
        place=Place(file=str(path)),
        hint=f"chown it to yourself and run: chmod go-w {path}",
    )
