"""`backup forget`: delete what retention lets go, by id, written down before and after.

restic's own selection is never used. What is gone is what the repository no longer lists: 0.14
and 0.18 say 0 also for what they could not remove, 0.19 says 3.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from msptool import clock
from msptool.backup import broken, manifest, words
from msptool.backup import jobs as of_jobs
from msptool.backup.keeping import guard, ledger
from msptool.backup.keeping.guard import Guard, Listed
from msptool.backup.keeping.retention import Plan
from msptool.backup.repository import answers, locks, repositories, restic
from msptool.backup.repository.outcome import Outcome
from msptool.backup.repository.restic import Access, Tool
from msptool.errors import UsageError
from msptool.profile.load import Loaded
from msptool.profile.shape import Job
from msptool.workspace import Workspace

_HEAD = 8  # digits of an id that restic shows, and that we do
_CHUNK = 500  # ids of 64 digits on one command line


@dataclass(frozen=True)
class Forgotten:
    """What became of a job's snapshots. `stayed`: those that restic could not remove."""

    job: str
    guard: Guard | None = None
    gone: tuple[str, ...] = ()
    stayed: tuple[str, ...] = ()
    outcome: Outcome = Outcome("ok")

    @property
    def plan(self) -> Plan:
        """What was to become of them."""
        return self.guard.plan if self.guard else Plan()


@dataclass(frozen=True)
class Order:
    """What a person asked for."""

    dry_run: bool = False
    prune: bool = False
    accept: tuple[str, ...] = ()


def forget(
    workspace: Workspace, loaded: Loaded, names: Sequence[str], order: Order
) -> tuple[Forgotten, ...]:
    """Delete what may go of the jobs of these names (all without any), a repository at a time.

    The caller holds the workspace. What fails with one repository stops no other.
    """
    wanted = of_jobs.wanted(loaded, names)
    _require_known(workspace, loaded, order.accept)
    tool = restic.find()
    done: list[Forgotten] = []
    for repository in dict.fromkeys(job.repository for job in wanted.values()):
        mine = {name: job for name, job in wanted.items() if job.repository == repository}
        done += _repository(_Room(workspace, loaded, tool, repository), mine, order)
    return tuple(done)


def _require_known(workspace: Workspace, loaded: Loaded, heads: Iterable[str]) -> None:
    """Raise UsageError for an id that stands for no snapshot, or may stand for several."""
    known = set(ledger.sealed_ids(workspace))
    for repository in loaded.profile.backup.repositories:
        known.update(ledger.read(workspace, repository).seen)
    for head in heads:
        if len(head) < _HEAD or not any(ident.startswith(head) for ident in known):
            raise UsageError(
                "backup.unknown-snapshot",
                f"no snapshot {head!r}",
                hint="name at least 8 digits of its id, as the finding does",
            )


@dataclass(frozen=True)
class _Room:
    workspace: Workspace
    loaded: Loaded
    tool: Tool
    name: str

    @property
    def append_only(self) -> bool:
        return self.loaded.profile.backup.repositories[self.name].append_only

    def access(self) -> Access:
        repository = self.loaded.profile.backup.repositories[self.name]
        return repositories.access(self.tool, self.workspace, repository)


def _repository(room: _Room, jobs: Mapping[str, Job], order: Order) -> list[Forgotten]:
    try:
        access = room.access()
        listed, outcome = _listed(room, access, order.accept)
        if listed is None:
            return [Forgotten(name, outcome=outcome) for name in jobs]
        done = [_job(room, access, name, listed, order) for name in jobs]
        return _pruned(access, jobs, listed, done) if order.prune else done
    except broken.ERRORS as error:
        outcome = Outcome("could-not-run", broken.detail(error))
        return [Forgotten(name, outcome=outcome) for name in jobs]


def _listed(
    room: _Room, access: Access, accepted: Iterable[str] = ()
) -> tuple[Listed | None, Outcome]:
    """Ask for the snapshots, look at them with the ledger, and take what a person knows of."""
    done, outcome = locks.unlocking(access, restic.argv(access, "snapshots"))
    if outcome.verdict != "ok":
        return None, outcome
    snapshots = answers.parse_snapshots(done.stdout)
    unreadable = answers.parse_unreadable(done.stderr)
    now = clock.now()
    noticed = ledger.look(room.workspace, room.name, snapshots, now, unreadable)
    if accepted:
        accept(room, accepted, {snapshot.id for snapshot in snapshots}, now)
        noticed = ledger.look(room.workspace, room.name, snapshots, now, unreadable)
    return Listed(snapshots, noticed, unreadable), outcome


def accept(room: _Room, heads: Iterable[str], there: Collection[str], now: datetime) -> None:
    """Write down that a person knows of snapshots, named by their first digits: of one that is
    gone, that it is; of one that is there, that it is as it should be.
    """
    known = ledger.read(room.workspace, room.name)
    named = [ident for ident in known.seen if any(ident.startswith(head) for head in heads)]
    for state, ids in (
        ("accepted", [ident for ident in named if ident not in there]),
        ("plausible", [ident for ident in named if ident in there]),
    ):
        if ids:
            why = "accepted by a person"
            event = ledger.move(known, ids, state, now, why)  # type: ignore[arg-type]
            ledger.record(room.workspace, room.name, [event])


def _job(room: _Room, access: Access, name: str, listed: Listed, order: Order) -> Forgotten:
    made = guard.of(room.workspace, room.loaded, name, listed, clock.now())
    told = Forgotten(name, made)
    if order.dry_run or not made.plan.drop:
        return told
    if room.append_only:
        return replace(told, outcome=Outcome("ok", words.APPEND_ONLY))
    return _deleted(room, access, told)


def _deleted(room: _Room, access: Access, told: Forgotten) -> Forgotten:
    """Delete what may go. A kill anywhere in here is settled by the next look."""
    ids = told.plan.drop
    known = ledger.read(room.workspace, room.name)
    leaving = ledger.move(known, ids, "leaving", clock.now(), why=f"retention of {told.job}")
    ledger.record(room.workspace, room.name, [leaving])
    outcome = Outcome("ok")
    for start in range(0, len(ids), _CHUNK):
        said = restic.forget_argv(access, ids[start : start + _CHUNK])
        _, outcome = locks.unlocking(access, said)
        if outcome.verdict not in ("ok", "incomplete-source"):
            break
    listed, asked = _listed(room, access)
    if listed is None:
        return replace(told, outcome=asked)
    return _settled(room, told, {s.id for s in listed.snapshots}, outcome)


def _settled(room: _Room, told: Forgotten, there: Collection[str], outcome: Outcome) -> Forgotten:
    """Remove the manifests of what is gone for certain, and of nothing else."""
    ids = told.plan.drop
    gone = tuple(ident for ident in ids if ident not in there)
    stayed = tuple(ident for ident in ids if ident in there)
    for ident in gone:
        manifest.path(room.workspace, told.job, ident).unlink(missing_ok=True)
    if stayed and outcome.verdict in ("ok", "incomplete-source"):
        outcome = Outcome("could-not-run", words.NOT_REMOVED)
    return replace(told, gone=gone, stayed=stayed, outcome=outcome if stayed else Outcome("ok"))


def _pruned(
    access: Access, jobs: Mapping[str, Job], listed: Listed, done: list[Forgotten]
) -> list[Forgotten]:
    """Free the room of what is gone. Where a snapshot vanished or cannot be read, its data may be
    all that is left of it: then nothing is pruned.
    """
    if not any(told.gone for told in done) or any(told.outcome.verdict != "ok" for told in done):
        return done
    if listed.noticed.jobs or listed.unreadable:
        held = Outcome("ok", words.NOT_PRUNED)
        return [replace(told, outcome=held) if told.gone else told for told in done]
    limit_s = max(job.timeout_h for job in jobs.values()) * 3600
    _, outcome = locks.unlocking(access, restic.prune_argv(access), timeout_s=limit_s)
    if outcome.verdict == "ok":
        return done
    return [replace(told, outcome=outcome) if told.gone else told for told in done]
