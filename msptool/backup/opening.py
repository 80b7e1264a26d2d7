"""A repository as a run of proofs finds it: listed as another machine would, then read."""

from collections.abc import Mapping
from dataclasses import dataclass

from msptool.backup import broken, locks, reading, repositories, restic
from msptool.backup.exhibit import Fault
from msptool.backup.levels import Reading as Depth
from msptool.backup.reading import Reading
from msptool.backup.restic import Access, Snapshot, Tool
from msptool.backup.trial import Bench
from msptool.model import Scalar


@dataclass(frozen=True)
class Opened:
    """A repository as a proof found it: what it lists, or why it could not be asked."""

    access: Access | None
    snapshots: tuple[Snapshot, ...] = ()
    unreadable: tuple[str, ...] = ()
    fault: Fault | None = None
    code: str = ""


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
    if outcome.verdict != "ok":
        return Opened(access, fault=Fault(outcome.verdict, outcome.detail))
    snapshots = restic.parse_snapshots(done.stdout)
    return Opened(access, snapshots, restic.parse_unreadable(done.stderr))


def read(
    bench: Bench, name: str, found: Opened, earlier: Mapping[str, Scalar], depth: Depth
) -> Reading:
    """Check a repository, and read its packs or a part of them; whatever breaks is its outcome."""
    try:
        return _read(bench, name, found, earlier, depth)
    except broken.ERRORS as error:
        return Reading("could-not-run", "", broken.detail(error))


def _read(
    bench: Bench, name: str, found: Opened, earlier: Mapping[str, Scalar], depth: Depth
) -> Reading:
    if found.access is None or found.fault is not None:
        fault = found.fault or Fault("could-not-run")
        return Reading(fault.verdict, "", fault.detail)
    backup = bench.loaded.profile.backup
    limit_h = max(job.timeout_h for job in backup.jobs.values() if job.repository == name)
    if depth == "structure":
        bench.progress.step(f"read {name}", "its structure")
        done = reading.structure(found.access, timeout_s=limit_h * 3600)
        bench.progress.done(f"read {name}", done.verdict)
        return done
    size = reading.size_bytes(found.access)
    clean = bool(earlier.get("clean", True))
    part = reading.next_part(size, str(earlier.get("part", "")), clean=clean)
    bench.progress.step(f"read {name}", f"part {part} of its packs")
    done = reading.read(found.access, part, timeout_s=limit_h * 3600)
    bench.progress.done(f"read {name}", done.verdict)
    return done
