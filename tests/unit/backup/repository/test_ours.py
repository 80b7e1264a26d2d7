import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from msptool.backup import manifest
from msptool.backup.manifest import Seal
from msptool.backup.repository import ours
from msptool.backup.repository.answers import Snapshot
from msptool.workspace import Workspace

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
JOBS = ("files",)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    (tmp_path / "repo/snapshots").mkdir(parents=True)
    return Workspace(tmp_path)


def kept(workspace: Workspace, text: bytes) -> str:
    """Put a snapshot's file where restic puts it; return its id."""
    ident = hashlib.sha256(text).hexdigest()
    (workspace.root / "repo/snapshots" / ident).write_bytes(text)
    return ident


def sealed(workspace: Workspace, ident: str, days: int) -> None:
    at = NOW - timedelta(days=days)
    head = Seal(
        job="files", run="r", snapshot=ident, paths=("/srv",), exclude=(), walked_at=at,
        sealed_at=at, complete=True, restic="0.14.0",
    )  # fmt: skip
    manifest.seal(workspace, head, ())


def listed(workspace: Workspace, new: str) -> tuple[Snapshot, ...] | None:
    claimed = ours.claimed(new, "files", ("/srv",), NOW)
    return ours.listed(workspace.root / "repo", workspace, JOBS, claimed)


def test_our_seals_tell_all_snapshots(workspace: Workspace) -> None:
    older, old, new = (kept(workspace, text) for text in (b"1", b"2", b"3"))
    sealed(workspace, old, 1)
    sealed(workspace, older, 2)
    found = listed(workspace, new[:8])
    assert found is not None and [s.id for s in found] == [older, old, new]
    assert found[-1].tags == ("job=files",) and found[-1].time == NOW


def test_a_snapshot_of_somebody_else_is_for_restic_to_tell(workspace: Workspace) -> None:
    kept(workspace, b"theirs")
    assert listed(workspace, kept(workspace, b"new")) is None


def test_a_damaged_snapshot_is_for_restic_to_tell(workspace: Workspace) -> None:
    old, new = kept(workspace, b"old"), kept(workspace, b"new")
    sealed(workspace, old, 1)
    (workspace.root / "repo/snapshots" / old).write_bytes(b"rot")
    assert listed(workspace, new) is None


def test_a_snapshot_that_is_not_there_was_not_made(workspace: Workspace) -> None:
    kept(workspace, b"new")
    assert listed(workspace, "0" * 8) is None
    assert ours.listed(
        workspace.root / "gone", workspace, JOBS, ours.claimed("0" * 8, "files", (), NOW)
    ) is None  # fmt: skip
