"""Eight writers, killed one by one: what was acknowledged is there, once and whole."""

from pathlib import Path

import pytest

from msptool import clock
from tests.lab.conftest import FULL
from tests.lab.tickets.crash import calls, tally

pytestmark = pytest.mark.lab
KILLS = 500 if FULL else 15


def test_kills_lose_nothing_and_tear_nothing(tmp_path: Path) -> None:
    seed = clock.now().date().toordinal()
    root = tmp_path / "acme"
    root.mkdir(mode=0o700)
    told = calls.herd(root, "--writers", 8, "--kills", KILLS, "--seed", seed)
    found = tally.count(root, told.acks)
    print(f"{KILLS} kills, seed {seed}: {found.acked} acknowledged, {found.leftovers} leftovers")
    assert not told.died, told.stderr
    assert found.acked >= KILLS
    assert found.sound, (seed, found)
