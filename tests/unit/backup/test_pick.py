from datetime import UTC, datetime, timedelta

import pytest

from msptool.backup.manifest import Seal
from msptool.backup.pick import Choice, choose, tag
from msptool.backup.repository.answers import Snapshot

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
PATHS = ("/srv/data",)


def snapshot(name: str, hours_ago: float, *tags: str, paths: tuple[str, ...] = PATHS) -> Snapshot:
    return Snapshot(name, NOW - timedelta(hours=hours_ago), paths, tags or None)


def seal(name: str) -> Seal:
    return Seal(
        job="files", run="R", snapshot=name, paths=PATHS, exclude=(), walked_at=NOW,
        sealed_at=NOW, complete=True, restic="0.14.0",
    )  # fmt: skip


def pick(snapshots: list[Snapshot], *sealed: str) -> Choice:
    return choose(snapshots, {name: seal(name) for name in sealed}, "files", PATHS, NOW)


def test_no_snapshot_is_an_answer() -> None:
    choice = pick([])
    assert choice.sealed is None and choice.newest_at is None
    assert choice.reason == "no snapshot"


def test_the_newest_sealed_one_is_proven() -> None:
    own = tag("files")
    choice = pick([snapshot("a", 3, own), snapshot("c", 1, own), snapshot("b", 2, own)], "a", "c")
    assert choice.sealed is not None and choice.sealed.id == "c"
    assert choice.unsealed is None and choice.lost == ""


@pytest.mark.parametrize("tags", [(), (tag("files"),), ("nightly",)])
def test_a_newer_one_made_by_hand_is_seen(tags: tuple[str, ...]) -> None:
    choice = pick([snapshot("a", 3, tag("files")), snapshot("hand", 1, *tags)], "a")
    assert choice.sealed is not None and choice.sealed.id == "a"
    assert choice.unsealed is not None and choice.unsealed.id == "hand"


def test_an_older_one_made_by_hand_is_history() -> None:
    assert pick([snapshot("hand", 3), snapshot("a", 1, tag("files"))], "a").unsealed is None


def test_other_jobs_and_other_paths_are_not_ours() -> None:
    others = [snapshot("x", 1, tag("sql")), snapshot("y", 1, paths=("/etc",))]
    choice = pick([snapshot("a", 3, tag("files")), *others], "a")
    assert choice.unsealed is None


def test_a_sealed_snapshot_that_is_gone_is_named() -> None:
    choice = pick([snapshot("a", 3, tag("files"))], "a", "b")
    assert choice.lost == "b"
    assert choice.sealed is not None and choice.sealed.id == "a"


def test_a_snapshot_from_the_future_is_not_the_newest() -> None:
    choice = pick([snapshot("a", 3, tag("files")), snapshot("f", -24, tag("files"))], "a", "f")
    assert choice.newest_at == NOW - timedelta(hours=3)
