r"""Parts of a snapshot that restic restores cheaply, and which of them to prove next. Pure.

`restic restore` holds each name against each `--include`, so a sample of single files soon costs
as much as the whole. A cluster is a bounded subtree, or neighbours by name in one folder; a few
patterns of restic's language (see patterns) take all of it and nothing else:

- `/a/b`: a subtree; `/a/IMG_00[2-5]*`: the children of a folder between two letters;
- `!/a/big`: but not a child that is split into clusters of its own. A later pattern outweighs an
  earlier one, so the patterns of deeper folders come last.

The next sample is drawn without replacement: what was never proven as it is now, then what was
proven longest ago, in random order among equals. The random order is what makes a clean sample
say something of the rest (see confidence).
"""

import base64
import hashlib
import itertools
import os.path
import random
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from msptool.backup import names
from msptool.backup.manifest import Entry

MOST_NAMES = 64
MOST_BYTES = 64 << 20
DIGEST_CHARS = 12  # 72 bits: of a million clusters, two are alike by chance once in 10**10
_MOST_CHARS = 500_000  # Linux passes 2 MiB to a program, and a letter may take four bytes
_IN_RANGE = (" ", "\ud7ff")  # letters that a range may begin or end with
_SPECIAL = frozenset("*?[\\")
_IN_CLASS = frozenset("\\]-^[")


@dataclass(frozen=True)
class Cluster:
    """Some entries of a manifest and the patterns that restore them. `folder`, in the written
    form, is what they lie in or the top of them; `digest` names them with their content.
    """

    folder: str
    patterns: tuple[str, ...]
    entries: tuple[Entry, ...]
    digest: str
    files: int
    bytes: int


def clusters(entries: Iterable[Entry]) -> tuple[Cluster, ...]:
    """Return the clusters of a manifest; each entry lies in exactly one."""
    tree = _Tree(entries)
    found: list[Cluster] = []
    waiting: list[tuple[str, tuple[Entry, ...]]] = [(top, ()) for top in tree.tops]
    while waiting:
        folder, above = waiting.pop()
        large = [child for child in tree.inner[folder] if not tree.fits([child])]
        small = [child for child in tree.inner[folder] if tree.fits([child])]
        for patterns, group in _grouped(tree, folder, small, large):
            found.append(_cluster(folder, patterns, (*above, *tree.below(group))))
            above = ()
        for child in large:
            waiting.append((child.path, (*above, child)))
            above = ()
    return tuple(found)


class _Tree:
    """Entries by the folder that they lie in; `tops` are folders that have no entry."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.inner: dict[str, list[Entry]] = {}
        known = set()
        for entry in entries:
            known.add(entry.path)
            self.inner.setdefault(entry.path.rpartition("/")[0], []).append(entry)
        self.tops = [folder for folder in self.inner if folder not in known]
        self._below: dict[str, tuple[int, int]] = {}
        for folder in sorted(self.inner, key=len, reverse=True):
            self._below[folder] = self.weight(self.inner[folder])

    def weight(self, entries: Iterable[Entry]) -> tuple[int, int]:
        """Return the names and bytes of some entries and of all below them."""
        count = size = 0
        for entry in entries:
            names_below, bytes_below = self._below.get(entry.path, (0, 0))
            count += 1 + names_below
            size += bytes_below + (entry.size_bytes if entry.kind == "file" else 0)
        return count, size

    def fits(self, entries: Sequence[Entry]) -> bool:
        """Tell whether entries make one cluster. What cannot be split always does."""
        if len(entries) == 1 and entries[0].path not in self.inner:
            return True
        count, size = self.weight(entries)
        return count <= MOST_NAMES and size <= MOST_BYTES

    def below(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        """Yield entries and all below them."""
        waiting = list(entries)
        while waiting:
            entry = waiting.pop()
            yield entry
            waiting += self.inner.get(entry.path, ())


def _cluster(folder: str, patterns: Sequence[str], entries: Iterable[Entry]) -> Cluster:
    ordered = tuple(sorted(entries, key=lambda entry: entry.path))
    files = [entry.size_bytes for entry in ordered if entry.kind == "file"]
    return Cluster(folder, tuple(patterns), ordered, _digest(ordered), len(files), sum(files))


def _digest(entries: Iterable[Entry]) -> str:
    """Return what names entries by all that a test restore judges of them."""
    lines = (
        f"{e.path}\0{e.kind}{e.size_bytes}{'m' * e.moved}{'u' * e.unread}"
        f"\0{e.sha256}\0{e.sha256_after}\0{e.target}\0{e.target_after}\0"
        for e in entries
    )
    hashed = hashlib.sha256("".join(lines).encode()).digest()
    return base64.urlsafe_b64encode(hashed)[:DIGEST_CHARS].decode()


# The patterns of neighbours.


@dataclass(frozen=True)
class _Range:
    """Children whose names begin alike, then go on with a letter between two."""

    group: Sequence[tuple[str, Entry]]
    prefix: str
    low: str = ""
    high: str = ""

    def takes(self, name: str) -> bool:
        if len(self.group) == 1:
            return name == self.group[0][0]
        rest = name[len(self.prefix) : len(self.prefix) + 1]
        return name.startswith(self.prefix) and (not self.low or self.low <= rest <= self.high)

    def pattern(self) -> str:
        if len(self.group) == 1:
            return escaped(self.group[0][0])
        if self.low == self.high:
            return f"{escaped(self.prefix + self.low)}*"
        return f"{escaped(self.prefix)}[{_member(self.low)}-{_member(self.high)}]*"


def escaped(name: str) -> str:
    """Return the pattern that takes a name or a path and no other."""
    return "".join(f"\\{char}" if char in _SPECIAL else char for char in name)


def _member(char: str) -> str:
    return f"\\{char}" if char in _IN_CLASS else char


def _grouped(
    tree: _Tree, folder: str, small: Sequence[Entry], large: Sequence[Entry]
) -> Iterator[tuple[list[str], list[Entry]]]:
    """Yield patterns with the children that they take: all the small ones and no large one."""
    apart = [_name(entry) for entry in large]
    base = escaped(names.read(folder))
    patterns: list[str] = []
    group: list[Entry] = []
    for part in _ranges(tree, sorted((_name(entry), entry) for entry in small)):
        inside = [entry for _, entry in part.group]
        if group and not tree.fits([*group, *inside]):
            yield patterns, group
            patterns, group = [], []
        patterns += _patterns(base, part, apart)
        group += inside
    if group:
        yield patterns, group


def _patterns(base: str, part: _Range, apart: Sequence[str]) -> list[str]:
    taken = [name for name in apart if part.takes(name)]
    if len(taken) >= len(part.group):
        return [f"{base}/{escaped(name)}" for name, _ in part.group]
    return [f"{base}/{part.pattern()}", *(f"!{base}/{escaped(name)}" for name in taken)]


def _name(entry: Entry) -> str:
    return names.read(entry.path.rpartition("/")[2])


def _ranges(tree: _Tree, children: Sequence[tuple[str, Entry]]) -> Iterator[_Range]:
    """Cut sorted children into ranges that each fit, in their order; one call a letter deeper."""
    if not children:
        return
    prefix = os.path.commonprefix([children[0][0], children[-1][0]])
    if tree.fits([entry for _, entry in children]) and _is_text(prefix):
        yield _Range(children, prefix)
        return
    run: list[tuple[str, Entry]] = []
    for letter, alike in itertools.groupby(children, lambda c: c[0][len(prefix) :][:1]):
        same = list(alike)
        joins = _IN_RANGE[0] <= letter <= _IN_RANGE[1] and _is_text(prefix)
        if run and not (joins and tree.fits([e for _, e in (*run, *same)])):
            yield _range(run, prefix)
            run = []
        if joins and tree.fits([entry for _, entry in same]):
            run += same
        elif not letter or len(same) == 1:
            yield from (_Range([child], prefix) for child in same)
        else:
            yield from _ranges(tree, same)
    if run:
        yield _range(run, prefix)


def _range(run: Sequence[tuple[str, Entry]], prefix: str) -> _Range:
    return _Range(run, prefix, *(name[len(prefix)] for name in (run[0][0], run[-1][0])))


def _is_text(name: str) -> bool:
    """Tell a name from one with bytes that are no UTF-8. Such names are never taken by their
    beginning: restic compares bytes, and the first byte of a letter begins other letters too.
    """
    return not any("\ud800" <= char <= "\udfff" for char in name)


# Which to prove.


def choose(
    found: Sequence[Cluster],
    proven_at: Mapping[str, datetime],
    rng: random.Random,
    *,
    share: float = 1.0,
    count: int | None = None,
) -> tuple[Cluster, ...]:
    """Return the clusters to prove next: `count` of them, or a share of the whole.

    `proven_at`: by digest, when a cluster was last found well. A share is the mean of that of
    names and that of bytes, so that 1 / share samples in a row prove everything. No more are
    chosen than the patterns of one call can name.
    """
    never = [cluster for cluster in found if cluster.digest not in proven_at]
    known = [cluster for cluster in found if cluster.digest in proven_at]
    rng.shuffle(never)
    rng.shuffle(known)
    known.sort(key=lambda cluster: proven_at[cluster.digest])  # stable: random among equals
    ordered = [*never, *known][:count]
    told = itertools.accumulate(sum(map(len, c.patterns)) + 16 * len(c.patterns) for c in ordered)
    before = zip(ordered, _weights(ordered, found), told, strict=True)
    return tuple(c for c, done, chars in before if done < share and chars < _MOST_CHARS)


def _weights(ordered: Sequence[Cluster], whole: Sequence[Cluster]) -> Iterator[float]:
    """Yield the share of the whole that lies before each of some clusters."""
    all_names = sum(len(cluster.entries) for cluster in whole)
    all_bytes = sum(cluster.bytes for cluster in whole) or 1
    count = size = 0
    for cluster in ordered:
        yield (count / all_names + size / all_bytes) / 2
        count += len(cluster.entries)
        size += cluster.bytes


def clean(found: Iterable[Cluster], bad: Collection[str]) -> tuple[Cluster, ...]:
    """Return the clusters that none of some paths lies in."""
    return tuple(c for c in found if not any(entry.path in bad for entry in c.entries))


def spoilt(found: Iterable[Cluster], bad: Collection[str]) -> tuple[Cluster, ...]:
    """Return the clusters that one of some paths lies in."""
    return tuple(c for c in found if any(entry.path in bad for entry in c.entries))


def patterns(chosen: Iterable[Cluster]) -> tuple[str, ...]:
    """Return the includes of some clusters, in the order in which they hold together."""
    ordered = sorted(chosen, key=lambda cluster: cluster.folder.count("/"))
    return tuple(pattern for cluster in ordered for pattern in cluster.patterns)
