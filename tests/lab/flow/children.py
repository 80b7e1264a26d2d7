"""Watching what a command started, so that a test can say that it is gone."""

import subprocess
import time
from pathlib import Path

from tests.lab.flow.client import Client


def start(client: Client, *words: str) -> "subprocess.Popen[bytes]":
    """Start msptool; the process is msptool itself, since nsenter executes it."""
    return subprocess.Popen(
        client.argv(*words), env=client.environment(),
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


def wait_for(running: "subprocess.Popen[bytes]", word: bytes, limit_s: float = 120) -> list[int]:
    """Wait until the command runs a program that has a word; return all that it started."""
    end = time.monotonic() + limit_s
    while True:
        assert running.poll() is None, running.communicate()
        assert time.monotonic() < end, f"it never came to {word!r}"
        started = below(running.pid)
        if any(b"\0" + word + b"\0" in command(pid) for pid in started):
            return started
        time.sleep(0.01)


def alive(pids: list[int]) -> list[int]:
    """Return those of some processes that still run a program."""
    return [pid for pid in pids if len(command(pid)) > 1]
