"""How deep to prove: what each level does, and what a day's proof picks by age and budget. Pure.

| level | looks at |
|---|---|
| 1 | age against RPO; size, count and change against history |
| 2 | the repository's structure (`restic check`) |
| 3 | a part of its packs, in rotation |
| 4 | a test restore from an empty cache, held against the sealed manifest |
| 5 | what the restored files mean: databases load, archives open |

Each includes those before it. Without a level the day decides: everything, where the last whole
proof is too old or was bad, or where it costs next to nothing; else a sample.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from msptool.backup import words
from msptool.profile.shape import Verify

Restore: TypeAlias = Literal["none", "sample", "full", "stream"]
Reading: TypeAlias = Literal["none", "structure", "part", "whole"]

RESTORE = 4  # the first level that restores
DEEPEST = 5
DAILY_SHARE = 1.0  # percent of the bytes; a whole proof comes again after full_days
# What a restore and its comparison do at least on two busy cores (2 GB in 27 s, measured with
# restic 0.14); only until this job's own rate is known.
_BYTES_PER_S = 30e6
_DAY_S = 86400


@dataclass(frozen=True)
class Asked:
    """What a person asked for. `share`: a sample of so many percent; `stream`: no scratch disk."""

    level: int | None = None
    share: float | None = None
    stream: bool = False


@dataclass(frozen=True)
class History:
    """What is known of a job before it is proven. `full_age_s`: since the last whole proof, None
    without any; `bad`: the last proof found something; `bytes_per_s`: of the last restore, 0 for
    unknown.
    """

    bytes: int = 0
    full_age_s: float | None = None
    bad: bool = False
    bytes_per_s: float = 0.0


@dataclass(frozen=True)
class Plan:
    """What is done for one job. `why`: a sentence of words."""

    level: int
    restore: Restore
    reading: Reading
    share: float = 100.0
    why: str = words.ASKED

    @property
    def whole(self) -> bool:
        """Whether a whole snapshot is restored, to a place or as a stream."""
        return self.restore in ("full", "stream")

    @property
    def probes(self) -> bool:
        """Whether restored files are probed for meaning."""
        return self.level >= DEEPEST and self.restore in ("sample", "full")


def pick(asked: Asked, history: History, settings: Verify) -> Plan:
    """Return what to do for a job: what was asked, else what the day needs."""
    if asked.level is None and asked.share is None and not asked.stream:
        return _daily(history, settings)
    level = asked.level or DEEPEST
    if level < RESTORE:
        return Plan(level, "none", _READINGS[level], 0.0)
    if asked.stream:
        return Plan(RESTORE, "stream", "part")
    if asked.share is not None:
        return Plan(level, "sample", "part", asked.share)
    return Plan(level, "full", "whole")


_READINGS: dict[int, Reading] = {1: "none", 2: "structure", 3: "part"}


def _daily(history: History, settings: Verify) -> Plan:
    if history.bytes <= settings.small_mib << 20:
        return Plan(DEEPEST, "full", "whole", why=words.SMALL)
    old = history.full_age_s is None or history.full_age_s > settings.full_days * _DAY_S
    why = words.WAS_BAD if history.bad else words.FULL_DUE
    seconds = history.bytes / (history.bytes_per_s or _BYTES_PER_S)
    fits = seconds <= settings.budget_min * 60
    if (old or history.bad) and fits:
        return Plan(DEEPEST, "full", "part", why=why)
    if fits:
        return Plan(DEEPEST, "sample", "part", DAILY_SHARE, words.FULL_RECENT)
    # Too much for a day: so much of it that all is proven within the time that a whole proof has.
    return Plan(DEEPEST, "sample", "part", min(100.0, 100 / settings.full_days), words.TOO_LARGE)


def deepest(plans: Iterable[Plan]) -> Reading:
    """Return how a repository is read when several jobs that lie in it are proven."""
    order: tuple[Reading, ...] = ("none", "structure", "part", "whole")
    return max((plan.reading for plan in plans), key=order.index, default="none")
