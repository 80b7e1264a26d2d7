import pytest

from msptool.backup.manifest import Entry
from msptool.backup.restore import contents
from msptool.backup.restore.contents import Contents
from msptool.errors import UsageError
from tests.unit.backup.restore.test_listing import snapshot

ENTRIES = (
    Entry(path="/srv/docs", kind="folder"),
    Entry(path="/srv/docs/a.txt", kind="file", size_bytes=5, sha256="a"),
    Entry(path="/srv/docs/b\\xff", kind="file", size_bytes=7, sha256="b"),
    Entry(path="/srv/docs/inner", kind="folder"),
    Entry(path="/srv/docs/inner/c", kind="file", size_bytes=11, sha256="c"),
    Entry(path="/srv/docs2", kind="link", target="docs"),
)
HELD = Contents(ENTRIES, sealed=True)


@pytest.mark.parametrize(
    "typed", ["/srv/docs/a.txt", "srv/docs/a.txt", "docs/a.txt", "/docs//a.txt/", "./docs/a.txt"]
)
def test_paths_as_people_type_them(typed: str) -> None:
    assert contents.found(HELD, snapshot(0), [typed]) == ("/srv/docs/a.txt",)


def test_a_name_that_is_no_text_is_found_raw_and_written() -> None:
    for typed in ("docs/b\udcff", "docs/b\\xff"):
        assert contents.found(HELD, snapshot(0), [typed]) == ("/srv/docs/b\\xff",)


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        ("doc/a.txt", "/srv/docs/a.txt"),
        ("docs/a.tx", "/srv/docs/a.txt"),
        ("c", "/srv/docs/inner/c"),
    ],
)
def test_what_is_not_there_is_answered_with_the_nearest(typed: str, near: str) -> None:
    with pytest.raises(UsageError) as caught:
        contents.found(HELD, snapshot(0), [typed])
    assert near in caught.value.nearest


def test_below_takes_whole_parts_of_paths_only() -> None:
    below = [entry.path for entry in contents.below(ENTRIES, ["/srv/docs"])]
    assert below == [entry.path for entry in ENTRIES[:5]]
    assert contents.below(ENTRIES, []) == contents.below(ENTRIES, ["/"]) == ENTRIES


def test_a_folder_counts_all_below_it() -> None:
    told = {child.name: (child.files, child.bytes) for child in contents.children(ENTRIES, "/srv")}
    assert told == {"docs": (3, 23), "docs2": (0, 0)}
    assert [child.name for child in contents.children(ENTRIES, "/")] == ["srv"]
    (file,) = contents.children(ENTRIES, "/srv/docs/a.txt")
    assert (file.name, file.bytes) == ("a.txt", 5)


def test_versions_tell_where_each_state_is_seen_first_and_last() -> None:
    changed = Contents(
        (Entry(path="/srv/docs/a.txt", kind="file", size_bytes=9, sha256="z"),), True
    )
    days = [snapshot(number) for number in range(4)]
    shown = [(days[0], HELD), (days[1], HELD), (days[2], changed), (days[3], changed)]
    told = [(v.entry.sha256, v.first.snapshot.id, v.last.snapshot.id)
            for v in contents.versions(shown, "a.*")]  # fmt: skip
    assert told == [("a", "0abc", "1abc"), ("z", "2abc", "3abc")]
    assert len(contents.versions(shown, "/srv/docs/*")) == 4
    assert contents.versions(shown, "inner") == ()
