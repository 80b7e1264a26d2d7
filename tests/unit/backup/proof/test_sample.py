import random
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msptool.backup import names
from msptool.backup.manifest import Entry
from msptool.backup.patterns import Excludes
from msptool.backup.proof import sample
from msptool.backup.proof.sample import MOST_NAMES, Cluster

NOW = datetime(2026, 6, 1, tzinfo=UTC)


def file(path: str, size: int = 1, content: str = "") -> Entry:
    form = names.written(path)
    return Entry(path=form, kind="file", size_bytes=size, sha256=content or form)


def tree(*paths: str) -> list[Entry]:
    """Return files with all their folders below /s."""
    folders = {"/".join(p.split("/")[:n]) for p in paths for n in range(2, p.count("/") + 1)}
    made = [Entry(path=names.written(f), kind="folder") for f in folders if f not in paths]
    return [*made, *map(file, paths)]


# Letters that mean something to restic, a letter of two bytes and its first byte alone.
LETTERS = st.sampled_from([*"ab*?[]\\-!^ .", "\n", "é", "\udcc3", "\U0001f600"])
NAMES = st.text(LETTERS, min_size=1, max_size=3).filter(lambda name: name not in (".", ".."))
PATHS = st.lists(NAMES, min_size=1, max_size=4).map(lambda parts: "/s/" + "/".join(parts))


def files_only(paths: set[str]) -> list[str]:
    """Leave out paths that would be a file and a folder at once."""
    return [p for p in sorted(paths) if not any(q.startswith(f"{p}/") for q in paths)]


@pytest.mark.parametrize("most", [1, 2, 5, MOST_NAMES])
@given(data=st.data())
def test_patterns_take_their_cluster_and_nothing_else(most: int, data: st.DataObject) -> None:
    paths = files_only(data.draw(st.sets(PATHS, min_size=1, max_size=30)))
    entries = tree(*paths)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sample, "MOST_NAMES", most)
        found = sample.clusters(entries)
    assert Counter(e.path for c in found for e in c.entries) == Counter(e.path for e in entries)
    chosen = data.draw(st.lists(st.sampled_from(found), unique_by=id))
    taken = Excludes(sample.patterns(chosen))
    want = {e.path for c in chosen for e in c.entries if e.kind == "file"}
    assert {e.path for e in entries if e.kind == "file" and taken.drops(names.read(e.path))} == want


def test_large_folders_are_split_and_small_ones_are_not() -> None:
    flat = [f"/s/flat/IMG_{n:04}" for n in range(5000)]
    docs = [f"/s/docs/{d}/{n}" for d in range(10) for n in range(30)]
    found = sample.clusters(tree("/s/note", *flat, *docs))
    assert all(len(c.entries) <= MOST_NAMES + 2 for c in found)  # and folders that were split
    assert {"/s/docs/[0-1]*"} < {p for c in found for p in c.patterns}
    assert len(found) < 150
    assert len(sample.patterns(found)) < 1.5 * len(found)
    assert sum(c.files for c in found) == 5301


def test_a_file_larger_than_a_cluster_is_one_by_itself() -> None:
    entries = [file("/s/a", sample.MOST_BYTES * 9), file("/s/ab", 1), file("/s/b", 1)]
    found = sample.clusters(entries)
    assert [c.patterns for c in found] == [("/s/a",), ("/s/ab", "/s/b")]


@pytest.mark.parametrize(
    ("changed", "same"),
    [
        (file("/s/a"), True),
        (file("/s/a", 2), False),
        (file("/s/a", content="other"), False),
        (file("/s/b"), False),
    ],
)
def test_a_digest_names_a_cluster_with_its_content(changed: Entry, same: bool) -> None:
    before, after = sample.clusters([file("/s/a")]), sample.clusters([changed])
    assert (before[0].digest == after[0].digest) is same


def made(count: int, size: int = 1) -> list[Cluster]:
    return [Cluster("/s", (f"/s/{n}",), (file(f"/s/{n}", size),), f"{n:012}", 1, size)
            for n in range(count)]  # fmt: skip


def test_what_was_never_proven_comes_first_then_the_oldest() -> None:
    found = made(4)
    proven = {"0" * 11 + str(n): NOW - timedelta(days=n) for n in (0, 1, 2)}
    order = [c.digest[-1] for c in sample.choose(found, proven, random.Random(1))]
    assert order == ["3", "2", "1", "0"]


@given(st.integers(1, 200), st.floats(0.01, 1), st.integers(0, 1000))
def test_samples_in_a_row_prove_everything(count: int, share: float, seed: int) -> None:
    rng = random.Random(seed)
    found = [Cluster("", (), (file("/s"),) * rng.randint(1, 9), f"{n:012}", 1, rng.randint(0, 99))
             for n in range(count)]  # fmt: skip
    proven: dict[str, datetime] = {}
    rounds = int(1 / share) + 1
    for day in range(rounds):
        chosen = sample.choose(found, proven, rng, share=share)
        proven |= {c.digest: NOW + timedelta(days=day) for c in chosen}
    assert len(proven) == count


def test_equals_are_drawn_at_random() -> None:
    drawn = Counter(
        sample.choose(made(4), {}, random.Random(seed), count=1)[0].digest for seed in range(400)
    )
    assert len(drawn) == 4 and min(drawn.values()) > 60


def test_no_more_is_chosen_than_one_call_can_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sample, "_MOST_CHARS", 200)
    assert 0 < len(sample.choose(made(1000), {}, random.Random(1))) < 20


def test_clusters_with_a_bad_entry_are_not_clean() -> None:
    found = made(3)
    assert sample.clean(found, {"/s/1"}) == (found[0], found[2])


def _depths(found: Sequence[Cluster]) -> list[int]:
    return [pattern.count("/") for pattern in sample.patterns(found)]


def test_patterns_of_deeper_folders_come_last() -> None:
    found = sample.clusters(tree(*[f"/s/{n % 3}/{n % 7}/{n}" for n in range(2000)]))
    assert _depths(found) == sorted(_depths(found))
