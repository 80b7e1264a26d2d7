"""Samples by clusters, with the real restic: they restore what they say, and find damage in it."""

import os
import random
from pathlib import Path

import pytest

from msptool.backup.proof import sample, trial
from tests.lab.backup import bench
from tests.lab.backup.bench import Tried
from tests.lab.backup.site import Site, flip

pytestmark = pytest.mark.lab
# Each means something to restic's patterns, to a shell, to a terminal, or is no text at all.
ODD = [b"st*r", b"w?y", b"br[a]c", b"b\\ck", b"!no", b"-rf", b"a b", b"l\nf", b"\x1b[1m", b"\xc3",
       b"\xc3\xa9", b"\xc3\xa91", b"**", b"]", b"^", b".dot", b"\xff\xfe"]  # fmt: skip


@pytest.fixture
def odd(site: Site) -> Site:
    """A backed-up site with a large flat folder, a mixed one, and odd names."""
    flat = site.source / "flat"
    flat.mkdir()
    for number in range(150):
        (flat / f"IMG_{number:03}.jpg").write_bytes(os.urandom(100))
        (flat / f"IMG_{number % 10}x").mkdir(exist_ok=True)
        (flat / f"IMG_{number % 10}x" / f"{number}").write_text(f"{number}")
    for name in ODD:
        at = os.fsencode(site.source) + b"/odd/" + name
        Path(os.fsdecode(at)).mkdir(parents=True)
        for inner in ODD[::4]:
            Path(os.fsdecode(at + b"/" + inner)).write_bytes(inner)
    assert site.cli("init").returncode == 0 and site.cli("run").returncode == 0
    return site


def sampled(tried: Tried, chosen: tuple[sample.Cluster, ...]) -> trial.Tested:
    return trial.sampled(tried.bench, tried.task, tried.snapshot, tried.entries, chosen)


def test_a_sample_restores_its_clusters_and_nothing_else(
    odd: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sample, "MOST_NAMES", 12)
    with bench.opened(odd) as tried:
        found = sample.clusters(tried.entries)
        chosen = sample.choose(found, {}, random.Random(3), share=0.4)
        tested = sampled(tried, chosen)
        rest = sampled(tried, tuple(c for c in found if c not in chosen))
    for part in (tested, rest):
        assert part.faults == () and part.compared is not None and part.compared.extra == 0
    assert tested.compared and rest.compared
    assert tested.mode == "sampled" and tested.proven == chosen
    assert tested.compared.files == sum(c.files for c in chosen)
    assert tested.compared.files + rest.compared.files == sum(
        e.kind == "file" for e in tried.entries
    )
    assert len(tested.proven) + len(rest.proven) == len(found) > 10


def test_damage_is_found_in_the_clusters_that_have_it(odd: Site) -> None:
    flip(odd.packs()[-1])
    with bench.opened(odd) as tried:
        whole = trial.restore(
            tried.bench, tried.task, tried.snapshot, tried.entries, sample.clusters(tried.entries)
        )
        found = sample.clusters(tried.entries)
        well = {cluster.digest for cluster in whole.proven}
        bad = sampled(tried, tuple(c for c in found if c.digest not in well))
        good = sampled(tried, tuple(c for c in found if c.digest in well))
    assert {f.verdict for f in (*whole.faults, *bad.faults)} == {"damaged"} and bad.proven == ()
    assert bad.faults[0].names == whole.faults[0].names
    assert good.faults == () and {c.digest for c in good.proven} == well


def test_a_lost_structure_is_not_restorable_in_a_sample_too(odd: Site) -> None:
    for path in odd.packs():
        if path.stat().st_size < 200_000:  # the packs of trees
            path.unlink()
    with bench.opened(odd) as tried:
        tested = sampled(tried, sample.clusters(tried.entries)[:2])
    assert {f.verdict for f in tested.faults} == {"not-restorable"} and tested.proven == ()
