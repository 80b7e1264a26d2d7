"""What a backup and its proof cost beside restic alone: 2 GB, 20,000 files, half of them random.

CPU seconds of the whole process tree (user and system, by wait4; what the kernel writes back in
its own threads is in nobody's), and wall seconds beside them: CPU is what a busy machine tells.
Ours and restic's take turns, ours first and then the other first; a figure is the median of its
rounds, its ratio that of the medians.
"""

import os
import random
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import options, timing
from tests.lab.backup.site import PASSWORD, Site
from tests.lab.machine import console_script

_ROUNDS = 3
_FOLDERS, _FILES, _BYTES = 200, 100, 100_000  # 20,000 files in folders of 100; 2 GB
_WORDS = ("invoice", "router", "backup", "client", "switch", "ticket", "server")

# Ours, restic's, the bar on CPU. A verb with options that this msptool does not have is left out.
_FULL = ("verify", "--level", "5")
_SAMPLE = ("verify", "--level", "4", "--sample", "10")
_DAILY = ("verify",)
_RESTORE = ("restore", "--no-cache", "latest", "--target={place}/back")
_READ = ("check", "--no-cache", "--read-data")


@dataclass(frozen=True)
class Row:
    """One line of the table. `before`: what the state must be before ours and before theirs."""

    name: str
    ours: tuple[str, ...]
    others: tuple[tuple[str, ...], ...]
    bar: float


_BACKUP = ("backup", "{source}")
ROWS = (
    Row("first backup / restic backup", ("run",), (_BACKUP,), 1.15),
    Row("unchanged / restic backup", ("run",), (_BACKUP,), 1.5),
    Row("full proof / restore + read-data", _FULL, (_RESTORE, _READ), 1.25),
    Row("10 % / restore", _SAMPLE, (_RESTORE,), 0.40),
    Row("daily / restore + read-data", _DAILY, (_RESTORE, _READ), 0.10),
)


@dataclass(frozen=True)
class Cost:
    """Seconds."""

    cpu_s: float
    wall_s: float

    def __add__(self, other: "Cost") -> "Cost":
        """Return both, one after the other."""
        return Cost(self.cpu_s + other.cpu_s, self.wall_s + other.wall_s)


def cost(argv: Sequence[str | Path], env: dict[str, str], log: Path) -> Cost:
    """Run a command; return what it and all that it waited for cost. Raises if it fails."""
    began_s = time.monotonic()
    with log.open("wb") as said:
        running = subprocess.Popen(
            argv, env=env, stdin=subprocess.DEVNULL, stdout=said, stderr=said
        )
    _, status, used = os.wait4(running.pid, 0)
    running.returncode = os.waitstatus_to_exitcode(status)
    if running.returncode:
        raise RuntimeError(f"{argv}: {log.read_text(errors='replace')[-2000:]}")
    return Cost(used.ru_utime + used.ru_stime, time.monotonic() - began_s)


@dataclass
class Field:
    """A client whose source is measured, and a repository of restic's own beside it."""

    root: Path
    site: Site
    told: dict[str, tuple[list[Cost], list[Cost]]] = field(default_factory=dict)

    @property
    def _env(self) -> dict[str, str]:
        # Each has a cache of its own, as it would have.
        return self.site.environment(
            RESTIC_PASSWORD=PASSWORD, RESTIC_CACHE_DIR=str(self.root / "cache")
        )

    def ours(self, *words: str) -> Cost:
        """Run `msptool backup …`."""
        argv = [console_script("msptool"), "-C", str(self.site.root), "backup", *words]
        return cost(argv, self._env, self.root / "log")

    def restic(self, *words: str, repo: Path | None = None) -> Cost:
        """Run restic alone, on its own repository unless another is named."""
        told = [word.format(source=self.site.source, place=self.root) for word in words]
        done = cost(
            ["restic", "-r", repo or self.root / "bare", *told], self._env, self.root / "log"
        )
        shutil.rmtree(self.root / "back", ignore_errors=True)
        return done

    def empty(self) -> None:
        """Make both repositories anew, so that a backup is the first."""
        for path in (self.site.repo, self.root / "bare", self.root / "cache"):
            shutil.rmtree(path, ignore_errors=True)
        for name in ("manifests", "runs", "ledger", "coverage", "evidence", ".msptool"):
            shutil.rmtree(self.site.root / name, ignore_errors=True)
        self.ours("init")
        self.restic("init")

    def compare(self, row: Row, rounds: int, before: Callable[[], object] = lambda: None) -> None:
        """Measure a row: each round both, in turn."""
        mine, other = self.told.setdefault(row.name, ([], []))
        for number in range(rounds):
            before()
            if number % 2:
                other.append(self._theirs(row))
            mine.append(self.ours(*row.ours))
            if not number % 2:
                other.append(self._theirs(row))
        _print(row, mine, other)

    def _theirs(self, row: Row) -> Cost:
        """What of restic's reads a repository reads ours: it is the same for both."""
        writes = row.others == (_BACKUP,)
        repo = None if writes else self.site.repo
        whole = Cost(0, 0)
        for words in row.others:
            whole += self.restic(*words, repo=repo)
        return whole


def _print(row: Row, mine: Sequence[Cost], other: Sequence[Cost]) -> None:
    for what in ("cpu_s", "wall_s"):
        ours, theirs = (statistics.median(getattr(c, what) for c in side) for side in (mine, other))
        label = row.name if what == "cpu_s" else "  wall"
        timing.row(label, f"{ours:.2f} s", f"{theirs:.2f} s", f"{ours / theirs:.2f}x")
        if what == "cpu_s":
            kept = "ok" if ours / theirs <= row.bar else "OVER"
            print(f"{'':<34} bar {row.bar:.2f}x: {kept}", flush=True)


def tree(root: Path, dice: random.Random, folders: int) -> None:
    """Make folders of files, half random and half text that can be compressed."""
    words = [word.encode() for word in _WORDS]
    for folder in range(folders):
        place = root / f"{folder % 10}" / f"{folder}"
        place.mkdir(parents=True)
        for number in range(_FILES):
            if number % 2:
                data = dice.randbytes(_BYTES)
            else:
                data = b" ".join(dice.choices(words, k=_BYTES // 7))
            (place / f"{number}").write_bytes(data)


def main() -> None:
    """Print the table."""
    asked = options.given()
    with tempfile.TemporaryDirectory(prefix="msptool-cost-") as scratch:
        made = _field(Path(scratch), asked.seed, folders=4 if asked.quick else _FOLDERS)
        rounds = 1 if asked.quick else _ROUNDS
        first, unchanged, *proofs = ROWS
        made.compare(first, rounds, before=made.empty)
        made.compare(unchanged, rounds)
        known = made.site.cli("verify", "--help").stdout
        for row in proofs:
            lacking = [w for w in row.ours if w.startswith("--") and w not in known]
            if lacking:
                print(f"{row.name}: left out, verify has no {lacking[0]}")
                continue
            made.compare(row, rounds)


def _field(root: Path, seed: int, folders: int) -> Field:
    site = Site(root / "acme", root / "source")
    for folder in (site.root, site.root / "secrets", site.source):
        folder.mkdir(parents=True, mode=0o700)
    secret = site.root / "secrets/nas"
    secret.write_text(PASSWORD)
    secret.chmod(0o600)
    # At full size this is what the day picks anyway: a sample.
    site.write_profile("  verify: {small_mib: 0}\n")
    tree(site.source, random.Random(seed), folders)  # noqa: S311 - files by seed
    return Field(root, site)
