"""What a clean sample says of what was not looked at. Pure.

Of N clusters, n were drawn at random without replacement and all came back well. If K of the N
are bad, a sample misses them all with the hypergeometric probability

    P(K) = C(N - K, n) / C(N, n)

and the exact one-sided upper bound at 95 % is the largest K with P(K) > 5 % (Cochran, Sampling
Techniques, 3rd ed., ch. 3.6; Buonaccorsi, "A note on confidence intervals for proportions in
finite populations", 1987). For a large N that is the binomial 1 - 0.05 ** (1/n): "299 clean, so
fewer than 1 % are bad". With n = N nothing is left to be said by chance: all were proven.

It holds for damage that does not know which clusters we draw, and for the drawing order of
sample.choose: what was never proven is drawn first, in random order, so that the samples of some
days in a row are together one sample without replacement of what was not proven when they began.
So N is what was never proven and what was drawn since all of that could have been drawn: samples
of last week say nothing of files that came today and may be worse than all others. The unit is the
cluster. A bound on clusters is none on files: the files of a cluster are damaged together, by a
pack or a folder.
"""

import math
from dataclasses import dataclass

from msptool.backup.proof.coverage import Standing
from msptool.model import Words

CONFIDENCE = 0.95
_ROUNDING = 1e-9  # logarithms of the gamma function are not exact: 15 of 300 is 5 %, and no more


@dataclass(frozen=True)
class Statement:
    """What is known with 95 % confidence: at most `bad` of `clusters` are bad, `proven` being
    clean. Without a proven one, nothing.
    """

    clusters: int
    proven: int
    files: int
    files_proven: int
    bad: int

    @property
    def full(self) -> bool:
        """Whether everything was proven, and no chance is left."""
        return self.proven == self.clusters

    @property
    def share(self) -> float:
        """The bound as a share of all clusters."""
        return self.bad / self.clusters if self.clusters else 0.0


def state(standing: Standing, confidence: float = CONFIDENCE) -> Statement:
    """Return the statement that a standing supports."""
    return Statement(
        standing.clusters,
        standing.proven,
        standing.files,
        standing.files_proven,
        most_bad(len(standing.never) + standing.drawn, standing.drawn, confidence),
    )


def most_bad(population: int, clean: int, confidence: float = CONFIDENCE) -> int:
    """Return how many of a population may still be bad after a clean sample of it."""
    low, high = 0, population - clean
    while low < high:
        middle = (low + high + 1) // 2
        if _missed(population, middle, clean) > (1 - confidence) * (1 + _ROUNDING):
            low = middle
        else:
            high = middle - 1
    return low


def detected(population: int, bad: int, drawn: int) -> float:
    """Return the probability that a sample meets at least one of the bad ones."""
    return 1.0 - _missed(population, bad, drawn)


def needed(population: int, bad: int, confidence: float = CONFIDENCE) -> int:
    """Return how many must be drawn to meet one of the bad ones with this confidence."""
    low, high = 0, population
    while low < high:
        middle = (low + high) // 2
        if detected(population, bad, middle) >= confidence:
            high = middle
        else:
            low = middle + 1
    return low


def _missed(population: int, bad: int, drawn: int) -> float:
    """Return C(N - K, n) / C(N, n), by logarithms of the gamma function."""
    if bad == 0 or drawn == 0:
        return 1.0
    if drawn > population - bad:
        return 0.0
    told = (population - bad, population - drawn)
    taken = (population, population - bad - drawn)
    return math.exp(sum(math.lgamma(n + 1) for n in told) - sum(math.lgamma(n + 1) for n in taken))


def words(statement: Statement) -> Words:
    """Return a statement as a sentence."""
    s = statement
    if s.full:
        return {
            "en": "the one file was proven" if s.files == 1 else f"all {s.files} files were proven",
            "ru": f"восстановлением проверены все файлы: {s.files}",
        }
    if not s.proven:
        return {"en": "nothing was proven", "ru": "ничего не проверено"}
    share_en = _percent(s.share)
    share_ru = share_en.replace(".", ",")
    return {
        "en": f"{s.proven} of {s.clusters} groups of files were proven ({s.files_proven} of"
        f" {s.files} files): with 95 % confidence at most {share_en} % of the groups are bad",
        "ru": f"проверено групп файлов: {s.proven} из {s.clusters} (файлов: {s.files_proven} из"
        f" {s.files}); с уверенностью 95 % негодных групп не больше {share_ru} %",
    }


def _percent(share: float) -> str:
    """Return a share in percent, rounded up: a bound must not shrink."""
    return f"{math.ceil(share * 1000 - 1e-9) / 10:.1f}"
