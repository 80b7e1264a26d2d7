"""Prove that backups restore: from an empty cache, into a throw-away place, held against what
was sealed when they were made, and timed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from msptool import clock, runs
from msptool.backup import account, broken, locks, proofs, reading, repositories, restic, sandbox
from msptool.backup import jobs as of_jobs
from msptool.backup.exhibit import Fault
from msptool.backup.prove import Opened, Proof, prove
from msptool.backup.reading import Reading
from msptool.backup.restic import Tool
from msptool.backup.trial import Bench
from msptool.model import End, Report, Scalar
from msptool.profile.load import Loaded
from msptool.profile.shape import Job
from msptool.terminal import Progress
from msptool.workspace import Workspace


@dataclass(frozen=True)
class Proven:
    """A run of proofs: its report, and what the report was made of, for who prints it."""

    report: Report
    proofs: tuple[Proof, ...]
    readings: Mapping[str, Reading]
    folder: Path


def verify(
    workspace: Workspace,
    profile: Loaded,
    jobs: Sequence[str] | None = None,
    progress: Progress | None = None,
) -> Report:
    """Prove the jobs of these names (all without any) and return the committed report."""
    return verify_all(workspace, profile, jobs, progress).report


def verify_all(
    workspace: Workspace,
    profile: Loaded,
    jobs: Sequence[str] | None = None,
    progress: Progress | None = None,
    place: Path | None = None,
) -> Proven:
    """Prove jobs in a sandbox below `place` (by default in the workspace) and commit the run.

    The caller holds the workspace. What could not be tested stands in the report as such, never
    as a pass; `trouble.of` tells whether the whole is a failure.
    """
    wanted = of_jobs.wanted(profile, jobs)
    tool = restic.find()
    started_at = clock.now()
    run = runs.start(workspace, "restore")
    earlier = proofs.last(workspace, "restore", account.idents(profile))
    with sandbox.opened(place or workspace.derived / "sandbox") as box:
        bench = Bench(workspace, profile, run, box, progress or Progress(None), started_at)
        made, readings = _proven(bench, tool, wanted, earlier)
    parts = account.of(bench, made, readings, earlier, clock.now())
    report = Report(
        header=runs.header(run, profile, started_at=started_at, tools={"restic": tool.version}),
        end=End(ended_at=clock.now(), complete=True),
        rules=parts.said.rules,
        things=parts.things,
        attempts=parts.said.attempts,
        findings=parts.said.findings,
        evidence=parts.evidence,
    )
    return Proven(report, made, readings, runs.commit(run, report))


def _proven(
    bench: Bench, tool: Tool, wanted: Mapping[str, Job], earlier: Mapping[str, Mapping[str, Scalar]]
) -> tuple[tuple[Proof, ...], dict[str, Reading]]:
    """Read each repository once, then test each job."""
    used = list(dict.fromkeys(job.repository for job in wanted.values()))
    opened = {name: _opened(bench, tool, name) for name in used}
    readings = {
        name: _read(bench, name, opened[name], earlier.get(f"repo:{name}", {})) for name in used
    }
    made = []
    for name, job in wanted.items():
        made.append(prove(bench, opened[job.repository], name, job))
        bench.progress.done(f"test {name}", made[-1].verdict)
    return tuple(made), readings


def _opened(bench: Bench, tool: Tool, name: str) -> Opened:
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


def _read(bench: Bench, name: str, opened: Opened, earlier: Mapping[str, Scalar]) -> Reading:
    if opened.access is None or opened.fault is not None:
        fault = opened.fault or Fault("could-not-run")
        return Reading(fault.verdict, "", fault.detail)
    backup = bench.loaded.profile.backup
    size = reading.size_bytes(opened.access)
    clean = bool(earlier.get("clean", True))
    part = reading.next_part(size, str(earlier.get("part", "")), clean=clean)
    limit_h = max(job.timeout_h for job in backup.jobs.values() if job.repository == name)
    bench.progress.step(f"read {name}", f"part {part} of its packs")
    done = reading.read(opened.access, part, timeout_s=limit_h * 3600)
    bench.progress.done(f"read {name}", done.verdict)
    return done
