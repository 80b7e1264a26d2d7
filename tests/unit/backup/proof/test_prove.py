from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from msptool import files, profile, runs
from msptool.backup import jobs, manifest, words
from msptool.backup.manifest import Seal
from msptool.backup.pick import tag
from msptool.backup.proof import account, trial
from msptool.backup.proof.account import Work
from msptool.backup.proof.levels import Plan
from msptool.backup.proof.opening import Opened
from msptool.backup.proof.prove import Proof, prove
from msptool.backup.proof.trial import Bench
from msptool.backup.repository import repositories
from msptool.backup.repository.answers import Snapshot
from msptool.backup.repository.restic import Access, Tool
from msptool.backup.walls.sandbox import Sandbox
from msptool.errors import DiskError, Place, ProfileError
from msptool.judge import Verdict
from msptool.model import End, Header, Report
from msptool.process import SecretFile
from msptool.profile.shape import Job, Repository
from msptool.terminal import Progress
from msptool.workspace import Workspace

FULL = Plan(4, "full", "whole")
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
SNAPSHOT = Snapshot("a" * 64, NOW - timedelta(hours=1), ("/srv",), (tag("files"),))
PROFILE = """
msptool: 1
client: {code: ACME, name: Acme}
backup:
  repositories: {nas: {path: repo, password: "env:ACME_NAS"}}
  jobs:
    files: {repository: nas, paths: [/srv]}
"""


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    workspace = Workspace(tmp_path)
    workspace.client_file.write_text(PROFILE)
    box = Sandbox(files.make_folder(tmp_path / "box"))
    run = runs.start(workspace, "restore")
    return Bench(workspace, profile.load(workspace), run, box, Progress(None), NOW)


@pytest.fixture
def opened(tmp_path: Path) -> Opened:
    """A repository that lists a snapshot."""
    tool = Tool("restic", "0.14.0")
    return Opened(Access(tool, str(tmp_path / "repo"), SecretFile("x")), (SNAPSHOT,))


def sealed(workspace: Workspace) -> None:
    """Seal a manifest of the snapshot, and commit the run that did it."""
    run = runs.start(workspace, "backup")
    at = SNAPSHOT.time
    head = Seal(
        job="files", run=run.ident, snapshot=SNAPSHOT.id, paths=("/srv",), exclude=(),
        walked_at=at, sealed_at=at, complete=True, restic="0.14.0",
    )  # fmt: skip
    _, sha256 = manifest.seal(workspace, head, ())
    thing = jobs.thing("files", {"snapshot": SNAPSHOT.id, "manifest_sha256": sha256})
    header = Header(run=run.ident, client="ACME", kind="backup", msptool="0", started_at=at)
    runs.commit(run, Report(header=header, end=End(ended_at=at, complete=True), things=(thing,)))


def proof(bench: Bench, opened: Opened) -> Proof:
    return prove(bench, opened, "files", bench.loaded.profile.backup.jobs["files"], FULL)


def judgement(bench: Bench, made: Proof) -> Verdict:
    return account.of(bench, Work({}, proofs=(made,)), {}, NOW).said


def test_what_breaks_within_a_proof_says_nothing_of_the_backups_age(
    bench: Bench, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_given: object, **_named: object) -> trial.Tested:
        raise DiskError("disk.failed", "cannot write: No space left on device")

    monkeypatch.setattr(trial, "restore", full)
    sealed(bench.workspace)
    said = judgement(bench, proof(bench, opened))
    outcomes = {attempt.check: attempt.outcome for attempt in said.attempts}
    assert {outcomes[check] for check in ("BKP-002", "BKP-013", "BKP-019")} == {"unknown"}
    assert {(f.check, f.subject.part) for f in said.findings} == {("BKP-018", "could-not-run")}


def test_a_home_of_nobody_is_the_jobs_own_failure(bench: Bench, opened: Opened) -> None:
    made = prove(bench, opened, "files", Job(repository="nas", paths=("~no-such-user/data",)), FULL)
    assert (made.verdict, made.code) == ("could-not-run", "backup.path")
    assert made.faults[0].detail == "~no-such-user/data: no such user"
    nowhere = Repository(path="~no-such-user/repo", password="env:X")
    with pytest.raises(ProfileError, match="no such user"):
        repositories.folder(bench.workspace, nowhere)


@pytest.mark.parametrize(
    ("error", "detail"),
    [
        (PermissionError(13, "Permission denied", "/srv/x"), "Permission denied: /srv/x"),
        (OSError(24, "Too many open files"), "Too many open files"),
        (msgspec.DecodeError("not JSON"), words.NO_ANSWER),
        (DiskError("disk.failed", "cannot write", place=Place("/x")), "cannot write (/x)"),
    ],
)
def test_whatever_breaks_a_proof_is_its_outcome(
    bench: Bench, opened: Opened, monkeypatch: pytest.MonkeyPatch, error: Exception, detail: str
) -> None:
    def broken(*_given: object, **_named: object) -> trial.Tested:
        raise error

    monkeypatch.setattr(trial, "restore", broken)
    sealed(bench.workspace)
    made = proof(bench, opened)
    assert [(f.verdict, f.detail) for f in made.faults] == [("could-not-run", detail)]
