"""A mount namespace for a while, and the mounts that only we and our children see in it.

The kernel takes such a mount away when its last user ends, whatever ended it: kill -9 leaves none.
Ours is a slave of the machine's: what is mounted there meanwhile shows here, never the other way.
"""

import fcntl
import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from msptool import files, process
from msptool.backup.walls import kernel
from msptool.errors import ToolFailed

_QUIET = kernel.MS_NOSUID | kernel.MS_NODEV | kernel.MS_NOEXEC
_WAIT_S = 300.0
# _IOWR('X', 121, struct fstrim_range) of start, length and the least extent (linux/fs.h)
_FITRIM = 0xC0185879
_ALL = (1 << 64) - 1
# Thrown away whole, so without a journal; names cost inodes, so more of them than by default.
_MAKE = (
    "-q", "-F", "-b", "4096", "-i", "8192", "-m", "0", "-O", "^has_journal",
    "-E", "lazy_itable_init=1,nodiscard",
)  # fmt: skip


@contextmanager
def namespace() -> Iterator[None]:
    """Be in a mount namespace of our own; raise OSError where that is not allowed.

    Folder and root are taken back too: entering a namespace would reset them. Where there is no
    way back we stay, and see all that the machine mounts all the same.
    """
    home, root, here = (os.open(at, os.O_RDONLY | os.O_CLOEXEC)
                        for at in ("/proc/self/ns/mnt", "/", "."))  # fmt: skip
    try:
        kernel.unshare(kernel.CLONE_NEWNS)
        kernel.mount(b"none", b"/", b"", kernel.MS_REC | kernel.MS_SLAVE)
        yield
    finally:
        with suppress(OSError):
            kernel.enter(home, kernel.CLONE_NEWNS)
            os.fchdir(root)
            os.chroot(".")
            os.fchdir(here)
        for handle in (home, root, here):
            os.close(handle)


def mount_image(at: Path, image: Path, size_bytes: int) -> None:
    """Mount a new file system of a size on a folder; the image has no name left afterwards."""
    files.create(image, b"")
    try:
        os.truncate(image, size_bytes)
        _tool("mkfs.ext4", "e2fsprogs", *_MAKE, str(image))
        quiet = "loop,nosuid,nodev,noexec"
        _tool("mount", "mount", "-t", "ext4", "-o", quiet, str(image), str(at))
    finally:
        image.unlink()


def trim(at: Path) -> None:
    """Give back what was removed from a mounted image to the disk that it lies on.

    Once for a whole tree: with the mount option `discard` each file's blocks are given back by
    themselves, and removing 20,000 files takes three times as long. Where it cannot be done, the
    disk has its room again when the image is gone.
    """
    handle = os.open(at, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        with suppress(OSError):
            fcntl.ioctl(handle, _FITRIM, struct.pack("QQQ", 0, _ALL, 0))
    finally:
        os.close(handle)


def mount_self(at: Path) -> None:
    """Mount a folder on itself, so that nothing in it is run, is a device or gains rights."""
    path = os.fsencode(at)
    kernel.mount(path, path, b"", kernel.MS_BIND)
    kernel.mount(b"none", path, b"", kernel.MS_REMOUNT | kernel.MS_BIND | _QUIET)


def unmount(at: Path) -> None:
    """Take a mount away, also while something in it is still open."""
    with suppress(OSError):
        kernel.unmount(os.fsencode(at))


def _tool(name: str, package: str, *words: str) -> None:
    done = process.run([process.find(name, package=package), *words], timeout_s=_WAIT_S)
    if not done.ok:
        raise ToolFailed("sandbox.mount", f"{name}: {done.complaint()}")
