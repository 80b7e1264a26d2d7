"""No secret shows anywhere but where it belongs: over the verbs, and where they fail."""

import subprocess
from pathlib import Path

import pytest

from tests.lab import canary
from tests.lab.backup import servers
from tests.lab.backup.site import PASSWORD, Site
from tests.lab.backup.test_keys import key
from tests.lab.backup.test_remote import over_rest, over_sftp, remote

pytestmark = pytest.mark.lab
REST = "canary-st0rage-9c1e"
NEW = "canary-new-71fa03"
WRONG = "canary-wrong-40be"
SECRETS = (PASSWORD, REST, NEW, WRONG)


def test_the_watch_sees_what_shows() -> None:
    with canary.watching(["canary-shown"]) as watch:
        subprocess.run(["sleep", "0.3"], check=True, env={"X": "canary-shown"})
        subprocess.run(["sh", "-c", "sleep 0.3; : canary-shown"], check=True)
    assert {"environment of sleep", "argv of sh"} <= watch.sights


def test_no_secret_shows_over_the_verbs_and_their_failures(site: Site, tmp_path: Path) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    for name, text in (("new", NEW), ("wrong", WRONG)):
        (site.root / "secrets" / name).write_text(text)
        (site.root / "secrets" / name).chmod(0o600)
    said: list[str] = []

    def cli(*words: str) -> int:
        done = site.cli(*words, TMPDIR=str(temporary))
        said.append(done.stdout + done.stderr)
        return done.returncode

    def keys(*words: str, typed: str = "") -> int:
        done = key(site, *words, typed=typed)
        said.append(done.stdout + done.stderr)
        return done.returncode

    (tmp_path / "server").mkdir()
    with servers.rclone(tmp_path / "server", user="bob", password=REST) as server:
        remote(site, over_rest(site, server, password=REST))
        with canary.watching(SECRETS) as watch:
            codes = [cli("init"), cli("run"), cli("verify"), cli("status")]
            codes += [keys("list", "nas"), keys("add", "nas", "--from", "file:secrets/new")]
            codes += [keys("test", "nas", "--from", "file:secrets/new"), keys("sheet", "nas")]
            assert codes == [0] * 8, said
            assert keys("test", "nas", "--from", "file:secrets/wrong") == 1
            assert keys("test", "nas", "--from", "-", typed=WRONG + "\n") == 1
            (site.root / "secrets" / "nas").write_text(WRONG)
            assert cli("init") == cli("run") == cli("verify") == 3
            remote(site, over_rest(site, server, password=WRONG))
            assert cli("init") == cli("run") == 3
            server.kill()
            assert cli("verify") == 3 and cli("run", "--json") == 3
    assert not {sight for sight in watch.sights if "rclone" not in sight}, watch.sights
    assert watch.seen.get("restic", 0) > 20
    assert not any(secret in text for secret in SECRETS for text in said)
    shown = canary.in_files(tmp_path, SECRETS, but=[site.root / "secrets"])
    assert shown == []


def test_the_ssh_key_is_read_by_ssh_alone(site: Site, tmp_path: Path) -> None:
    with servers.sshd(tmp_path) as server:
        remote(site, over_sftp(site, server))
        # The lines before these are the same in every key of its kind.
        lines = (tmp_path / "identity").read_text().splitlines()[-3:-1]
        with canary.watching([*lines, PASSWORD]) as watch:
            assert (site.cli("init").returncode, site.cli("run").returncode) == (0, 0)
    assert watch.sights == set() and watch.seen.get("ssh", 0) and watch.seen.get("restic", 0)
    keys = [tmp_path / name for name in ("identity", "acme/secrets")]
    assert canary.in_files(tmp_path, [*lines, PASSWORD], but=keys) == []
