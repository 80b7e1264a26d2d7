"""What changed since the last seal, and what a job expects of its backup."""

import pytest

from msptool.backup import words
from msptool.backup.manifest import Entry
from msptool.backup.saving import plausible
from msptool.backup.saving.plausible import Change
from msptool.profile.shape import Expect


def entry(path: str, sha256: str = "a", **more: bool) -> Entry:
    return Entry(path=path, kind="file", sha256=sha256, **more)  # type: ignore[arg-type]


def test_new_changed_and_gone_files_are_counted() -> None:
    last = {e.path: e for e in (entry("/a"), entry("/b"), entry("/c"), entry("/d"))}
    last["/f"] = Entry(path="/f", kind="folder")
    now = [entry("/a"), entry("/b", "x"), entry("/e"), entry("/c", "", unread=True)]
    found = plausible.change(now, last)
    assert found == Change(changed=2, gone=1, before=4)
    assert found.percent == 50


def test_only_files_that_stood_the_whole_time_must_have_been_met() -> None:
    came = entry("/b", "", moved=True)
    wrote = Entry(path="/c", kind="file", sha256="a", sha256_after="b", moved=True)
    folder = Entry(path="/d", kind="folder")
    entries = [entry("/a"), came, wrote, folder, entry("/e", "", unread=True)]
    assert plausible.stable_files(entries) == 2


@pytest.mark.parametrize(
    ("expect", "detail"),
    [
        (Expect(), None),
        (Expect(min_files=10, max_files=10, min_bytes=500, max_bytes=500), None),
        (Expect(min_files=11), words.TOO_FEW),
        (Expect(max_files=9), words.TOO_MANY),
        (Expect(min_bytes=501), words.TOO_FEW),
        (Expect(max_bytes=499), words.TOO_MANY),
        (Expect(change_percent=50), None),
        (Expect(change_percent=49), words.CHANGED),
    ],
)
def test_expectations(expect: Expect, detail: str | None) -> None:
    found = list(plausible.lacks(expect, 10, 500, Change(changed=5, gone=1, before=10)))
    assert [lack.detail for lack in found] == ([detail] if detail else [])
    assert all(lack.verdict == "incomplete-source" and lack.names for lack in found)


def test_a_first_backup_changed_nothing() -> None:
    assert not list(plausible.lacks(Expect(change_percent=1), 10, 500, None))
    assert not list(plausible.lacks(Expect(change_percent=1), 10, 500, Change(10, 0, 0)))
