from hypothesis import given
from hypothesis import strategies as st

from msptool.backup import words
from msptool.backup.probes import counts
from msptool.backup.probes.cell import Told

TABLES = st.dictionaries(st.sampled_from("abcd"), st.integers(0, 10_000), max_size=4)


@given(TABLES, TABLES)
def test_sealed_counts_are_equal_or_bad(expected: dict[str, int], counted: dict[str, int]) -> None:
    told = counts.judged(Told("ok", counts=counted), expected, {"a": 10**9})
    assert (told.verdict == "ok") == (expected == counted)
    assert told.counts == counted


@given(TABLES, st.floats(0.1, 9))
def test_growth_and_ordinary_deletes_are_fine(earlier: dict[str, int], factor: float) -> None:
    counted = {name: int(rows * factor) + 1 for name, rows in earlier.items()}
    assert counts.judged(Told("ok", counts=counted), None, earlier).verdict == "ok"


def test_a_collapse_is_shrunken() -> None:
    for earlier, counted in (
        ({"a": 1}, {}), ({"a": 5}, {"a": 0}), ({"a": 100, "b": 900}, {"a": 9, "b": 90}),
    ):  # fmt: skip
        told = counts.judged(Told("ok", counts=counted), None, earlier)
        assert (told.verdict, told.detail) == ("bad-content", words.SHRUNKEN)
    assert counts.judged(Told("ok", counts={"a": 1}), None, {"a": 99}).verdict == "ok"


def test_what_was_not_looked_at_stays_so() -> None:
    told = Told("could-not-run", words.NO_TIME)
    assert counts.judged(told, {"a": 1}, {"a": 1}) == told
