import os
from pathlib import Path

import pytest

from msptool.backup.restore import putback
from msptool.backup.restore.putback import Keeper, Tally


class Scene:
    """A staged tree, the folder where it belongs, and where replaced names are kept."""

    def __init__(self, root: Path) -> None:
        self.staged, self.real, self.place = (root / name for name in ("staged", "real", "place"))
        for folder in (self.staged, self.real, self.place):
            folder.mkdir()
        self.kept = self.place / "kept" / "top"

    def put(self) -> Tally:
        tally = Tally()
        handles = [os.open(at, os.O_RDONLY) for at in (self.staged, self.real, self.place)]
        try:
            keeper = Keeper(handles[2], self.place, "kept", tally)
            putback.put(handles[0], handles[1], b"/top", keeper)
        finally:
            for handle in handles:
                os.close(handle)
        return tally


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path)


def test_new_names_come_and_nothing_is_kept(scene: Scene) -> None:
    (scene.staged / "a/b").mkdir(parents=True)
    (scene.staged / "a/b/file").write_text("new")
    tally = scene.put()
    assert (scene.real / "a/b/file").read_text() == "new"
    assert (tally.replaced, tally.kept, tally.refused) == (0, [], [])


def test_what_differs_is_replaced_and_kept_and_the_rest_left_alone(scene: Scene) -> None:
    for root, text in ((scene.staged, "restored"), (scene.real, "original")):
        (root / "in").mkdir()
        (root / "in/file").write_text(text)
        (root / "same").write_text("same")
    before = (scene.real / "same").stat()
    (scene.real / "in/other").write_text("other")
    tally = scene.put()
    assert (scene.real / "in/file").read_text() == "restored"
    assert (scene.real / "in/other").read_text() == "other"
    assert (scene.kept / "in/file").read_text() == "original"
    assert (scene.real / "same").stat() == before
    assert (tally.placed, tally.same, tally.replaced) == (1, 1, 1)
    assert tally.kept == [scene.place / "kept"]


def test_no_link_is_followed(scene: Scene, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "file").write_text("outside")
    (scene.staged / "in").mkdir()
    (scene.staged / "in/file").write_text("restored")
    (scene.staged / "file").write_text("restored")
    (scene.real / "in").symlink_to(outside)
    (scene.real / "file").symlink_to(outside / "file")
    scene.put()
    assert (outside / "file").read_text() == "outside"
    assert (scene.real / "in/file").read_text() == "restored" and not (
        scene.real / "in"
    ).is_symlink()
    assert (scene.kept / "in").is_symlink() and (scene.kept / "file").is_symlink()


def test_a_link_planted_under_our_hands_is_refused(
    scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It looked like a folder, and is a link when we enter it."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (scene.staged / "in").mkdir()
    (scene.staged / "in/file").write_text("restored")
    (scene.real / "in").symlink_to(outside)
    monkeypatch.setattr(putback, "_is_folder", lambda _folder, name: name == b"in")
    tally = scene.put()
    assert list(outside.iterdir()) == []
    assert tally.refused == [("/top/in", "a link or a file stands where a folder belongs")]


def test_kinds_may_change(scene: Scene) -> None:
    (scene.staged / "was-folder").write_text("file")
    (scene.real / "was-folder").mkdir()
    (scene.real / "was-folder/inner").write_text("inner")
    (scene.staged / "was-file").mkdir()
    (scene.real / "was-file").write_text("old")
    tally = scene.put()
    assert (scene.real / "was-folder").read_text() == "file" and (scene.real / "was-file").is_dir()
    assert (scene.kept / "was-folder/inner").read_text() == "inner"
    assert (scene.kept / "was-file").read_text() == "old"
    assert tally.refused == []


def test_without_hard_links_an_original_is_moved(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_words: object, **_options: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    (scene.staged / "file").write_text("restored")
    (scene.real / "file").write_text("original")
    monkeypatch.setattr(os, "link", refused)
    assert scene.put().refused == []
    assert (scene.kept / "file").read_text() == "original"
    assert (scene.real / "file").read_text() == "restored"


def test_a_full_disk_ends_it(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_words: object, **_options: object) -> None:
        raise OSError(28, "No space left on device")

    (scene.staged / "file").write_text("restored")
    monkeypatch.setattr(os, "rename", full)
    with pytest.raises(OSError, match="No space"):
        scene.put()


def test_names_that_are_no_text_are_moved(scene: Scene) -> None:
    (scene.staged / os.fsdecode(b"bad\xff")).write_text("x")
    scene.put()
    assert os.listdir(os.fsencode(scene.real)) == [b"bad\xff"]  # noqa: PTH208 - bytes
