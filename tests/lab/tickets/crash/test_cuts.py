"""Power cuts: what was acknowledged before is there. Kills alone do not show a missing fsync, so
the same cuts are shown to find it in a store that has none.
"""

import random
from pathlib import Path

import pytest

from msptool import clock
from tests.lab.conftest import FULL
from tests.lab.tickets.crash import calls, disk, tally
from tests.lab.tickets.crash.tally import Tally

pytestmark = pytest.mark.lab
CUTS = 40 if FULL else 2
_DAY = clock.now().date().toordinal()


def _cut(folder: Path, seed: int, without: str = "") -> Tally:
    """Let four write for a moment, cut, and look at what the disk has after it is mounted again."""
    seconds = random.Random(seed).uniform(0.4, 1.6)
    words = ("--writers", 4, "--seed", seed, "--seconds", seconds)
    with disk.plugged_in(folder) as made:
        told = calls.herd(made.root, *words, "--cut", made.mount, "--without", without)
        made.plug_in_again()
        assert not told.died, told.stderr
        return tally.count(made.root, told.acks)


@pytest.mark.parametrize("cut", range(CUTS))
def test_a_cut_loses_nothing(tmp_path: Path, cut: int) -> None:
    seed = _DAY * 100 + cut
    found = _cut(tmp_path / "disk", seed)
    print(f"seed {seed}: {found.acked} acknowledged, {found.leftovers} leftovers")
    assert found.acked
    assert found.sound, (seed, found)


def test_the_cuts_find_a_store_that_syncs_nothing(tmp_path: Path) -> None:
    found = _cut(tmp_path / "disk", _DAY, without="all")
    print(f"{len(found.lost)} lost of {found.acked}")
    assert found.lost


@pytest.mark.skipif(not FULL, reason="a dozen cuts more: MSPTOOL_FULL=1")
@pytest.mark.parametrize("without", ["folders", "bulk"])
def test_the_cuts_find_a_store_that_lacks_one_sync(tmp_path: Path, without: str) -> None:
    """At most the last act of all is lost without that of folders: it takes some cuts."""
    cuts = (_cut(tmp_path / f"disk{nth}", _DAY + nth, without=without) for nth in range(150))
    nth, found = next((nth, one) for nth, one in enumerate(cuts, start=1) if one.lost)
    print(f"without that of {without}: {len(found.lost)} lost in cut {nth}")
