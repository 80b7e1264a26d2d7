from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msptool.backup import coverage, reading
from msptool.backup.coverage import Read, Reads
from msptool.backup.reading import READ_AT_ONCE_BYTES, Reading, next_part
from msptool.backup.restic import Hit


@pytest.mark.parametrize(
    ("size", "previous", "clean", "part"),
    [
        (0, "", True, "1/1"),
        (READ_AT_ONCE_BYTES, "1/1", True, "1/1"),
        (READ_AT_ONCE_BYTES + 1, "1/1", True, "2/2"),
        (READ_AT_ONCE_BYTES * 3, "1/3", True, "2/3"),
        (READ_AT_ONCE_BYTES * 3, "3/3", True, "1/3"),
        (READ_AT_ONCE_BYTES * 3, "2/3", False, "2/3"),
        (READ_AT_ONCE_BYTES * 9, "nonsense", True, "1/9"),
    ],
)
def test_parts_take_turns(size: int, previous: str, clean: bool, part: str) -> None:
    assert next_part(size, previous, clean=clean) == part


@given(st.integers(0, 1 << 50))
def test_t_readings_in_a_row_read_every_part(size: int) -> None:
    part, seen = "", []
    for _ in range(256):
        part = next_part(size, part, clean=True)
        seen.append(part)
    parts = int(part.partition("/")[2])
    assert parts <= 256
    assert {int(p.partition("/")[0]) for p in seen} == set(range(1, parts + 1))


def test_a_fault_names_files_and_else_packs() -> None:
    packs = ("f" * 64,)
    assert Reading("ok", "1/1").fault() is None
    by_pack = Reading("damaged", "1/1", "x", packs).fault()
    assert by_pack is not None and by_pack.names == ("pack ffffffff",)
    by_file = Reading("damaged", "1/1", "x", packs, ("/srv/a",)).fault()
    assert by_file is not None and by_file.names == ("/srv/a",)
    assert reading.next_part(0, "1/1", clean=False) == "1/1"


NOW = datetime(2026, 6, 1, tzinfo=UTC)
EMPTY = Reads((None,) * 256)
PACKS = [f"{byte:02x}" + f"{byte:062x}" for byte in range(256)]


def after(known: list[Read], parts: tuple[str, ...], day: float, *broken: str) -> None:
    at = NOW + timedelta(days=day)
    for part in parts:
        known.append(
            coverage.read("r", part, PACKS, broken, known=coverage.fold_reads(known), at=at)
        )


@pytest.mark.parametrize("days", [1, 2, 7, 30, 256])
@pytest.mark.parametrize("gap", [0.9, 1.0, 1.2, 3.0])
def test_every_pack_is_read_within_the_days(days: int, gap: float) -> None:
    known: list[Read] = []
    for run in range(int(2.5 * days) + 2):
        reads = coverage.fold_reads(known)
        now = NOW + timedelta(days=run * gap)
        if run * gap > days + 2 * gap:
            oldest = min(at for at in reads.at if at is not None)
            assert None not in reads.at and now - oldest <= timedelta(days=days + gap)
        after(known, reading.due(reads, now, days=days, small=False), run * gap)


def test_missed_runs_are_made_up_for() -> None:
    known: list[Read] = []
    assert reading.due(EMPTY, NOW, days=30, small=False) == ("1/30",)
    after(known, ("1/30",), 0)
    reads = coverage.fold_reads(known)
    assert reading.due(reads, NOW + timedelta(days=5), days=30, small=False) == (
        "2/30", "3/30", "4/30", "5/30", "6/30",
    )  # fmt: skip
    assert reading.due(reads, NOW + timedelta(days=20), days=30, small=False) == ("1/1",)
    assert reading.due(reads, NOW - timedelta(days=5), days=30, small=False) == ("2/30",)
    assert reading.due(reads, NOW, days=30, small=True) == ("1/1",)


def test_a_part_with_a_broken_pack_is_read_again() -> None:
    known: list[Read] = []
    after(known, ("1/1",), 0, PACKS[9])
    reads = coverage.fold_reads(known)
    assert reading.due(reads, NOW + timedelta(days=1), days=30, small=False) == ("10/30",)
    after(known, ("10/30",), 1)
    reads = coverage.fold_reads(known)
    assert reading.due(reads, NOW + timedelta(days=2), days=30, small=False) == ("1/30",)


def test_the_last_good_copy_is_the_newest_from_other_packs() -> None:
    needing = [Hit("/a", "s2"), Hit("/a", "s3"), Hit("/b", "s1")]
    held = [Hit(path, f"s{n}") for path in ("/a", "/c") for n in (0, 1, 2, 3)] + [Hit("/b", "s1")]
    assert reading.last_good(needing, held, ["s0", "s1", "s2", "s3"]) == {"/a": "s1"}


def test_several_parts_are_told_as_one() -> None:
    good = Reading("ok", "1/30", said=b"1")
    bad = Reading("damaged", "2/30", "x", ("p",), ("/a",), b"2", {"/a": "s"})
    told = reading.merged([good, bad])
    assert (told.verdict, told.part, told.packs, told.said) == (
        "damaged",
        "1/30, 2/30",
        ("p",),
        b"12",
    )
    assert told.last_good == {"/a": "s"} and reading.merged([good]) is good
    assert good.read and bad.read and not Reading("locked", "1/30").read
