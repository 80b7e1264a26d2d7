"""Repositories on real servers: what works, and what each way to lose the storage is called."""

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lab.backup import servers
from tests.lab.backup import site as sites
from tests.lab.backup.servers import Server
from tests.lab.backup.site import Site, flip

pytestmark = pytest.mark.lab
REST_PASSWORD = "canary r3st/p@ss"  # noqa: S105


def remote(site: Site, place: str, job: str = "") -> None:
    """Let the repository lie elsewhere."""
    (site.root / "client.yaml").write_text(
        f"""
msptool: 1
client: {{code: ACME, name: Acme}}
backup:
  repositories: {{nas: {{{place}, password: "file:secrets/nas"}}}}
  jobs:
    files: {{repository: nas, paths: [{json.dumps(str(site.source))}], exclude: ["*.tmp"]{job}}}
"""
    )


def over_sftp(site: Site, server: Server, **instead: object) -> str:
    keys = server.folder.parent
    told = {
        "host": "127.0.0.1", "port": server.port, "path": str(server.folder / "acme"),
        "identity": str(keys / "identity"), "known_hosts": str(keys / "known_hosts"), **instead,
    }  # fmt: skip
    return f"sftp: {json.dumps(told)}"


def over_rest(site: Site, server: Server, password: str = REST_PASSWORD) -> str:
    secret = site.root / "secrets" / "rest"
    secret.write_text(password)
    secret.chmod(0o600)
    url = f"http://127.0.0.1:{server.port}/acme"
    return f'rest: {{url: "{url}", user: bob, password: "file:secrets/rest"}}'


@pytest.fixture
def sftp(site: Site, tmp_path: Path) -> Iterator[Server]:
    with servers.sshd(tmp_path) as server:
        remote(site, over_sftp(site, server))
        yield server


@pytest.fixture
def rest(site: Site, tmp_path: Path) -> Iterator[Server]:
    with servers.rclone(tmp_path, user="bob", password=REST_PASSWORD) as server:
        remote(site, over_rest(site, server))
        yield server


def backed_up(site: Site) -> None:
    for words in (("init",), ("init",), ("run",)):
        done = site.cli(*words)
        assert done.returncode == 0, done.stderr


def told(site: Site, *words: str) -> tuple[str, str, str]:
    """Return what the command line says, and the verdict and part of the finding."""
    done = site.cli(*words)
    kind = "backup" if words[0] == "run" else "restore"
    verdict = str(site.facts(kind, "job:files").get("verdict", ""))
    parts = sorted({part for _, _, part in site.findings(kind)} - {""})
    error = next(line for line in done.stderr.splitlines() if line.startswith("error["))
    return error, verdict, " ".join(parts)


@pytest.mark.parametrize("kind", ["sftp", "rest"])
def test_a_remote_backup_is_made_and_proven(
    site: Site, kind: str, request: pytest.FixtureRequest
) -> None:
    server = request.getfixturevalue(kind)
    backed_up(site)
    assert (server.folder / "acme" / "config").exists()
    done = site.cli("verify")
    assert done.returncode == 0, done.stderr + done.stdout
    assert site.facts("restore", "repo:nas")["part"] == "1/1"


@pytest.mark.parametrize("kind", ["sftp", "rest"])
def test_damage_over_a_network_is_damage(
    site: Site, kind: str, request: pytest.FixtureRequest
) -> None:
    server = request.getfixturevalue(kind)
    backed_up(site)
    packs = [path for path in (server.folder / "acme" / "data").rglob("*") if path.is_file()]
    biggest = max(packs, key=lambda path: path.stat().st_size)
    flip(biggest)
    assert site.cli("verify").returncode == 1
    assert ("BKP-013", "repo:nas", "damaged") in site.findings("restore")
    assert site.facts("restore", "job:files")["verdict"] == "damaged"


@pytest.mark.parametrize("kind", ["sftp", "rest"])
def test_a_server_that_is_gone_is_unreachable_and_nothing_else(
    site: Site, kind: str, request: pytest.FixtureRequest
) -> None:
    server = request.getfixturevalue(kind)
    backed_up(site)
    server.kill()
    for verb in ("run", "verify"):
        line, verdict, parts = told(site, verb)
        assert line.startswith("error[repo.unreachable]: nas: no way to the storage: "), line
        assert (verdict, parts) == ("storage-unreachable", "storage-unreachable")


@pytest.mark.parametrize("kind", ["sftp", "rest"])
def test_a_place_without_a_repository_and_a_wrong_password_have_their_own_names(
    site: Site, kind: str, request: pytest.FixtureRequest
) -> None:
    request.getfixturevalue(kind)
    backed_up(site)
    (site.root / "secrets" / "nas").write_text("another one")
    assert told(site, "verify")[1] == "wrong-password"
    assert "error[repo.password]" in site.cli("init").stderr
    text = (site.root / "client.yaml").read_text()
    (site.root / "client.yaml").write_text(text.replace("/acme", "/none"))
    line, verdict, _ = told(site, "run")
    assert verdict == "repository-missing" and line.startswith("error[repo.missing]"), line


def test_a_host_key_that_is_not_known_is_never_taken(
    site: Site, sftp: Server, tmp_path: Path
) -> None:
    (tmp_path / "nobody").write_text("")
    remote(site, over_sftp(site, sftp, known_hosts=str(tmp_path / "nobody")))
    done = site.cli("init")
    assert done.returncode == 3 and "error[repo.unreachable]" in done.stderr, done.stderr
    assert "ssh -p" in done.stderr and not (sftp.folder / "acme").exists()
    assert (tmp_path / "nobody").read_text() == ""


def test_a_key_and_a_password_that_the_storage_refuses(
    site: Site, sftp: Server, rest: Server
) -> None:
    identity = str(sftp.folder.parent / "host_key")
    remote(site, over_sftp(site, sftp, identity=identity))
    assert "error[repo.unreachable]" in site.cli("init").stderr
    remote(site, over_rest(site, rest, password="wrong"))
    done = site.cli("init")
    assert "error[repo.unreachable]" in done.stderr and "401" in done.stderr
    assert not (rest.folder / "acme").exists()


def test_a_host_that_looks_like_an_option_is_refused(site: Site, sftp: Server) -> None:
    for instead in ({"host": "-oProxyCommand=touch /tmp/x"}, {"user": "-oProxyCommand=x"}):
        remote(site, over_sftp(site, sftp, **instead))
        assert "error[profile." in site.cli("init").stderr


@pytest.mark.parametrize("kind", ["sftp", "rest"])
def test_a_server_killed_while_a_backup_runs(
    site: Site, kind: str, request: pytest.FixtureRequest
) -> None:
    server = request.getfixturevalue(kind)
    place = over_sftp(site, server) if kind == "sftp" else over_rest(site, server)
    backed_up(site)
    slow = ", limits: {upload_kib_s: 2000}, timeout_h: 0.006"
    remote(site, place, slow)
    for number in range(60):
        (site.source / "docs" / f"more{number}.bin").write_bytes(os.urandom(1_000_000))
    before = len(list((server.folder / "acme" / "data").rglob("*")))
    running = site.start("run")
    while len(list((server.folder / "acme" / "data").rglob("*"))) == before:
        assert running.poll() is None
    server.kill()
    said = running.communicate(timeout=100)
    assert running.returncode == 3, said
    assert site.facts("backup", "job:files")["verdict"] == "storage-unreachable"


def test_storage_that_can_only_be_read_is_no_damage(site: Site, sftp: Server) -> None:
    backed_up(site)
    root = sftp.folder.parent
    with servers.sshd(root, read_only=True) as shut:
        remote(site, over_sftp(site, shut))
        line, verdict, _ = told(site, "run")
        assert verdict == "could-not-run" and line.startswith("error[backup.failed]"), line


def test_two_machines_at_one_repository(site: Site, sftp: Server, tmp_path: Path) -> None:
    """Each proves its own, and the other's snapshots are neither lost nor foreign."""
    backed_up(site)
    other = sites.copy(site, tmp_path / "other")
    for name in ("manifests", "runs", ".msptool"):
        shutil.rmtree(other.root / name)
    both = [each.start("run") for each in (site, other)]
    for running in both:
        out, err = running.communicate(timeout=100)
        assert running.returncode == 0, out + err
    for each in (site, other):
        done = each.cli("verify")
        assert done.returncode in (0, 1), done.stderr
        assert each.facts("restore", "job:files")["verdict"] in ("ok", "absent")
