"""How far the proofs reach, told without restic: files and packs that were never looked at."""

import json
from typing import Any

import pytest

from tests.lab.backup.site import Site, flip

pytestmark = pytest.mark.lab


def told(site: Site) -> list[dict[str, Any]]:
    done = site.cli("status", "--coverage", "--json", PATH="/nowhere")
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_what_was_never_looked_at_is_named(sound: Site) -> None:
    packs = sorted(path.name for path in sound.packs())
    job, unproven, repository, end = told(sound)
    assert (job["job"], job["files"], job["files_proven"]) == ("files", 5, 0)
    assert (unproven["files"], repository["packs_read"]) == (5, 0)
    assert sorted(repository["unread"]) == packs and end["type"] == "end"

    assert sound.cli("verify", "--level", "5").returncode == 0
    job, repository, _ = told(sound)
    assert (job["files_proven"], job["groups_unproven"]) == (5, 0)
    assert (repository["packs"], repository["packs_read"]) == (len(packs), len(packs))
    facts = sound.facts("restore", "repo:nas")
    assert (facts["packs"], facts["packs_read"]) == (len(packs), len(packs))
    shown = sound.cli("evidence", "show", "files").stdout
    assert f"{len(packs)} of {len(packs)} were read" in shown

    (sound.source / "new.txt").write_text("new")
    assert sound.cli("run").returncode == 0
    job, unproven, repository, _ = told(sound)
    assert job["files"] == 6 and job["files_proven"] < 6 and repository["unread"]
    (sound.source / "new.txt").unlink()  # the sites share their source


def test_a_broken_pack_is_named(sound: Site) -> None:
    pack = sound.packs()[-1]
    flip(pack)
    assert sound.cli("check", "--read-data").returncode == 1
    (repository,) = (line for line in told(sound) if line["type"] == "repository_reach")
    assert repository["broken"] == [pack.name]
    assert f"broken  {pack.name}" in sound.cli("status", "--coverage").stdout


def test_no_backup_is_said(site: Site) -> None:
    done = site.cli("status", "--coverage")
    assert done.stdout.splitlines() == ["files: no sealed backup", "repo nas: no packs known"]
    assert site.cli("status", "--coverage", "--prometheus", "-").returncode == 2
