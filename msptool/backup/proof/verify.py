"""Prove that backups restore: from an empty cache, into a throw-away place, held against what
was sealed when they were made, and timed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from msptool import clock, runs
from msptool.backup import evidence, proofs
from msptool.backup import jobs as of_jobs
from msptool.backup.jobs import Earlier
from msptool.backup.keeping import append_only
from msptool.backup.keeping.append_only import Trial
from msptool.backup.proof import account, history, levels, opening, testimony
from msptool.backup.proof.account import Account, Work
from msptool.backup.proof.levels import Asked, Plan
from msptool.backup.proof.opening import Opened
from msptool.backup.proof.prove import Proof, prove
from msptool.backup.proof.reading import Reading
from msptool.backup.proof.trial import Bench
from msptool.backup.repository import restic
from msptool.backup.repository.restic import Tool
from msptool.backup.walls import sandbox
from msptool.model import End, Report
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
    *,
    place: Path | None = None,
    asked: Asked | None = None,
) -> Proven:
    """Prove jobs in a sandbox below `place` (by default in the workspace) and commit the run, as
    deep as was asked, or as the day needs.

    The caller holds the workspace. What could not be tested stands in the report as such, never
    as a pass; `trouble.of` tells whether the whole is a failure.
    """
    wanted = of_jobs.wanted(profile, jobs)
    earlier = proofs.last(workspace, "restore", of_jobs.idents(profile))
    at = clock.now()
    plans = {
        name: levels.pick(
            asked or Asked(),
            history.of(workspace, name, earlier.get(f"job:{name}", {}), at),
            profile.profile.backup.verify,
        )
        for name in wanted
    }
    shared = _Shared(workspace, profile, earlier, progress or Progress(None), place)
    return _committed(shared, lambda bench, tool: _proven(bench, tool, wanted, plans))


def check_all(
    workspace: Workspace,
    profile: Loaded,
    repositories: Sequence[str],
    progress: Progress | None = None,
    *,
    reading: levels.Reading = "structure",
) -> Proven:
    """Check repositories alone, all without names, and commit the run; no job is restored."""
    names = of_jobs.wanted_repositories(profile, repositories)
    earlier = proofs.last(workspace, "restore", of_jobs.idents(profile))
    shared = _Shared(workspace, profile, earlier, progress or Progress(None))

    def read(bench: Bench, tool: Tool) -> Work:
        return Work({name: opening.looked(bench, tool, name, reading) for name in names})

    return _committed(shared, read)


@dataclass(frozen=True)
class _Shared:
    """What a run of proofs is given."""

    workspace: Workspace
    loaded: Loaded
    earlier: Earlier
    progress: Progress
    place: Path | None = None


def _committed(shared: _Shared, work: Callable[[Bench, Tool], Work]) -> Proven:
    """Do the work of a run in a sandbox, and commit what it comes to."""
    workspace, profile = shared.workspace, shared.loaded
    tool = restic.find()
    evidence.ready(workspace)  # hours of work that cannot be signed would be lost
    started_at = clock.now()
    run = runs.start(workspace, "restore")
    with sandbox.opened(shared.place or workspace.derived / "sandbox") as box:
        bench = Bench(workspace, profile, run, box, shared.progress, started_at)
        made = work(bench, tool)
    parts = _signed(bench, made, account.of(bench, made, shared.earlier, clock.now()), tool)
    report = Report(
        header=runs.header(run, profile, started_at=started_at, tools={"restic": tool.version}),
        end=End(ended_at=clock.now(), complete=True),
        rules=parts.said.rules,
        things=parts.things,
        attempts=parts.said.attempts,
        findings=parts.said.findings,
        evidence=parts.evidence,
    )
    readings = {name: each.reading for name, each in made.opened.items() if each.reading}
    return Proven(report, made.proofs, readings, runs.commit(run, report))


def _signed(bench: Bench, work: Work, parts: Account, tool: Tool) -> Account:
    """Sign what was learnt of each job; return the account with the heads of their chains.

    Before the run is committed, so that it can tell of them: a kill in between leaves a true
    statement of a test whose run is not there.
    """
    things = {thing.id: thing for thing in parts.things}
    heads = {}
    for proof in work.proofs:
        ident = f"job:{proof.job}"
        testimony.sign(bench, proof, things[ident], tool.version, clock.now())
        heads[ident] = evidence.facts(bench.workspace, proof.job)
    return account.with_heads(parts, heads)


def _proven(
    bench: Bench,
    tool: Tool,
    wanted: Mapping[str, Job],
    plans: Mapping[str, Plan],
) -> Work:
    """Read each repository once, then test each job."""
    used = list(dict.fromkeys(job.repository for job in wanted.values()))
    depth = {name: levels.deepest(plans[j] for j in wanted if wanted[j].repository == name)
             for name in used}  # fmt: skip
    opened = {name: opening.looked(bench, tool, name, depth[name]) for name in used}
    made = []
    for name, job in wanted.items():
        made.append(prove(bench, opened[job.repository], name, job, plans[name]))
        bench.progress.done(f"test {name}", made[-1].verdict)
    return Work(opened, tuple(made), _trials(bench, opened, depth))


def _trials(
    bench: Bench, opened: Mapping[str, Opened], depth: Mapping[str, levels.Reading]
) -> dict[str, Trial]:
    """Try whether the repositories that claim to be append-only are, where they are looked into."""
    kept = bench.loaded.profile.backup.repositories
    return {
        name: append_only.tried(found.access, bench.workspace, name)
        for name, found in opened.items()
        if kept[name].append_only
        and depth[name] != "none"
        and found.access is not None
        and found.fault is None
    }
