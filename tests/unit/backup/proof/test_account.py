"""What one run of proofs makes of an earlier one's words."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from msptool import files, profile, runs
from msptool.backup.exhibit import Fault
from msptool.backup.keeping import guard
from msptool.backup.proof import account, trial
from msptool.backup.proof.account import Work
from msptool.backup.proof.compare import Comparison
from msptool.backup.proof.coverage import PackStanding, Standing
from msptool.backup.proof.levels import Plan
from msptool.backup.proof.opening import Opened
from msptool.backup.proof.prove import Proof
from msptool.backup.proof.reading import Reading
from msptool.backup.proof.trial import Bench
from msptool.backup.repository.answers import Snapshot
from msptool.backup.repository.restic import Access, Tool
from msptool.backup.walls.sandbox import Sandbox
from msptool.model import Scalar
from msptool.process import SecretFile
from msptool.terminal import Progress
from msptool.workspace import Workspace

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
SNAPSHOT = Snapshot("a" * 64, NOW - timedelta(hours=1))
SAME = Comparison((), 3, 0, 0, 0, 3, 300, 3)
FULL = Plan(5, "full", "whole")
SAMPLE = Plan(5, "sample", "part", 1.0)
SHALLOW = Plan(1, "none", "none", 0.0)
Facts = Mapping[str, Scalar]


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    workspace = Workspace(tmp_path)
    workspace.client_file.write_text(
        "msptool: 1\nclient: {code: ACME, name: Acme}\nbackup:\n"
        '  repositories: {nas: {path: repo, password: "env:ACME_NAS"}}\n'
        "  jobs: {files: {repository: nas, paths: [/srv]}}\n"
    )
    box = Sandbox(files.make_folder(tmp_path / "box"))
    run = runs.start(workspace, "restore")
    return Bench(workspace, profile.load(workspace), run, box, Progress(None), NOW)


def covered(*, never: int, oldest_at: datetime) -> Standing:
    return Standing(3, 3 - never, 3, 3 - never, 300, 300, oldest_at, ("x",) * never)  # type: ignore[arg-type]


def proven(plan: Plan, *faults: Fault, standing: Standing | None = None) -> Proof:
    tested = trial.Tested(SNAPSHOT, faults, SAME, 2.0)
    sealed = tested if plan.restore != "none" else None
    return Proof("files", plan, faults, sealed=sealed, covered=standing)


def job(bench: Bench, proof: Proof, earlier: Facts) -> Facts:
    told = account.of(bench, Work({}, proofs=(proof,)), {"job:files": earlier}, NOW)
    return next(thing.facts for thing in told.things if thing.id == "job:files")


def test_a_whole_proof_is_the_last_one(bench: Bench) -> None:
    facts = job(bench, proven(FULL), {})
    assert facts["last_proven_at"] == facts["last_full_at"] == "2026-06-01T12:00:00Z"
    assert (facts["proven_snapshot"], facts["full_rto_s"], facts["full_bytes"]) == (
        SNAPSHOT.id, 2.0, 300,
    )  # fmt: skip


def test_a_clean_sample_is_no_whole_proof(bench: Bench) -> None:
    some = covered(never=1, oldest_at=NOW)
    facts = job(bench, proven(SAMPLE, standing=some), {"last_proven_at": "2026-05-01T00:00:00Z"})
    assert facts["last_proven_at"] == "2026-05-01T00:00:00Z"
    assert facts["last_full_at"] is None


def test_samples_that_left_nothing_out_are_a_proof_as_old_as_the_oldest(bench: Bench) -> None:
    every = covered(never=0, oldest_at=NOW - timedelta(days=3))
    facts = job(bench, proven(SAMPLE, standing=every), {})
    assert facts["last_proven_at"] == "2026-05-29T12:00:00Z"
    assert facts["proven_snapshot"] == SNAPSHOT.id and facts["last_full_at"] is None


def test_samples_take_no_newer_proof_back(bench: Bench) -> None:
    every = covered(never=0, oldest_at=NOW - timedelta(days=3))
    newer = {"last_proven_at": "2026-05-31T12:00:00Z"}
    assert job(bench, proven(SAMPLE, standing=every), newer)["last_proven_at"] == (
        "2026-05-31T12:00:00Z"
    )


def test_a_snapshot_that_came_back_once_and_does_not_any_more_is_not_proven(bench: Bench) -> None:
    first = job(bench, proven(FULL), {})
    facts = job(bench, proven(FULL, Fault("damaged")), first)
    assert not guard.proven_of(facts), "forget would let its elders go"
    assert facts["last_proven_at"] == first["last_proven_at"]
    blind = job(bench, proven(FULL, Fault("could-not-run")), first)
    assert guard.proven_of(blind) == SNAPSHOT.id, "nothing was learnt"


def test_samples_beside_known_damage_are_no_proof(bench: Bench) -> None:
    all_of_it = covered(never=0, oldest_at=NOW - timedelta(days=2))
    earlier = {"verdict": "damaged", "last_proven_at": "2026-05-01T00:00:00Z"}
    facts = job(bench, proven(SAMPLE, standing=all_of_it), earlier)
    assert facts["last_proven_at"] == "2026-05-01T00:00:00Z" and not guard.proven_of(facts)


@pytest.mark.parametrize("plan", [SAMPLE, SHALLOW])
def test_what_saw_less_does_not_take_damage_back(bench: Bench, plan: Plan) -> None:
    facts = job(bench, proven(plan), {"verdict": "damaged", "detail": "said then"})
    assert (facts["verdict"], facts["detail"]) == ("damaged", "said then")
    assert job(bench, proven(FULL), {"verdict": "damaged"})["verdict"] == "ok"
    assert job(bench, proven(plan), {"verdict": "locked"})["verdict"] != "locked"


def test_graver_damage_is_told_as_it_is(bench: Bench) -> None:
    lost = Fault("not-restorable", "now")
    facts = job(bench, proven(SAMPLE, lost), {"verdict": "damaged", "detail": "then"})
    assert (facts["verdict"], facts["detail"]) == ("not-restorable", "now")


def repository(bench: Bench, told: Reading | None, earlier: Facts) -> account.Account:
    access = Access(Tool("restic", "0.14.0"), "/repo", SecretFile("x"))
    work = Work({"nas": Opened(access, reading=told)})
    return account.of(bench, work, {"repo:nas": earlier}, NOW)


@pytest.mark.parametrize("told", [None, Reading("ok", "")])
def test_a_sound_structure_takes_no_broken_pack_back(bench: Bench, told: Reading | None) -> None:
    earlier: Facts = {"verdict": "damaged", "clean": False, "part": "3/30", "broken_packs": 1}
    made = repository(bench, told, earlier)
    (facts,) = (t.facts for t in made.things if t.id == "repo:nas")
    assert (facts["verdict"], facts["part"], facts["broken_packs"]) == ("damaged", "3/30", 1)
    (attempt,) = (a for a in made.said.attempts if a.check == "BKP-013")
    assert attempt.outcome == "unknown"


def test_packs_that_were_read_speak_for_themselves(bench: Bench) -> None:
    made = repository(bench, Reading("ok", "3/30"), {"verdict": "damaged", "clean": False})
    (facts,) = (t.facts for t in made.things if t.id == "repo:nas")
    assert (facts["verdict"], facts["clean"]) == ("ok", True)


def test_packs_are_told_as_they_were_where_none_were_listed(bench: Bench) -> None:
    names = ("packs", "packs_read", "packs_oldest_at")
    standing = PackStanding(packs=9, read=4, oldest_at=NOW, never=("a",) * 5, broken=())
    told: Facts = {}
    for reading in (Reading("ok", "3/30", standing=standing), Reading("ok", ""), None):
        made = repository(bench, reading, told)
        (told,) = (t.facts for t in made.things if t.id == "repo:nas")
        assert tuple(told[name] for name in names) == (9, 4, "2026-06-01T12:00:00Z")


def test_findings_carry_the_head_of_the_jobs_chain(bench: Bench) -> None:
    damaged = proven(FULL, Fault("damaged", "x", ("/srv/a",), 1))
    made = account.of(bench, Work({}, proofs=(damaged,)), {}, NOW)
    signed = account.with_heads(made, {"job:files": {"evidence_head": "ab"}})
    assert {f.facts["evidence_head"] for f in signed.said.findings} == {"ab"}
    assert [t.facts["evidence_head"] for t in signed.things if t.id == "job:files"] == ["ab"]
