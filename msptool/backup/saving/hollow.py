"""What a job used to hold and holds no more, though nobody deleted it: a share that is not
mounted leaves its folder standing and empty; an exclude that came into the profile leaves the
files where they are.

Only a large part of a job counts (_SHARE): spools and caches run empty every day, and small
things are left out on purpose. What a person deletes goes with its folder and is no case of this.
"""

import os
from collections.abc import Collection, Iterator, Mapping

from msptool.backup import names, words
from msptool.backup.manifest import Entry
from msptool.backup.sources.feed import Lack

_SHARE = 0.2  # of a job's files or bytes
_LEAST_FILES = 3


def lacks(now: Collection[Entry], before: Mapping[str, Entry]) -> Iterator[Lack]:
    """Yield what the newest whole backup held, and this one lacks while its place stands."""
    there = {entry.path for entry in now if entry.kind == "file"}
    files = {path: entry for path, entry in before.items() if entry.kind == "file"}
    gone = {path: entry for path, entry in files.items() if path not in there}
    if not _is_much(gone, files):
        return
    hollow = {path: entry for path, entry in gone.items() if not _stands(path)}
    empty = sorted(_emptied(hollow, there))
    below = {p: e for p, e in hollow.items() if any(p.startswith(f"{f}/") for f in empty)}
    if _is_much(below, files):
        yield Lack("incomplete-source", words.EMPTIED, tuple(empty))
    left = {path: entry for path, entry in gone.items() if path not in hollow}
    if _is_much(left, files):
        yield Lack("incomplete-source", words.LEFT_OUT, tuple(sorted(left)))


def _is_much(some: Mapping[str, Entry], whole: Mapping[str, Entry]) -> bool:
    size, total = (sum(e.size_bytes for e in part.values()) for part in (some, whole))
    many = len(some) >= _SHARE * len(whole) or size >= _SHARE * max(1, total)
    return len(some) >= _LEAST_FILES and many


def _emptied(gone: Mapping[str, Entry], there: Collection[str]) -> Iterator[str]:
    """Yield the topmost folders of what is gone that stand, and hold no file any more."""
    held = {folder for path in there for folder in _above(path)}
    found: set[str] = set()
    for path in gone:
        empty = [f for f in _above(path) if f not in held and os.path.isdir(_raw(f))]  # noqa: PTH112 - bytes
        if empty:
            found.add(empty[0])
    yield from found


def _above(path: str) -> Iterator[str]:
    """Yield the folders that a path lies in, topmost first."""
    at = path.find("/", 1)
    while at >= 0:
        yield path[:at]
        at = path.find("/", at + 1)


def _stands(path: str) -> bool:
    return os.path.lexists(_raw(path))


def _raw(path: str) -> bytes:
    return names.raw(names.read(path))
