"""A client with one repository and one job, and the ways to harm them; all with the real restic."""

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from msptool import profile, runs
from msptool.model import Report
from msptool.profile.load import Loaded
from msptool.workspace import Workspace
from tests.lab.machine import console_script

FULL = bool(os.environ.get("MSPTOOL_FULL"))  # opening a repository costs half a second of CPU
PASSWORD = "canary-5b0c91"
_PROFILE = """
msptool: 1
client: {{code: ACME, name: Acme}}
backup:
  repositories:
    nas: {{path: repo, password: "file:secrets/nas"}}
  jobs:
    files: {{repository: nas, paths: [{source}], exclude: ["*.tmp"]}}
{more}"""


@dataclass(frozen=True)
class Site:
    """A workspace at `root`, its source beside it."""

    root: Path
    source: Path

    @property
    def workspace(self) -> Workspace:
        return Workspace(self.root)

    @property
    def loaded(self) -> Loaded:
        return profile.load(self.workspace)

    @property
    def repo(self) -> Path:
        return self.root / "repo"

    def write_profile(self, more: str = "") -> None:
        text = _PROFILE.format(source=json.dumps(str(self.source)), more=more)
        (self.root / "client.yaml").write_text(text)

    def environment(self, **env: str) -> dict[str, str]:
        state = str(self.root.parent / "state")
        return {**os.environ, "XDG_STATE_HOME": state, "MSPTOOL_LANG": "en", **env}

    def cli(self, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
        """Run `msptool backup …` as people do."""
        return subprocess.run(
            [console_script("msptool"), "-C", str(self.root), "backup", *words],
            capture_output=True, text=True, timeout=200, check=False, env=self.environment(**env),
        )  # fmt: skip

    def cli_words(self, *words: str) -> list[str]:
        return [console_script("msptool"), "-C", str(self.root), "backup", *words]

    def start(self, *words: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [console_script("msptool"), "-C", str(self.root), "backup", *words],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=self.environment(),
        )  # fmt: skip

    def restic(self, *words: str) -> str:
        """Run restic by hand, past msptool."""
        done = subprocess.run(
            ["restic", "-r", str(self.repo), "--password-file", self.root / "secrets/nas",
             "--no-cache", *words],
            capture_output=True, text=True, timeout=120, check=True,
        )  # fmt: skip
        return done.stdout

    def report(self, kind: str) -> Report:
        """Return the newest run of a kind."""
        folder = runs.newest(self.workspace, kind)  # type: ignore[arg-type]
        assert folder is not None
        return runs.load(folder)

    def facts(self, kind: str, thing: str) -> dict[str, Any]:
        return dict(next(t.facts for t in self.report(kind).things if t.id == thing))

    def findings(self, kind: str) -> set[tuple[str, str, str]]:
        """Return check, thing and part of each finding of the newest run of a kind; but for the
        password that nobody here keeps elsewhere (test_keys.py looks after that).
        """
        found = self.report(kind).findings
        told = {(f.check, f.subject.thing, f.subject.part) for f in found}
        return told - {("BKP-010", "repo:nas", "untried")}

    def packs(self) -> list[Path]:
        """Return the packs, smallest first: those of trees, then those of files."""
        found = [path for path in (self.repo / "data").rglob("*") if path.is_file()]
        return sorted(found, key=lambda path: path.stat().st_size)


def make(root: Path) -> Site:
    """Make a site with a few files below a folder; nothing is backed up yet."""
    site = Site(root / "acme", root / "source")
    for folder in (site.root, site.root / "secrets", site.source / "docs"):
        folder.mkdir(parents=True, mode=0o700)
    for number in range(4):
        (site.source / "docs" / f"{number}.bin").write_bytes(os.urandom(150_000))
    (site.source / "a.txt").write_text("hello")
    (site.source / "skip.tmp").write_text("left out on purpose")
    secret = site.root / "secrets" / "nas"
    secret.write_text(PASSWORD)
    secret.chmod(0o600)
    site.write_profile()
    return site


def flip(path: Path, at: int | None = None) -> None:
    """Flip one bit of a file, by default in the middle of it."""
    path.chmod(0o600)
    data = bytearray(path.read_bytes())
    data[len(data) // 2 if at is None else at] ^= 1
    path.write_bytes(data)


def copy(site: Site, root: Path) -> Site:
    """Copy a site as it stands; the source stays where it is (its inodes are in the manifest)."""
    shutil.copytree(site.root, root / "acme", symlinks=True)
    return Site(root / "acme", site.source)
