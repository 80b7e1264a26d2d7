"""The main promise: what came back is what was sealed, and whatever is not is named."""

import json
import shutil
from pathlib import Path

import pytest

from msptool import runs
from msptool.backup.walls import sandbox
from tests.lab.backup.site import FULL, PASSWORD, Site, flip

pytestmark = pytest.mark.lab


def test_a_sound_backup_is_proven(sound: Site) -> None:
    done = sound.cli("verify")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("files: ok, 5 files, none bad (snapshot ")
    facts = sound.facts("restore", "job:files")
    assert (facts["verdict"], facts["files"], facts["bytes"]) == ("ok", 5, 600_005)
    assert facts["last_proven_at"] == facts["tested_at"]
    assert 0 < facts["rto_s"] < 60 and 0 <= facts["rpo_s"] < 600
    assert sound.facts("restore", "repo:nas")["part"] == "1/1"
    told = {a.check: a.outcome for a in sound.report("restore").attempts}
    assert told.pop("BKP-010") == "fail" and told.pop("BKP-005") == "skipped"
    assert set(told.values()) == {"pass"}


def test_a_flipped_byte_names_the_damaged_files(sound: Site) -> None:
    flip(sound.packs()[-1])
    done = sound.cli("verify")
    assert done.returncode == 1
    damaged = [line for line in done.stdout.splitlines() if line.startswith(("differs", "lost"))]
    assert len(damaged) == 1 and f"{sound.source}/docs/" in damaged[0]
    assert ("BKP-013", "job:files", "damaged") in sound.findings("restore")
    assert ("BKP-013", "repo:nas", "damaged") in sound.findings("restore")
    assert sound.facts("restore", "job:files")["last_proven_at"] is None


@pytest.mark.parametrize("at", [0, 1, 2] if FULL else [2])
def test_a_flipped_byte_anywhere_in_a_pack_is_found(sound: Site, at: int) -> None:
    pack = sound.packs()[-1]
    flip(pack, [0, 40, pack.stat().st_size - 1][at])
    assert sound.cli("verify").returncode == 1
    assert ("BKP-013", "repo:nas", "damaged") in sound.findings("restore")


def test_damage_that_the_newest_snapshot_does_not_need_is_found(site: Site) -> None:
    old = site.source / "old.bin"
    old.write_bytes(bytes(range(256)) * 3000)
    assert site.cli("init").returncode == 0 and site.cli("run").returncode == 0
    before = set(site.packs())
    old.unlink()
    (site.source / "docs").rename(site.source / "papers")
    for path in (site.source / "papers").iterdir():
        path.write_text(path.name)
    assert site.cli("run").returncode == 0
    flip(max(before, key=lambda pack: pack.stat().st_size))
    done = site.cli("verify")
    assert done.returncode == 1
    assert {found for found in site.findings("restore") if found[0] == "BKP-013"} == {
        ("BKP-013", "repo:nas", "damaged"), ("BKP-013", "job:files", "damaged"),
    }  # fmt: skip
    assert "old.bin" in done.stdout and done.stdout.startswith("files: DAMAGED, 5 files, none bad")


def test_a_dropped_file_is_named_with_the_exclude_that_dropped_it(sound: Site) -> None:
    sound.restic("backup", "--tag", "job=files", "--exclude", "*.tmp", "--exclude", "1.bin",
                 "--", str(sound.source))  # fmt: skip
    done = sound.cli("verify")
    assert done.returncode == 1
    (line,) = (line for line in done.stdout.splitlines() if line.startswith("absent"))
    assert f"{sound.source}/docs/1.bin" in line and 'exclude "1.bin"' in line
    assert sound.findings("restore") == {
        ("BKP-013", "job:files", "absent"), ("BKP-019", "job:files", ""),
    }  # fmt: skip


def test_a_snapshot_by_hand_without_a_tag_is_held_against_the_job_too(sound: Site) -> None:
    sound.restic("backup", "--exclude", "a.txt", "--", str(sound.source))
    assert sound.cli("verify").returncode == 1
    (finding,) = (f for f in sound.report("restore").findings if f.check == "BKP-013")
    assert f"{sound.source}/a.txt" in str(finding.facts["names"])


def test_a_whole_snapshot_by_hand_is_only_told(sound: Site) -> None:
    sound.restic("backup", "--", str(sound.source))
    done = sound.cli("verify")
    assert done.returncode == 0, done.stdout
    assert sound.findings("restore") == {("BKP-019", "job:files", "")}


def test_a_wrapper_that_drops_a_file_at_backup_time_is_found(site: Site, tmp_path: Path) -> None:
    """The manifest is sealed by our own walk, so that another exclude shows in the same run."""
    wrapper = tmp_path / "bin" / "restic"
    wrapper.parent.mkdir()
    wrapper.write_text(
        '#!/bin/sh\n[ "$1" = backup ] && { shift; set -- backup --exclude=2.bin "$@"; }\n'
        f'exec {shutil.which("restic")} "$@"\n'
    )
    wrapper.chmod(0o755)
    path = f"{wrapper.parent}:/usr/bin:/bin"
    assert site.cli("init").returncode == 0
    assert site.cli("run", PATH=path).returncode == 3
    assert ("BKP-016", "job:files", "absent") in site.findings("backup")
    done = site.cli("verify")
    assert done.returncode == 1
    assert (
        f'absent   {site.source}/docs/2.bin  exclude "2.bin" is not in the profile' in done.stdout
    )


def test_a_live_file_that_was_dropped_is_found(site: Site, tmp_path: Path) -> None:
    """It changed while it was backed up, but it was there all along."""
    live = site.source / "live.db"
    live.write_text("before")
    wrapper = tmp_path / "bin" / "restic"
    wrapper.parent.mkdir()
    wrapper.write_text(
        f'#!/bin/sh\n[ "$1" = backup ] && {{ echo after >>"{live}"; shift;'
        ' set -- backup --exclude=live.db "$@"; }\n'
        f'exec {shutil.which("restic")} "$@"\n'
    )
    wrapper.chmod(0o755)
    assert site.cli("init").returncode == 0
    assert site.cli("run", PATH=f"{wrapper.parent}:/usr/bin:/bin").returncode == 3
    done = site.cli("verify")
    assert done.returncode == 1
    assert f"absent   {live}" in done.stdout


def test_a_source_nested_deeper_than_the_stack_is_proven(site: Site) -> None:
    deep = site.source
    for _ in range(1100):
        deep /= "a"
        deep.mkdir()
    (deep / "file").write_text("deep")
    try:
        assert site.cli("init").returncode == 0 and site.cli("run").returncode == 0
        done = site.cli("verify")
    finally:
        sandbox.remove(site.source / "a")  # pytest would trip over it as we did
    assert done.returncode == 0, done.stderr
    assert list((site.root / ".msptool" / "sandbox").iterdir()) == []


def test_both_ills_at_once_are_both_named(sound: Site) -> None:
    sound.restic("backup", "--tag", "job=files", "--exclude", "a.txt", "--", str(sound.source))
    flip(sound.packs()[-1])
    assert sound.cli("verify").returncode == 1
    found = sound.findings("restore")
    assert {("BKP-013", "job:files", "damaged"), ("BKP-013", "job:files", "absent")} <= found


def test_ordinary_edits_of_the_live_source_are_no_alarm(site: Site) -> None:
    assert site.cli("init").returncode == 0 and site.cli("run").returncode == 0
    (site.source / "a.txt").write_text("edited")
    (site.source / "docs/0.bin").unlink()
    (site.source / "new").write_text("new")
    (site.source / "docs/1.bin").rename(site.source / "renamed")
    assert site.cli("verify").returncode == 0
    site.restic("backup", "--", str(site.source))
    (site.source / "docs/2.bin").unlink()
    (site.source / "newer").write_text("newer")
    assert site.cli("verify").returncode == 0


def test_the_proof_is_cold(sound: Site) -> None:
    """The cache of this machine hides lost metadata from restores here, and nowhere else."""
    assert sound.cli("run").returncode == 0
    flip(sound.packs()[0])
    done = sound.cli("verify")
    assert done.returncode == 1
    parts = {part for check, _, part in sound.findings("restore") if check == "BKP-013"}
    assert parts & {"not-restorable", "damaged"}


def test_restic_is_not_asked_for_snapshots_that_our_seals_tell(sound: Site, tmp_path: Path) -> None:
    """Each opening of a repository costs half a second of CPU."""
    wrapper = tmp_path / "bin/restic"
    wrapper.parent.mkdir()
    wrapper.write_text(
        f'#!/bin/sh\necho "$1" >>{tmp_path}/asked\nexec {shutil.which("restic")} "$@"\n'
    )
    wrapper.chmod(0o755)

    def asked() -> list[str]:
        (tmp_path / "asked").unlink(missing_ok=True)
        sound.cli("verify", PATH=f"{wrapper.parent}:/usr/sbin:/usr/bin:/sbin:/bin")
        return [verb for verb in (tmp_path / "asked").read_text().split() if verb != "version"]

    assert asked() == ["check", "stats", "restore"]
    sound.restic("backup", "--tag", "theirs", "--", str(sound.source))
    assert asked()[:2] == ["snapshots", "check"]


@pytest.mark.parametrize("lost", ["index", "snapshots", "config"] if FULL else ["snapshots"])
def test_lost_metadata_is_not_restorable(sound: Site, lost: str) -> None:
    path = sound.repo / lost
    for file in [path] if path.is_file() else path.iterdir():
        file.unlink()
    done = sound.cli("verify")
    assert done.returncode == 1, done.stdout + done.stderr
    assert ("BKP-013", "job:files", "not-restorable") in sound.findings("restore")


def test_a_manifest_that_was_changed_vouches_for_nothing(sound: Site) -> None:
    (path,) = (sound.root / "manifests" / "files").iterdir()
    path.write_bytes(path.read_bytes().replace(b'"a.txt', b'"b.txt') + b"")
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:-1]))
    done = sound.cli("verify")
    assert done.returncode == 3
    assert "the sealed manifest was changed after the backup" in done.stderr
    assert sound.facts("restore", "job:files")["last_proven_at"] is None


def test_a_manifest_that_names_another_run_vouches_for_nothing(sound: Site) -> None:
    (path,) = (sound.root / "manifests" / "files").iterdir()
    head, *entries = path.read_bytes().splitlines(keepends=True)
    run = json.loads(head)["run"].encode()
    path.write_bytes(head.replace(run, b"0" * len(run)) + b"".join(entries[:-1]))
    done = sound.cli("verify")
    assert done.returncode == 3
    assert "the sealed manifest was changed after the backup" in done.stderr


@pytest.mark.parametrize("how", ["cut", "gone"])
def test_a_newer_manifest_that_is_lost_is_no_pass(sound: Site, how: str) -> None:
    before = set((sound.root / "manifests" / "files").iterdir())
    assert sound.cli("run").returncode == 0
    (path,) = set((sound.root / "manifests" / "files").iterdir()) - before
    path.write_bytes(path.read_bytes()[:20]) if how == "cut" else path.unlink()
    done = sound.cli("verify")
    assert done.returncode == 3 and "the sealed manifest cannot be read" in done.stderr
    assert ("BKP-018", "job:files", "could-not-run") in sound.findings("restore")
    outcomes = {a.check: a.outcome for a in sound.report("restore").attempts if "job" in a.thing}
    assert outcomes["BKP-013"] == "unknown"
    assert sound.facts("restore", "job:files")["last_proven_at"] is None


def test_a_manifest_that_no_run_tells_of_vouches_for_nothing(sound: Site) -> None:
    for folder in runs.folders(sound.workspace, "backup"):
        shutil.rmtree(folder)
    done = sound.cli("verify")
    assert done.returncode == 3 and "no backup run tells of the sealed manifest" in done.stderr
    assert sound.cli("run").returncode == 0 and sound.cli("verify").returncode == 0


def test_no_backup_at_all_is_a_finding(site: Site) -> None:
    assert site.cli("init").returncode == 0
    done = site.cli("verify")
    assert done.returncode == 1
    assert site.findings("restore") == {("BKP-002", "job:files", "")}
    assert site.facts("restore", "job:files")["verdict"] == "stale"


def test_the_last_proof_is_carried_on(sound: Site) -> None:
    assert sound.cli("verify").returncode == 0
    proven_at = sound.facts("restore", "job:files")["last_proven_at"]
    flip(sound.packs()[-1])
    assert sound.cli("verify").returncode == 1
    facts = sound.facts("restore", "job:files")
    assert facts["last_proven_at"] == proven_at and facts["verdict"] == "damaged"


def test_evidence_is_kept_without_the_password(sound: Site) -> None:
    done = sound.cli("verify", "--json")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [lines[0]["type"], lines[-1]["type"]] == ["report", "end"]
    kept = [line for line in lines if line["type"] == "evidence"]
    assert {"restic check", "test restore"} <= {line["source"].partition(",")[0] for line in kept}
    written = [p for p in sound.root.rglob("*") if p.is_file() and "secrets" not in p.parts]
    assert not [path for path in written if PASSWORD.encode() in path.read_bytes()]


def test_it_speaks_the_engineers_language(sound: Site) -> None:
    flip(sound.packs()[-1])
    done = sound.cli("verify", MSPTOOL_LANG="ru_RU.UTF-8")
    assert done.stdout.startswith("files: ПОВРЕЖДЕНО, негодных файлов 1 из 5 (снимок ")
