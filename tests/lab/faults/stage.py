"""One sound client, made once and put back on its stage before each fault.

It is always at the same place: the profile, the manifests and the snapshots name it.
"""

import json
import random
import shutil
import subprocess
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Literal

from tests.lab.backup.site import Site
from tests.lab.faults import dumps, tree
from tests.lab.faults.dumps import Dumps
from tests.lab.machine import console_script

LONG_S = 900  # 0.14 tries each lost file for a minute and more
_PASSWORD = "faults-3f81"
_PROFILE = """
msptool: 1
client: {{code: ACME, name: Acme}}
backup:
  repositories:
    nas: {{path: repo, password: "file:secrets/nas"}}
  jobs:
    files: {{repository: nas, paths: [{files}, {share}]}}
"""


@dataclass(frozen=True)
class Pack:
    """A pack of the sound repository and the blobs that its index names: offset, length."""

    id: str
    kind: Literal["tree", "data"]
    blobs: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Said:
    """How a command ended and what it printed."""

    code: int
    text: str


@dataclass(frozen=True)
class Stage:
    """`weeks` backups were made, each with `week_bytes` more; the last one was proven.

    `path`: the PATH that everything is run with, so that it says which restic it is.
    """

    root: Path
    seed: int
    weeks: int
    week_bytes: int
    path: str
    dumps: Dumps = field(repr=False)

    @property
    def site(self) -> Site:
        """The site as it stands now."""
        return Site(self.root / "acme", self.root / "source")

    @property
    def repo(self) -> Path:
        """Its repository."""
        return self.site.repo

    @property
    def cache(self) -> Path:
        """What a restic on this machine remembers of the repository."""
        return self.root / "cache"

    def fresh(self) -> None:
        """Put everything back as it was when it was sound."""
        for name in ("acme", "source", "cache"):
            shutil.rmtree(self.root / name, ignore_errors=True)
            # `cp` keeps times to the nanosecond and knows holes.
            subprocess.run(["cp", "-a", self.root / "sound" / name, self.root], check=True)

    def msptool(self, *words: str) -> Said:
        """Run `msptool backup …` as a person does."""
        site = self.site
        argv = [console_script("msptool"), "-C", str(site.root), "backup", *words]
        return said(argv, site.environment(PATH=self.path))

    def restic(self, *words: str, repo: Path | None = None) -> Said:
        """Run restic by hand, past msptool."""
        site = self.site
        where = ["-r", str(repo or site.repo), "--password-file", str(site.root / "secrets/nas")]
        argv = ["restic", *where]
        return said([*argv, *words], site.environment(PATH=self.path))

    @cached_property
    def packs(self) -> tuple[Pack, ...]:
        """The packs by the repository's index; ask for them while it is sound."""
        found: dict[str, Pack] = {}
        for index in self.restic("--no-cache", "list", "index").text.split():
            told = json.loads(self.restic("--no-cache", "cat", "index", index).text)
            for pack in told["packs"]:
                blobs = tuple((blob["offset"], blob["length"]) for blob in pack["blobs"])
                found[pack["id"]] = Pack(pack["id"], pack["blobs"][0]["type"], blobs)
        return tuple(found[ident] for ident in sorted(found))

    def file(self, pack: Pack) -> Path:
        """Return where a pack lies."""
        return self.repo / "data" / pack.id[:2] / pack.id


def said(argv: list[str], env: dict[str, str]) -> Said:
    """Run a command to its end; one that never comes to it has failed."""
    try:
        done = subprocess.run(
            argv, env=env, timeout=LONG_S, check=False, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return Said(-1, f"not done after {LONG_S} s")
    return Said(done.returncode, done.stdout.decode(errors="replace"))


def make(root: Path, seed: int, *, path: str, weeks: int, week_bytes: int = 4_000_000) -> Stage:
    """Make a sound client: files by seed, `weeks` backups of them, the last one proven."""
    stage = Stage(root, seed, weeks, week_bytes, path, dumps.made(seed))
    dice = random.Random(f"{seed} source")
    site = stage.site
    for folder in (site.root, site.root / "secrets", site.source):
        folder.mkdir(parents=True, mode=0o700)
    secret = site.root / "secrets/nas"
    secret.write_text(_PASSWORD)
    secret.chmod(0o600)
    write_profile(site)
    tree.make(site.source, dice, stage.dumps)
    _done(stage.msptool("init"))
    for week in range(weeks):
        tree.bulk(site.source, dice, week, week_bytes)
        _done(stage.msptool("run"))
    _done(stage.msptool("verify"))
    target = root / "warm"
    _done(stage.restic("--cache-dir", str(stage.cache), "restore", "latest", "-t", str(target)))
    shutil.rmtree(target)
    assert len(stage.packs) >= weeks
    (root / "sound").mkdir()
    for name in ("acme", "source", "cache"):
        subprocess.run(["cp", "-a", root / name, root / "sound"], check=True)
    return stage


def write_profile(site: Site, exclude: str = "") -> None:
    """Write the profile of the job, with one more exclude where it is given."""
    paths = {name: json.dumps(str(site.source / name)) for name in ("files", "share")}
    text = _PROFILE.format(**paths)
    if exclude:
        text = text.replace("paths: [", f"exclude: [{json.dumps(exclude)}], paths: [")
    (site.root / "client.yaml").write_text(text)


def _done(told: Said) -> None:
    assert told.code == 0, told.text
