"""The backup of one job: read the sources, let restic save them, look again, seal."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import msgspec

from msptool import clock, process, runs
from msptool.backup import (
    broken,
    complaints,
    jobs,
    locks,
    manifest,
    names,
    pick,
    repositories,
    restic,
    words,
)
from msptool.backup.jobs import Sources, Task
from msptool.backup.manifest import Entries, Entry, Seal
from msptool.backup.meter import Meter
from msptool.backup.outcome import Outcome
from msptool.backup.patterns import Excludes
from msptool.backup.restic import Access, Snapshot, Tool
from msptool.backup.verdicts import Verdict, worst
from msptool.errors import DiskError
from msptool.model import Evidence
from msptool.process import Done
from msptool.profile.load import Loaded
from msptool.profile.shape import Job
from msptool.runs import Run
from msptool.terminal import Progress
from msptool.workspace import Workspace


@dataclass(frozen=True)
class Round:
    """What all jobs of one run share."""

    workspace: Workspace
    loaded: Loaded
    tool: Tool
    run: Run
    progress: Progress


@dataclass(frozen=True)
class Saved:
    """How the backup of one job ended.

    `code`: an error's own code where one was raised. `seal`: None if there is no new snapshot.
    `choice`: what the repository holds of the job now; None if it could not be asked.
    """

    verdict: Verdict
    detail: str = ""
    code: str = ""
    names: tuple[str, ...] = ()
    choice: pick.Choice | None = None
    seal: Seal | None = None
    sealed_sha256: str = ""
    files: int = 0
    bytes: int = 0
    moved: int = 0
    evidence: tuple[Evidence, ...] = ()


def attempt(shared: Round, name: str, job: Job) -> Saved:
    """Back up one job; whatever goes wrong with it becomes its outcome."""
    try:
        return _save(shared, name, job)
    except DiskError as error:
        return Saved("disk-full", broken.detail(error), error.code)
    except broken.ERRORS as error:
        return Saved("could-not-run", broken.detail(error), broken.code(error))


def _save(shared: Round, name: str, job: Job) -> Saved:
    repository = shared.loaded.profile.backup.repositories[job.repository]
    access = repositories.access(shared.tool, shared.workspace, repository)
    sources = jobs.sources(shared.workspace, job)
    excludes = Excludes(job.exclude)
    if not sources.present:
        choice = _choice(shared, name, sources, _snapshots(access))
        return Saved("incomplete-source", words.NOT_THERE, names=sources.missing, choice=choice)
    walked_at = clock.now()
    before = _surveyed(shared, name, sources, excludes)
    done, outcome = _backed_up(shared, Task(name, job, access), sources, before)
    unread = complaints.unread(done.stderr)
    outcome = complaints.explained(outcome, unread, before, sources.all)
    entries = manifest.settle(before, sources.present, excludes, unread)
    kept = _kept(shared, access, done, name)
    snapshots = _snapshots(access)
    snapshot = made(done.stdout, snapshots or (), name)
    if snapshot is None:
        unlisted = Outcome("could-not-run", words.NO_SNAPSHOT)
        wrong = outcome if outcome.verdict != "ok" else unlisted
        choice = _choice(shared, name, sources, snapshots)
        return Saved(wrong.verdict, wrong.detail, choice=choice, evidence=kept)
    saved = judged(outcome, sources, entries)
    head = Seal(
        job=name,
        run=shared.run.ident,
        snapshot=snapshot.id,
        paths=tuple(names.written(path) for path in sources.all),
        exclude=job.exclude,
        walked_at=walked_at,
        sealed_at=clock.now(),
        complete=saved.verdict == "ok",
        restic=shared.tool.version,
        files=saved.files,
        bytes=saved.bytes,
    )
    sealed = _sealed(shared, head, entries)
    choice = _choice(shared, name, sources, snapshots)
    return replace(
        saved, choice=choice, seal=head, sealed_sha256=sealed[0], evidence=(*kept, sealed[1])
    )


def _surveyed(shared: Round, name: str, sources: Sources, excludes: Excludes) -> dict[str, Entry]:
    """Hash the sources; hashes of files that nobody wrote since the last seal are taken over."""
    meter = Meter(shared.progress, f"hash {name}")
    return manifest.survey(sources.present, excludes, _known(shared.workspace, name), meter.add)


def _known(workspace: Workspace, name: str) -> Entries:
    last = next(reversed(manifest.seals(workspace, name)), None)
    if last is None:
        return {}
    try:
        return manifest.reusable(*manifest.read(manifest.path(workspace, name, last)))
    except (OSError, msgspec.DecodeError):  # it only saves time
        return {}


def _backed_up(
    shared: Round, task: Task, sources: Sources, before: Entries
) -> tuple[Done, Outcome]:
    total_bytes = manifest.files_and_bytes(before.values())[1]
    meter = Meter(shared.progress, f"back up {task.name}", total_bytes)

    def on_line(line: bytes) -> None:
        status = restic.parse_status(line)
        if status is not None:
            meter.at(status.bytes_done, status.total_bytes)

    said = restic.backup_argv(task.access, sources.present, task.job.exclude, [pick.tag(task.name)])
    limit_s = task.job.timeout_h * 3600
    return locks.unlocking(task.access, said, timeout_s=limit_s, on_line=on_line)


def _kept(shared: Round, access: Access, done: Done, name: str) -> tuple[Evidence, ...]:
    """Keep what restic said, without its lines of progress and without the password."""
    lines = [line for line in done.stdout.splitlines() if restic.parse_status(line) is None]
    data = process.redact(b"\n".join([*lines, done.stderr]), access.secrets)
    source = f"restic backup, job {name}"
    return (runs.keep(shared.run, "txt", data, source=source, at=clock.now(), redacted=True),)


def _snapshots(access: Access) -> tuple[Snapshot, ...] | None:
    done, outcome = restic.call(access, restic.argv(access, "snapshots"))
    return restic.parse_snapshots(done.stdout) if outcome.verdict == "ok" else None


def made(stdout: bytes, snapshots: Sequence[Snapshot], name: str) -> Snapshot | None:
    """Return the snapshot that `backup` said it made, as the repository lists it.

    Before 0.15 the summary has only the first 8 digits of the id.
    """
    summary = restic.parse_summary(stdout)
    ident = summary.snapshot_id if summary else ""
    mine = [s for s in snapshots if pick.tag(name) in (s.tags or ())]
    return next((s for s in reversed(mine) if ident and s.id.startswith(ident)), None)


def judged(outcome: Outcome, sources: Sources, entries: Sequence[Entry]) -> Saved:
    """Return what a snapshot that was made is worth: never trust a 0 of restic alone."""
    files, size = manifest.files_and_bytes(entries)
    moved = sum(entry.moved for entry in entries)
    unread = tuple(entry.path for entry in entries if entry.unread)
    missing = tuple(names.written(path) for path in sources.missing)
    saved = Saved(outcome.verdict, outcome.detail, files=files, bytes=size, moved=moved)
    wrong = (
        (words.NOT_THERE, missing),
        (words.UNREAD, unread),
        (words.NO_FILES, () if files else tuple(names.written(p) for p in sources.present)),
    )
    detail, named = next(((text, some) for text, some in wrong if some), ("", ()))
    if not named:
        return saved
    verdict = worst([outcome.verdict, "incomplete-source"])
    return replace(saved, verdict=verdict, detail=detail, names=named)


def _sealed(shared: Round, head: Seal, entries: Sequence[Entry]) -> tuple[str, Evidence]:
    """Write the manifest; keep its hash in the run, so that a later change shows."""
    path, sha256 = manifest.seal(shared.workspace, head, entries)
    told = {
        "manifest": str(path.relative_to(shared.workspace.root)),
        "sha256": sha256,
        "seal": head,
    }
    kept = runs.keep(
        shared.run,
        "json",
        msgspec.json.encode(told),
        source=f"sealed manifest, job {head.job}",
        at=clock.now(),
    )
    return sha256, kept


def _choice(
    shared: Round, name: str, sources: Sources, snapshots: tuple[Snapshot, ...] | None
) -> pick.Choice | None:
    if snapshots is None:
        return None
    seals = manifest.seals(shared.workspace, name)
    return pick.choose(snapshots, seals, name, sources.all, clock.now())


def newest_at(saved: Saved) -> datetime | None:
    """Return when the newest backup that can be proven was made, as far as it is known."""
    return saved.choice.newest_at if saved.choice else None
