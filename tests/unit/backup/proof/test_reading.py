import itertools
from datetime import UTC, datetime, timedelta

import pytest

from msptool.backup.proof import coverage, reading
from msptool.backup.proof.coverage import Read, Reads
from msptool.backup.proof.reading import Reading
from msptool.backup.repository.answers import Hit


def test_a_fault_names_files_and_else_packs() -> None:
    packs = ("f" * 64,)
    assert Reading("ok", "1/1").fault() is None
    by_pack = Reading("damaged", "1/1", "x", packs).fault()
    assert by_pack is not None and by_pack.names == ("pack ffffffff",)
    by_file = Reading("damaged", "1/1", "x", packs, ("/srv/a",)).fault()
    assert by_file is not None and by_file.names == ("/srv/a",)


NOW = datetime(2026, 6, 1, tzinfo=UTC)
EMPTY = Reads((None,) * 256)
PACKS = [f"{byte:02x}" + f"{byte:062x}" for byte in range(256)]


def after(known: list[Read], parts: tuple[str, ...], day: float, *broken: str) -> None:
    at = NOW + timedelta(days=day)
    for part in parts:
        known.append(
            coverage.read("r", part, PACKS, broken, known=coverage.fold_reads(known), at=at)
        )


@pytest.mark.parametrize(
    ("days", "gap"),
    [
        *itertools.product([1, 2, 7, 30], [0.9, 1.0, 1.2, 3.0]),
        pytest.param(256, 1.2, marks=pytest.mark.full),
    ],
)
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
