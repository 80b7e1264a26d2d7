"""Durable files: whole or not there, private by default, one writer at a time.

A rename without fsync loses the file's bytes in a power cut (ext4), an append without a lock
tears. So: temporary file, fsync, rename, fsync of the folder; or an fsynced append under a lock.
"""

import errno
import fcntl
import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from msptool import clock
from msptool.errors import Busy, DiskError, Place, UnsafeError

DISK_ERRORS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS, errno.EFBIG})
_NO_FOLDER_LOCKS = frozenset({errno.EBADF, errno.ENOLCK, errno.EOPNOTSUPP, errno.EINVAL})
_MANY = 8  # fewer files are synced one by one
# What a file is called while it is written: a kill may leave one.
TEMPORARY = ".msptool-*.tmp"
PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700


@contextmanager
def disk_errors(path: Path) -> Iterator[None]:
    """Turn a full, read-only or failing disk into DiskError that names the path, and a link where
    a file of ours belongs into UnsafeError.
    """
    try:
        yield
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise UnsafeError(
                "file.link",
                "a symbolic link stands where a file belongs",
                place=Place(file=str(path)),
                hint="see where it leads, then remove it",
            ) from error
        if error.errno not in DISK_ERRORS:
            raise
        raise DiskError(
            "disk.failed",
            f"cannot write: {error.strerror}",
            place=Place(file=str(path)),
            hint="free some space or mend the disk, then run the same command again",
        ) from error


def write(path: Path, data: bytes, *, mode: int = PRIVATE_FILE) -> None:
    """Replace a file so that a reader, a kill or a power cut finds the old or the new, whole."""
    write_pieces(path, (data,), mode=mode)


def write_pieces(path: Path, pieces: Iterable[bytes], *, mode: int = PRIVATE_FILE) -> None:
    """Replace a file as `write` does, by pieces that need not be in memory together."""
    with disk_errors(path), _synced(path, pieces, mode) as temporary:
        temporary.replace(path)
        sync_folder(path.parent)


def write_text(path: Path, text: str, *, mode: int = PRIVATE_FILE) -> None:
    """Replace a text file (UTF-8) as `write` does."""
    write(path, text.encode(), mode=mode)


def deliver(path: Path, data: bytes) -> None:
    """Write to what a person named, as `deliver_pieces` does."""
    deliver_pieces(path, (data,))


def deliver_pieces(path: Path, pieces: Iterable[bytes]) -> None:
    """Write to what a person named: a file, where a link leads, is replaced and keeps its mode;
    a device or a pipe is written into. The pieces need not be in memory together.
    """
    with disk_errors(path):
        try:
            mode = path.stat().st_mode
        except FileNotFoundError:
            mode = stat.S_IFREG | PRIVATE_FILE
        if stat.S_ISREG(mode):
            write_pieces(path.resolve(), pieces, mode=stat.S_IMODE(mode))
        else:
            with path.open("wb") as file:
                file.writelines(pieces)


def create(path: Path, data: bytes, *, mode: int = PRIVATE_FILE) -> bool:
    """Write a new file, whole; return False, touching nothing, where anything stands already."""
    with disk_errors(path), _synced(path, (data,), mode) as temporary:
        try:
            os.link(temporary, path, follow_symlinks=False)
        except FileExistsError:
            return False
        temporary.unlink()
        sync_folder(path.parent)
    return True


def append(path: Path, data: bytes) -> None:
    """Append whole lines, synced. The caller holds the lock of what the file belongs to.

    A tail torn by a kill is ended by a line break first, so that it cannot swallow this record.
    """
    with disk_errors(path):
        new = not path.exists()
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        handle = os.open(path, flags, PRIVATE_FILE)
        try:
            _append_synced(handle, data)
        finally:
            os.close(handle)
        if new:
            sync_folder(path.parent)


def _append_synced(handle: int, data: bytes) -> None:
    """Append all of it or, where the disk refuses, nothing."""
    end = os.lseek(handle, 0, os.SEEK_END)
    if end and os.pread(handle, 1, end - 1) != b"\n":
        data = b"\n" + data
    try:
        write_all(handle, data)
        os.fsync(handle)
    except BaseException:
        with suppress(OSError):
            os.ftruncate(handle, end)
        raise


def write_all(handle: int, data: bytes) -> None:
    """Write all of it to an open file; the kernel may take a part at a time."""
    left = memoryview(data)
    while left:
        left = left[os.write(handle, left) :]


@contextmanager
def _synced(path: Path, pieces: Iterable[bytes], mode: int) -> Iterator[Path]:
    """Yield a temporary file beside `path` that holds the data; gone if the caller fails.

    Its name cannot be guessed and must be new: nobody can plant one, no thread meets another's.
    """
    temporary, handle = _temporary(path)
    try:
        _fill(handle, pieces, mode, synced=True)
        yield temporary
    finally:
        with suppress(OSError):
            temporary.unlink()


def _temporary(path: Path) -> tuple[Path, int]:
    """Return a new file beside `path`, open."""
    temporary = path.with_name(TEMPORARY.replace("*", os.urandom(8).hex()))
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW
    return temporary, os.open(temporary, flags, PRIVATE_FILE)


def _fill(handle: int, pieces: Iterable[bytes], mode: int, *, synced: bool) -> None:
    try:
        for piece in pieces:
            write_all(handle, piece)
        os.fchmod(handle, mode)
        if synced:
            os.fsync(handle)
    finally:
        os.close(handle)


def write_many(contents: Mapping[Path, bytes]) -> None:
    """Replace many files of one file system as `write` does each; durable, all of them, when it
    returns. Two syncfs(2) stand for all fsyncs: 10,000 files in 0.8 s instead of 6.
    """
    if len(contents) < _MANY:
        for path, data in contents.items():
            write(path, data)
        return
    written: dict[Path, Path] = {}
    first = next(iter(contents))
    try:
        with disk_errors(first), _open_folder(first.parent) as handle:
            for path, data in contents.items():
                temporary, new = _temporary(path)
                written[temporary] = path
                _fill(new, (data,), PRIVATE_FILE, synced=False)
            _sync_file_system(handle)
            for temporary, path in written.items():
                temporary.replace(path)
            _sync_file_system(handle)
    finally:
        for temporary in written:
            with suppress(OSError):
                temporary.unlink()


def _sync_file_system(handle: int) -> None:
    """Make all that was written to a folder's file system durable; raise OSError where it was not.

    The kernel tells (since Linux 5.8) of what failed after the handle was opened: open it before
    anything is written, as the disk may refuse a page long before it is synced.
    """
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    if libc.syncfs(handle):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def sync_folder(path: Path) -> None:
    """Make a folder's names durable."""
    with _open_folder(path) as handle:
        os.fsync(handle)


@contextmanager
def _open_folder(path: Path) -> Iterator[int]:
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield handle
    finally:
        os.close(handle)


def make_folder(path: Path) -> Path:
    """Make a private folder and its parents; return it."""
    with disk_errors(path):
        for part in reversed([path, *path.parents]):
            if not part.exists():
                with suppress(FileExistsError):
                    part.mkdir(mode=PRIVATE_FOLDER)
                sync_folder(part.parent)
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
    import hashlib

    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return ""


@contextmanager
def lock(
    path: Path, *, what: str, wait: bool = False, folder: Path | None = None
) -> Iterator[None]:
    """Hold an exclusive lock, freed by the kernel even on kill -9; raise Busy if it is taken.

    The file tells people who holds it; the lock itself is flock, never the pid in the file. Where
    the file may be deleted meanwhile, `folder` is locked too: one that nobody deletes.
    """
    import msgspec

    handle = _locked(path, what, wait)
    try:
        with _folder_locked(folder, path, what):
            with disk_errors(path):
                os.ftruncate(handle, 0)
                told = {"pid": os.getpid(), "what": what, "since": clock.iso(clock.now())}
                os.pwrite(handle, msgspec.json.encode(told), 0)
            yield
    finally:
        _free(handle)


def _locked(path: Path, what: str, wait: bool) -> int:
    """Return the locked file that stands at a path: while one waits for it, it may be deleted and
    another be made and locked.
    """
    flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
    while True:
        make_folder(path.parent)
        with disk_errors(path):
            handle = os.open(path, flags, PRIVATE_FILE)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _stands(handle, path):
                return handle
        except BlockingIOError:
            holder = os.pread(handle, 200, 0).decode(errors="replace")
            os.close(handle)
            raise _busy(path, what, holder) from None
        except BaseException:
            os.close(handle)
            raise
        _free(handle)


def _stands(handle: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), path.lstat())
    except FileNotFoundError:
        return False


@contextmanager
def _folder_locked(folder: Path | None, path: Path, what: str) -> Iterator[None]:
    """Hold a folder's own lock; where a file system locks no folders (NFS), the file's must do."""
    if folder is None:
        yield
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise _busy(path, what, "") from None
        except OSError as error:
            if error.errno not in _NO_FOLDER_LOCKS:
                raise
        yield
    finally:
        _free(handle)


def _free(handle: int) -> None:
    # Not by closing alone: a program just started holds a copy until its exec is through.
    with suppress(OSError):
        fcntl.flock(handle, fcntl.LOCK_UN)
    os.close(handle)


def _busy(path: Path, what: str, holder: str) -> Busy:
    return Busy(
        "workspace.busy",
        f"cannot start {what}: another run holds {path.parent.parent.name} ({_who(holder)})",
        place=Place(file=str(path)),
        hint="wait for it to end, or stop it",
    )


def _who(holder: str) -> str:
    import json

    try:
        told = json.loads(holder)
        return f"{told['what']} since {told['since']}, pid {told['pid']}"
    except (ValueError, KeyError, TypeError):
        return "unknown"


def refuse_foreign(path: Path) -> None:
    """Raise UnsafeError where another user could write what we are about to trust.

    As git's safe.directory: the owner must be us (or root), and nobody else may write. Inside a
    user namespace that is the same: what its maker owns shows as ours, all else as 65534.
    """
    told = path.stat()
    if told.st_uid not in (os.geteuid(), 0):
        raise _unsafe(path, "belongs to another user")
    if stat.S_IMODE(told.st_mode) & 0o022:
        raise _unsafe(path, "can be written by others")


def _unsafe(path: Path, why: str) -> UnsafeError:
    import shlex

    return UnsafeError(
        "workspace.unsafe",
        f"{path} {why}",
        place=Place(file=str(path)),
        hint=f"chown it to yourself, then: chmod -R go-w {shlex.quote(str(path))}",
    )
