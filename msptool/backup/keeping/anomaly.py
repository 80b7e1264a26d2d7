"""Whether a backup can be what the source really is, by its size and by what changed in it.

From the seals alone, so also for a repository that nobody can read now. Measured
(RESEARCH-backup, 4): on a normal day at most 2 % of the files change; where they were encrypted,
100 % do, and the repository grows by all of them; where all were renamed, 100 % are new, and it
grows by 0.7 %. CHECKS.csv, BKP-011: more than 50 % off the median of 7 runs, or no growth.

Small jobs swing, so each rule has a least size and a least history. A job that rewrites itself
every day (a folder of dumps) is known by its own history. "grown" and "still" are hints; the
others hold retention back until a person accepts the snapshot, as on the next day the same state
looks like a quiet one, and the good copies age away. Least and most sizes of the profile are held
against each backup when it is made (see plausible).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Literal, TypeAlias

from msptool.backup.manifest import Seal
from msptool.model import Words
from msptool.profile.shape import Expect

Code: TypeAlias = Literal[
    "rewritten", "renamed", "too-much-changed", "shrunk", "fewer-files", "grown", "still",
]  # fmt: skip
HINTS: frozenset[Code] = frozenset({"grown", "still"})
WORDS: Mapping[Code, Words] = {
    "rewritten": {
        "en": "nearly every file has other content, as after encryption",
        "ru": "почти у каждого файла другое содержимое, как после шифрования",
    },
    "renamed": {
        "en": "nearly every file has another name",
        "ru": "почти у каждого файла другое имя",
    },
    "too-much-changed": {
        "en": "more changed than the profile expects",
        "ru": "изменилось больше, чем ожидает профиль",
    },
    "shrunk": {
        "en": "less than half of its usual size",
        "ru": "меньше половины обычного размера",
    },
    "fewer-files": {
        "en": "less than half of its usual files",
        "ru": "меньше половины обычного числа файлов",
    },
    "grown": {
        "en": "more than half again of its usual size",
        "ru": "больше обычного размера в полтора раза",
    },
    "still": {"en": "nothing has changed for a month", "ru": "месяц ничего не меняется"},
}

RUNS = 7
_HALF = 0.5
_NEARLY_ALL = 0.95
_FEW_BYTES_ADDED = 0.1  # 0.7 % for a mass rename, 99.7 % for encryption
_FILES = 20  # below, a percentage of files says nothing
_BYTES = 2**20  # below, half of the size is an ordinary edit
_GROWTH_BYTES = 2**30  # below, a doubling is one new folder
_HISTORY = 3  # runs for a median
_STILL = timedelta(days=30)
_STILL_RUNS = 20


@dataclass(frozen=True)
class Volume:
    """How much a backup held, and how much of it was new against the one before. None: unknown."""

    at: datetime
    snapshot: str = ""
    files: int = 0
    bytes: int = 0
    changed: int | None = None
    gone: int | None = None
    added_bytes: int | None = None


@dataclass(frozen=True)
class Odd:
    """A snapshot that is implausible, and the numbers that say so."""

    snapshot: str
    code: Code
    value: float
    usual: float

    @property
    def holds(self) -> bool:
        """Whether retention must wait for a person."""
        return self.code not in HINTS


def volume(seal: Seal) -> Volume | None:
    """Return what a seal tells; None for one of a version that did not count."""
    if not seal.files:
        return None
    return Volume(
        seal.walked_at, seal.snapshot, seal.files, seal.bytes, seal.changed, seal.gone,
        seal.added_bytes,
    )  # fmt: skip


def judge(volumes: Sequence[Volume], expect: Expect) -> tuple[Odd, ...]:
    """Return what is implausible in the backups of a job, oldest first.

    What holds retention back is told of every one, hints of the newest alone.
    """
    found: list[Odd] = []
    for at, newest in enumerate(volumes):
        before = volumes[max(0, at - RUNS) : at]
        found += [odd for odd in _one(newest, before, expect) if odd.holds]
    if volumes:
        found += [
            odd for odd in _one(volumes[-1], volumes[-1 - RUNS : -1], expect) if not odd.holds
        ]
        found += _still(volumes)
    return tuple(found)


def _one(newest: Volume, before: Sequence[Volume], expect: Expect) -> list[Odd]:
    return [*_sized(newest, before), *_changed(newest, before, expect)]


def _sized(newest: Volume, before: Sequence[Volume]) -> list[Odd]:
    if len(before) < _HISTORY:
        return []
    size, count = median(v.bytes for v in before), median(v.files for v in before)
    rules: tuple[tuple[Code, bool, float, float], ...] = (
        ("shrunk", size >= _BYTES and newest.bytes < size * _HALF, newest.bytes, size),
        ("fewer-files", count >= _FILES and newest.files < count * _HALF, newest.files, count),
        (
            "grown",
            newest.bytes > size * (1 + _HALF) and newest.bytes - size >= _GROWTH_BYTES,
            newest.bytes,
            size,
        ),
    )
    return [Odd(newest.snapshot, code, v, usual) for code, holds, v, usual in rules if holds]


def _changed(newest: Volume, before: Sequence[Volume], expect: Expect) -> list[Odd]:
    share = _share(newest)
    if share is None or not before:
        return []
    limit = expect.change_percent
    if limit is not None:
        over = share * 100 > limit
        return [Odd(newest.snapshot, "too-much-changed", share, limit / 100)] if over else []
    habits = [habit for v in before if (habit := _share(v)) is not None]
    usual = median(habits) if habits else 0.0
    if newest.files < _FILES or share < (_HALF if habits else _NEARLY_ALL):
        return []
    if max(habits, default=0.0) >= _HALF and usual >= share * _HALF:
        return []
    return [Odd(newest.snapshot, _how(newest), share, usual)]


def _share(told: Volume) -> float | None:
    if told.changed is None or not told.files:
        return None
    return told.changed / told.files


def _how(told: Volume) -> Code:
    """Tell a rename from a rewrite: of a rename the repository hardly grows."""
    moved = (told.gone or 0) >= told.files * _HALF
    added = told.bytes if told.added_bytes is None else told.added_bytes
    return "renamed" if moved and added <= told.bytes * _FEW_BYTES_ADDED else "rewritten"


def _still(volumes: Sequence[Volume]) -> list[Odd]:
    """Tell that a source which used to change no longer does; an archive never did."""
    changes = [v for v in volumes if v.changed or v.gone]
    if not changes:
        return []
    quiet = [v for v in volumes if v.at > changes[-1].at]
    if len(quiet) < _STILL_RUNS or quiet[-1].at - changes[-1].at < _STILL:
        return []
    days = (quiet[-1].at - changes[-1].at) / timedelta(days=1)
    return [Odd(quiet[-1].snapshot, "still", round(days), 0)]
