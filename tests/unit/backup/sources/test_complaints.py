import os
from pathlib import Path

import pytest

from msptool.backup import manifest, names
from msptool.backup.manifest import Entry
from msptool.backup.patterns import Excludes
from msptool.backup.repository.outcome import Outcome
from msptool.backup.sources import complaints

INCOMPLETE = Outcome("incomplete-source", "some source file could not be read")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    made = tmp_path / "source"
    (made / "docs").mkdir(parents=True)
    (made / "a.txt").write_text("hello")
    return made


@pytest.fixture
def before(source: Path) -> dict[str, Entry]:
    return manifest.survey([str(source)], Excludes(()), {})


def verdict(before: dict[str, Entry], source: Path, *paths: Path | str) -> str:
    written = [names.written(str(path)) for path in paths]
    return complaints.explained(INCOMPLETE, written, before, [str(source)]).verdict


def test_what_restic_says_is_read_from_both_forms() -> None:
    said = (
        b'{"message_type":"error","error":{"message":"no"},"item":"/srv/a"}\nerror: /srv/b\\: no\n'
    )
    assert complaints.unread(said) == {"/srv/a", "/srv/b\\\\"}


def test_a_folder_that_we_can_list_is_damage_of_an_earlier_snapshot(
    source: Path, before: dict[str, Entry]
) -> None:
    (source / "new").mkdir()
    for path in (source, source.parent, "/", source / "docs", source / "new"):
        assert verdict(before, source, path) == "damaged", path


def test_a_file_that_came_and_went_is_nothing(source: Path, before: dict[str, Entry]) -> None:
    assert verdict(before, source, source / "tmp123") == "ok"
    assert verdict(before, source, source / "a.txt" / "x") == "ok"


def test_what_stands_or_was_surveyed_is_still_told(source: Path, before: dict[str, Entry]) -> None:
    (source / "new.txt").touch()
    for path in (source / "new.txt", source / "a.txt", source / "gone\ufffd"):
        assert verdict(before, source, path) == "incomplete-source"
        assert verdict(before, source, source / "tmp123", path) == "incomplete-source"
    assert verdict(before, source) == "incomplete-source"


def test_what_we_may_not_look_at_is_still_told(
    source: Path, before: dict[str, Entry], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_path: bytes) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "lstat", refused)
    assert verdict(before, source, source / "hidden") == "incomplete-source"


def test_another_end_is_not_explained_away(source: Path, before: dict[str, Entry]) -> None:
    full = Outcome("disk-full", "no space left on device")
    path = names.written(str(source / "tmp123"))
    assert complaints.explained(full, [path], before, [str(source)]) == full
