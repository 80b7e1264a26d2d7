"""Our walk and restic's must see the same names: a difference would be a false alarm, or a hole."""

import json
import os
import random
from pathlib import Path

import pytest

from msptool.backup import names
from msptool.backup.patterns import Excludes
from msptool.backup.walk import walk
from tests.lab.backup.site import FULL, Site

pytestmark = pytest.mark.lab
_PARTS = ("a", "b", "ab", "a.tmp", "c.tmp", "cache", "[x]", "!n", "é")
_PATTERNS = (
    "*.tmp", "a", "/a", "cache/*", "**/b", "a/**", "a/**/b", "a?", "[ab]", "[^a]", r"\[x\]", "b/*",
    "a/b", "*", "?.tmp", "!a.tmp", "!ab", "./b/", "[a-c]*", "é", "**",
)  # fmt: skip


def _tree(root: Path, dice: random.Random) -> None:
    for _ in range(30):
        path = root.joinpath(*(dice.choice(_PARTS) for _ in range(dice.randint(1, 4))))
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
        except OSError:  # a file stands where a folder should
            continue
    os.mkfifo(root / "pipe")
    (root / "dangling").symlink_to("nowhere")


def _restics(site: Site, root: Path, patterns: list[str]) -> set[str]:
    site.restic("backup", "--force", *(f"--exclude={p}" for p in patterns), "--", str(root))
    said = site.restic("ls", "--json", "latest")
    nodes = [json.loads(line) for line in said.splitlines()]
    paths = {node["path"] for node in nodes if node["struct_type"] == "node"}
    return {path for path in paths if path.startswith(f"{root}/")}


@pytest.mark.parametrize("seed", range(12 if FULL else 2))
def test_our_excludes_drop_what_restic_drops(site: Site, tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    root = tmp_path / "tree"
    root.mkdir()
    _tree(root, dice)
    assert site.cli("init").returncode == 0
    for _ in range(4):
        patterns = dice.sample(_PATTERNS, dice.randint(1, 3))
        patterns.append(f"{root}/{dice.choice(_PARTS)}")
        if dice.random() < 0.5:
            patterns.append(f"{root}/**/{dice.choice(_PARTS)}")
        ours = {seen.name for seen in walk([str(root)], Excludes(patterns))}
        # 0.19 keeps a named folder itself where a pattern takes it, and nothing in it.
        assert ours - {str(root)} == _restics(site, root, patterns), patterns


def test_every_name_below_a_real_folder_is_written_and_read_back(site: Site) -> None:
    found = [seen.name for seen in walk([str(site.source)], Excludes(()))]
    assert [names.read(names.written(name)) for name in found] == found
