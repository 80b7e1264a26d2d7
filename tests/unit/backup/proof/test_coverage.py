import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from msptool.backup.manifest import Entry
from msptool.backup.proof import coverage, sample
from msptool.backup.proof.coverage import Read, Reads, Restored
from msptool.workspace import Workspace

NOW = datetime(2026, 6, 1, tzinfo=UTC)
CLUSTERS = sample.clusters(
    Entry(path=f"/s/{n // 50}/{n}", kind="file", size_bytes=10, sha256=str(n)) for n in range(200)
)
NOTHING = Reads((None,) * 256)


def restored(*at: int, days: int = 0, run: str = "r", met: tuple[int, ...] = ()) -> Restored:
    proven = [CLUSTERS[n] for n in at]
    passed = [CLUSTERS[n] for n in met]
    return coverage.restored(run, "snap", "sampled", proven, NOW + timedelta(days=days), met=passed)


def test_what_was_written_is_read_back(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    assert coverage.known(workspace, "a.b/c").marks == {}
    coverage.add(workspace, "a.b/c", restored(0, 1))
    coverage.add(workspace, "a.b/c", restored(1, days=2, run="s"))
    (path,) = (tmp_path / "coverage").iterdir()
    with path.open("ab") as file:
        file.write(b'{"at":"2026')  # a kill in the middle of a line
    coverage.add(workspace, "a.b/c", restored(2, days=3))
    known = coverage.known(workspace, "a.b/c").marks
    assert [known[CLUSTERS[n].digest].at.day for n in (0, 1, 2)] == [1, 3, 4]
    assert known[CLUSTERS[1].digest].run == "s"


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 9)), max_size=8), st.randoms())
def test_lines_may_be_shuffled_and_doubled(
    pairs: list[tuple[int, int]], rng: random.Random
) -> None:
    lines = [restored(at, days=days) for at, days in pairs]
    merged = lines * 2
    rng.shuffle(merged)
    assert coverage.fold(merged) == coverage.fold(lines)


def test_how_much_is_proven() -> None:
    known = coverage.fold([restored(0), restored(1, days=5)])
    told = coverage.standing(CLUSTERS, known)
    assert (told.clusters, told.proven, told.files, told.files_proven) == (4, 2, 200, 100)
    assert (told.bytes, told.bytes_proven, told.oldest_at) == (2000, 1000, NOW)
    assert told.never == CLUSTERS[2:] and not told.full
    assert coverage.standing(CLUSTERS, coverage.fold([restored(0, 1, 2, 3)])).full


def test_what_was_proven_before_a_cluster_was_there_says_nothing_of_it() -> None:
    first = restored(0, met=(1, 2))
    assert coverage.standing(CLUSTERS[:3], coverage.fold([first])).drawn == 1
    both = [first, restored(1, days=1)]
    assert coverage.standing(CLUSTERS[:3], coverage.fold(both)).drawn == 2
    assert coverage.standing(CLUSTERS, coverage.fold(both)).drawn == 0, "nobody met the fourth"
    late = [*both, restored(2, days=2, met=(3,))]
    assert coverage.standing(CLUSTERS, coverage.fold(late)).drawn == 1
    assert coverage.standing(CLUSTERS, coverage.fold([*late, restored(3, days=3)])).drawn == 4


def test_each_cluster_is_met_once() -> None:
    known = coverage.fold([restored(0, met=(1,))])
    assert coverage.met(CLUSTERS, [CLUSTERS[2]], known) == (CLUSTERS[3],)


def test_what_was_found_bad_since_is_proven_no_more() -> None:
    late = NOW + timedelta(days=1)
    bad = coverage.restored("s", "snap", "sampled", [CLUSTERS[1]], late, bad=[CLUSTERS[0]])
    known = coverage.fold([restored(0, 1), bad])
    assert set(known.marks) == {CLUSTERS[1].digest}
    mended = coverage.fold([restored(0, 1), bad, restored(0, days=2)])
    assert CLUSTERS[0].digest in mended.marks


PACKS = [f"{byte:02x}" + f"{byte:062x}" for byte in range(256)]


def reading(part: str, known: Reads, days: int, broken: tuple[str, ...] = ()) -> Read:
    at = NOW + timedelta(days=days)
    return coverage.read("r", part, PACKS, broken, known=known, at=at)


def test_parts_in_turn_read_every_pack_and_name_each_once(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    for day in range(31):
        line = reading(f"{day % 30 + 1}/30", coverage.reads(workspace, "nas"), day)
        coverage.add_read(workspace, "nas", line)
    known = coverage.reads(workspace, "nas")
    told = coverage.packs_standing(PACKS, known)
    assert (told.packs, told.read, told.never, told.broken) == (256, 256, (), ())
    assert told.oldest_at == known.part_at(2, 30) == NOW + timedelta(days=1)
    assert line.new == "" and line.count == 9


def test_a_new_pack_is_unread_though_its_part_was_read() -> None:
    known = coverage.fold_reads([reading("1/1", NOTHING, 0)])
    new = "00" + "f" * 62
    assert coverage.packs_standing([*PACKS, new], known).never == (new,)
    assert coverage.packs_standing(PACKS, NOTHING).never == tuple(PACKS)


def test_a_broken_pack_stays_so_until_its_part_is_read_clean() -> None:
    broken = reading("1/1", NOTHING, 0, (PACKS[7],))
    known = coverage.fold_reads([broken])
    assert coverage.packs_standing(PACKS, known).broken == (PACKS[7],)
    other, same = reading("1/30", known, 1), reading("8/30", known, 1)
    assert coverage.packs_standing(PACKS, coverage.fold_reads([broken, other])).broken
    told = coverage.packs_standing(PACKS, coverage.fold_reads([broken, same]))
    assert told.broken == () and told.read == 256


def test_a_line_with_a_part_that_is_none_proves_nothing() -> None:
    lines = [
        Read(at=NOW, run="r", part=part, count=1, new="0" * 12)
        for part in ("", "0/3", "9/3", "1/999")
    ]
    assert coverage.fold_reads(lines) == NOTHING


def test_a_million_files_take_little_room() -> None:
    clusters = 1_000_000 // 40
    line = Restored(at=NOW, run="r" * 26, snapshot="s" * 64, mode="full",
                    clusters="x" * 12 * clusters, files=1, bytes=1)  # fmt: skip
    assert len(msgspec.json.encode(line)) < 350_000
