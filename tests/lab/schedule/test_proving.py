"""Backups and their proofs as timers start them: behind the units' walls, content is examined."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.lab.backup import postgres, servers, test_remote
from tests.lab.backup import site as sites
from tests.lab.backup.examined import NOBODY
from tests.lab.backup.site import Site
from tests.lab.machine import Machine, console_script

pytestmark = pytest.mark.lab
ROWS = 20_000
SCHEDULE = '\nschedule: {backup: "*-*-* 20:00", verify: "*-*-* 22:00"}\n'
# A user's own manager, started as logind would; what hides our Python from a user is shown to him.
_USER_MANAGER = f"""
[Service]
User={NOBODY}
Group={NOBODY}
Delegate=yes
Type=notify
Environment=XDG_RUNTIME_DIR=/run/user/{NOBODY} HOME={{home}}
Environment=SYSTEMD_UNIT_PATH={{home}}/.config/systemd/user:/run/units
ExecStart=/lib/systemd/systemd --user --unit=default.target
"""
_SHOW = """
set -e
mkdir -p /run/user /run/shown
mkdir -m 700 /run/user/65534
chown 65534:65534 /run/user/65534
if ! setpriv --reuid=65534 --regid=65534 --clear-groups -- test -x "$1"; then
    mount --rbind "$2" /run/shown
    mount -t tmpfs -o mode=755 none "/$(echo "$2" | cut -d/ -f2)"
    mkdir -p "$2"
    mount --rbind /run/shown "$2"
fi
"""


@pytest.fixture(scope="module")
def dump() -> bytes:
    with postgres.server() as server:
        server.shop("shop", 500)
        return server.run("pg_dump", "shop")


@pytest.fixture
def placed(dump: bytes) -> Iterator[Site]:
    """A site with a database and a dump, below /tmp: pytest's own folder is closed to users."""
    base = Path("/tmp") / f"msptool-proving-{os.getpid()}"  # noqa: S108
    base.mkdir(mode=0o700)
    try:
        site = sites.make(base)
        (site.source / "shop.sql").write_bytes(dump)
        with closing(sqlite3.connect(site.source / "app.db")) as database:
            database.execute("CREATE TABLE sale (id INTEGER PRIMARY KEY, said TEXT)")
            rows = ((number, f"sale {number}") for number in range(ROWS))
            database.executemany("INSERT INTO sale VALUES (?, ?)", rows)
            database.commit()
        os.mknod(site.source / "null", 0o20666, os.makedev(1, 3))  # no unit may make a device
        (site.source / "setuid").touch(mode=0o4755)
        os.chown(site.source / "docs" / "0.bin", 1234, 1234)
        site.write_profile(SCHEDULE)
        yield site
    finally:
        shutil.rmtree(base)


def proven(site: Site, start: Callable[[str], None], kind: str) -> None:
    """Back up and prove by the units; then again, with a database that lost its end."""
    start("backup")
    start("verify")
    facts = site.facts("restore", "job:files")
    assert (facts["verdict"], facts["probed"]) == ("ok", 2), facts
    assert site.findings("restore") == set(), str(site.report("restore").findings)
    start("verify")  # the folder of proofs stands by now: its walls do too
    assert site.facts("restore", "job:files")["sandbox"] == kind
    database = site.source / "app.db"
    os.truncate(database, database.stat().st_size // 2)
    start("backup")
    start("verify")
    assert site.facts("restore", "job:files")["verdict"] == "bad-content"
    assert ("BKP-013", "job:files", "bad-content") in site.findings("restore")


def as_root(machine: Machine, site: Site) -> None:
    def start(step: str) -> None:
        unit = f"msptool-ACME-{step}.service"
        done = machine.run("systemctl", "start", unit, timeout_s=150)
        assert done.returncode == 0, done.stderr

    env = site.environment()
    tool = (console_script("msptool"), "-C", str(site.root))
    assert site.cli("init").returncode == 0
    done = machine.run(*tool, "schedule", "install", "-q", env=env)
    assert done.returncode == 0, done.stderr
    try:
        proven(site, start, "quiet")
    finally:
        machine.run(*tool, "schedule", "remove", "-q", env=env)


def test_the_units_of_root(machine: Machine, placed: Site) -> None:
    as_root(machine, placed)


def test_the_units_of_root_over_sftp(machine: Machine, placed: Site, tmp_path: Path) -> None:
    with servers.sshd(tmp_path) as server:
        test_remote.remote(placed, test_remote.over_sftp(placed, server))
        with (placed.root / "client.yaml").open("a") as profile:
            profile.write(SCHEDULE)
        as_root(machine, placed)


def test_the_units_of_a_user(machine: Machine, placed: Site) -> None:
    home = placed.root.parent
    hidden = str(Path(sys.executable).resolve().parent.parent)
    shown = machine.run("sh", "-c", _SHOW, "sh", sys.executable, hidden)
    assert shown.returncode == 0, shown.stderr
    subprocess.run(["chown", "-Rh", f"{NOBODY}:{NOBODY}", home], check=True)
    machine.unit("manager.service", _USER_MANAGER.format(home=home))
    started = machine.run("systemctl", "start", "manager.service")
    assert started.returncode == 0, machine.run("systemctl", "status", "manager").stdout
    env = {**placed.environment(), "HOME": str(home), "XDG_RUNTIME_DIR": f"/run/user/{NOBODY}"}
    user = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--")
    tool = (*user, console_script("msptool"), "-C", str(placed.root))

    def start(step: str) -> None:
        unit = f"msptool-ACME-{step}.service"
        done = machine.run(*user, "systemctl", "--user", "start", unit, env=env, timeout_s=150)
        assert done.returncode == 0, done.stderr

    try:
        for words in (("backup", "init"), ("schedule", "install", "--user", "-q")):
            done = machine.run(*tool, *words, env=env)
            assert done.returncode == 0, done.stderr + done.stdout
        proven(placed, start, "folder")
    finally:
        machine.run("systemctl", "kill", "-s", "KILL", "manager.service")
