"""A private, throw-away place to restore into: 0700, room checked before, always removed.

Each lies below one folder under a name of its own, beside a lock that the kernel frees when its
owner dies; whoever starts next removes what the dead left.
"""

import os
import shutil
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from msptool import files, ulid
from msptool.errors import Busy

PREFIX = "msptool-restore-"
_RESERVE_SHARE = 0.05
_RESERVE_MOST_BYTES = 1 << 30


@dataclass(frozen=True)
class Sandbox:
    """An open sandbox."""

    folder: Path

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

    def lacks_bytes(self, wanted_bytes: int) -> int:
        """Return how many bytes are missing for a restore, with a reserve left; 0 if it fits."""
        room = shutil.disk_usage(self.folder)
        reserve = min(_RESERVE_MOST_BYTES, int(room.total * _RESERVE_SHARE))
        return max(0, wanted_bytes + reserve - room.free)


@contextmanager
def opened(parent: Path) -> Iterator[Sandbox]:
    """Open a sandbox below a folder, after removing those of dead runs; remove it at the end."""
    files.make_folder(parent)
    if not parent.stat().st_mode & stat.S_ISVTX:  # in a sticky one nobody can swap what is ours
        files.refuse_foreign(parent)
    sweep(parent)
    name = PREFIX + ulid.new()
    lock = parent / f"{name}.lock"
    with files.lock(lock, what="a test restore"):
        folder = parent / name
        try:
            files.make_folder(folder)
            files.make_folder(folder / "cache")
            yield Sandbox(folder)
        finally:
            remove(folder)
            lock.unlink(missing_ok=True)


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
