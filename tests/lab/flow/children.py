"""Watching what a command started, so that a test can say that it is gone."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.lab.flow.client import Client


def start(
    client: Client, *words: str, env: Mapping[str, str] | None = None
) -> "subprocess.Popen[bytes]":
    """Start msptool on the laptop; between it and us stands nsenter, which ends as it ends."""
    return subprocess.Popen(
        client.argv(*words), env=client.environment(env),
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def below(pid: int) -> list[int]:
    """Return the processes that a process started, and theirs."""
    found = []
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += [int(word) for word in path.read_text().split()]
        except OSError:
            continue
    return found + [inner for child in found for inner in below(child)]


def command(pid: int) -> bytes:
    """Return a process's argv, each word between zero bytes; empty where it is gone."""
    try:
        return b"\0" + Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def until(running: "subprocess.Popen[bytes]", come: Callable[[], bool], limit_s: float) -> None:
    """Wait until something has come to pass while a command runs."""
    end = time.monotonic() + limit_s
    while not come():
        assert running.poll() is None, f"it ended first: {running.returncode}"
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.01)


def wait_for(running: "subprocess.Popen[bytes]", word: bytes, limit_s: float = 120) -> list[int]:
    """Wait until the command runs a program that has a word; return all that it started."""
    started: list[int] = []

    def there() -> bool:
        started[:] = below(running.pid)
        return any(b"\0" + word + b"\0" in command(pid) for pid in started)

    until(running, there, limit_s)
    return started


def tell(running: "subprocess.Popen[bytes]", which: signal.Signals) -> None:
    """Send a signal to msptool itself: nsenter would die of it alone."""
    ours = [pid for pid in below(running.pid) if b"/msptool\0" in command(pid)]
    os.kill(ours[0], which)


def alive(pids: list[int]) -> list[int]:
    """Return those of some processes that still run a program."""
    return [pid for pid in pids if len(command(pid)) > 1]


def marked(mark: str) -> list[int]:
    """Return the running programs whose environment holds `mark`, a line NAME=VALUE."""
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            if f"\0{mark}\0".encode() in b"\0" + path.read_bytes():
                found.append(int(path.parent.name))
        except OSError:  # gone, or not ours
            continue
    return alive(found)


def gone(mark: str, limit_s: float = 5) -> bool:
    """Tell whether all marked programs are gone within the seconds that are promised."""
    end = time.monotonic() + limit_s
    while left := marked(mark):
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return not left
