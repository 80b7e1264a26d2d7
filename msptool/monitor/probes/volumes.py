"""How full the local file systems are: psutil lists, a child that may be lost measures."""

import os
import select
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msptool import clock, process
from msptool.monitor.probes import Unseen
from msptool.monitor.seen import Volume

if TYPE_CHECKING:
    import subprocess  # noqa: TID251 - the name of a type; nothing is started by it

TIMEOUT_S = 3.0
_CHILD = Path(__file__).with_name("statvfs.py")
_WORDS = 8  # place and seven numbers


def listed() -> dict[str, str]:
    """Return mount point and device of each local file system that can be written.

    A device mounted in several places (bind mounts, btrfs) counts once, at its shortest path.
    """
    import psutil

    read_only = never_written(_mountinfo())
    found: dict[str, str] = {}
    for part in sorted(psutil.disk_partitions(all=False), key=lambda p: len(p.mountpoint)):
        if part.device not in read_only and part.device not in found.values():
            found[part.mountpoint] = part.device
    return found or {"/": ""}  # in a container the root is an overlay and nothing is listed


def _mountinfo() -> str:
    try:
        return Path("/proc/self/mountinfo").read_text(errors="replace")
    except OSError:
        return ""


def never_written(mountinfo: str) -> frozenset[str]:
    """Return the devices whose file system itself is read-only (squashfs, a CD): always full.

    The options of a mount do not tell: a unit's ProtectSystem makes every mount read-only to us.
    Format: proc_pid_mountinfo(5), `... - TYPE SOURCE SUPER_OPTIONS`.
    """
    tails = [line.partition(" - ")[2].split() for line in mountinfo.splitlines()]
    return frozenset(tail[1] for tail in tails if len(tail) == 3 and "ro" in tail[2].split(","))


def parse(said: bytes, mounts: Mapping[str, str]) -> dict[str, Volume | Unseen]:
    """Return what each mount point answered; one without a line did not answer in time."""
    found: dict[str, Volume | Unseen] = dict.fromkeys(mounts, Unseen("timed-out"))
    names = list(mounts)
    for line in said.decode("ascii", errors="replace").splitlines():
        words = line.split()
        if not words or not all(word.isdecimal() for word in words) or int(words[0]) >= len(names):
            continue
        mount = names[int(words[0])]
        numbers = [int(word) for word in words[1:]]
        found[mount] = _volume(mount, mounts[mount], numbers)
    return found


def _volume(mount: str, device: str, numbers: Sequence[int]) -> Volume | Unseen:
    if len(numbers) != _WORDS - 1:
        return Unseen("probe-failed")
    unit, blocks, free, available, files, free_files, available_files = numbers
    if not blocks:
        return Unseen("no-data")
    return Volume(
        mount=mount,
        device=device,
        used_bytes=(blocks - free) * unit,
        free_bytes=available * unit,
        used_inodes=files - free_files,
        free_inodes=available_files,
    )


def look(
    mounts: Mapping[str, str], *, now_s: Callable[[], float] = clock.monotonic_s
) -> dict[str, Volume | Unseen]:
    """Measure mount points at once; wait at most TIMEOUT_S for all of them."""
    return parse(_asked(list(mounts), now_s() + TIMEOUT_S, now_s), mounts)


def _asked(mounts: list[str], deadline: float, now_s: Callable[[], float]) -> bytes:
    """Run the child and return its lines. A child stuck in the kernel is killed and not awaited."""
    argv = [sys.executable, "-I", "-S", str(_CHILD), *mounts]
    said = bytearray()
    with Path(os.devnull).open("r+b") as nothing:
        reading, writing = os.pipe()
        try:
            child = process.background(
                argv, stdin_fd=nothing.fileno(), stdout_fd=writing, stderr_fd=nothing.fileno()
            )
        finally:
            os.close(writing)
    try:
        with os.fdopen(reading, "rb", buffering=0) as pipe:
            while (left := deadline - now_s()) > 0 and select.select([pipe], [], [], left)[0]:
                if not (data := pipe.read(65536)):
                    break
                said += data
    finally:
        child.kill()
        _reap(child)
    return bytes(said)


def _reap(child: "subprocess.Popen[bytes]") -> None:
    """Take the killed child's end within a moment; one that the kernel holds is left to init."""
    for _ in range(50):
        if child.poll() is not None:
            return
        time.sleep(0.01)
