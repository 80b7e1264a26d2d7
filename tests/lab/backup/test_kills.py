"""kill -9 during run, forget and verify: the next is clean without help, nothing is lost."""

import os
import random

import pytest

from msptool import clock
from tests.lab.backup import kills
from tests.lab.backup.site import FULL, Site

pytestmark = pytest.mark.lab
_KILLS = 50 if FULL else 2
_VERBS = (("run",), ("verify",), ("forget", "--prune"))


def _verbs(site: Site) -> list[tuple[str, ...]]:
    return [words for words in _VERBS if site.cli(words[0], "--help").returncode == 0]


def test_after_a_kill_the_next_is_clean_and_nothing_acknowledged_is_lost(site: Site) -> None:
    seed = int(os.environ.get("MSPTOOL_SEEDS", "0").split(",")[0]) or clock.now().date().toordinal()
    dice = random.Random(seed)
    kills.change(site, dice, kills.FILES)
    profile = site.root / "client.yaml"
    if site.cli("forget", "--help").returncode == 0:
        profile.write_text(
            profile.read_text().replace("{repository: nas", "{repository: nas, keep: {last: 3}")
        )
    assert site.cli("init").returncode == 0
    verbs = _verbs(site)
    takes_s = {words: kills.took_s(site, *words) for words in verbs}
    for number in range(_KILLS):
        words = verbs[number % len(verbs)]
        kill = kills.drawn(dice, words, takes_s[words])
        kills.change(site, dice)
        before = kills.kept(site)
        ended = kills.strike(site, kill)
        told = f"seed {seed}, kill {number}: {kill}, ended {ended}"
        for again in dict.fromkeys((words, ("verify",))):
            done = site.cli(*again)
            assert done.returncode == 0, f"{told}; then {again}: {done.stdout}{done.stderr}"
        forgot = words[0] == "forget"
        assert kills.missing(before, kills.kept(site), forgot=forgot) == [], told
        assert kills.left(site) == [], told
