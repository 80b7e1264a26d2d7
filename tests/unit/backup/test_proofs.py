from datetime import UTC, datetime
from pathlib import Path

import pytest

from msptool import runs
from msptool.backup import jobs, proofs
from msptool.backup.proofs import Record
from msptool.model import End, Header, Report, Scalar
from msptool.workspace import Workspace

T0 = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path)


def backed_up(workspace: Workspace, job: str = "files", **facts: Scalar) -> Path:
    """Commit a backup run that says this of a job."""
    run = runs.start(workspace, "backup")
    header = Header(run=run.ident, client="ACME", kind="backup", msptool="0", started_at=T0)
    end = End(ended_at=T0, complete=True)
    return runs.commit(run, Report(header=header, end=end, things=(jobs.thing(job, facts),)))


def record(workspace: Workspace, snapshot: str, *sealed: str) -> Record:
    return proofs.record(workspace, "files", snapshot, sealed)


def test_the_hash_is_found_by_the_snapshot(workspace: Workspace) -> None:
    for name in "abc":
        backed_up(workspace, snapshot=name, manifest_sha256=f"hash-{name}")
    backed_up(workspace, "sql", snapshot="b", manifest_sha256="another job's")
    assert record(workspace, "b", "a", "b", "c") == Record("hash-b")


def test_a_snapshot_that_no_run_tells_of_has_no_hash(workspace: Workspace) -> None:
    assert record(workspace, "a", "a") == Record()
    spoilt = backed_up(workspace, snapshot="a", manifest_sha256="hash-a")
    (spoilt / "things.jsonl").write_bytes(b"")
    assert record(workspace, "a", "a") == Record()


def test_newer_ones_without_a_manifest_are_missing_and_older_ones_are_not(
    workspace: Workspace,
) -> None:
    for name in "abcd":
        backed_up(workspace, snapshot=name, manifest_sha256=f"hash-{name}")
    backed_up(workspace, verdict="wrong-password")
    assert record(workspace, "b", "b", "d") == Record("hash-b", ("c",))


def test_without_any_manifest_all_are_missing(workspace: Workspace) -> None:
    assert record(workspace, "") == Record()
    for name in "ab":
        backed_up(workspace, snapshot=name, manifest_sha256=f"hash-{name}")
    assert record(workspace, "") == Record(missing=("b", "a"))
