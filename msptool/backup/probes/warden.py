"""The program that makes cells: it reads an Order on stdin and prints an Answer a line.

It never parses what strangers made. Its child is the first process of a new PID namespace and
forks one process for each errand (or for some that may share), which enters a root of its own,
gives up every privilege, calls the probe and passes its words back, a line for each; then all that
it started is killed. What ends without a word in a shared cell is tried again in its own. The
probes are imported before: in the cell our own code is out of reach.
"""

import errno
import os
import pwd
import resource
import select
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import msgspec

from msptool import clock
from msptool.backup import words
from msptool.backup.probes import namespaces, room
from msptool.backup.probes.cell import Answer, Ended, Errand, Limits, NoCell, Order, Told
from msptool.backup.probes.kinds import PROBES, Subject
from msptool.backup.probes.room import User
from msptool.backup.walls import kernel, sandbox

_SAID_BYTES = 1 << 20
_LOOK_S = 0.2
_RESERVE_BYTES = 256 << 20
_FILES = 256
_NOBODY = 65534
_SHARING = 64


def main() -> int:
    """Serve one order; return 0, or 1 if it could not be served to its end."""
    os.umask(0o022)  # a cell's folders are for its user to see; a timer's umask would close them
    order = msgspec.json.decode(sys.stdin.buffer.read(), type=Order)
    PROBES.load()
    user = _user()
    try:
        namespaces.leave()
        kernel.die_with_parent(signal.SIGKILL)
        child = os.fork()
    except OSError as error:
        _say(NoCell(str(error)))
        return 1
    if child == 0:
        try:
            kernel.die_with_parent(signal.SIGKILL)
            _serve(order, user)
            os._exit(0)
        finally:
            os._exit(1)
    return int(os.waitpid(child, 0)[1] != 0)


def _say(line: msgspec.Struct) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(line) + b"\n")
    sys.stdout.buffer.flush()


def _user() -> User:
    """Return whom a probe runs as: nobody where we are root, else ourselves."""
    uid, gid = os.geteuid(), os.getegid()
    if uid == 0:
        uid = gid = _NOBODY
        with suppress(KeyError):
            told = pwd.getpwnam("nobody")
            uid, gid = told.pw_uid, told.pw_gid
    return User(uid, gid, _tasks(uid))


def _tasks(uid: int) -> int:
    """Return how many tasks a user has: the limit of processes counts those of this machine."""
    count = 0
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if folder.stat().st_uid == uid:
                count += len(list((folder / "task").iterdir()))
    return count


def _serve(order: Order, user: User) -> None:
    """Run the errands that may still begin."""
    until_s = clock.monotonic_s() + order.budget_s
    done = 0
    while done < len(order.errands) and clock.monotonic_s() < until_s:
        for answer in _together(order, done, sharing(order.errands[done:]), user):
            _say(answer)
            done += 1


def sharing(errands: Sequence[Errand]) -> Sequence[Errand]:
    """Return the first of some errands, with those after it that may share its cell."""
    first = errands[0]
    count = 1
    while first.limits.shared and count < min(len(errands), _SHARING):
        if errands[count].probe != first.probe or not errands[count].limits.shared:
            break
        count += 1
    return errands[:count]


def _together(order: Order, number: int, errands: Sequence[Errand], user: User) -> list[Answer]:
    """Run errands in one cell, the first of which has this number; return answers for at least
    one of them, in their order.
    """
    disk = Path(order.scratch, f"errand-{number}") if errands[0].limits.on_disk else None
    if disk is not None:
        disk.mkdir(mode=0o700)
    started_s = clock.monotonic_s()
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        _live(order, errands, disk, user, theirs)
    os.close(theirs)
    try:
        ended, said = _heard(ours, errands, order.scratch)
        used_up = _ended_all(child)
    finally:
        os.close(ours)
        if disk is not None:
            sandbox.remove(disk)
    if said:
        return [Answer(number + at, "told", s, line) for at, (line, s) in enumerate(said)]
    if len(errands) > 1:
        return _together(order, number, errands[:1], user)
    if used_up and ended == "broke":
        ended = "cpu"
    return [Answer(number, ended, clock.monotonic_s() - started_s)]


def _heard(
    pipe: int, errands: Sequence[Errand], scratch: str
) -> tuple[Ended, list[tuple[bytes, float]]]:
    """Return what each errand said and its seconds, as far as they came, and how they ended."""
    said: list[tuple[bytes, float]] = []
    begun, rest = clock.monotonic_s(), b""
    room_bytes = _free_bytes(scratch)
    while len(said) < len(errands):
        limits = errands[len(said)].limits
        left_s = begun + limits.wall_s - clock.monotonic_s()
        if left_s <= 0:
            return "time", said
        if select.select([pipe], [], [], min(left_s, _LOOK_S))[0]:
            data = os.read(pipe, 65536)
            if not data or len(rest) > _SAID_BYTES:
                return "broke", said
            *lines, rest = (rest + data).split(b"\n")
            for line in lines:
                now = clock.monotonic_s()
                said.append((line, now - begun))
                begun = now
        if limits.on_disk and _is_full(scratch, room_bytes, limits):
            return "room", said
    return "told", said[: len(errands)]


def _is_full(scratch: str, before_bytes: int, limits: Limits) -> bool:
    free_bytes = _free_bytes(scratch)
    return before_bytes - free_bytes > limits.scratch_bytes or free_bytes < _RESERVE_BYTES


def _free_bytes(folder: str) -> int:
    told = os.statvfs(folder)
    return told.f_bavail * told.f_frsize


def _ended_all(child: int) -> bool:
    """Kill all that runs in this PID namespace but us; return whether the CPU limit ended it."""
    with suppress(ProcessLookupError):
        os.kill(-1, signal.SIGKILL)
    used_up = False
    with suppress(ChildProcessError):
        while True:
            pid, status = os.wait()
            if pid == child and os.WIFSIGNALED(status):
                used_up = os.WTERMSIG(status) == signal.SIGXCPU
    return used_up


def _live(
    order: Order, errands: Sequence[Errand], disk: Path | None, user: User, pipe: int
) -> None:
    """Be the errands: enter the cell, look, tell, end; never return into the warden's code."""
    try:
        pipe = _cut_off(pipe)
        failed = _locked_in(order, errands, disk, user)
        if failed and len(errands) > 1:  # perhaps because of one of them
            return
        for place, errand in enumerate(errands):
            told = failed or _looked(place, errand)
            os.write(pipe, msgspec.json.encode(told) + b"\n")
    finally:
        os._exit(0)


def _cut_off(pipe: int) -> int:
    """Keep nothing open but the pipe to our parent."""
    null = os.open("/dev/null", os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(null, standard)
    kept = os.dup2(pipe, 3, inheritable=False)
    os.closerange(4, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
    return kept


def _looked(place: int, errand: Errand) -> Told:
    try:
        paths = tuple(room.shown_at(place, shown) for shown in errand.shown)
        subject = Subject(paths, room.SCRATCH, errand.arguments, errand.limits)
        return PROBES.load()[errand.probe].look(subject)
    except MemoryError:
        return Told("could-not-run", words.NO_MEMORY)
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)
        return Told("could-not-run", words.NO_SCRATCH if full else words.PROBE_BROKE, str(error))
    except Exception as error:  # noqa: BLE001 - the boundary: becomes a recorded outcome
        return Told("could-not-run", words.PROBE_BROKE, f"{type(error).__name__}: {error}")


def _locked_in(
    order: Order, errands: Sequence[Errand], disk: Path | None, user: User
) -> Told | None:
    """Enter the cell for good; return why not where it cannot be had."""
    try:
        Path("/proc/self/oom_score_adj").write_text("1000")
        kernel.unshare(kernel.CLONE_NEWNS)
        tree = os.open(order.tree, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        room.enter(errands, tree, Path(order.scratch, "cell"), disk, user)
        os.close(tree)
        _limit(errands, user.tasks)
        kernel.bound_capabilities()
        if os.geteuid() == 0:
            os.setgroups([])
            os.setresgid(user.gid, user.gid, user.gid)
            os.setresuid(user.uid, user.uid, user.uid)
        kernel.give_up_privileges()
    except OSError as error:
        return Told("could-not-run", words.NO_CELL, str(error))
    os.environ.clear()
    os.environ.update(PATH="/usr/bin:/bin:/usr/sbin:/sbin", HOME=str(room.SCRATCH))
    return None


def _limit(errands: Sequence[Errand], tasks: int) -> None:
    limits = errands[0].limits
    # At the soft limit comes SIGXCPU, which tells why it ended.
    cpu_s = sum(errand.limits.cpu_s for errand in errands)
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s + 1))
    for what, most in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_FSIZE, limits.scratch_bytes),
        (resource.RLIMIT_NPROC, tasks + limits.processes),
        (resource.RLIMIT_NOFILE, _FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    sys.exit(main())
