"""The root of a cell: a new, empty one, into which no more is bound than a probe must see.

Built in a mount namespace of its own. What is bound can be read only; what came from the backup
can neither be run nor open a device. There is no /proc, /sys, /run, /home or /var.
"""

import os
import re
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from msptool.backup import names
from msptool.backup.probes.cell import Errand, Shown
from msptool.backup.walls import beneath, kernel

IN, SCRATCH = Path("/in"), Path("/scratch")
_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
_SETTINGS = ("/etc/ld.so.cache", "/etc/alternatives", "/etc/localtime")
_DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")
_PRIVATE = kernel.MS_NOSUID | kernel.MS_NODEV | kernel.MS_NOEXEC


@dataclass(frozen=True)
class User:
    """Whom a probe runs as; `tasks`: how many the user had on this machine before."""

    uid: int
    gid: int
    tasks: int = 0


def enter(errands: Sequence[Errand], tree: int, at: Path, scratch: Path | None, user: User) -> None:
    """Make `at` a root with what some errands need, and enter it; raise OSError.

    What is shown of the tree lies in a folder for each errand, by its place. `tree` is the
    restored tree, open; `scratch` a folder on disk, or else memory is used.
    """
    kernel.mount(b"none", b"/", b"", kernel.MS_REC | kernel.MS_PRIVATE)
    at.mkdir(exist_ok=True)
    kernel.mount(b"tmpfs", os.fsencode(at), b"tmpfs", _PRIVATE, b"size=4m,mode=0755")
    programs = [program for errand in errands for program in errand.programs]
    for path in (*_SYSTEM, *_SETTINGS, *_DEVICES, *programs):
        _bind_same(at, Path(path))
    for place, errand in enumerate(errands):
        for shown in errand.shown:
            _show(at, tree, shown, shown_at(place, shown), user.uid)
    _accounts(at, user)
    _below(at, SCRATCH).mkdir()
    if not (at / "tmp").exists():  # a program of the job's own may lie there
        (at / "tmp").symlink_to("scratch")
    _close(at)
    _give(_below(at, SCRATCH), errands[0].limits.scratch_bytes, scratch, user)
    os.chdir(at)
    kernel.pivot_root_here()
    os.chdir(SCRATCH)


def shown_at(place: int, shown: Shown) -> Path:
    """Return where something of an errand is shown in the cell."""
    return IN / str(place) / names.read(shown.name)


def _below(at: Path, path: Path) -> Path:
    return at / path.relative_to("/")


def _bind_same(at: Path, path: Path) -> None:
    """Show a path of this machine under its own name, if it is there and not shown yet."""
    place = _below(at, path)
    if os.path.lexists(place) or not path.exists():
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    if path.is_symlink() and str(path) in _SYSTEM:  # /bin leads to usr/bin
        place.symlink_to(path.readlink())
    else:
        _bind(os.fsencode(path), place, is_folder=path.is_dir())


def _bind(source: bytes, place: Path, *, is_folder: bool) -> None:
    if is_folder:
        place.mkdir()
    else:
        place.touch()
    kernel.mount(source, os.fsencode(place), b"", kernel.MS_BIND | kernel.MS_REC)


def _show(at: Path, tree: int, shown: Shown, seen_at: Path, uid: int) -> None:
    """Show something of the restored tree, which no link may lead out of."""
    try:
        handle = beneath.opened(tree, names.read(shown.path))
    except FileNotFoundError:
        if shown.perhaps:
            return
        raise
    try:
        is_folder = stat.S_ISDIR(os.fstat(handle).st_mode)
        if not is_folder and not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError("neither a file nor a folder")
        _let_read(handle, uid)
        place = _below(at, seen_at)
        place.parent.mkdir(parents=True, exist_ok=True)
        _bind(b"/proc/self/fd/%d" % handle, place, is_folder=is_folder)
    finally:
        os.close(handle)


def _let_read(handle: int, uid: int) -> None:
    """Let the cell's user read a restored copy, as its owner may keep all others out."""
    told = os.fstat(handle)
    wanted = 0o555 if stat.S_ISDIR(told.st_mode) else 0o444
    mode = stat.S_IMODE(told.st_mode)
    if mode & wanted != wanted and (told.st_uid == uid or os.geteuid() == 0):
        os.fchmod(handle, (mode | wanted) & 0o777)
    if not stat.S_ISDIR(told.st_mode):
        return
    with os.scandir(handle) as entries:
        inner = [e.name for e in entries if not e.is_symlink() and (e.is_dir() or e.is_file())]
    for name in inner:
        below = beneath.opened(handle, name)
        try:
            _let_read(below, uid)
        finally:
            os.close(below)


def _accounts(at: Path, user: User) -> None:
    """Give the cell's user a name: initdb and git ask for it."""
    etc = at / "etc"
    etc.mkdir(exist_ok=True)
    (etc / "passwd").write_text(f"cell:x:{user.uid}:{user.gid}:cell:{SCRATCH}:/bin/sh\n")
    (etc / "group").write_text(f"cell:x:{user.gid}:\n")


def _close(at: Path) -> None:
    """Make every mount below `at` read-only, and what is no program of this machine inert."""
    for mounted, options in mounts(Path("/proc/self/mountinfo").read_bytes(), os.fsencode(at)):
        below = mounted[len(os.fsencode(at)) :]
        flags = kernel.MS_RDONLY | kernel.MS_NOSUID | options
        if not below.startswith(b"/dev/"):
            flags |= kernel.MS_NODEV
        if below.startswith(b"/in/"):
            flags |= _PRIVATE
        kernel.mount(b"none", mounted, b"", kernel.MS_REMOUNT | kernel.MS_BIND | flags)


def mounts(mountinfo: bytes, at: bytes) -> list[tuple[bytes, int]]:
    """Return the mount points at and below a path, and the options they must keep (proc(5))."""
    found = []
    for line in mountinfo.splitlines():
        words = line.split(b" ")
        point = re.sub(rb"\\([0-7]{3})", lambda found: bytes([int(found[1], 8)]), words[4])
        if point == at or point.startswith(at + b"/"):
            options = (kernel.OPTIONS.get(word.decode(), 0) for word in words[5].split(b","))
            found.append((point, sum(options)))
    return found


def _give(place: Path, size_bytes: int, folder: Path | None, user: User) -> None:
    """Give the probe its scratch: memory of a size, or a folder on disk that the warden weighs."""
    target = os.fsencode(place)
    if folder is None:
        options = f"size={size_bytes},nr_inodes=10000,mode=0700,uid={user.uid},gid={user.gid}"
        kernel.mount(b"tmpfs", target, b"tmpfs", _PRIVATE, options.encode())
        return
    os.chown(folder, user.uid, user.gid)
    kernel.mount(os.fsencode(folder), target, b"", kernel.MS_BIND)
    kernel.mount(b"none", target, b"", kernel.MS_REMOUNT | kernel.MS_BIND | _PRIVATE)
