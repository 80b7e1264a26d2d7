import os
from pathlib import Path

import pytest

from msptool.backup import words
from msptool.backup.manifest import Entry
from msptool.backup.saving import hollow


@pytest.fixture
def share(tmp_path: Path) -> Path:
    """A source of ten files, five of them in a share."""
    for number in range(5):
        for folder in ("share/letters", "own"):
            (tmp_path / folder).mkdir(parents=True, exist_ok=True)
            (tmp_path / folder / f"{number}.txt").write_text("x" * 100)
    return tmp_path


def entries(source: Path, *, without: str = "nothing") -> dict[str, Entry]:
    found = {}
    for folder, _, names in os.walk(source):
        found[folder] = Entry(path=folder, kind="folder")
        for name in names:
            path = f"{folder}/{name}"
            if without not in path:
                found[path] = Entry(path=path, kind="file", size_bytes=Path(path).stat().st_size)
    return found


def said(source: Path, before: dict[str, Entry], *, without: str = "nothing") -> list[str]:
    now = entries(source, without=without).values()
    return [lack.detail for lack in hollow.lacks(list(now), before)]


def test_a_share_that_is_not_mounted_leaves_its_folder_empty(share: Path) -> None:
    before = entries(share)
    for path in (share / "share/letters").iterdir():
        path.unlink()
    (share / "share/letters").rmdir()
    assert said(share, before) == [words.EMPTIED]
    (lack,) = hollow.lacks(list(entries(share).values()), before)
    assert lack.names == (f"{share}/share",)


def test_files_that_an_exclude_leaves_out_still_stand(share: Path) -> None:
    assert said(share, entries(share), without="/share/") == [words.LEFT_OUT]


def test_what_a_person_deletes_goes_with_its_folder(share: Path) -> None:
    before = entries(share)
    for path in (share / "share/letters").iterdir():
        path.unlink()
    (share / "share/letters").rmdir()
    (share / "share").rmdir()
    assert said(share, before) == []


def test_a_small_spool_runs_empty_every_day(share: Path) -> None:
    (share / "spool").mkdir()
    (share / "spool/1").write_text("x")
    before = entries(share)
    (share / "spool/1").unlink()
    assert said(share, before) == []


def test_nothing_gone_is_nothing_said(share: Path) -> None:
    assert said(share, entries(share)) == []
