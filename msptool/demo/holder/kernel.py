"""The few system calls that Python 3.11 lacks."""

import ctypes
import os
from pathlib import Path

CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWNET = 0x20000, 0x4000000, 0x40000000
_MS_BIND = 0x1000
_libc = ctypes.CDLL(None, use_errno=True)


def unshare(flags: int) -> None:
    """Leave the namespaces named by the flags for new ones."""
    _checked(_libc.unshare(flags), "unshare")


def mount_tmpfs(target: str) -> None:
    """Mount an empty tmpfs."""
    words = (b"tmpfs", target.encode(), b"tmpfs", 0, b"mode=0755")
    _checked(_libc.mount(*words), f"mount tmpfs on {target}")


def mount_bind(source: str, target: str) -> None:
    """Let `target` show what `source` is."""
    _checked(
        _libc.mount(source.encode(), target.encode(), None, _MS_BIND, None), f"bind on {target}"
    )


def unmount(target: str) -> None:
    """Unmount; what is still in use goes when it is left (MNT_DETACH)."""
    _checked(_libc.umount2(target.encode(), 2), f"unmount {target}")


def set_hostname(name: str) -> None:
    """Name this UTS namespace."""
    raw = name.encode()
    _checked(_libc.sethostname(raw, len(raw)), "sethostname")


def sysctl(name: str, value: int) -> None:
    """Set a kernel parameter of this network namespace, named by its path."""
    Path("/proc/sys/net", name).write_text(str(value), encoding="ascii")


def _checked(result: int, what: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
