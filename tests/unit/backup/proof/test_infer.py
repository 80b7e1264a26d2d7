from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from msptool.backup import manifest
from msptool.backup.manifest import Entry
from msptool.backup.patterns import Excludes
from msptool.backup.proof import infer

NONE = Excludes(())


@pytest.fixture
def source(tmp_path: Path) -> Path:
    made = tmp_path / "source"
    made.mkdir()
    for name in ("kept", "edited", "deleted"):
        (made / name).write_text(name)
    return made


def expected(source: Path, sealed: dict[str, Entry], at: datetime) -> dict[str, Entry]:
    entries = infer.expected(sealed.values(), [str(source)], NONE, at)
    return {Path(entry.path).name: entry for entry in entries}


def test_only_what_is_certain_is_expected(source: Path) -> None:
    sealed = manifest.survey([str(source)], NONE, {})
    (source / "edited").write_text("another")
    (source / "deleted").unlink()
    (source / "new").write_text("new")
    later = datetime.now(UTC) + timedelta(hours=1)
    found = expected(source, sealed, later)
    assert found["kept"].sha256 == sealed[f"{source}/kept"].sha256 != ""
    assert found["edited"].sha256 == ""  # its presence, whatever its content
    assert "deleted" not in found
    assert found["new"].sha256 == ""


def test_what_came_after_the_snapshot_is_not_expected(source: Path) -> None:
    earlier = datetime.now(UTC) - timedelta(hours=1)
    assert set(expected(source, {}, earlier)) == set()


def test_a_moved_or_unread_entry_promises_no_content(source: Path) -> None:
    sealed = manifest.survey([str(source)], NONE, {})
    (source / "kept").write_text("meanwhile")
    settled = {e.path: e for e in manifest.settle(sealed, [str(source)], NONE, ())}
    found = expected(source, settled, datetime.now(UTC) + timedelta(hours=1))
    assert found["kept"].sha256 == "" and not found["kept"].moved
