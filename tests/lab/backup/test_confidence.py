"""What a sample is said to find is what it finds: small, the full size is `make bench`."""

from pathlib import Path

import pytest

from benchmarks import confidence
from tests.lab.backup.site import FULL

pytestmark = pytest.mark.lab


@pytest.mark.parametrize(
    ("population", "bad", "drawn", "rounds"), [(100, 3, 20, 1), (60, 2, 6, 5), (60, 1, 10, 6)]
)
def test_drawn_samples_find_as_often_as_is_said(
    population: int, bad: int, drawn: int, rounds: int
) -> None:
    agreed = confidence.simulated(population, bad, drawn, rounds, seeds=400)
    assert agreed.agrees, agreed.told()


@pytest.mark.parametrize("name", confidence.CHURN)
def test_clean_samples_of_old_files_say_nothing_of_new_ones(name: str) -> None:
    assert confidence.too_low(confidence.CHURN[name], seeds=300) <= 0.05 + 0.033


def test_samples_of_real_repositories_do_too(tmp_path: Path) -> None:
    seeds = 24 if FULL else 3
    agreed = confidence.real(tmp_path, seeds, confidence.whole_pack, "a quarter of a pack")
    assert 0 < agreed.expected <= 1 and agreed.agrees, agreed.told()
