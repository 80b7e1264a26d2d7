"""Keys, the escrow drill, and the sheet followed to the letter, with the real restic."""

import html
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.lab.backup import servers
from tests.lab.backup.site import PASSWORD, Site
from tests.lab.backup.test_remote import over_rest, over_sftp, remote
from tests.lab.machine import console_script

pytestmark = pytest.mark.lab


def key(site: Site, *words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [console_script("msptool"), "-C", str(site.root), "backup", "key", *words],
        capture_output=True, text=True, timeout=200, check=False, input=typed,
        env=site.environment(),
    )  # fmt: skip


def follow(page: str, place: Path, path: str) -> None:
    """Do what a sheet says: type the lines off the paper, then its commands as they stand."""
    text = html.unescape(page)
    tables = [re.findall(r'class="word">(.*?)</td>', table) for table in
              re.findall(r"<table.*?</table>", text, re.DOTALL)]  # fmt: skip
    commands = re.findall(r"<pre>(.*?)</pre>", text, re.DOTALL)
    typed = iter(tables)
    for command in commands:
        if "LINE" in command:
            checks = re.findall(r"(?:check|сумма) ([0-9a-f]{4})", text)
            lines = [line.replace(" ", "") for table in tables for line in table]
            for line, check in zip(lines, checks, strict=True):
                assert run(command.replace("LINE", f"'{line}'"), place, path).strip() == check
            continue
        given = "\n".join(next(typed)) + "\n" if ("tr -d" in command or "cat >" in command) else ""
        if command.count("\n"):  # the two lines of a server's password
            first, second = command.split("\n")
            run(first, place, path, given)
            run(second, place, path)
        else:
            run(command, place, path, given)


def run(command: str, place: Path, path: str, given: str = "") -> str:
    done = subprocess.run(
        ["sh", "-c", command], cwd=place, input=given, capture_output=True, text=True,
        timeout=100, check=False, env={"PATH": path, "HOME": str(place), "LC_ALL": "C.UTF-8"},
    )  # fmt: skip
    assert done.returncode == 0, (command, done.stderr)
    return done.stdout


@pytest.mark.parametrize("kind", ["local", "sftp", "rest"])
@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_stranger_restores_by_the_sheet_alone(
    site: Site, tmp_path: Path, kind: str, language: str
) -> None:
    (site.root / "secrets" / "nas").unlink()
    ours, stranger = tmp_path / "server", tmp_path / "stranger"
    for folder in (ours, stranger):
        folder.mkdir()
    rest = servers.rclone(ours, user="bob", password="st0rage w/ord")  # noqa: S106
    with rest if kind == "rest" else servers.sshd(ours) as server:
        if kind == "sftp":
            remote(site, over_sftp(site, server))
        elif kind == "rest":
            remote(site, over_rest(site, server, password="st0rage w/ord"))  # noqa: S106
        text = (site.root / "client.yaml").read_text()
        profile = text.replace("name: Acme}", f"name: Acme, languages: [{language}]}}")
        (site.root / "client.yaml").write_text(profile)
        done = site.cli("init")
        assert done.returncode == 0, done.stderr
        sheet = site.root / "secrets" / f"nas.recovery.{language}.html"
        assert f"nas: recovery sheet {sheet}" in done.stdout
        assert sheet.stat().st_mode & 0o777 == 0o600
        assert site.cli("run").returncode == 0
        page = sheet.read_text()
        shutil.rmtree(site.root / "secrets")
        shutil.rmtree(site.root / ".msptool")
        tools = stranger / "bin"
        tools.mkdir()
        ssh = tools / "ssh"  # the stranger's own ssh knows the host and has a key
        real = shutil.which("ssh")
        ssh.write_text(f'#!/bin/sh\nexec {real} -i {ours}/identity -o BatchMode=yes '
                       f'-o UserKnownHostsFile={ours}/known_hosts "$@"\n')  # fmt: skip
        ssh.chmod(0o755)
        follow(page, stranger, f"{tools}:{os.environ['PATH']}")
    back = stranger / "restored" / str(site.source).lstrip("/")
    assert (back / "a.txt").read_text() == "hello"
    assert len(list((back / "docs").iterdir())) == 4


def test_init_is_safe_to_run_again(site: Site) -> None:
    assert site.cli("init").returncode == 0
    sheet = site.root / "secrets" / "nas.recovery.en.html"
    before = sheet.read_bytes()
    done = site.cli("init")
    assert done.returncode == 0 and "sheet" not in done.stdout and sheet.read_bytes() == before
    sheet.unlink()
    assert site.cli("init").returncode == 0 and sheet.exists()
    ignored = (Path(__file__).parents[3] / "templates/workspace/gitignore").read_text().split("\n")
    assert "/secrets/" in ignored


def test_keys_come_and_go(sound: Site) -> None:
    listed = key(sound, "list", "nas")
    assert listed.returncode == 0 and listed.stdout.count("*") == 1
    added = key(sound, "add", "nas", "--from", "file:secrets/vault", "--user", "vault")
    assert added.returncode == 0, added.stderr
    new = (sound.root / "secrets" / "vault").read_text().strip()
    assert len(new) == 48 and new not in added.stdout + added.stderr
    rows = key(sound, "list", "nas").stdout.splitlines()[1:]
    assert len(rows) == 2
    mine, its = sorted((row.split()[0] for row in rows), key=lambda row: "*" not in row)
    refused = key(sound, "remove", "nas", mine.rstrip("*"))
    assert refused.returncode == 2 and "error[key.in-use]" in refused.stderr
    typed = " ".join(new[at : at + 4] for at in range(0, 48, 4))
    assert key(sound, "test", "nas", "--from", "-", typed=typed + "\n").returncode == 0
    assert key(sound, "remove", "nas", its).returncode == 0
    assert key(sound, "test", "nas", "--from", "file:secrets/vault").returncode == 1
    last = key(sound, "remove", "nas", mine.rstrip("*"))
    assert last.returncode == 2 and len(key(sound, "list", "nas").stdout.splitlines()) == 2


def test_a_password_that_was_never_tried_is_a_finding_until_it_opens(sound: Site) -> None:
    def findings() -> set[str]:
        assert sound.cli("verify").returncode == 0
        told = sound.report("restore").findings
        return {f.subject.part for f in told if f.check == "BKP-010"}

    assert findings() == {"untried"}
    same = key(sound, "test", "nas", "--from", "file:secrets/nas")
    assert same.returncode == 2 and "error[key.same-source]" in same.stderr
    assert key(sound, "test", "nas", "--from", "-", typed="wrong\n").returncode == 1
    assert findings() == {"failed"}
    opened = key(sound, "test", "nas", "--from", "-", typed=f"{PASSWORD}\n")
    assert opened.returncode == 0, opened.stderr
    assert findings() == set()
    sound.repo.rename(sound.root / "away")
    gone = key(sound, "test", "nas", "--from", "-", typed=f"{PASSWORD}\n")
    assert gone.returncode == 3 and "error[repo.missing]" in gone.stderr
    (sound.root / "away").rename(sound.repo)
    assert findings() == set()  # nothing was learnt, nothing is forgotten
