"""No secret in argv, in the environment of others, in anything written: every verb, every failure.

The repository's password comes by file, by environment and by command, one repository each; a
source, a hook and a probe that print what they see are in the profile too.
"""

import base64
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from msptool.cli.backup import backup
from tests.lab import canary
from tests.lab.backup.site import FULL, Site, flip
from tests.lab.machine import console_script

pytestmark = pytest.mark.lab
FILE, ENV, COMMAND = "canary-file-61fe0a", "canary-env-93bd17", "canary-cmd-c2e845"
SECRETS = (FILE, ENV, COMMAND)
_PROFILE = """
msptool: 1
client: {{code: ACME, name: Acme}}
backup:
  repositories:
    nas: {{path: repo, password: "file:secrets/nas"}}
    two: {{path: two, password: "env:CANARY"}}
    three: {{path: three, password: "command: /bin/cat {root}/secrets/three"}}
  jobs:
    files:
      repository: nas
      paths: [{source}]
      keep: {{last: 2}}
      hooks: {{before: [[/usr/bin/env]], after: [[/usr/bin/env]], failed: [[/usr/bin/env]]}}
      probes: [{{match: "*.txt", argv: [/usr/bin/env]}}]
    second: {{repository: two, paths: [{source}]}}
    told: {{repository: three, command: {{argv: [/usr/bin/env], file: environment.txt}}}}
"""
# Each verb as it is used; one that is not here fails the test.
VERBS: dict[str, tuple[tuple[str, ...], ...]] = {
    "init": (("init",), ("init", "--json")),
    "run": (("run",), ("run", "--json")),
    "verify": (("verify",), ("verify", "--level", "5", "--json"), ("verify", "--sample", "50"),
               ("verify", "--stream")),
    "check": (("check", "--read-data"), ("check", "--json")),
    "status": (("status",), ("status", "--json")),
    "unlock": (("unlock",), ("unlock", "--json")),
    "forget": (("forget", "--dry-run"), ("forget", "--prune", "--json")),
    "list": (("list",), ("list", "--json")),
    "browse": (("browse", "files"),),
    "restore": (("restore", "files", "--to", "{place}/back"), ("restore", "files", "--preview")),
    "evidence": (("evidence", "verify"), ("evidence", "show", "files"),
                 ("evidence", "export", "{place}/bundle")),
    "key": (("key", "list"), ("key", "test", "nas"), ("key", "add", "nas")),
}  # fmt: skip


def forms(secret: str) -> tuple[str, ...]:
    """Return the ways in which a secret may be written down."""
    raw = secret.encode()
    return secret, base64.b64encode(raw).decode().rstrip("="), raw.hex()


def _site(root: Path) -> Site:
    site = Site(root / "acme", root / "source")
    for folder in (site.root, site.root / "secrets", site.source, root / "tmp"):
        folder.mkdir(parents=True, mode=0o700)
    for name, secret in (("nas", FILE), ("three", COMMAND)):
        (site.root / "secrets" / name).write_text(secret)
        (site.root / "secrets" / name).chmod(0o600)
    (site.source / "a.txt").write_text("hello")
    (site.source / "b.bin").write_bytes(os.urandom(300_000))
    text = _PROFILE.format(root=site.root, source=json.dumps(str(site.source)))
    (site.root / "client.yaml").write_text(text)
    return site


def _break_password(site: Site) -> None:
    (site.root / "secrets/nas").write_text(COMMAND)


def _break_repository(site: Site) -> None:
    (site.root / "repo").rename(site.root / "elsewhere")


def _break_pack(site: Site) -> None:
    flip(site.packs()[-1])


def _break_source(site: Site) -> None:
    shutil.rmtree(site.source)


FAILURES: tuple[Callable[[Site], None], ...] = (
    _break_source, _break_pack, _break_repository, _break_password,
)  # fmt: skip


class Cage:
    """Runs verbs and keeps what they said where it is read afterwards."""

    def __init__(self, site: Site) -> None:
        self.site, self.number = site, 0
        self.place = site.root.parent

    def run(self, *words: str) -> int:
        """Run a command of msptool with the canary that a person put into its environment."""
        self.number += 1
        told = [word.format(place=self.place) for word in words]
        with (self.place / f"said-{self.number}.txt").open("wb") as said:
            running = subprocess.Popen(
                [console_script("msptool"), "-C", str(self.site.root), *told],
                env=self.site.environment(CANARY=ENV, TMPDIR=str(self.place / "tmp")),
                stdin=subprocess.DEVNULL, stdout=said, stderr=said,
            )  # fmt: skip
            return running.wait(timeout=300)


def test_no_secret_is_seen_in_any_verb_or_failure(tmp_path: Path) -> None:
    site = _site(tmp_path)
    assert isinstance(backup, click.Group)
    untried = set(backup.commands) - set(VERBS)
    assert not untried, f"say here how these verbs are used: {untried}"
    known = [used for verb, used in VERBS.items() if verb in backup.commands]
    calls = [call for used in known for call in (used if FULL else used[:1])]
    shown = [form for secret in SECRETS for form in forms(secret)]
    with canary.watching(shown, own=b"/msptool\0-C\0", temporary=[tmp_path / "tmp"]) as watch:
        cage = Cage(site)
        cage.run("profile", "trust")
        for call in calls:
            assert cage.run("backup", *call) in (0, 1, 2, 3), call
        for breaks in FAILURES if FULL else FAILURES[-1:]:
            breaks(site)
            for call in (("run",), ("verify",), ("check",)):
                sound = breaks is _break_source and call == ("check",)  # the repository is
                assert cage.run("backup", *call) in ((0,) if sound else (1, 3)), (breaks, call)
        cage.run("tickets", "ingest")
        cage.run("report", "build")
    assert watch.seen.get("restic", 0) > 10
    assert watch.sights == set()
    allowed = {site.root / "secrets" / name for name in ("nas", "three")}
    assert canary.in_files(tmp_path, shown, but=allowed) == []


def test_the_watch_sees_a_canary_that_is_there(tmp_path: Path) -> None:
    secret = "canary-shown-0b6c"
    sleep = [sys.executable, "-c", "import time; time.sleep(0.5)"]
    with canary.watching([secret], temporary=[tmp_path]) as watch:
        subprocess.run([*sleep, secret], check=True)
        subprocess.run(sleep, env={"X": secret}, check=True)
        (tmp_path / "short").write_text(f"is {secret}")
        subprocess.run(sleep, check=True)
    assert {sight.split()[0] for sight in watch.sights} == {"argv", "environment", "file"}
