"""A private, throw-away place to restore into: room checked before, always removed.

Each lies below one folder under a name of its own, beside a lock that the kernel frees when its
owner dies; whoever starts next removes what the dead left. What walls it has is its `kind`, the
best that this machine and our rights allow; it is never taken for better than it is.
"""

import errno
import os
import shutil
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from msptool import files, ulid
from msptool.backup.walls import private
from msptool.errors import Busy, MsptoolError
from msptool.model import Words

PREFIX = "msptool-restore-"
_RESERVE_SHARE = 0.05
_RESERVE_MOST_BYTES = 1 << 30
_BLOCK_BYTES = 4096  # a file of one byte takes that much
_IMAGE_MOST_BYTES = 8 << 40
_IMAGE_LEAST_BYTES = 16 << 20
_QUIET = os.ST_NOSUID | os.ST_NOEXEC

Kind: TypeAlias = Literal["image", "bind", "quiet", "folder"]
# Best first. What each keeps from happening, as evidence says it.
KINDS: Mapping[Kind, Words] = {
    "image": {
        "en": "a file system of its own, nosuid, nodev, noexec, limited in size",
        "ru": "отдельная файловая система, nosuid, nodev, noexec, размер ограничен",
    },
    "bind": {
        "en": "a private mount, nosuid, nodev, noexec; room checked before",
        "ru": "закрытое подключение, nosuid, nodev, noexec; место проверено заранее",
    },
    "quiet": {
        "en": "a folder closed to others (0700), nosuid and noexec; room checked before",
        "ru": "папка, закрытая для других (0700), nosuid и noexec; место проверено заранее",
    },
    "folder": {
        "en": "a folder closed to others (0700); room checked before",
        "ru": "папка, закрытая для других (0700); место проверено заранее",
    },
}


@dataclass(frozen=True)
class Sandbox:
    """An open sandbox. `outside`: a folder of the file system that its room is taken from;
    `why`: what kept it from being of the best kind.
    """

    folder: Path
    kind: Kind = "folder"
    why: str = ""
    outside: Path | None = None

    @property
    def cache(self) -> Path:
        """An empty cache: a proof must not know what this machine remembers."""
        return self.folder / "cache"

    @contextmanager
    def target(self) -> Iterator[Path]:
        """Yield a new empty folder to restore into; removed afterwards."""
        made = files.make_folder(self.folder / ulid.new())
        try:
            yield made
        finally:
            remove(made)
            if self.kind == "image":
                private.trim(self.folder)

    def lacks_bytes(self, wanted_bytes: int, names: int = 0) -> int:
        """Return how many bytes are missing for a restore, with a reserve left; 0 if it fits.

        `names`: how many files that is, as each takes whole blocks.
        """
        wanted = wanted_bytes + names * _BLOCK_BYTES
        inside = wanted - shutil.disk_usage(self.folder).free if self.kind == "image" else 0
        return max(0, inside, lacks_bytes(self.outside or self.folder, wanted))

    def lacks_names(self, names: int) -> int:
        """Return how many inodes are missing for a restore; 0 if there are enough."""
        return lacks_names(self.folder, names)


def lacks_bytes(folder: Path, wanted_bytes: int) -> int:
    """Return how many bytes a file system lacks to take some and keep a reserve; 0 for none."""
    return max(0, wanted_bytes - _spare_bytes(folder))


def lacks_names(folder: Path, names: int) -> int:
    """Return how many inodes a file system lacks; 0 also for one that does not count them."""
    told = os.statvfs(folder)
    return max(0, names - int(told.f_favail * (1 - _RESERVE_SHARE))) if told.f_files else 0


def _spare_bytes(folder: Path) -> int:
    room = shutil.disk_usage(folder)
    return room.free - min(_RESERVE_MOST_BYTES, int(room.total * _RESERVE_SHARE))


@contextmanager
def opened(parent: Path) -> Iterator[Sandbox]:
    """Open a sandbox below a folder, after removing those of dead runs; remove it at the end.

    While one with a mount is open, this process is in a mount namespace of its own.
    """
    with claimed(parent) as folder, _walled(folder) as (kind, why):
        inner = folder / "inner"
        files.make_folder(inner / "cache")
        yield Sandbox(inner, kind, why, parent)


@contextmanager
def claimed(parent: Path) -> Iterator[Path]:
    """Yield a new private folder below another, after sweeping it; gone at the end."""
    files.make_folder(parent)
    if not parent.stat().st_mode & stat.S_ISVTX:  # in a sticky one nobody can swap what is ours
        files.refuse_foreign(parent)
    sweep(parent)
    name = PREFIX + ulid.new()
    lock = parent / f"{name}.lock"
    with files.lock(lock, what="a test restore"):
        folder = parent / name
        try:
            yield files.make_folder(folder)
        finally:
            remove(folder)
            lock.unlink(missing_ok=True)


@contextmanager
def _walled(folder: Path) -> Iterator[tuple[Kind, str]]:
    """Put the best walls there are round `folder`/inner; yield which, and why no better ones."""
    inner = files.make_folder(folder / "inner")
    with ExitStack() as stack:
        try:
            stack.enter_context(private.namespace())
        except OSError as error:
            yield _unmounted(inner), str(error.strerror)
            return
        kind, why = _mounted(folder, inner)
        if kind in ("image", "bind"):
            stack.callback(private.unmount, inner)
        yield kind, why


def _mounted(folder: Path, inner: Path) -> tuple[Kind, str]:
    why = ""
    try:
        size_bytes = min(_IMAGE_MOST_BYTES, _spare_bytes(folder))
        if size_bytes < _IMAGE_LEAST_BYTES:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        private.mount_image(inner, folder / "image", size_bytes)
    except (OSError, MsptoolError) as error:
        why = str(error)
    else:
        inner.chmod(files.PRIVATE_FOLDER)
        return "image", ""
    try:
        private.mount_self(inner)
    except OSError as error:
        return _unmounted(inner), f"{why}; {error.strerror}"
    return "bind", why


def _unmounted(inner: Path) -> Kind:
    """Tell which kind a folder is where it stands: a timer's unit may have walled it for us."""
    return "quiet" if os.statvfs(inner).f_flag & _QUIET == _QUIET else "folder"


def sweep(parent: Path) -> None:
    """Remove the sandboxes of ours whose run is dead; what others planted is left alone."""
    for lock in parent.glob(f"{PREFIX}*.lock"):
        if not _ours(lock, stat.S_ISREG):
            continue
        # What cannot be removed is for its owner to see to: it must not stop this proof.
        with suppress(Busy, OSError), files.lock(lock, what="sweeping"):
            folder = lock.with_suffix("")
            if _ours(folder, stat.S_ISDIR):
                remove(folder)
            lock.unlink(missing_ok=True)


def _ours(path: Path, is_kind: Callable[[int], bool]) -> bool:
    """Tell whether a path is itself of a kind, and no link to one, and belongs to us."""
    try:
        told = path.lstat()
    except OSError:
        return False
    return is_kind(told.st_mode) and told.st_uid == os.geteuid()


def remove(folder: Path) -> None:
    """Remove a tree that may hold folders we may not write to and names that are no text.

    Without recursion, as shutil.rmtree has it: a source may be nested deeper than our stack.
    """
    if folder.is_symlink() or not folder.is_dir():
        return
    waiting, emptied = [os.fsencode(folder)], []
    while waiting:
        at = waiting.pop()
        waiting += _emptied(at)
        emptied.append(at)
    for at in reversed(emptied):
        os.rmdir(at)  # noqa: PTH106 - bytes: names from a backup need be no text


def _emptied(folder: bytes) -> list[bytes]:
    """Remove all but folders from a folder; return those."""
    os.chmod(folder, stat.S_IRWXU)  # noqa: PTH101 - bytes
    with os.scandir(folder) as entries:
        found = [(entry.path, entry.is_dir(follow_symlinks=False)) for entry in entries]
    for path, is_folder in found:
        if not is_folder:
            os.unlink(path)  # noqa: PTH108 - bytes
    return [path for path, is_folder in found if is_folder]
