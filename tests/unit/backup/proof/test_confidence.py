import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msptool.backup.proof import confidence
from msptool.backup.proof.confidence import Statement, detected, most_bad, needed


def missed(population: int, bad: int, drawn: int) -> Fraction:
    return Fraction(math.comb(population - bad, drawn), math.comb(population, drawn))


@given(st.data())
def test_the_bound_is_the_largest_that_a_clean_sample_may_miss(data: st.DataObject) -> None:
    population = data.draw(st.integers(1, 300))
    drawn = data.draw(st.integers(0, population))
    bound = most_bad(population, drawn)
    exact = [
        k for k in range(population - drawn + 1) if missed(population, k, drawn) > Fraction(1, 20)
    ]
    assert bound == max(exact)
    bad = data.draw(st.integers(0, population))
    assert detected(population, bad, drawn) == pytest.approx(
        float(1 - missed(population, bad, drawn))
    )


def test_textbook_figures() -> None:
    assert most_bad(10**9, 299) / 10**9 == pytest.approx(1 - 0.05 ** (1 / 299), rel=1e-3)
    assert most_bad(10**9, 299) < 10**7 < most_bad(10**9, 298)
    assert most_bad(100, 100) == 0 and most_bad(100, 0) == 100
    assert needed(10**9, 10**7) == 299
    assert detected(100, 1, 10) == pytest.approx(0.1)


@given(st.integers(1, 500), st.integers(1, 500))
def test_as_many_as_are_needed_and_no_fewer(population: int, bad: int) -> None:
    bad = min(bad, population)
    count = needed(population, bad)
    assert detected(population, bad, count) >= 0.95
    assert count == 0 or detected(population, bad, count - 1) < 0.95


def test_words_name_the_unit_and_never_round_down() -> None:
    told = confidence.words(Statement(480, 50, 20000, 2040, most_bad(480, 50)))
    assert told["en"] == (
        "50 of 480 groups of files were proven (2040 of 20000 files): with 95 % confidence at most"
        " 5.5 % of the groups are bad"
    )
    assert "не больше 5,5 %" in told["ru"]
    assert confidence.words(Statement(3, 3, 9, 9, 0))["en"] == "all 9 files were proven"
    assert confidence.words(Statement(1, 1, 1, 1, 0))["en"] == "the one file was proven"
    assert confidence.words(Statement(3, 0, 9, 0, 3))["en"] == "nothing was proven"
