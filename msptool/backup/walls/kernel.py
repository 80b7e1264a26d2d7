"""The few system calls for walls that Python 3.11 lacks. Source: the man pages named below."""

import ctypes
import errno
import os

# unshare(2)
CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC = 0x20000, 0x4000000, 0x8000000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000
# mount(2)
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC = 1, 2, 4, 8
MS_REMOUNT, MS_BIND, MS_REC, MS_PRIVATE, MS_SLAVE = 32, 4096, 16384, 1 << 18, 1 << 19
OPTIONS = {
    "ro": MS_RDONLY, "nosuid": MS_NOSUID, "nodev": MS_NODEV, "noexec": MS_NOEXEC,
    "noatime": 1024, "nodiratime": 2048, "relatime": 1 << 21, "nosymfollow": 256,
}  # fmt: skip
_MNT_DETACH = 2
_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}
# prctl(2), capset(2)
_PDEATHSIG, _CAPBSET_DROP, _NO_NEW_PRIVS = 1, 24, 38
_CAPABILITY_VERSION_3 = 0x20080522
_libc = ctypes.CDLL(None, use_errno=True)


def unshare(flags: int) -> None:
    """Leave the namespaces named by the flags for new ones."""
    _checked(_libc.unshare(flags), "unshare")


def mount(source: bytes, target: bytes, kind: bytes, flags: int, options: bytes = b"") -> None:
    """Mount, bind or change a mount."""
    done = _libc.mount(source, target, kind, ctypes.c_ulong(flags), options)
    _checked(done, f"mount on {os.fsdecode(target)}")


def enter(namespace: int, kind: int) -> None:
    """Enter the open namespace of a kind of CLONE_NEW… (setns(2))."""
    _checked(_libc.setns(namespace, kind), "setns")


def unmount(target: bytes) -> None:
    """Take a mount away, also while something in it is still open (umount2(2))."""
    _checked(_libc.umount2(target, _MNT_DETACH), f"unmount {os.fsdecode(target)}")


def pivot_root_here() -> None:
    """Make the working directory, a mount, the root, and let go of the old one (pivot_root(2))."""
    number = _PIVOT_ROOT.get(os.uname().machine)
    if number is None:
        raise OSError(f"pivot_root is not known for {os.uname().machine}")
    _checked(_libc.syscall(number, b".", b"."), "pivot_root")
    _checked(_libc.umount2(b".", _MNT_DETACH), "unmount the old root")
    os.chdir("/")


def die_with_parent(signal: int) -> None:
    """Get a signal when the parent ends."""
    _checked(_libc.prctl(_PDEATHSIG, signal, 0, 0, 0), "prctl")


def bound_capabilities() -> None:
    """Let no program started later have a capability; needs CAP_SETPCAP."""
    for capability in range(64):
        if _libc.prctl(_CAPBSET_DROP, capability, 0, 0, 0) != 0:
            number = ctypes.get_errno()
            if number == errno.EINVAL and capability:  # past the last that this kernel knows
                return
            raise OSError(number, f"drop a capability: {os.strerror(number)}")


def give_up_privileges() -> None:
    """Lose every capability for good; no program started later gains any right."""
    head = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    none = (ctypes.c_uint32 * 6)()
    _checked(_libc.capset(head, none), "capset")
    _checked(_libc.prctl(_NO_NEW_PRIVS, 1, 0, 0, 0), "prctl")


def _checked(result: int, what: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
