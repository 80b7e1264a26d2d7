"""Leaving for namespaces of our own, as root, as root behind a unit's walls, and as a user."""

import errno
import os
from collections.abc import Mapping
from pathlib import Path

from msptool.backup.walls import kernel

_NEW = (
    kernel.CLONE_NEWNS | kernel.CLONE_NEWNET | kernel.CLONE_NEWIPC | kernel.CLONE_NEWUTS
    | kernel.CLONE_NEWPID
)  # fmt: skip
_MAPS = ("uid_map", "gid_map")


def leave() -> None:
    """Enter new namespaces, where that needs it in a user namespace: there we may mount.

    An ordinary user is himself in it. Root without CAP_SYS_ADMIN, as in our units, is root over
    files as before and may become nobody (needs CAP_SETUID, CAP_SETGID, CAP_SETFCAP).
    """
    uid, gid = os.geteuid(), os.getegid()
    if uid == 0:
        try:
            kernel.unshare(_NEW)
        except PermissionError:
            _with_all_users()
        return
    kernel.unshare(_NEW | kernel.CLONE_NEWUSER)
    here = Path("/proc/self")
    (here / "setgroups").write_text("deny")
    (here / "uid_map").write_text(f"{uid} {uid} 1")
    (here / "gid_map").write_text(f"{gid} {gid} 1")


def _with_all_users() -> None:
    """Enter a user namespace in which each user is who he was; only one outside may say so."""
    maps = {name: same_users(Path("/proc/self", name).read_text()) for name in _MAPS}
    inside, ready = os.pipe()
    helper = os.fork()
    if helper == 0:
        _say_who_is_who(os.getppid(), maps, inside, ready)
    try:
        kernel.unshare(_NEW | kernel.CLONE_NEWUSER)
        os.write(ready, b"x")
    finally:
        os.close(ready)
        os.close(inside)
        refused = os.waitstatus_to_exitcode(os.waitpid(helper, 0)[1])
    if refused:
        raise OSError(refused, f"map the users of a namespace: {os.strerror(refused)}")


def _say_who_is_who(pid: int, maps: Mapping[str, str], inside: int, ready: int) -> None:
    """Be the one outside: once a process is in its namespace, write its maps; end with errno."""
    ended = errno.EPERM
    try:
        os.close(ready)
        if os.read(inside, 1):
            for name, text in maps.items():
                Path(f"/proc/{pid}/{name}").write_text(text)
            ended = 0
    except OSError as error:
        ended = error.errno or ended
    finally:
        os._exit(ended)


def same_users(told: str) -> str:
    """Return the map (user_namespaces(7)) that keeps all the users that a namespace has."""
    rows = (line.split() for line in told.splitlines())
    return "".join(f"{inside} {inside} {count}\n" for inside, _, count in rows)
