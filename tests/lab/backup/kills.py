"""kill -9 at random moments: what was acknowledged before stands, the next run needs no help."""

import contextlib
import json
import os
import random
import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.lab.backup.site import Site
from tests.lab.machine import console_script

# Truth that only grows: each file is whole at once, or is added to line by line.
_TRUTH = ("runs", "manifests", "evidence", "ledger", "coverage", "tickets", "identities")


@dataclass(frozen=True)
class Kept:
    """What was acknowledged: files of truth by name, and snapshots."""

    files: Mapping[str, bytes]
    snapshots: frozenset[str]


def kept(site: Site) -> Kept:
    """Return what a run that said 0 left behind."""
    found = {}
    for folder in _TRUTH:
        for path in (site.root / folder).rglob("*"):
            if path.is_file() and not _cut_short(path):
                found[str(path.relative_to(site.root))] = path.read_bytes()
    return Kept(found, snapshots(site))


def _cut_short(path: Path) -> bool:
    """Whether it is of a run that never ended: those are kept, and acknowledged nothing."""
    return any(part.endswith(".partial") for part in path.parts)


def snapshots(site: Site) -> frozenset[str]:
    """Return the ids of all snapshots, past any lock."""
    told = json.loads(site.restic("snapshots", "--json", "--no-lock")) or []
    return frozenset(str(snapshot["id"]) for snapshot in told)


def missing(before: Kept, after: Kept, *, forgot: bool) -> list[str]:
    """Return what was acknowledged and is gone or changed. A file may only have grown.

    `forgot`: `forget` was run, which takes snapshots and their manifests away.
    """
    gone = []
    for name, data in before.files.items():
        if forgot and name.startswith("manifests/"):
            continue
        if not after.files.get(name, b"").startswith(data):
            gone.append(name)
    lost = () if forgot else before.snapshots - after.snapshots
    return gone + [f"snapshot {ident[:8]}" for ident in lost]


def left(site: Site) -> list[str]:
    """Return what nobody needs any more: locks, sandboxes, temporary files."""
    found = list((site.repo / "locks").iterdir())
    sandboxes = site.root / ".msptool/sandbox"
    found += list(sandboxes.iterdir()) if sandboxes.exists() else []
    temporary = (path for path in site.root.rglob("*.tmp") if site.repo not in path.parents)
    found += [path for path in temporary if not _cut_short(path)]
    return [str(path.relative_to(site.root)) for path in found]


@dataclass(frozen=True)
class Kill:
    """A verb, after how many seconds it is killed, and whether all that it started dies too."""

    words: tuple[str, ...]
    after_s: float
    whole: bool


def drawn(dice: random.Random, words: tuple[str, ...], takes_s: float) -> Kill:
    """Draw a moment within the time that the verb takes, and how it is killed."""
    return Kill(words, dice.uniform(0.1, 1.0) * takes_s, dice.random() < 0.5)


def strike(site: Site, kill: Kill) -> int:
    """Run a verb and kill it; return how it ended (0: it was done before)."""
    running = subprocess.Popen(
        [console_script("msptool"), "-C", str(site.root), "backup", *kill.words],
        env=site.environment(), start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        return running.wait(timeout=kill.after_s)
    except subprocess.TimeoutExpired:
        slay(running, whole=kill.whole)
    return running.returncode


def slay(running: "subprocess.Popen[bytes]", *, whole: bool) -> None:
    """Kill a process, and if `whole` all that it started, whatever groups these have."""
    tree = [running.pid]
    for pid in tree if whole else ():  # it grows while it is walked
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGSTOP)
        with contextlib.suppress(OSError):
            tree += map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
    for pid in reversed(tree):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    running.wait()


FILES = 30


def change(site: Site, dice: random.Random, count: int = 2) -> None:
    """Give the next backup something to do; much at once would pass for an encryption."""
    for number in dice.sample(range(FILES), count):
        (site.source / f"{number}.bin").write_bytes(dice.randbytes(1_000_000))


def took_s(site: Site, *words: str) -> float:
    """Return how long a verb takes that is left alone."""
    began_s = time.monotonic()
    done = site.cli(*words)
    assert done.returncode == 0, done.stderr
    return time.monotonic() - began_s
