"""Move restored names to where they belong, by open folders and never through a link.

A path is walked part by part from an open folder (openat(2) with O_NOFOLLOW), so that a link that
somebody planted in a client's folders leads us nowhere. What a name replaces is kept first: under
the same path in a folder of its own. Each name is renamed into place whole: whoever stops us
leaves the old or the new, never a half, and the same restore can be run again.
"""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import file_digest
from pathlib import Path

from msptool import files
from msptool.backup import names

_OPEN = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
# File systems without hard links, and what no hard link can be made of.
_NO_LINKS = frozenset({errno.EPERM, errno.EOPNOTSUPP, errno.EMLINK, errno.ENOSYS, errno.EACCES})
_WHY = {
    errno.ELOOP: "a link stands where a folder belongs",
    errno.ENOTDIR: "a link or a file stands where a folder belongs",
    errno.EXDEV: "it lies on another file system; restore it with --to",
}


@dataclass
class Tally:
    """What was done so far; paths are in the written form. `kept`: where replaced ones lie."""

    placed: int = 0
    same: int = 0
    replaced: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)
    kept: list[Path] = field(default_factory=list)


@contextmanager
def opened(start: int, parts: bytes) -> Iterator[int]:
    """Open the folder at a relative path below an open one, following no link."""
    at = os.open(".", _OPEN, dir_fd=start)
    try:
        for part in filter(None, parts.split(b"/")):
            inner = os.open(part, _OPEN, dir_fd=at)
            os.close(at)
            at = inner
        yield at
    finally:
        os.close(at)


class Keeper:
    """Keeps what is replaced, in a folder that is made when the first name needs it."""

    def __init__(self, place: int, shown: Path, name: str, tally: Tally) -> None:
        """Keep below the open folder `place`, which people know as `shown`."""
        self.tally = tally
        self._place, self._shown, self._name = place, shown / name, name

    def keep(self, folder: int, name: bytes, path: bytes, *, away: bool) -> None:
        """Keep a name of an open folder as `path`; a file stays where it is too, unless `away`."""
        if self._shown not in self.tally.kept:
            os.mkdir(self._name, stat.S_IRWXU, dir_fd=self._place)
            self.tally.kept.append(self._shown)
        parent = path.rpartition(b"/")[0]
        with opened(self._place, os.fsencode(self._name)) as top:
            _make(top, parent)
            with opened(top, parent) as into:
                _keep(folder, name, into, away=away)
        self.tally.replaced += 1


def _make(top: int, parts: bytes) -> None:
    done = b""
    for part in filter(None, parts.split(b"/")):
        with opened(top, done) as at, suppress(FileExistsError):
            os.mkdir(part, stat.S_IRWXU, dir_fd=at)
        done = done + b"/" + part


def _keep(folder: int, name: bytes, into: int, *, away: bool) -> None:
    try:
        if not away:
            os.link(name, name, src_dir_fd=folder, dst_dir_fd=into, follow_symlinks=False)
            return
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
    os.rename(name, name, src_dir_fd=folder, dst_dir_fd=into)


def put(staged: int, real: int, above: bytes, keeper: Keeper) -> None:
    """Move everything below one open folder to its place below another, whose path is `above`.

    Names that are there already as they should be are left alone.
    """
    waiting = [b""]
    while waiting:
        at = waiting.pop()
        try:
            with opened(staged, at) as source, opened(real, at) as into:
                for name in _names(source):
                    inner = at + b"/" + name if at else name
                    if _is_folder(source, name) and _is_folder(into, name):
                        waiting.append(inner)
                        continue
                    _try(source, into, name, above + b"/" + inner, keeper)
        except OSError as error:
            _refuse(keeper.tally, above + b"/" + at, error)


def _try(source: int, into: int, name: bytes, path: bytes, keeper: Keeper) -> None:
    """Move one name; what cannot be moved is told and stops no other."""
    try:
        _put(source, into, name, path, keeper)
    except OSError as error:
        _refuse(keeper.tally, path, error)


def _put(source: int, into: int, name: bytes, path: bytes, keeper: Keeper) -> None:
    if _told(into, name) is not None:
        if _same(source, into, name):
            keeper.tally.same += 1
            return
        keeper.keep(into, name, path, away=_is_folder(source, name))
    os.rename(name, name, src_dir_fd=source, dst_dir_fd=into)
    keeper.tally.placed += 1


def _names(folder: int) -> list[bytes]:
    return sorted(map(os.fsencode, os.listdir(folder)))  # noqa: PTH208 - a descriptor


def _refuse(tally: Tally, path: bytes, error: OSError) -> None:
    if error.errno in files.DISK_ERRORS:  # it would befall all the others too
        raise error
    why = _WHY.get(error.errno or 0) or str(error.strerror)
    tally.refused.append((names.written(names.text(path)), why))


def _told(folder: int, name: bytes) -> os.stat_result | None:
    try:
        return os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return None


def _is_folder(folder: int, name: bytes) -> bool:
    told = _told(folder, name)
    return told is not None and stat.S_ISDIR(told.st_mode)


def _same(source: int, into: int, name: bytes) -> bool:
    """Tell whether a name needs no restoring: the same kind, content, owner and mode."""
    new, old = (os.stat(name, dir_fd=at, follow_symlinks=False) for at in (source, into))
    if (new.st_mode, new.st_uid, new.st_gid) != (old.st_mode, old.st_uid, old.st_gid):
        return False
    if stat.S_ISLNK(new.st_mode):
        return os.readlink(name, dir_fd=source) == os.readlink(name, dir_fd=into)
    if not stat.S_ISREG(new.st_mode):
        return new.st_rdev == old.st_rdev
    return new.st_size == old.st_size and _digest(source, name) == _digest(into, name)


def _digest(folder: int, name: bytes) -> str:
    with os.fdopen(os.open(name, _READ, dir_fd=folder), "rb") as file:
        return file_digest(file, "sha256").hexdigest()
