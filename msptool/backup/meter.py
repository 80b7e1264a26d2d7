"""How far long work is, in bytes: for people on stderr."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

from msptool import clock
from msptool.terminal import Progress, age

_UNITS = ("B", "KiB", "MiB", "GiB", "TiB", "PiB")
_TELL_EVERY_S = 0.2


def size(count: float) -> str:
    """Return bytes as people read them: "1.4 GiB"."""
    power = 0
    while count >= 1000 and power < len(_UNITS) - 1:
        count, power = count / 1024, power + 1
    return f"{count:.0f} B" if not power else f"{count:.3g} {_UNITS[power]}"


class Meter:
    """Counts the bytes of one step and tells them with their rate and the time left."""

    def __init__(self, progress: Progress, name: str, total_bytes: int = 0) -> None:
        self._progress = progress
        self._name = name
        self._total = total_bytes
        self._done = 0
        self._left_s = 0.0
        self._started_s = clock.monotonic_s()
        self._told_s = 0.0

    def add(self, count: int) -> None:
        """Count some more bytes."""
        self.at(self._done + count, self._total)

    def at(self, done_bytes: int, total_bytes: int, left_s: float = 0) -> None:
        """Tell how many bytes of how many are done (0: the total is unknown), and how long it
        will take where whoever does it knows better than we (0: it does not).
        """
        self._done, self._total, self._left_s = done_bytes, total_bytes, left_s
        now_s = clock.monotonic_s()
        if now_s - self._told_s >= _TELL_EVERY_S:
            self._told_s = now_s
            self._progress.step(self._name, self.told(now_s - self._started_s))

    def told(self, spent_s: float) -> str:
        """Return the line's detail after some seconds of work."""
        of = f" of {size(self._total)}" if self._total else ""
        if spent_s < 1 or not self._done:
            return f"{size(self._done)}{of}"
        rate = self._done / spent_s
        left = self._left_s or max(0, self._total - self._done) / rate
        eta = f", about {age(left)} left" if self._total else ""
        return f"{size(self._done)}{of}, {size(rate)}/s{eta}"


@contextmanager
def watched(meter: Meter, total_bytes: int) -> Iterator[None]:
    """Tell what the program that we wait for has written so far, as the kernel counts it.

    For one that tells nothing itself, such as `restore` of restic before 0.16.
    """
    ended = Event()
    thread = Thread(target=_watch, args=(meter, total_bytes, os.getpid(), ended), daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _watch(meter: Meter, total_bytes: int, pid: int, ended: Event) -> None:
    while not ended.wait(_TELL_EVERY_S):
        meter.at(min(total_bytes, _written_bytes(pid)), total_bytes)


def _written_bytes(pid: int) -> int:
    """Return what the children of a process have written; 0 where that cannot be seen (proc(5))."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        told = [Path(f"/proc/{child}/io").read_text() for child in children]
    except OSError:
        return 0
    counted = (line for text in told for line in text.splitlines())
    return sum(int(line.split()[1]) for line in counted if line.startswith("wchar:"))
