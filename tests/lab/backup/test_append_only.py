"""Append-only is tried: on a server that enforces it, and on a folder that only claims to."""

import json
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from msptool.backup import pick
from msptool.backup.keeping import append_only, ledger
from msptool.backup.repository import answers, repositories, restic
from msptool.backup.repository.restic import Access
from msptool.process import SecretFile
from tests.lab.backup.site import PASSWORD, Site
from tests.lab.machine import program

pytestmark = pytest.mark.lab


@pytest.fixture
def served(tmp_path: Path) -> Iterator[str]:
    """The URL of an append-only server on loopback."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    (tmp_path / "data").mkdir()
    server = subprocess.Popen(
        [program("rclone", "rclone"), "serve", "restic", "--append-only",
         "--addr", f"127.0.0.1:{port}", tmp_path / "data"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        end = time.monotonic() + 30
        while not _answers(port):
            assert time.monotonic() < end and server.poll() is None
            time.sleep(0.1)
        yield f"rest:http://127.0.0.1:{port}/"
    finally:
        server.kill()
        server.wait()


def _answers(port: int) -> bool:
    with closing(socket.socket()) as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_a_server_that_enforces_it_holds(site: Site, served: str) -> None:
    access = Access(restic.find(), served, SecretFile(PASSWORD))
    restic.call(access, restic.argv(access, "init"))
    began = time.monotonic()
    first = append_only.tried(access, site.workspace, "far")
    assert first.outcome == "holds", first
    assert b"403" in first.said and time.monotonic() - began < 60
    again = append_only.tried(access, site.workspace, "far")
    assert (again.outcome, again.snapshot) == ("holds", first.snapshot)
    assert ledger.read(site.workspace, "far").of("trial") == {first.snapshot}


def test_a_folder_does_not_and_no_backup_is_harmed(sound: Site) -> None:
    before = json.loads(sound.restic("snapshots", "--json"))
    access = repositories.access(
        restic.find(), sound.workspace, sound.loaded.profile.backup.repositories["nas"]
    )
    trial = append_only.tried(access, sound.workspace, "nas")
    assert trial.outcome == "broken" and trial.snapshot
    assert json.loads(sound.restic("snapshots", "--json")) == before
    listed = answers.parse_snapshots(json.dumps(before).encode())
    assert not any(pick.job_of(s.tags or ()) == "" for s in listed)
    assert sound.cli("verify").returncode == 0


def test_a_repository_that_is_gone_proves_nothing(sound: Site) -> None:
    access = Access(restic.find(), str(sound.root / "nowhere"), SecretFile(PASSWORD))
    trial = append_only.tried(access, sound.workspace, "nas")
    assert trial.outcome == "unknown" and trial.reason
