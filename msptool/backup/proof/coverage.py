"""The coverage ledger: what was proven when, and what never. Lines are only ever added.

`coverage/JOB.jsonl` has a line for each test restore with the digests of the clusters that came
back well (see sample): a cluster whose content changed has a new digest, and so was never proven.
A cluster that no test before could have drawn is named in the line of the first that passed it by:
what was proven before it was there says nothing of it.
`coverage/packs/REPOSITORY.jsonl` has a line for each reading of packs; a pack is named in the
first that read it, and later readings of its part (by the first byte of its id, as restic cuts)
count for it too. The order of lines does not matter, twice is once, and a line that cannot be
read (a torn tail) proves nothing.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import msgspec

from msptool import files
from msptool.backup import names
from msptool.backup.proof.sample import DIGEST_CHARS, Cluster
from msptool.model import Instant
from msptool.workspace import Workspace

T = TypeVar("T")
_PACK_CHARS = 12  # of 64: 48 bits tell a repository's packs apart


class Restored(msgspec.Struct, frozen=True, kw_only=True):
    """A test restore. `clusters`: the digests of those that came back well, without a gap; `bad`:
    of those that did not; `met`: of those that were not drawn, and never could have been before.
    """

    at: Instant
    run: str
    snapshot: str
    mode: str
    clusters: str
    files: int
    bytes: int
    bad: str = ""
    met: str = ""


class Read(msgspec.Struct, frozen=True, kw_only=True):
    """A reading of a part (`n/t`) of the packs. `new`: those that no earlier one had read;
    `broken`: those that it found broken. Both hold the beginnings of ids, without a gap.
    """

    at: Instant
    run: str
    part: str
    count: int
    new: str = ""
    broken: str = ""


# Clusters.


@dataclass(frozen=True)
class Mark:
    """When a cluster was last proven, at which snapshot, by which run."""

    at: datetime
    snapshot: str
    run: str


@dataclass(frozen=True)
class Known:
    """What is known of a job's clusters, by digest: the newest proof of each, and when one that is
    not proven first stood among those that a test drew from.
    """

    marks: Mapping[str, Mark] = field(default_factory=dict)
    met_at: Mapping[str, datetime] = field(default_factory=dict)

    @property
    def proven_at(self) -> dict[str, datetime]:
        """When each was last proven."""
        return {digest: mark.at for digest, mark in self.marks.items()}


@dataclass(frozen=True)
class Standing:
    """How much of a manifest is proven as it is now. `oldest_at`: of the proven ones; `drawn`: how
    many of them were proven since every cluster that never was could have been drawn as well.
    """

    clusters: int
    proven: int
    files: int
    files_proven: int
    bytes: int
    bytes_proven: int
    oldest_at: datetime | None
    never: tuple[Cluster, ...]
    drawn: int = 0

    @property
    def full(self) -> bool:
        """Whether nothing was left out."""
        return not self.never


def add(workspace: Workspace, job: str, line: Restored) -> None:
    """Record a test restore. The caller holds the workspace."""
    files.make_folder(workspace.coverage)
    files.append(_path(workspace, job), msgspec.json.encode(line) + b"\n")


def restored(
    run: str, snapshot: str, mode: str, proven: Sequence[Cluster], at: datetime,
    *, bad: Iterable[Cluster] = (), met: Iterable[Cluster] = (),
) -> Restored:  # fmt: skip
    """Return the line of a test restore."""
    return Restored(
        at=at,
        run=run,
        snapshot=snapshot,
        mode=mode,
        clusters="".join(cluster.digest for cluster in proven),
        files=sum(cluster.files for cluster in proven),
        bytes=sum(cluster.bytes for cluster in proven),
        bad="".join(cluster.digest for cluster in bad),
        met="".join(cluster.digest for cluster in met),
    )


def met(
    clusters: Iterable[Cluster], proven: Iterable[Cluster], known: Known
) -> tuple[Cluster, ...]:
    """Return the clusters that a test passed by and that none before could have drawn."""
    named = {*known.marks, *known.met_at, *(cluster.digest for cluster in proven)}
    return tuple(cluster for cluster in clusters if cluster.digest not in named)


def known(workspace: Workspace, job: str) -> Known:
    """Return what is recorded of a job."""
    return fold(_lines(_path(workspace, job), Restored))


def fold(lines: Iterable[Restored]) -> Known:
    """Return what some lines come to; a cluster that was found bad since is proven no more."""
    marks: dict[str, Mark] = {}
    met_at: dict[str, datetime] = {}
    for line in sorted(lines, key=lambda line: (line.at, line.run)):
        marks.update(dict.fromkeys(_cut(line.clusters, DIGEST_CHARS), _mark(line)))
        for digest in _cut(line.bad, DIGEST_CHARS):
            marks.pop(digest, None)
        for digest in _cut(line.met, DIGEST_CHARS):
            met_at.setdefault(digest, line.at)
    return Known(marks, met_at)


def _mark(line: Restored) -> Mark:
    return Mark(line.at, line.snapshot, line.run)


def standing(clusters: Sequence[Cluster], known: Known) -> Standing:
    """Return how much of the clusters is proven."""
    proven = [cluster for cluster in clusters if cluster.digest in known.marks]
    never = tuple(cluster for cluster in clusters if cluster.digest not in known.marks)
    proven_at = [known.marks[cluster.digest].at for cluster in proven]
    return Standing(
        clusters=len(clusters),
        proven=len(proven),
        files=sum(cluster.files for cluster in clusters),
        files_proven=sum(cluster.files for cluster in proven),
        bytes=sum(cluster.bytes for cluster in clusters),
        bytes_proven=sum(cluster.bytes for cluster in proven),
        oldest_at=min(proven_at, default=None),
        never=never,
        drawn=_drawn(never, proven_at, known),
    )


def _drawn(never: Iterable[Cluster], proven_at: Iterable[datetime], known: Known) -> int:
    """Count the proofs that say something of each cluster that was never proven."""
    met_at = [known.met_at.get(cluster.digest) for cluster in never]
    there = [at for at in met_at if at is not None]
    if len(there) < len(met_at):
        return 0
    return sum(not there or at >= max(there) for at in proven_at)


# Packs.


@dataclass(frozen=True)
class Reads:
    """What is known of a repository's packs. `at`: by first byte, when last read (None: never);
    `seen`: the packs that were read once, `broken`: those found broken when last read.
    """

    at: tuple[datetime | None, ...]
    seen: frozenset[str] = frozenset()
    broken: frozenset[str] = frozenset()

    def part_at(self, number: int, of: int) -> datetime | None:
        """Return when the n-th of t parts was last read whole; None if never."""
        times = self.at[number - 1 :: of]
        known = [at for at in times if at is not None]
        return min(known) if len(known) == len(times) else None


@dataclass(frozen=True)
class PackStanding:
    """How many of a repository's packs were read. `never`, `broken`: ids of packs."""

    packs: int
    read: int
    oldest_at: datetime | None
    never: tuple[str, ...]
    broken: tuple[str, ...]


def add_read(workspace: Workspace, repository: str, line: Read) -> None:
    """Record a reading of packs. The caller holds the workspace."""
    at = _packs_path(workspace, repository)
    files.make_folder(at.parent)
    files.append(at, msgspec.json.encode(line) + b"\n")


def read(
    run: str,
    part: str,
    packs: Iterable[str],
    broken: Iterable[str],
    *,
    known: Reads,
    at: datetime,
) -> Read:
    """Return the line of a reading. `packs`: the ids of all that were there before it began."""
    inside = [pack[:_PACK_CHARS] for pack in sorted(packs) if in_part(pack, part)]
    new = (pack for pack in inside if pack not in known.seen)
    return Read(
        at=at,
        run=run,
        part=part,
        count=len(inside),
        new="".join(new),
        broken="".join(sorted(pack[:_PACK_CHARS] for pack in broken)),
    )


def in_part(pack: str, part: str) -> bool:
    """Tell whether restic counts a pack to a part (`n/t`): by the first byte of its id."""
    number, _, of = part.partition("/")
    return int(pack[:2], 16) % int(of) == int(number) - 1


def reads(workspace: Workspace, repository: str) -> Reads:
    """Return what is recorded of a repository."""
    return fold_reads(_lines(_packs_path(workspace, repository), Read))


def fold_reads(lines: Iterable[Read]) -> Reads:
    """Return what some readings come to."""
    at: list[datetime | None] = [None] * 256
    seen: set[str] = set()
    broken: set[str] = set()
    for line in sorted(lines, key=lambda line: (line.at, line.run)):
        number, _, of = line.part.partition("/")
        if not (number.isdecimal() and of.isdecimal() and 1 <= int(number) <= int(of) <= 256):
            continue
        for byte in range(int(number) - 1, 256, int(of)):
            at[byte] = line.at
        seen.update(_cut(line.new, _PACK_CHARS))
        broken = {pack for pack in broken if not in_part(pack, line.part)}
        broken.update(_cut(line.broken, _PACK_CHARS))
    return Reads(tuple(at), frozenset(seen), frozenset(broken))


def packs_standing(packs: Collection[str], known: Reads) -> PackStanding:
    """Return how many of the packs that are there now were read well, and how long ago."""
    good = [pack for pack in packs if pack[:_PACK_CHARS] in known.seen - known.broken]
    times = [known.at[int(pack[:2], 16)] for pack in good]
    return PackStanding(
        packs=len(packs),
        read=len(good),
        oldest_at=min((at for at in times if at is not None), default=None),
        never=tuple(sorted(pack for pack in packs if pack[:_PACK_CHARS] not in known.seen)),
        broken=tuple(sorted(pack for pack in packs if pack[:_PACK_CHARS] in known.broken)),
    )


# On disk.


def _path(workspace: Workspace, job: str) -> Path:
    return workspace.coverage / f"{names.safe(job)}.jsonl"


def _packs_path(workspace: Workspace, repository: str) -> Path:
    return workspace.coverage / "packs" / f"{names.safe(repository)}.jsonl"


def _lines(at: Path, kind: type[T]) -> Iterator[T]:
    try:
        data = at.read_bytes()
    except FileNotFoundError:
        return
    decoder = msgspec.json.Decoder(kind)
    for line in data.splitlines():
        try:
            yield decoder.decode(line)
        except msgspec.DecodeError:
            continue


def _cut(text: str, size: int) -> list[str]:
    return [text[at : at + size] for at in range(0, len(text) - size + 1, size)]
