import os
import shutil
from collections.abc import Collection, Mapping
from pathlib import Path

import pytest

from msptool.backup import manifest, names
from msptool.backup.manifest import Entry
from msptool.backup.patterns import Excludes
from msptool.backup.proof.compare import Comparison, How, compare


class Pair:
    """A source and its restored copy below a target, as restic lays it out."""

    def __init__(self, root: Path) -> None:
        self.source = root / "source"
        self.source.mkdir()
        for name in ("a.txt", "docs/b.txt", "docs/deep/c.txt"):
            (self.source / name).parent.mkdir(parents=True, exist_ok=True)
            (self.source / name).write_text(name)
        (self.source / "link").symlink_to("a.txt")
        self.target = root / "target"

    def restore(self) -> Path:
        copy = Path(f"{self.target}{self.source}")
        shutil.copytree(self.source, copy, symlinks=True)
        return copy

    def compare(
        self,
        entries: Mapping[str, Entry],
        complaints: Mapping[str, str] | None = None,
        refused: Collection[str] = (),
    ) -> Comparison:
        return compare(
            entries.values(), self.target, [str(self.source)], complaints or {},
            lambda _count: None, refused=refused,
        )  # fmt: skip

    def survey(self) -> dict[str, Entry]:
        return manifest.survey([str(self.source)], Excludes(()), {})

    def hows(self, compared: Comparison) -> dict[str, How]:
        return {
            str(Path(names.read(d.path)).relative_to(self.source)): d.how
            for d in compared.differences
        }


@pytest.fixture
def pair(tmp_path: Path) -> Pair:
    return Pair(tmp_path)


def test_a_whole_restore_is_the_same(pair: Pair) -> None:
    entries = pair.survey()
    pair.restore()
    compared = pair.compare(entries)
    assert compared.differences == () and compared.extra == 0
    assert (compared.same, compared.files, compared.back) == (7, 3, 3)


def test_each_kind_of_difference_is_named(pair: Pair) -> None:
    entries = pair.survey()
    copy = pair.restore()
    (copy / "a.txt").write_text("A.txt")  # same size
    (copy / "docs/b.txt").unlink()
    (copy / "docs/deep/c.txt").unlink()
    (copy / "docs/deep/c.txt").mkdir()
    (copy / "link").unlink()
    (copy / "link").symlink_to("/etc/passwd")
    (copy / "surplus").touch()
    compared = pair.compare(entries)
    assert pair.hows(compared) == {
        "a.txt": "differs", "docs/b.txt": "absent", "docs/deep/c.txt": "differs", "link": "differs",
    }  # fmt: skip
    assert compared.extra == 1 and (compared.same, compared.back) == (3, 0)


def test_what_restic_complained_of_is_lost_not_absent(pair: Pair) -> None:
    entries = pair.survey()
    copy = pair.restore()
    (copy / "a.txt").unlink()
    shutil.rmtree(copy / "docs")
    said = {f"{pair.source}/docs": "tree damaged"}
    hows = pair.hows(pair.compare(entries, said))
    assert hows["a.txt"] == "absent"
    assert hows["docs"] == hows["docs/b.txt"] == hows["docs/deep/c.txt"] == "lost"


def test_a_moved_file_is_no_damage_in_either_state(pair: Pair) -> None:
    before = pair.survey()
    (pair.source / "a.txt").write_text("after")
    settled = {e.path: e for e in manifest.settle(before, [str(pair.source)], Excludes(()), ())}
    copy = pair.restore()
    assert pair.compare(settled).differences == ()
    (copy / "a.txt").write_text("a.txt")
    assert pair.compare(settled).differences == ()
    (copy / "a.txt").write_text("torn")
    compared = pair.compare(settled)
    assert pair.hows(compared) == {"a.txt": "moved"} and compared.moved == 1
    assert compared.back == 3


@pytest.mark.parametrize("instead", ["nothing", "folder"])
def test_what_stood_before_and_after_must_be_there(pair: Pair, instead: str) -> None:
    before = pair.survey()
    (pair.source / "a.txt").write_text("after")
    (pair.source / "link").unlink()
    (pair.source / "link").symlink_to("docs")
    settled = {e.path: e for e in manifest.settle(before, [str(pair.source)], Excludes(()), ())}
    copy = pair.restore()
    assert pair.compare(settled).differences == ()
    for name in ("a.txt", "link"):
        (copy / name).unlink()
        if instead == "folder":
            (copy / name).mkdir()
    how: How = "absent" if instead == "nothing" else "differs"
    assert pair.hows(pair.compare(settled)) == {"a.txt": how, "link": how}


def test_what_came_or_went_need_not_be_there(pair: Pair) -> None:
    before = pair.survey()
    (pair.source / "a.txt").unlink()
    (pair.source / "new.txt").write_text("new")
    (pair.source / "link").rename(pair.source / "renamed")
    settled = {e.path: e for e in manifest.settle(before, [str(pair.source)], Excludes(()), ())}
    copy = pair.restore()
    (copy / "new.txt").unlink()
    (copy / "renamed").unlink()
    gone = ("a.txt", "new.txt", "link", "renamed")
    compared = pair.compare(settled)
    assert pair.hows(compared) == dict.fromkeys(gone, "moved") and compared.back == 2


def test_links_are_never_followed(pair: Pair, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    shutil.copytree(pair.source / "docs", outside)
    entries = pair.survey()
    copy = pair.restore()
    shutil.rmtree(copy / "docs")
    (copy / "docs").symlink_to(outside)
    assert pair.hows(pair.compare(entries))["docs"] == "differs"


def test_a_pipe_in_a_files_place_does_not_hang(pair: Pair) -> None:
    entries = pair.survey()
    copy = pair.restore()
    (copy / "a.txt").unlink()
    os.mkfifo(copy / "a.txt")
    assert pair.hows(pair.compare(entries)) == {"a.txt": "differs"}


def test_names_that_are_no_text_are_compared_and_found_in_complaints(pair: Pair) -> None:
    raw = os.fsencode(pair.source) + b"/bad\xff"
    Path(os.fsdecode(raw)).write_text("x")
    entries = pair.survey()
    copy = pair.restore()
    assert pair.compare(entries).differences == ()
    Path(os.fsdecode(os.fsencode(copy) + b"/bad\xff")).unlink()
    spoilt = raw.decode(errors="replace")  # as restic's JSON tells it
    assert list(pair.hows(pair.compare(entries, {spoilt: "gone"})).values()) == ["lost"]


def test_a_device_that_only_root_may_make_is_not_missed(pair: Pair) -> None:
    back = pair.restore()
    os.mkfifo(pair.source / "fifo")
    entries = pair.survey()
    assert pair.hows(pair.compare(entries)) == {"fifo": "absent"}
    (back / "a.txt").unlink()
    refused = {f"{pair.source}/fifo", f"{pair.source}/a.txt"}
    compared = pair.compare(entries, refused=refused)
    assert pair.hows(compared) == {"a.txt": "absent"}, "a file needs no rights"
    assert compared.unread == 1
