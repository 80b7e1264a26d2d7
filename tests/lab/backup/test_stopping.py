"""Ctrl-C, SIGTERM and kill -9: restic is gone, the sandbox is gone, the next run goes on."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.lab.backup.site import FULL, Site

pytestmark = pytest.mark.lab


def children(pid: int) -> list[int]:
    """Return the processes that a process started, and theirs."""
    path = Path(f"/proc/{pid}/task/{pid}/children")
    try:
        found = [int(word) for word in path.read_text().split()]
    except OSError:
        return []
    return found + [inner for child in found for inner in children(child)]


def command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def wait_for(what: Callable[[], object], limit_s: float = 30) -> None:
    end = time.monotonic() + limit_s
    while not what():
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.01)


def stop_within(site: Site, verb: str, inner: bytes, how: signal.Signals) -> tuple[int, list[int]]:
    """Stop `msptool backup VERB` while restic does `inner`; return its code and what it started."""
    running = site.start(verb)
    started: list[int] = []

    def inside() -> bool:
        assert running.poll() is None, running.communicate()
        started[:] = children(running.pid)
        return any(b"\0" + inner + b"\0" in command(pid) for pid in started)

    wait_for(inside)
    running.send_signal(how)
    said = running.communicate(timeout=15)[1]
    assert "Traceback" not in said
    return running.returncode, started


@pytest.fixture
def big(site: Site, tmp_path: Path) -> Site:
    """A site whose backup and restore take long enough to be stopped within."""
    source = tmp_path / "big"
    source.mkdir()
    for number in range(40):
        (source / f"{number}.bin").write_bytes(os.urandom(3_000_000))
    made = Site(site.root, source)
    made.write_profile()
    assert made.cli("init").returncode == 0
    return made


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM] if FULL else [signal.SIGINT])
def test_a_stopped_backup_leaves_nothing_and_the_next_is_whole(
    big: Site, how: signal.Signals
) -> None:
    code, started = stop_within(big, "run", b"backup", how)
    assert code == -how
    assert started and not any(command(pid) for pid in started)
    assert list((big.repo / "locks").iterdir()) == []
    assert big.cli("run").returncode == 0
    assert big.cli("verify").returncode == 0


STOPS = [(b"check", signal.SIGINT), (b"restore", signal.SIGTERM)]
MORE_STOPS = [(b"check", signal.SIGTERM), (b"restore", signal.SIGINT), (b"stats", signal.SIGINT)]


@pytest.mark.parametrize(("inner", "how"), STOPS + (MORE_STOPS if FULL else []))
def test_a_stopped_proof_leaves_no_sandbox(big: Site, inner: bytes, how: signal.Signals) -> None:
    assert big.cli("run").returncode == 0
    code, started = stop_within(big, "verify", inner, how)
    assert code == -how
    assert started and not any(command(pid) for pid in started)
    assert list((big.root / ".msptool" / "sandbox").iterdir()) == []
    assert list((big.repo / "locks").iterdir()) == []


def test_what_a_killed_proof_left_is_cleared_by_the_next(big: Site) -> None:
    assert big.cli("run").returncode == 0
    code, started = stop_within(big, "verify", b"restore", signal.SIGKILL)
    assert code == -signal.SIGKILL
    for pid in started:
        if b"restic\0" in command(pid):
            os.kill(pid, signal.SIGKILL)
    place = big.root / ".msptool" / "sandbox"
    assert list(place.iterdir())
    wait_for(lambda: not any(command(pid) for pid in started))
    done = big.cli("verify")
    assert done.returncode == 0, done.stderr
    assert list(place.iterdir()) == []


def test_one_run_at_a_time(big: Site) -> None:
    running = big.start("run")
    try:
        wait_for(lambda: (big.root / ".msptool" / "lock").exists() and children(running.pid))
        done = big.cli("verify")
        assert done.returncode == 6 and "error[workspace.busy]" in done.stderr
    finally:
        running.send_signal(signal.SIGINT)
        running.communicate(timeout=15)
