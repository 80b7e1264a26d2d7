"""What restic 0.14, 0.18 and 0.19 really said, in each state of a repository (see record.py)."""

import json
from pathlib import Path

import pytest

from msptool.backup.repository import answers
from msptool.backup.repository.outcome import classify, hopeless
from msptool.process import Done

CASES = sorted(
    path for path in (Path(__file__).parents[2] / "cases" / "restic").iterdir() if path.is_dir()
)
VERSIONS = ("0.14.0", "0.18.0", "0.19.1")


def said(case: Path, verb: str) -> Done:
    expected = json.loads((case / "expected.json").read_text())[verb]
    out, err = ((case / f"{verb}.{name}") for name in ("out", "err"))
    return Done(
        ("restic", verb),
        expected["code"],
        out.read_bytes() if out.exists() else b"",
        err.read_bytes() if err.exists() else b"",
        1.0,
        timed_out=expected["timed_out"],
    )


def test_there_are_cases_of_every_version() -> None:
    assert {case.name.partition("-")[0] for case in CASES} == set(VERSIONS)
    assert len(CASES) == 105


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_recorded_end_is_classified(case: Path) -> None:
    expected = json.loads((case / "expected.json").read_text())
    assert expected
    found = {verb: classify(said(case, verb)).verdict for verb in expected}
    assert found == {verb: told["verdict"] for verb, told in expected.items()}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_damage_is_never_called_a_failure_to_run(case: Path) -> None:
    state = case.name.partition("-")[2]
    expected = json.loads((case / "expected.json").read_text())
    if not state.startswith(("flipped", "cut", "lost-index")):
        return
    assert classify(said(case, "check")).verdict in ("damaged", "not-restorable")
    assert classify(said(case, "restore")).verdict in ("damaged", "not-restorable")
    assert all(told["verdict"] != "locked" for told in expected.values())


_REMOTE = {
    "missing": {"repository-missing"},
    "gone": {"storage-unreachable"},
    "refused": {"storage-unreachable"},
    "stranger": {"storage-unreachable"},
    "killed": {"storage-unreachable"},
    "flipped-data": {"damaged"},
    "cut-data": {"damaged"},
    "lost-data": {"damaged"},
    "flipped-index": {"not-restorable"},
    "sound": {"ok"},
}


@pytest.mark.parametrize("kind", ["sftp", "rest"])
@pytest.mark.parametrize("state", _REMOTE)
def test_damage_never_looks_like_a_lost_way_nor_a_lost_way_like_damage(
    kind: str, state: str
) -> None:
    for version in VERSIONS:
        case = CASES[0].parent / f"{version}-{kind}-{state}"
        verbs = json.loads((case / "expected.json").read_text())
        assert {classify(said(case, verb)).verdict for verb in verbs} == _REMOTE[state], version


@pytest.mark.parametrize("version", VERSIONS[1:])
def test_knocking_at_a_closed_door_is_given_up(version: str) -> None:
    """0.14 gives up by itself."""
    assert hopeless((CASES[0].parent / f"{version}-rest-gone" / "snapshots.err").read_bytes())
    assert not hopeless(
        (CASES[0].parent / f"{version}-rest-killed" / "check.err").read_bytes()[:900]
    )


@pytest.mark.parametrize("version", VERSIONS)
def test_broken_packs_are_named(version: str) -> None:
    for state in ("flipped-data", "cut-data"):
        done = said(CASES[0].parent / f"{version}-{state}", "check")
        packs = answers.parse_packs(done.stdout, done.stderr)
        assert len(packs) == 1 and len(packs[0]) == 64


@pytest.mark.parametrize("version", VERSIONS)
def test_files_that_did_not_come_back_are_named(version: str) -> None:
    done = said(CASES[0].parent / f"{version}-flipped-data", "restore")
    problems = answers.parse_problems(done.stderr)
    assert problems and all(path.startswith("/case/source/docs/") for path in problems)
    assert "ciphertext verification failed" in next(iter(problems.values()))


@pytest.mark.parametrize("version", VERSIONS)
def test_a_snapshot_that_cannot_be_read_is_no_silence(version: str) -> None:
    done = said(CASES[0].parent / f"{version}-flipped-snapshot", "snapshots")
    assert done.returncode == 0 and answers.parse_snapshots(done.stdout) == ()
    assert len(answers.parse_unreadable(done.stderr)) == 1


@pytest.mark.parametrize("version", VERSIONS)
def test_the_summary_leads_to_the_snapshot(version: str) -> None:
    sound = CASES[0].parent / f"{version}-sound"
    summary = answers.parse_summary(said(sound, "backup").stdout)
    assert summary is not None and len(summary.snapshot_id) >= 8
    assert summary.total_files_processed == 4
    (snapshot,) = answers.parse_snapshots(said(sound, "snapshots").stdout)
    assert snapshot.paths == ("/case/source",) and snapshot.tags == ("job=files",)
    size = answers.parse_size(said(sound, "size").stdout)
    assert size is not None and (size.total_size, size.total_file_count >= 6) == (600_005, True)
