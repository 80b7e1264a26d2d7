"""Time commands in turn, A B A B …, and compare them pair by pair: machines drift and are noisy."""

import statistics
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Pair:
    """Seconds of ours and of the other, run by run."""

    ours_s: tuple[float, ...]
    other_s: tuple[float, ...]

    @property
    def ratio(self) -> float:
        """The median of the ratios of neighbouring runs."""
        return statistics.median(a / b for a, b in zip(self.ours_s, self.other_s, strict=True))


def pair(ours: Callable[[], object], other: Callable[[], object], runs: int) -> Pair:
    """Run both in turn after a warm-up of each."""
    ours(), other()
    timed = [(_seconds(ours), _seconds(other)) for _ in range(runs)]
    return Pair(tuple(a for a, _ in timed), tuple(b for _, b in timed))


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def command(*argv: str) -> Callable[[], object]:
    """Return a call that runs a command and reads away what it prints."""

    def run() -> object:
        return subprocess.run(
            argv, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    return run


def row(name: str, ours: str, other: str, figure: str) -> None:
    """Print one line of the table."""
    print(f"{name:<34} {ours:>14} {other:>14} {figure:>10}")


def told(name: str, pair: Pair, bar: float) -> None:
    """Print medians in milliseconds, the ratio and its bar."""
    ours, other = statistics.median(pair.ours_s), statistics.median(pair.other_s)
    kept = "ok" if pair.ratio <= bar else "OVER"
    row(name, f"{ours * 1000:.0f} ms", f"{other * 1000:.0f} ms", f"{pair.ratio:.2f}x")
    print(f"{'':<34} bar {bar:.2f}x: {kept}")
