"""The backup of one job: read the hooks, what its source gives to restic, the seal."""

import traceback
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import msgspec

from msptool import clock, process, runs
from msptool.backup import broken, jobs, manifest, names, pick, words
from msptool.backup.jobs import Sources, Task
from msptool.backup.keeping import ledger
from msptool.backup.manifest import Entry, Seal
from msptool.backup.repository import answers, ours, repositories, restic
from msptool.backup.repository.answers import Snapshot, Summary
from msptool.backup.repository.outcome import Outcome
from msptool.backup.repository.restic import Access, Tool
from msptool.backup.saving import earlier, hooks, plausible
from msptool.backup.saving.earlier import Last
from msptool.backup.saving.plausible import Change
from msptool.backup.sources import kinds
from msptool.backup.sources.feed import Feed, Lack, Taken
from msptool.backup.verdicts import Verdict, worst
from msptool.errors import DiskError
from msptool.model import Evidence
from msptool.profile.load import Loaded
from msptool.profile.shape import Job
from msptool.runs import Run
from msptool.terminal import Progress
from msptool.workspace import Workspace

_SHORT_ID = 8  # digits; what restic tells before 0.15


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
    """Back up one job with its hooks around it; whatever goes wrong becomes its outcome."""
    secrets: list[str] = []

    def whole() -> Saved:
        repository = shared.loaded.profile.backup.repositories[job.repository]
        access = repositories.access(shared.tool, shared.workspace, repository)
        secrets.extend(access.secrets)
        before = hooks.run(shared.workspace, job.hooks, "before", secrets)
        kept = _kept(shared, name, before.said)
        if before.detail:
            return Saved("could-not-run", before.detail, evidence=kept)
        saved = _save(shared, Task(name, job, access))
        return replace(saved, evidence=(*kept, *saved.evidence))

    saved = _tried(shared, name, whole)

    def followed() -> Saved:
        """One that fails after a good job makes it fail."""
        stage: hooks.Stage = "after" if saved.verdict == "ok" else "failed"
        told = hooks.run(shared.workspace, job.hooks, stage, secrets)
        kept = replace(saved, evidence=(*saved.evidence, *_kept(shared, name, told.said)))
        if not told.detail or saved.verdict != "ok":
            return kept
        return replace(kept, verdict="could-not-run", detail=told.detail)

    return _tried(shared, name, followed, saved)


def _tried(
    shared: Round, name: str, step: Callable[[], Saved], so_far: Saved | None = None
) -> Saved:
    """Take a step; one job's failure, a fault of our own too, never stops the others."""
    so_far = so_far or Saved("ok")
    try:
        return step()
    except DiskError as error:
        failed = Saved("disk-full", broken.detail(error), error.code)
    except broken.ERRORS as error:
        failed = Saved("could-not-run", broken.detail(error), broken.code(error))
    except Exception as error:  # noqa: BLE001 - the runner of jobs
        kept = _kept(shared, name, (("a fault in msptool", traceback.format_exc().encode()),))
        detail = f"a fault in msptool itself: {type(error).__name__}"
        failed = Saved("could-not-run", detail, evidence=kept)
    if worst([failed.verdict, so_far.verdict]) == so_far.verdict != "ok":
        return so_far
    return replace(
        so_far, verdict=failed.verdict, detail=failed.detail, code=failed.code,
        names=(), evidence=(*so_far.evidence, *failed.evidence),
    )  # fmt: skip


def _save(shared: Round, task: Task) -> Saved:
    name, job, access = task.name, task.job, task.access
    sources = jobs.sources(shared.workspace, job)
    if not sources.present:
        choice = _choice(shared, name, sources, _snapshots(access))
        return Saved("incomplete-source", words.NOT_THERE, names=sources.missing, choice=choice)
    knocked = restic.knock(access)
    if knocked.verdict != "ok":
        return Saved(knocked.verdict, knocked.detail)
    last = earlier.newest(shared.workspace, name)
    taken = kinds.take(jobs.kind(job), _feed(shared, task, sources, last))
    kept = _said(shared, task, taken)
    summary = answers.parse_summary(taken.done.stdout) if taken.done else None
    snapshots = _ours(shared, task, sources, taken, summary) or _snapshots(access)
    snapshot = made(summary, snapshots or (), name)
    if snapshot is None:
        unlisted = Outcome("could-not-run", words.NO_SNAPSHOT)
        wrong = taken.outcome if taken.outcome.verdict != "ok" else unlisted
        choice = _choice(shared, name, sources, snapshots)
        return Saved(wrong.verdict, wrong.detail, choice=choice, evidence=kept)
    paths = tuple(names.written(path) for path in sources.all)
    change = None
    if last is not None and set(last.seal.paths) == set(paths):  # others are no change of these
        change = plausible.change(taken.entries, last.entries)
        lacks = earlier.lacks(shared.workspace, task, taken.entries, last)
        taken = replace(taken, lacks=(*taken.lacks, *lacks))
    saved = judged(taken, sources, job, summary, change)
    head = Seal(
        job=name,
        run=shared.run.ident,
        snapshot=snapshot.id,
        paths=paths,
        exclude=job.exclude,
        walked_at=taken.walked_at,
        sealed_at=clock.now(),
        complete=saved.verdict == "ok",
        restic=shared.tool.version,
        kind=jobs.kind(job),
        counts=taken.counts,
        files=saved.files,
        bytes=saved.bytes,
        changed=change.changed if change else None,
        gone=change.gone if change else None,
        added_bytes=summary.added_bytes if summary else None,
    )
    sealed = _sealed(shared, head, taken.entries)
    ledger.sealed(shared.workspace, job.repository, snapshot, head.sealed_at)
    choice = _choice(shared, name, sources, snapshots)
    return replace(
        saved, choice=choice, seal=head, sealed_sha256=sealed[0], evidence=(*kept, sealed[1])
    )


def _feed(shared: Round, task: Task, sources: Sources, last: Last | None) -> Feed:
    return Feed(
        workspace=shared.workspace,
        task=task,
        sources=sources,
        progress=shared.progress,
        known=manifest.reusable(last.seal, last.entries.values()) if last else {},
        deadline_s=clock.monotonic_s() + task.job.timeout_h * 3600,
    )


def _said(shared: Round, task: Task, taken: Taken) -> tuple[Evidence, ...]:
    """Keep what restic said, without its lines of progress and without the password; and what the
    source's program complained of.
    """
    done = taken.done
    said = list(taken.said)
    if done is not None:
        lines = [line for line in done.stdout.splitlines() if answers.parse_status(line) is None]
        data = b"\n".join([*lines, done.stderr])
        said.insert(0, ("restic backup", process.redact(data, task.access.secrets)))
    return _kept(shared, task.name, said)


def _kept(shared: Round, name: str, said: Iterable[tuple[str, bytes]]) -> tuple[Evidence, ...]:
    """Keep what programs said; the caller blanked the secrets in it."""
    return tuple(
        runs.keep(
            shared.run, "txt", data, source=f"{who}, job {name}", at=clock.now(), redacted=True
        )
        for who, data in said
    )


def _ours(
    shared: Round, task: Task, sources: Sources, taken: Taken, summary: Summary | None
) -> tuple[Snapshot, ...] | None:
    """Return the snapshots of the repository where our own seals tell them all."""
    if task.access.folder is None or summary is None or len(summary.snapshot_id) < _SHORT_ID:
        return None
    there = jobs.lying_in(shared.loaded, task.job.repository)
    new = ours.claimed(summary.snapshot_id, task.name, sources.all, taken.walked_at)
    return ours.listed(task.access.folder, shared.workspace, there, new)


def _snapshots(access: Access) -> tuple[Snapshot, ...] | None:
    done, outcome = restic.call(access, restic.argv(access, "snapshots"))
    return answers.parse_snapshots(done.stdout) if outcome.verdict == "ok" else None


def made(summary: Summary | None, snapshots: Sequence[Snapshot], name: str) -> Snapshot | None:
    """Return the snapshot that `backup` said it made, as the repository lists it.

    Before 0.15 the summary has only the first 8 digits of the id.
    """
    ident = summary.snapshot_id if summary else ""
    mine = [s for s in snapshots if pick.tag(name) in (s.tags or ())]
    return next((s for s in reversed(mine) if ident and s.id.startswith(ident)), None)


def judged(
    taken: Taken, sources: Sources, job: Job, summary: Summary | None, change: Change | None
) -> Saved:
    """Return what a snapshot that was made is worth: never trust a 0 of restic alone."""
    files, size = manifest.files_and_bytes(taken.entries)
    missing = tuple(names.written(path) for path in sources.missing)
    lacks = [Lack("incomplete-source", words.NOT_THERE, missing)] if missing else []
    lacks += taken.lacks
    stable = plausible.stable_files(taken.entries)
    if summary is not None and summary.total_files_processed < stable and not lacks:
        told = f"{summary.total_files_processed} < {stable}"
        lacks.append(Lack("absent", words.FEWER, (told,)))
    lacks += plausible.lacks(job.expect, files, size, change)
    moved = sum(entry.moved for entry in taken.entries)
    outcome = taken.outcome
    saved = Saved(outcome.verdict, outcome.detail, files=files, bytes=size, moved=moved)
    if not lacks:
        return saved
    verdict = worst([outcome.verdict, *(lack.verdict for lack in lacks)])
    first = next((lack for lack in lacks if lack.verdict == verdict), lacks[0])
    return replace(saved, verdict=verdict, detail=first.detail, names=first.names)


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
