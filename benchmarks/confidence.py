"""Does a sample find what it says it finds? Simulated over 1,000 seeds, and on real repositories.

For each share of bad clusters: how often samples drawn as `backup verify` draws them met one,
beside the hypergeometric probability, with the interval in which 99 of 100 such experiments lie.
Then files that come while samples are drawn, and are worse than all others: how often a bound that
clean samples are said to support was too low (of a bound with 95 % confidence, 5 % may be).
Then real restic repositories: a pack or a file broken, a sample restored, the same comparison.
`MSPTOOL_SEEDS` sets the number of real ones.
"""

import math
import os
import random
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from msptool.backup.manifest import Entry
from msptool.backup.proof import coverage, sample, trial
from msptool.backup.proof.confidence import detected, most_bad, state
from msptool.backup.proof.coverage import Restored
from msptool.backup.proof.sample import Cluster
from tests.lab.backup import bench, site

SEEDS = 1000
REAL = int(os.environ.get("MSPTOOL_SEEDS", "40"))
NOW = datetime(2026, 1, 1, tzinfo=UTC)
_Z = 2.576  # 99 % of a normal distribution


@dataclass(frozen=True)
class Agreed:
    """How often something was found, beside how often it should have been."""

    name: str
    found: int
    tries: int
    expected: float

    @property
    def margin(self) -> float:
        """Half the width of the interval of the binomial around what is expected."""
        return _Z * math.sqrt(self.expected * (1 - self.expected) / self.tries) + 0.5 / self.tries

    @property
    def agrees(self) -> bool:
        return abs(self.found / self.tries - self.expected) <= self.margin

    def told(self) -> str:
        said = "ok" if self.agrees else "OFF"
        return (
            f"{self.name:<52} found {self.found / self.tries:7.1%} of {self.tries:<5} stated"
            f" {self.expected:7.1%} ± {self.margin:5.1%}  {said}"
        )


def clusters(count: int, begin: str = "") -> list[Cluster]:
    """Return clusters of equal weight, of digests that begin so."""
    one = (Entry(path="/f", kind="file"),)
    size = sample.DIGEST_CHARS - len(begin)
    return [Cluster("", (), one, f"{begin}{n:0{size}}", 1, 1) for n in range(count)]


def rotated(population: int, bad: int, drawn: int, rounds: int, seed: int) -> bool:
    """Tell whether some samples in a row, as the rotation draws them, met a bad cluster."""
    rng = random.Random(seed)
    found = clusters(population)
    broken = {cluster.digest for cluster in rng.sample(found, bad)}
    proven: dict[str, datetime] = {}
    for day in range(rounds):
        chosen = sample.choose(found, proven, rng, count=drawn)
        if any(cluster.digest in broken for cluster in chosen):
            return True
        proven |= {cluster.digest: NOW + timedelta(days=day) for cluster in chosen}
    return False


def simulated(population: int, bad: int, drawn: int, rounds: int, seeds: int = SEEDS) -> Agreed:
    """Draw as often as there are seeds."""
    hits = sum(rotated(population, bad, drawn, rounds, seed) for seed in range(seeds))
    name = f"{bad} of {population} bad, {rounds} samples of {drawn}"
    return Agreed(name, hits, seeds, detected(population, bad, min(population, drawn * rounds)))


def at_the_bound(population: int, drawn: int, seeds: int = SEEDS) -> Agreed:
    """One more bad than a clean sample allows is met with 95 % at least: how often really?"""
    return simulated(population, most_bad(population, drawn) + 1, drawn, 1, seeds)


@dataclass(frozen=True)
class Day:
    """How many clusters come on a day, how many of these are bad, and how many are drawn."""

    come: int
    bad: int
    drawn: int


def overstated(days: Sequence[Day], seed: int) -> bool:
    """Tell whether samples that were all clean end with a bound that is too low. The first day's
    clusters were proven whole before.
    """
    rng = random.Random(seed)
    there: list[Cluster] = []
    broken: set[str] = set()
    lines: list[Restored] = []
    for number, day in enumerate(days):
        new = clusters(day.come, f"{number:04}-")
        there += new
        broken |= {cluster.digest for cluster in rng.sample(new, day.bad)}
        known = coverage.fold(lines)
        chosen = sample.choose(there, known.proven_at, rng, count=day.drawn) if number else there
        if any(cluster.digest in broken for cluster in chosen):
            return False
        met = coverage.met(there, chosen, known)
        at = NOW + timedelta(days=number)
        lines.append(coverage.restored("r", "s", "sampled", chosen, at, met=met))
    told = state(coverage.standing(there, coverage.fold(lines)))
    return told.bad < len(broken)


def too_low(days: Sequence[Day], seeds: int = SEEDS) -> float:
    """Return how often that was so, of all seeds."""
    return sum(overstated(days, seed) for seed in range(seeds)) / seeds


# 200 proven whole before. As bad as a clean sample may miss, and one more; and so few that samples
# of what was there before, taken for samples of it, would call them impossible.
CHURN: Mapping[str, tuple[Day, ...]] = {
    "40 come, 12 drawn": (Day(200, 0, 0), Day(40, most_bad(40, 12) + 1, 12)),
    "40 come, 2 of them bad, 12 drawn": (Day(200, 0, 0), Day(40, 2, 12)),
    "40 come, 12 drawn on two days": (
        Day(200, 0, 0), Day(40, most_bad(40, 24) + 1, 12), Day(0, 0, 12),
    ),
    "30 come each day, 3 of the last are bad": (
        Day(200, 0, 0), Day(30, 0, 12), Day(30, 0, 12), Day(30, 3, 12),
    ),
}  # fmt: skip


def real(
    root: Path, seeds: int, harm: Callable[[site.Site, random.Random], None], name: str
) -> Agreed:
    """Break sound repositories, each by its own seed, and restore a sample of each.

    Which clusters are bad is learnt by restoring all of the broken repository.
    """
    sound = _made(root)
    hits, expected = 0, 0.0
    for seed in range(seeds):
        rng = random.Random(seed)
        with tempfile.TemporaryDirectory(dir=root) as folder:
            broken = site.copy(sound, Path(folder))
            harm(broken, rng)
            hit, chance = _sampled(broken, rng)
        hits += hit
        expected += chance / seeds
    return Agreed(name, hits, seeds, expected)


def _sampled(broken: site.Site, rng: random.Random) -> tuple[bool, float]:
    """Return whether a sample of a quarter found damage, and how likely that was."""
    with bench.opened(broken) as tried:
        found = sample.clusters(tried.entries)
        whole = trial.restore(tried.bench, tried.task, tried.snapshot, tried.entries, found)
        drawn = max(1, len(found) // 4)
        chosen = sample.choose(found, {}, rng, count=drawn)
        tested = trial.sampled(tried.bench, tried.task, tried.snapshot, tried.entries, chosen)
    bad = len(found) - len(whole.proven)
    return bool(tested.faults), detected(len(found), bad, drawn)


def _made(root: Path) -> site.Site:
    """Make and back up a site of several packs and some forty clusters."""
    made = site.make(root)
    rng = random.Random(5)
    for folder in range(40):
        at = made.source / f"box{folder}"
        at.mkdir()
        for number in range(50):
            (at / f"{number}").write_bytes(rng.randbytes(12_000))
    for word in ("init", "run"):
        done = made.cli(word)
        if done.returncode:
            raise RuntimeError(done.stderr)
    return made


def byte_of_a_pack(broken: site.Site, rng: random.Random) -> None:
    """Flip a byte in the data of a pack, somewhere: one blob, and so one file, is broken."""
    packs = [pack for pack in broken.packs() if pack.stat().st_size > 1_000_000]
    pack = rng.choice(packs)
    site.flip(pack, rng.randrange(int(pack.stat().st_size * 0.95)))


def whole_pack(broken: site.Site, rng: random.Random) -> None:
    """Zero a stretch of a pack: neighbours in the backup are broken together."""
    packs = [pack for pack in broken.packs() if pack.stat().st_size > 1_000_000]
    pack = rng.choice(packs)
    pack.chmod(0o600)
    data = bytearray(pack.read_bytes())
    length = len(data) // 4
    start = rng.randrange(int(len(data) * 0.7))
    data[start : start + length] = bytes(len(data[start : start + length]))
    pack.write_bytes(data)


def main() -> None:
    """Print each experiment and whether it agrees."""
    for population, bad, drawn, rounds in (
        (480, 1, 48, 1), (480, 5, 48, 1), (480, 24, 48, 1), (480, 5, 5, 30), (480, 1, 48, 10),
        (25_000, 250, 299, 1),
    ):  # fmt: skip
        print(simulated(population, bad, drawn, rounds).told())
    print(at_the_bound(480, 48).told())
    print(at_the_bound(3000, 299).told())
    for name, days in CHURN.items():
        share = too_low(days)
        said = "ok" if share <= 0.05 + _Z * math.sqrt(0.05 * 0.95 / SEEDS) else "OFF"
        print(f"{name:<52} bound too low {share:7.1%} of {SEEDS:<5} at most 5.0%  {said}")
    for harm, name in ((byte_of_a_pack, "a byte"), (whole_pack, "a quarter of a pack")):
        with tempfile.TemporaryDirectory() as folder:
            print(real(Path(folder), REAL, harm, f"real restic, {name} broken").told())
