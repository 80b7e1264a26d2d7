"""A lock goes only when it is provably ours and its restic is dead."""

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from msptool import clock
from msptool.backup.repository import locks, repositories, restic
from tests.lab.backup.site import Site
from tests.lab.backup.test_stopping import big, children, command, wait_for

__all__ = ["big"]
pytestmark = pytest.mark.lab


def restic_of(pid: int, verb: bytes) -> int:
    """Return the restic that a msptool runs, at a verb; 0 while there is none."""
    return next((p for p in children(pid) if b"\0" + verb + b"\0" in command(p)), 0)


def locks_of(site: Site) -> list[Path]:
    folder = site.repo / "locks"
    return [path for path in folder.iterdir() if "-tmp-" not in path.name]


def kill_both(site: Site) -> int:
    """Kill a backup run and its restic with the lock in place, as a power cut would."""
    running = site.start("run")
    wait_for(lambda: restic_of(running.pid, b"backup") and locks_of(site))
    pid = restic_of(running.pid, b"backup")
    running.kill()
    os.kill(pid, signal.SIGKILL)
    running.communicate(timeout=15)
    wait_for(lambda: not command(pid))
    assert locks_of(site)
    return pid


@contextmanager
def by_hand(site: Site, source: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a restic past msptool that holds a lock for as long as it takes."""
    holder = subprocess.Popen(
        ["restic", "-r", site.repo, "--password-file", site.root / "secrets/nas", "--no-cache",
         "backup", "--limit-upload", "100", "--", source],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    before = set(locks_of(site))
    try:
        wait_for(lambda: set(locks_of(site)) - before)
        yield holder
    finally:
        holder.kill()
        holder.wait()


def test_after_a_kill_the_next_proof_needs_no_help(big: Site) -> None:
    """The kill may come when the snapshot is made and not sealed yet: the next run seals one."""
    kill_both(big)
    assert big.cli("run").returncode == 0
    done = big.cli("verify")
    assert done.returncode == 0, done.stderr
    assert locks_of(big) == []


def test_unlock_removes_ours_and_tells_of_it(big: Site) -> None:
    pid = kill_both(big)
    done = big.cli("unlock")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("nas: removed a dead lock of ours, held by ")
    assert f"pid {pid}, since " in done.stdout
    assert locks_of(big) == []
    assert big.cli("unlock").stdout == "nas: no lock\n"
    assert big.cli("unlock", "--quiet").stdout == ""


def test_a_restic_that_was_killed_alone_fails_the_run_and_not_the_next(big: Site) -> None:
    running = big.start("run")
    wait_for(lambda: restic_of(running.pid, b"backup") and locks_of(big))
    os.kill(restic_of(running.pid, b"backup"), signal.SIGKILL)
    running.communicate(timeout=60)
    assert running.returncode == 3
    assert big.cli("run").returncode == 0
    assert big.cli("verify").returncode == 0


def test_another_lock_stays_dead_or_alive_also_beside_one_of_ours(big: Site) -> None:
    kill_both(big)
    (ours,) = locks_of(big)
    with by_hand(big, big.source) as holder:
        done = big.cli("verify")
        assert done.returncode == 3
        assert "error[repo.locked]: nas: another restic holds the repository" in done.stderr
        told = str(big.facts("restore", "repo:nas")["detail"])
        assert told.startswith("held by ") and f"pid {holder.pid}, since 2" in told
        assert holder.poll() is None and locks_of(big) and ours not in locks_of(big)
    (dead,) = locks_of(big)  # of a person: nobody can say that it is not of another machine
    done = big.cli("unlock", "--json")
    assert done.returncode == 3
    facts = json.loads(done.stdout.splitlines()[0])["facts"]
    assert (facts["removed"], facts["left"]) == (0, 1)
    assert locks_of(big) == [dead]
    big.restic("unlock")
    assert big.cli("run").returncode == 0
    assert big.cli("verify").returncode == 0


def test_a_machine_of_the_same_name_keeps_its_lock(big: Site) -> None:
    """Its lock names our host, and the pid of a restic of ours that is dead."""
    kill_both(big)
    opened = repositories.access(
        restic.find(), big.workspace, big.loaded.profile.backup.repositories["nas"]
    )
    (mine,), _ = locks.look(opened)
    assert mine.ours and mine.lock is not None
    (book,) = (big.root / ".msptool" / "restic").glob(f"{mine.lock.pid}-*.json")
    told = json.loads(book.read_text())
    told["ended_at"] = told["at"]  # ours ended before that lock was made
    told["at"] = "2026-01-01T00:00:00Z"
    told["ended_at"] = "2026-01-01T00:10:00Z"
    book.write_text(json.dumps(told))
    assert clock.iso(mine.lock.time) > told["ended_at"]
    assert big.cli("unlock").returncode == 3
    assert len(locks_of(big)) == 1


def test_a_run_that_ends_by_itself_leaves_no_record(sound: Site) -> None:
    assert sound.cli("verify").returncode == 0
    assert list((sound.root / ".msptool" / "restic").glob("*")) == []


def test_an_unknown_repository_is_named(sound: Site) -> None:
    done = sound.cli("unlock", "nsa")
    assert done.returncode == 2 and "no repository 'nsa'" in done.stderr
