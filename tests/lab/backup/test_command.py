"""A program's output as a backup: whole, or no snapshot at all."""

import hashlib
import os
import signal
import time
from pathlib import Path

import pytest

from tests.lab.backup import sources
from tests.lab.backup.site import PASSWORD, Site
from tests.lab.backup.test_stopping import children, command, wait_for

pytestmark = pytest.mark.lab


def job(code: str, **more: object) -> dict[str, object]:
    return {"command": {"argv": ["/bin/sh", "-c", code], "file": "dump.sql"}, **more}


def environment(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:
        return b""


def test_what_a_program_prints_comes_back_proven(sound: Site, tmp_path: Path) -> None:
    data = os.urandom(3_000_000)
    (tmp_path / "data").write_bytes(data)
    sources.write(sound, out=job(f"cat {tmp_path}/data"))
    done = sound.cli("run")
    assert done.returncode == 0, done.stderr
    seal, (entry,) = sources.sealed(sound, "out")
    assert (seal.kind, seal.files, seal.bytes) == ("command", 1, len(data))
    assert entry.sha256 == hashlib.sha256(data).hexdigest() and entry.path == "/dump.sql"
    assert sound.cli("verify").returncode == 0
    assert sound.facts("restore", "job:out")["same"] == 1
    assert sound.cli("run").returncode == 0
    assert sources.sealed(sound, "out")[0].changed == 0


@pytest.mark.parametrize(
    ("code", "verdict", "told"),
    [
        ("echo half; echo no! >&2; exit 3", "incomplete-source", "sh ended with code 3: no!"),
        ("echo half; kill -9 $$", "incomplete-source", "sh ended with code -9"),
        ("exit 0", "incomplete-source", "the program printed nothing"),
        ("echo half; sleep 60", "could-not-run", "the time limit ran out"),
    ],
)  # fmt: skip
def test_no_snapshot_of_a_program_that_fails_and_other_jobs_run(
    sound: Site, code: str, verdict: str, told: str
) -> None:
    limit_h = 3 / 3600
    sources.write(sound, bad=job(code, timeout_h=limit_h), good=job("echo fine"))
    done = sound.cli("run")
    assert done.returncode == 3, done.stdout + done.stderr
    facts = sound.facts("backup", "job:bad")
    assert (facts["verdict"], facts["detail"]) == (verdict, told)
    assert sound.facts("backup", "job:good")["verdict"] == "ok"
    assert len(sources.snapshots(sound, "bad")) == 0
    assert list((sound.repo / "locks").iterdir()) == []
    assert ("BKP-016", "job:bad", verdict) in sound.findings("backup")


def test_a_profile_that_nobody_trusts_runs_nothing(sound: Site, tmp_path: Path) -> None:
    sources.write(sound, out=job(f"touch {tmp_path}/ran"))
    with (sound.root / "client.yaml").open("a") as file:
        file.write("\n")
    assert sound.cli("run").returncode == 3
    assert sound.facts("backup", "job:out")["code"] == "profile.untrusted"
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_killed_while_it_flows_leaves_no_half_and_the_next_is_clean(
    sound: Site, how: signal.Signals
) -> None:
    sources.write(sound, out=job("head -c 5000000 /dev/urandom; sleep 60"))
    running = sound.start("run")
    started: list[int] = []

    def flowing() -> bool:
        started[:] = children(running.pid)
        return any(b"\0--stdin\0" in command(pid) for pid in started) and len(started) > 1

    wait_for(flowing)
    time.sleep(0.5)
    for pid in (running.pid, *started):
        assert PASSWORD.encode() not in command(pid)
        assert PASSWORD.encode() not in environment(pid)
    running.send_signal(how)
    running.communicate(timeout=15)
    wait_for(lambda: not any(b"restic" in command(pid) for pid in started))
    assert sources.snapshots(sound, "out") == []
    sources.write(sound, out=job("echo whole"))
    assert sound.cli("run").returncode == 0
    assert sound.cli("verify").returncode == 0
    assert len(sources.snapshots(sound, "out")) == 1
