"""Rows counted by a probe against those of the backup and of the last good proof. Pure."""

from collections.abc import Mapping

from msptool.backup import words
from msptool.backup.probes.cell import Told

# Below this share of its earlier rows a database is shrunken. Deletes of half the rows between
# two proofs happen (a year is archived); nine of ten in a database that had many do not.
LEAST_SHARE = 0.1
_MANY = 100


def judged(
    told: Told,
    expected: Mapping[str, int] | None,
    earlier: Mapping[str, int],
    *,
    is_dump: bool = False,
) -> Told:
    """Return what a probe told, or that its counts tell otherwise.

    `expected` are those of this very backup, equal to the row (None: not counted); `earlier`
    those of the last good proof, which only a collapse contradicts. A dump of tables without one
    row is worth nothing, unless that is how it was counted; an application's database may be.
    """
    if told.verdict != "ok":
        return told
    if expected is not None and dict(expected) != told.counts:
        return Told("bad-content", words.OTHER_COUNTS, _differing(expected, told.counts),
                    counts=told.counts)  # fmt: skip
    if expected is None and shrunken(earlier, told.counts):
        return Told("bad-content", words.SHRUNKEN, counts=told.counts)
    if expected is None and is_dump and told.counts and not any(told.counts.values()):
        return Told("bad-content", words.PG_NO_ROWS, counts=told.counts)
    return told


def _differing(expected: Mapping[str, int], counted: Mapping[str, int]) -> str:
    names = sorted(expected.keys() | counted.keys())
    told = [
        f"{name} {expected.get(name, 'none')} -> {counted.get(name, 'none')}"
        for name in names
        if expected.get(name) != counted.get(name)
    ]
    return ", ".join(told[:3]) + (f" (+{len(told) - 3})" if len(told) > 3 else "")


def shrunken(earlier: Mapping[str, int], counted: Mapping[str, int]) -> bool:
    """Tell whether a database lost all its tables, all its rows, or nearly all of many."""
    before, now = sum(earlier.values()), sum(counted.values())
    if earlier and not counted:
        return True
    if before and not now:
        return True
    return before >= _MANY and now < before * LEAST_SHARE
