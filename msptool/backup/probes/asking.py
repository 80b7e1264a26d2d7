"""Which probes a restored tree needs, and what they come to.

Custom probes, databases and dumps come first, the largest of them first: they are what a client
lives on. Then repositories, keys and archives, the smallest first, so that the time reaches most.
"""

import itertools
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from msptool import files
from msptool.backup import broken, names, words
from msptool.backup.manifest import Entry
from msptool.backup.patterns import Excludes
from msptool.backup.probes import cell, counts, custom, git, postgresql, promise
from msptool.backup.probes.cell import Errand, Order, Shown, Told
from msptool.backup.probes.kinds import HEAD_BYTES, PROBES, Candidate
from msptool.backup.verdicts import Verdict
from msptool.backup.walls import beneath
from msptool.errors import MsptoolError
from msptool.profile import shape, trust
from msptool.profile.shape import Job
from msptool.workspace import Workspace

Counts = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class Asked:
    """A restored tree (the file /a/b lies at tree/a/b) and those entries that came back well.

    `expected` are the rows by table by path (written form) as sealed with the backup, `earlier`
    those of the last good proof. `scratch` is a private folder on disk. The restored copies are
    made readable to the user that probes run as. `whole`: the entries are all of the backup and
    no sample; only then is a repository looked at, and is missed what a custom probe is for.
    """

    tree: Path
    entries: Sequence[Entry]
    job: Job
    workspace: Workspace
    scratch: Path
    budget_s: float
    expected: Counts = field(default_factory=dict)
    earlier: Counts = field(default_factory=dict)
    whole: bool = True


@dataclass(frozen=True)
class Probed:
    """What a probe came to: ok, bad-content or could-not-run. `path` is in the written form."""

    path: str
    probe: str
    verdict: Verdict
    detail: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    seconds: float = 0.0


@dataclass(frozen=True)
class Examined:
    """What all probes came to. `skipped`: how many the time did not reach, and `reason` why."""

    probed: tuple[Probed, ...]
    skipped: int = 0
    reason: str = ""


@dataclass(frozen=True)
class _Wanted:
    """A probe of a file, before it was run."""

    path: str
    probe: str
    errand: Errand
    size_bytes: int


def examine(asked: Asked) -> Examined:
    """Look at what a restored tree means."""
    found, wanted = _sorted(asked)
    order = Order(
        tree=str(asked.tree),
        scratch=str(files.make_folder(asked.scratch)),
        budget_s=asked.budget_s,
        errands=tuple(one.errand for one in wanted),
    )
    answers = cell.run(order) if wanted else {}
    probed = [_probed(asked, wanted[number], *answers[number]) for number in sorted(answers)]
    skipped = len(wanted) - len(answers)
    return Examined((*found, *probed), skipped, words.NO_BUDGET if skipped else "")


def _sorted(asked: Asked) -> tuple[list[Probed], list[_Wanted]]:
    """Return what names, sizes and first bytes alone show, and the probes to run in their order."""
    allowed, found = _own(asked)
    wanted, promising, unmet = list(_repositories(asked)), [], set(allowed)
    for candidate in candidates(asked.tree, asked.entries):
        if promise.is_empty(candidate):
            found.append(Probed(candidate.path, "empty", "bad-content", words.EMPTY))
        if promise.promises(candidate):
            promising.append((candidate.path, promise.looks_encrypted(candidate)))
        own = [probe for probe, is_for in allowed.items() if is_for(names.read(candidate.path))]
        unmet.difference_update(own)
        wanted += [_own_errand(candidate, probe) for probe in own]
        wanted += by_type(candidate)
    for path in promise.encrypted(promising):
        found.append(Probed(path, "encryption", "bad-content", words.LOOKS_ENCRYPTED))
    found += [_not_run(probe, words.CUSTOM_NOTHING) for probe in unmet if asked.whole]
    return found, ordered(wanted)


def candidates(tree: Path, entries: Sequence[Entry]) -> Iterator[Candidate]:
    """Yield the files of a tree with their beginnings; what is gone or no file is passed over."""
    root = os.open(tree, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        wanted = (e.path for e in entries if e.kind == "file" and not e.unread)
        for folder, paths in itertools.groupby(wanted, lambda path: path.rpartition("/")[0]):
            yield from _candidates(root, folder, paths)
    finally:
        os.close(root)


def _candidates(root: int, folder: str, paths: Iterable[str]) -> Iterator[Candidate]:
    """Yield the files of one folder, on the way to which each folder is opened once."""
    try:
        at = beneath.opened(root, names.read(folder))
    except OSError:
        return
    try:
        yield from filter(None, (_candidate(at, path) for path in paths))
    finally:
        os.close(at)


def _candidate(folder: int, path: str) -> Candidate | None:
    try:
        handle = beneath.opened(folder, names.read(path.rpartition("/")[2]))
    except OSError:
        return None
    try:
        told = os.fstat(handle)
        if not stat.S_ISREG(told.st_mode):
            return None
        return Candidate(path, told.st_size, os.read(handle, HEAD_BYTES))
    finally:
        os.close(handle)


def by_type(candidate: Candidate) -> Iterator[_Wanted]:
    """Yield the probe of the least rank that fits a file."""
    if candidate.size_bytes == 0 or promise.looks_encrypted(candidate):
        return
    fitting = [(p.rank, name, p) for name, p in PROBES.load().items() if p.fits(candidate)]
    if fitting:
        _, name, probe = min(fitting, key=lambda one: one[:2])
        errand = Errand(
            probe=name,
            shown=_shown(candidate.path, probe.beside),
            limits=probe.limits(candidate.size_bytes),
        )
        yield _Wanted(candidate.path, name, errand, candidate.size_bytes)


def _repositories(asked: Asked) -> Iterator[_Wanted]:
    for path, size_bytes in git.repositories(asked.entries).items() if asked.whole else ():
        errand = Errand(
            probe=git.NAME, shown=(Shown(path, "repository"),), limits=git.limits(size_bytes)
        )
        yield _Wanted(path, git.NAME, errand, size_bytes)


def _own(asked: Asked) -> tuple[dict[shape.Probe, Callable[[str], bool]], list[Probed]]:
    """Return the job's own probes with what tells their files, and those that may not run."""
    allowed: dict[shape.Probe, Callable[[str], bool]] = {}
    refused = []
    for probe in asked.job.probes:
        try:
            trust.require(asked.workspace, f"command:{probe.argv[0]}")
            allowed[probe] = Excludes((probe.match,)).drops
        except MsptoolError as error:
            refused.append(_not_run(probe, broken.detail(error)))
    return allowed, refused


def _not_run(probe: shape.Probe, why: str) -> Probed:
    return Probed(probe.match, custom.NAME, "could-not-run", why)


def _own_errand(candidate: Candidate, probe: shape.Probe) -> _Wanted:
    errand = Errand(
        probe=custom.NAME,
        shown=_shown(candidate.path),
        limits=custom.limits(probe.timeout_s),
        arguments=probe.argv,
        programs=cell.programs(probe.argv),
    )
    return _Wanted(candidate.path, custom.NAME, errand, candidate.size_bytes)


def _shown(path: str, beside: Callable[[str], Sequence[str]] | None = None) -> tuple[Shown, ...]:
    folder, _, name = path.rpartition("/")
    others = beside(name) if beside else ()
    return Shown(path, name), *(Shown(f"{folder}/{n}", n, perhaps=True) for n in others)


def ordered(wanted: Sequence[_Wanted]) -> list[_Wanted]:
    """Return probes in the order in which they are run."""

    def key(one: _Wanted) -> tuple[int, int, str]:
        probe = PROBES.load()[one.probe]
        return probe.rank, -one.size_bytes if probe.largest_first else one.size_bytes, one.path

    return sorted(wanted, key=key)


def _probed(asked: Asked, one: _Wanted, told: Told, seconds: float) -> Probed:
    told = counts.judged(
        told,
        asked.expected.get(one.path),
        asked.earlier.get(one.path, {}),
        is_dump=one.probe == postgresql.NAME,
    )
    detail = ": ".join(part for part in (told.detail, told.said) if part)
    return Probed(one.path, one.probe, told.verdict, detail, told.counts, seconds)
