"""Storage that goes, hangs, fills or proves itself otherwise in the middle of things."""

import os
import shutil
from pathlib import Path

import pytest

from msptool.backup.repository import repositories, restic
from tests.lab.backup import servers
from tests.lab.backup.servers import Server
from tests.lab.backup.site import Site
from tests.lab.backup.test_locks import restic_of
from tests.lab.backup.test_remote import (
    REST_PASSWORD,
    backed_up,
    over_rest,
    remote,
    rest,
    sftp,
    told,
)
from tests.lab.backup.test_stopping import wait_for

__all__ = ["rest", "sftp"]
pytestmark = pytest.mark.lab


def fill(site: Site, files: int) -> None:
    """Give the source some MB of chance more."""
    for number in range(files):
        (site.source / "docs" / f"more{number}.bin").write_bytes(os.urandom(1_000_000))


def test_a_server_that_hangs_is_unreachable_in_bounded_time(site: Site, rest: Server) -> None:
    backed_up(site)
    opened = repositories.access(
        restic.find(), site.workspace, site.loaded.profile.backup.repositories["nas"]
    )
    rest.freeze()
    done, outcome = restic.call(opened, restic.argv(opened, "snapshots"), timeout_s=4)
    assert done.timed_out and outcome.verdict == "storage-unreachable", outcome
    assert done.seconds < 15


@pytest.mark.parametrize("kind", ["sftp", "rest"])
def test_a_server_killed_while_a_proof_reads(
    site: Site, kind: str, request: pytest.FixtureRequest
) -> None:
    server = request.getfixturevalue(kind)
    fill(site, 40)
    backed_up(site)
    text = (site.root / "client.yaml").read_text()
    slow = text.replace('exclude: ["*.tmp"]', "limits: {download_kib_s: 2000}, timeout_h: 0.02")
    (site.root / "client.yaml").write_text(slow)
    running = site.start("verify")
    wait_for(lambda: restic_of(running.pid, b"check") or restic_of(running.pid, b"restore"))
    server.kill()
    said = running.communicate(timeout=150)
    assert running.returncode == 3, said
    assert site.facts("restore", "job:files")["verdict"] == "storage-unreachable", said


def test_a_folder_deleted_while_a_backup_runs(site: Site) -> None:
    fill(site, 60)
    text = (site.root / "client.yaml").read_text()
    slow = text.replace('exclude: ["*.tmp"]', "limits: {upload_kib_s: 8000}")
    (site.root / "client.yaml").write_text(slow)
    assert site.cli("init").returncode == 0
    running = site.start("run")
    wait_for(lambda: len(list((site.repo / "data").rglob("*"))) > 257)
    shutil.rmtree(site.repo)
    said = running.communicate(timeout=150)
    assert running.returncode == 3, said
    facts = site.facts("backup", "job:files")
    assert facts["verdict"] in ("repository-missing", "not-restorable"), (facts, said)
    assert site.cli("verify").returncode in (1, 3)
    assert site.facts("restore", "job:files")["verdict"] in ("repository-missing", "not-restorable")


def test_a_ca_of_ones_own_is_trusted_where_named_and_nowhere_else(
    site: Site, tmp_path: Path
) -> None:
    ca = servers.certificate(tmp_path)
    flags = (f"--cert={tmp_path}/server.pem", f"--key={tmp_path}/server.key")
    with servers.rclone(tmp_path, *flags, user="bob", password=REST_PASSWORD) as server:
        place = over_rest(site, server).replace("http://", "https://")
        remote(site, place)
        done = site.cli("init")
        assert done.returncode == 3 and "error[repo.unreachable]" in done.stderr, done.stderr
        assert "x509: " in done.stderr and not (server.folder / "acme").exists()
        remote(site, place.replace("user: bob", f'user: bob, ca: "{ca}"'))
        backed_up(site)
        assert site.cli("verify").returncode == 0
        remote(site, place)
        line, verdict, _ = told(site, "run")
        assert verdict == "storage-unreachable" and "x509: " in line


def test_a_server_without_room_loses_nothing(site: Site, tmp_path: Path) -> None:
    with servers.rclone(tmp_path, user="bob", password=REST_PASSWORD, room="3m") as server:
        remote(site, over_rest(site, server))
        backed_up(site)
        fill(site, 5)
        line, verdict, _ = told(site, "run")
        assert verdict == "storage-unreachable" and "500" in line, line  # rclone says no more
        assert site.cli("verify").returncode == 0


def test_an_append_only_server_takes_backups_and_loses_none(site: Site, tmp_path: Path) -> None:
    with servers.rclone(tmp_path, "--append-only", user="bob", password=REST_PASSWORD) as server:
        claim = over_rest(site, server) + ", append_only: true"
        remote(site, claim, ", keep: {last: 1}")
        backed_up(site)
        (site.source / "a.txt").write_text("changed")
        assert site.cli("run").returncode == 0
        done = site.cli("verify")
        assert done.returncode == 0, done.stdout + done.stderr
        assert {check for check, _, _ in site.findings("restore")} <= {"BKP-010"}
        before = sorted((server.folder / "acme" / "snapshots").iterdir())
        done = site.cli("forget")
        assert done.returncode == 0 and "1 due to go, 0 gone" in done.stdout, done.stdout
        assert sorted((server.folder / "acme" / "snapshots").iterdir()) == before
        assert site.facts("restore", "repo:nas")["append_only"] == "holds"
