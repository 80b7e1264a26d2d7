"""A repository as a run of proofs finds it: listed as another machine would, then read."""

from dataclasses import dataclass, replace

from msptool import clock
from msptool.backup import broken, jobs, manifest, words
from msptool.backup.exhibit import Fault
from msptool.backup.keeping import ledger
from msptool.backup.keeping.ledger import Noticed
from msptool.backup.proof import coverage, reading
from msptool.backup.proof.levels import Reading as Depth
from msptool.backup.proof.reading import Reading
from msptool.backup.proof.trial import Bench
from msptool.backup.repository import answers, intact, locks, ours, repositories, restic
from msptool.backup.repository.answers import Snapshot
from msptool.backup.repository.restic import Access, Tool

_AWAY = ("repository-missing", "storage-unreachable")


@dataclass(frozen=True)
class Opened:
    """A repository as a proof found it: what it lists, or why it could not be asked, and what a
    reading found.
    """

    access: Access | None
    snapshots: tuple[Snapshot, ...] = ()
    unreadable: tuple[str, ...] = ()
    fault: Fault | None = None
    code: str = ""
    noticed: Noticed = Noticed()
    reading: Reading | None = None


def patience_s(size_bytes: int) -> float:
    """Return how long a slow disk needs to read some bytes: 0.14 tries a lost pack for 40 s a
    blob, and would go on for hours.
    """
    return 180.0 + size_bytes / 10e6


def looked(bench: Bench, tool: Tool, name: str, depth: Depth) -> Opened:
    """List a repository's snapshots and read it; whatever breaks is its outcome.

    Where our seals tell all the snapshots of a folder of this machine, a reading that finds all
    well shows that another machine would list them too; restic is asked for anything else.
    """
    known = _sealed(bench, tool, name) if depth != "none" else None
    told = read(bench, name, known, depth) if known else None
    if known is not None and told is not None and told.verdict == "ok":
        noticed = ledger.look(bench.workspace, name, known.snapshots, bench.now)
        return replace(known, noticed=noticed, reading=told)
    found = opened(bench, tool, name)
    if depth == "none":
        return found
    if told is None or found.fault is not None:
        told = read(bench, name, found, depth)
    return replace(found, reading=told)


def _sealed(bench: Bench, tool: Tool, name: str) -> Opened | None:
    """Return a local repository by our seals; None where they do not tell all of it. Of a backup
    that lacks something, restic tells which excludes it was made with.
    """
    repository = bench.loaded.profile.backup.repositories[name]
    folder = repositories.folder(bench.workspace, repository)
    if folder is None or not intact.keys(folder):
        return None
    there = jobs.lying_in(bench.loaded, name)
    newest = [manifest.newest(bench.workspace, job) for job in there]
    snapshots = ours.listed(folder, bench.workspace, there)
    if snapshots is None or any(seal is not None and not seal.complete for seal in newest):
        return None
    try:
        access = repositories.access(tool, bench.workspace, repository, cold=bench.box.cache)
    except broken.ERRORS:  # `opened` tells what it is
        return None
    return Opened(access, snapshots)


def opened(bench: Bench, tool: Tool, name: str) -> Opened:
    """List a repository's snapshots as another machine would; whatever breaks is its outcome."""
    try:
        return _listed(bench, tool, name)
    except broken.ERRORS as error:
        fault = Fault("could-not-run", broken.detail(error))
        return Opened(None, fault=fault, code=broken.code(error))


def _listed(bench: Bench, tool: Tool, name: str) -> Opened:
    repository = bench.loaded.profile.backup.repositories[name]
    access = repositories.access(tool, bench.workspace, repository, cold=bench.box.cache)
    done, outcome = locks.unlocking(access, restic.argv(access, "snapshots"))
    if outcome.verdict == "repository-missing" and reading.has_packs(access):
        return Opened(access, fault=Fault("not-restorable", outcome.detail))
    if outcome.verdict not in _AWAY and access.folder and not intact.keys(access.folder):
        return Opened(access, fault=Fault("not-restorable", words.NO_KEY))
    if outcome.verdict != "ok":
        return Opened(access, fault=Fault(outcome.verdict, outcome.detail))
    snapshots = answers.parse_snapshots(done.stdout)
    unreadable = answers.parse_unreadable(done.stderr)
    noticed = ledger.look(bench.workspace, name, snapshots, bench.now, unreadable)
    return Opened(access, snapshots, unreadable, noticed=noticed)


def read(bench: Bench, name: str, found: Opened, depth: Depth) -> Reading:
    """Check a repository, and read its packs or those that are due; whatever breaks is its
    outcome. What was read is written down.
    """
    try:
        return _read(bench, name, found, depth)
    except broken.ERRORS as error:
        return Reading("could-not-run", "", broken.detail(error))


def _read(bench: Bench, name: str, found: Opened, depth: Depth) -> Reading:
    if found.access is None or found.fault is not None:
        fault = found.fault or Fault("could-not-run")
        return Reading(fault.verdict, "", fault.detail)
    size_bytes = reading.size_bytes(found.access)
    limit_s = _limit_s(bench, name, size_bytes, local=found.access.folder is not None)
    if depth == "structure":
        bench.progress.step(f"read {name}", "its structure")
        done = reading.structure(found.access, timeout_s=limit_s)
    else:
        whole = depth == "whole" and size_bytes <= reading.READ_AT_ONCE_BYTES
        done = _in_parts(bench, name, found.access, limit_s, whole=whole)
    bench.progress.done(f"read {name}", done.verdict)
    return done


def _limit_s(bench: Bench, name: str, size_bytes: int, *, local: bool) -> float:
    """Return how long one reading may take: as long as a job of it, but of a folder of this
    machine no longer than a slow disk needs. 0.14 tries a lost pack for 40 s a blob.
    """
    jobs = bench.loaded.profile.backup.jobs.values()
    agreed_s = max((j.timeout_h for j in jobs if j.repository == name), default=12.0) * 3600
    return min(agreed_s, patience_s(size_bytes)) if local else agreed_s


def _in_parts(bench: Bench, name: str, access: Access, limit_s: float, *, whole: bool) -> Reading:
    """Read the parts that are due, one after the other, until one cannot be read."""
    known = coverage.reads(bench.workspace, name)
    days = bench.loaded.profile.backup.verify.packs_days
    done: list[Reading] = []
    packs: frozenset[str] = frozenset()
    for part in reading.due(known, bench.now, days=days, small=whole):
        bench.progress.step(f"read {name}", f"part {part} of its packs")
        packs = reading.packs(access)
        done.append(reading.read(access, part, timeout_s=limit_s))
        if not done[-1].read:
            break
        line = coverage.read(
            bench.run.ident, part, packs, done[-1].packs, known=known, at=clock.now()
        )
        coverage.add_read(bench.workspace, name, line)
    standing = coverage.packs_standing(packs, coverage.reads(bench.workspace, name))
    return replace(reading.merged(done), standing=standing)
