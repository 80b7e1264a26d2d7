"""The proof of one job: which snapshots, held against what, and what they come to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from msptool.backup import broken, jobs, manifest, pick, proofs, words
from msptool.backup.exhibit import Fault
from msptool.backup.jobs import Task
from msptool.backup.keeping.guard import Listed
from msptool.backup.manifest import Entry
from msptool.backup.patterns import Excludes
from msptool.backup.pick import Choice
from msptool.backup.proof import history, infer, opening, stream, trial
from msptool.backup.proof import sealed as of_sealed
from msptool.backup.proof.coverage import PackStanding, Standing
from msptool.backup.proof.levels import Plan
from msptool.backup.proof.opening import Opened
from msptool.backup.proof.trial import Bench, Tested
from msptool.backup.proofs import Record
from msptool.backup.repository.answers import Snapshot
from msptool.backup.repository.restic import Access
from msptool.backup.verdicts import Verdict, sort_of, worst
from msptool.model import Evidence
from msptool.profile.shape import Job


@dataclass(frozen=True)
class Proof:
    """What was learnt of one job, and how deep it was looked at. `lacks`: the needs of checks that
    could not be met. `packs`: how many of the repository's were read by now, where this run read
    some.
    """

    job: str
    plan: Plan
    faults: tuple[Fault, ...]
    choice: Choice | None = None
    sealed: Tested | None = None
    unsealed: Tested | None = None
    lacks: Mapping[str, str] = field(default_factory=dict)
    code: str = ""
    listed: Listed | None = None
    covered: Standing | None = None
    manifest_sha256: str = ""
    packs: PackStanding | None = None

    @property
    def verdict(self) -> Verdict:
        """The gravest fault's verdict."""
        return worst(fault.verdict for fault in self.faults)

    @property
    def whole(self) -> bool:
        """Whether a whole snapshot was restored."""
        return self.sealed is not None and self.plan.whole

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """What was kept of the restores."""
        return tuple(e for t in (self.sealed, self.unsealed) if t for e in t.evidence)


def prove(bench: Bench, opened: Opened, name: str, job: Job, plan: Plan) -> Proof:
    """Test the restore of a job; whatever goes wrong becomes its outcome."""
    if opened.access is None or opened.fault is not None:
        fault = opened.fault or Fault("could-not-run")
        lacks = {"snapshots": "probe-failed"}
        if fault.sort != "bad":
            lacks["proof"] = "probe-failed"
        return Proof(name, plan, (fault,), lacks=lacks, code=opened.code)
    try:
        return _proof(bench, opened, _task(bench, name, job, opened, opened.access), plan)
    except broken.ERRORS as error:
        fault = Fault("could-not-run", broken.detail(error))
        lacks = {"proof": "probe-failed", "snapshots": "probe-failed"}
        return Proof(name, plan, (fault,), lacks=lacks, code=broken.code(error))


def _task(bench: Bench, name: str, job: Job, opened: Opened, access: Access) -> Task:
    """Return the job; with little patience where its repository is known to be damaged."""
    if opened.reading is None or sort_of(opened.reading.verdict) != "bad":
        return Task(name, job, access)
    size_bytes = history.size_bytes(bench.workspace, name)
    return Task(name, job, access, opening.patience_s(size_bytes))


def _proof(bench: Bench, opened: Opened, task: Task, plan: Plan) -> Proof:
    sources = jobs.sources(bench.workspace, task.job)
    seals = manifest.seals(bench.workspace, task.name)
    choice = pick.choose(opened.snapshots, seals, task.name, sources.all, bench.now)
    newest = choice.sealed.id if choice.sealed else ""
    record = proofs.record(bench.workspace, task.name, newest, seals)
    unread = _unread(record)
    faults = [*_lost(choice, opened), *_stale(choice, task.job, bench.now), *unread]
    faults += _broken_packs(task.name, opened)
    sealed = unsealed = covered = None
    if choice.sealed is not None and plan.restore != "none":
        sealed, covered = of_sealed.prove(bench, task, choice.sealed, record.sha256, plan)
        faults += sealed.faults
    if choice.unsealed is not None and plan.whole:
        unsealed = _unsealed(bench, task, choice.unsealed, choice.sealed, plan)
        faults += unsealed.faults
    return Proof(
        task.name,
        plan,
        tuple(faults),
        choice,
        sealed,
        unsealed,
        lacks=_lacking(faults, sealed, unread),
        listed=Listed(opened.snapshots, opened.noticed, opened.unreadable),
        covered=covered,
        manifest_sha256=record.sha256,
        packs=opened.reading.standing if opened.reading else None,
    )


def _lacking(
    faults: Sequence[Fault], sealed: Tested | None, unread: Sequence[Fault]
) -> Mapping[str, str]:
    """Return the need of checks that this proof could not meet: to have learnt of the data."""
    if any(fault.sort == "bad" for fault in faults):
        return {}
    if sealed is None:
        return {"proof": "no-data"}
    blind = any(fault.sort == "blind" for fault in (*sealed.faults, *unread))
    return {"proof": "probe-failed"} if blind else {}


def _lost(choice: Choice, opened: Opened) -> list[Fault]:
    """Return what the list of snapshots alone shows to be gone."""
    faults = []
    if opened.unreadable:
        idents = tuple(ident[:8] for ident in opened.unreadable)
        faults.append(Fault("not-restorable", words.UNREADABLE_SNAPSHOT, idents, len(idents)))
    elif choice.lost:
        faults.append(Fault("not-restorable", words.LOST_SNAPSHOT, (choice.lost[:8],), 1))
    return faults


def _broken_packs(job: str, opened: Opened) -> list[Fault]:
    """Return that snapshots of the job need packs that a reading found broken, also older ones."""
    mine = {s.id for s in opened.snapshots if pick.job_of(s.tags or ()) == job}
    fault = opened.reading.fault_of(mine) if opened.reading else None
    return [fault] if fault else []


def _unread(record: Record) -> list[Fault]:
    """Return that newer backups were sealed, and that nothing can be held against them."""
    if not record.missing:
        return []
    idents = tuple(ident[:8] for ident in record.missing)
    return [Fault("could-not-run", words.NO_MANIFEST, idents, len(idents))]


def _stale(choice: Choice, job: Job, now: datetime) -> list[Fault]:
    if choice.newest_at is None:
        return [Fault("stale", words.NO_SEALED)]
    age_s = (now - choice.newest_at).total_seconds()
    return [Fault("stale", words.OLD)] if age_s > job.rpo_h * 3600 else []


def _unsealed(
    bench: Bench, task: Task, snapshot: Snapshot, sealed: Snapshot | None, plan: Plan
) -> Tested:
    """Restore a newer snapshot without a manifest; hold it against what it must have."""
    found = manifest.load(bench.workspace, task.name, sealed.id) if sealed else None
    before: Sequence[Entry] = found[1] if found else ()
    sources = jobs.sources(bench.workspace, task.job)
    excludes = Excludes(task.job.exclude)
    entries = infer.expected(before, sources.present, excludes, snapshot.time)
    restored = stream.streamed if plan.restore == "stream" else trial.restore
    tested = restored(bench, task, snapshot, entries, ())
    faults = (
        replace(fault, detail=words.DROPPED_UNSEALED) if fault.verdict == "absent" else fault
        for fault in tested.faults
    )
    return replace(tested, faults=tuple(faults))
