"""The ledger of snapshots: what a repository was seen to hold, kept outside the repository.

A repository cannot tell what it no longer has, and believes the time that a client claims. So
`ledger/REPO.jsonl` keeps, by appending alone, when each snapshot was first seen, which we sealed
("ours"), and what we deleted ourselves. Two copies merge by union: the state of a snapshot is
that of its newest event, whatever the order of lines.

- *vanished*: ours, no longer listed, and not deleted by us. What other machines and jobs keep or
  delete in the same repository is their affair. A deletion is written down before and after it:
  a kill in between is settled by the next look, with no alarm.
- *forged*: it passes for ours (our job's tag, or host and paths of one we sealed) without our
  seal, and claims a time other than that at which restic made it (since 0.17 it says so), or one
  that has not come yet.
- *back-dated*: it passes for ours, restic does not say when it was made (before 0.17), it was not
  there when we last looked, and it claims to be a day older than that look. A backup bears the
  time of its start and shows up when it ends: an honest one may be as old as the longest backup.
  One that restic copied, tagged or rewrote keeps its time under a new id, and says so.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal, TypeAlias

import msgspec
from msgspec.structs import replace

from msptool import files
from msptool.backup import names, pick
from msptool.backup.repository.answers import Snapshot
from msptool.model import Instant
from msptool.workspace import Workspace

# restic takes the time of a snapshot and of its start from one clock, one after the other.
_OFF = timedelta(minutes=1)
# The longest honest backup: twice the default time limit of a job.
_LATE = timedelta(hours=24)

State: TypeAlias = Literal["leaving", "gone", "kept", "vanished", "accepted", "plausible", "trial"]


class Seen(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag="seen", tag_field="event"
):
    """A snapshot that was listed. `time` is what it claims, `at` when we saw it first."""

    id: str
    time: Instant
    at: Instant
    tags: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    host: str = ""
    ours: bool = False


class Moved(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag="moved", tag_field="event"
):
    """What became of snapshots: we are about to delete them ("leaving"), they are "gone", they
    are "kept" after all; they "vanished", and a person "accepted" that; a person called an odd
    one "plausible"; one is our own "trial".
    """

    ids: tuple[str, ...]
    state: State
    at: Instant
    why: str = ""


Event: TypeAlias = Seen | Moved


@dataclass(frozen=True)
class Known:
    """The ledger of a repository, folded."""

    seen: Mapping[str, Seen] = field(default_factory=dict)
    states: Mapping[str, State] = field(default_factory=dict)
    newest_at: datetime | None = None

    def of(self, *states: State) -> frozenset[str]:
        """Return the snapshots that are in one of some states."""
        return frozenset(ident for ident, state in self.states.items() if state in states)


@dataclass(frozen=True)
class Suspect:
    """A snapshot that is not where or what it should be; `job` is "" where it names none."""

    id: str
    job: str
    time: datetime


@dataclass(frozen=True)
class Noticed:
    """What a look at a repository noticed."""

    vanished: tuple[Suspect, ...] = ()
    forged: tuple[Suspect, ...] = ()
    back_dated: tuple[Suspect, ...] = ()

    def of(self, job: str) -> "Noticed":
        """Return what concerns one job."""
        return Noticed(*(
            tuple(s for s in some if s.job == job)
            for some in (self.vanished, self.forged, self.back_dated)
        ))  # fmt: skip

    @property
    def jobs(self) -> tuple[str, ...]:
        """The jobs that anything was noticed of."""
        every = (*self.vanished, *self.forged, *self.back_dated)
        return tuple(sorted({suspect.job for suspect in every}))


def fold(events: Iterable[Event]) -> Known:
    """Return what events come to; their order, and repeats, change nothing."""
    seen: dict[str, Seen] = {}
    states: dict[str, tuple[datetime, State]] = {}
    ordered = sorted(events, key=lambda event: (event.at, msgspec.json.encode(event)))
    for event in ordered:
        if isinstance(event, Seen):
            first = seen.setdefault(event.id, event)
            seen[event.id] = replace(first, ours=first.ours or event.ours)
        else:
            states.update(dict.fromkeys(event.ids, (event.at, event.state)))
    newest_at = ordered[-1].at if ordered else None
    return Known(seen, {ident: state for ident, (_, state) in states.items()}, newest_at)


def compare(
    known: Known,
    listed: Sequence[Snapshot],
    sealed: Collection[str],
    now: datetime,
    unreadable: Collection[str] = (),
) -> Noticed:
    """Hold a list of snapshots against the ledger.

    `unreadable`: the first digits of ids that are there and cannot be read: damaged, not gone.
    """
    there = {snapshot.id for snapshot in listed}
    excused = known.of("leaving", "gone", "accepted", "trial")
    vanished = tuple(
        Suspect(s.id, pick.job_of(s.tags), s.time)
        for s in known.seen.values()
        if s.ours and s.id not in there and s.id not in excused
        and not any(s.id.startswith(head) for head in unreadable)
    )  # fmt: skip
    passing = _passing(known, listed, sealed)
    return Noticed(
        vanished,
        tuple(Suspect(s.id, job, s.time) for s, job in passing if _forged(s, now)),
        tuple(Suspect(s.id, job, s.time) for s, job in passing if _back_dated(s, known, now)),
    )


def _passing(
    known: Known, listed: Sequence[Snapshot], sealed: Collection[str]
) -> tuple[tuple[Snapshot, str], ...]:
    """Return the snapshots without our seal that pass for one of a series of ours, and its job."""
    ours = [(s.host, s.paths, pick.job_of(s.tags)) for s in known.seen.values() if s.ours]
    ours += [(s.hostname, s.paths, pick.job_of(s.tags or ())) for s in listed if s.id in sealed]
    jobs = {job for _, _, job in ours if job}
    series = {(host, paths): job for host, paths, job in ours}
    not_theirs = {*sealed, *known.of("trial")}
    passing = []
    for snapshot in listed:
        tagged = pick.job_of(snapshot.tags or ())
        job = tagged or series.get((snapshot.hostname, snapshot.paths), "")
        if snapshot.id not in not_theirs and job in jobs:
            passing.append((snapshot, job))
    return tuple(passing)


def _forged(snapshot: Snapshot, now: datetime) -> bool:
    made = snapshot.summary
    if made is not None and not snapshot.original:
        return abs(snapshot.time - made.backup_start) > _OFF
    return snapshot.time > now + pick.AHEAD


def _back_dated(snapshot: Snapshot, known: Known, now: datetime) -> bool:
    """Tell it also of one that was new at an earlier look: its first sight is on record."""
    if snapshot.summary is not None or snapshot.original:
        return False
    first = known.seen.get(snapshot.id)
    seen_at = first.at if first else now
    before = [s.at for s in known.seen.values() if s.at < seen_at]
    return bool(before) and snapshot.time < max(before) - _LATE


def news(
    known: Known,
    noticed: Noticed,
    listed: Sequence[Snapshot],
    sealed: Collection[str],
    now: datetime,
) -> list[Event]:
    """Return what a look adds to the ledger.

    The states of snapshots are written later than anything before them, also after the clock was
    set back: the newest counts.
    """
    events: list[Event] = [
        _seen(s, now, ours=s.id in sealed)
        for s in listed
        if s.id not in known.seen or (s.id in sealed and not known.seen[s.id].ours)
    ]
    there = {snapshot.id for snapshot in listed}
    told = known.of("vanished")
    moves: tuple[tuple[State, set[str]], ...] = (
        ("kept", {ident for ident in known.of("leaving", "gone", "vanished") if ident in there}),
        ("gone", {ident for ident in known.of("leaving") if ident not in there}),
        ("vanished", {s.id for s in noticed.vanished if s.id not in told}),
    )
    return events + [move(known, ids, state, now) for state, ids in moves if ids]


def move(known: Known, ids: Collection[str], state: State, now: datetime, why: str = "") -> Moved:
    """Return the event that puts snapshots into a state, later than all that is known."""
    at = max(now, (known.newest_at or now) + timedelta(microseconds=1))
    return Moved(ids=tuple(sorted(ids)), state=state, at=at, why=why)


def _seen(snapshot: Snapshot, now: datetime, *, ours: bool) -> Seen:
    return Seen(
        id=snapshot.id, time=snapshot.time, at=now, tags=snapshot.tags or (),
        paths=snapshot.paths, host=snapshot.hostname, ours=ours,
    )  # fmt: skip


# On disk.


def path(workspace: Workspace, repository: str) -> Path:
    """Return the ledger of a repository."""
    return workspace.ledger / f"{names.safe(repository)}.jsonl"


def read(workspace: Workspace, repository: str) -> Known:
    """Return the ledger of a repository; a line torn by a kill is passed over."""
    try:
        lines = path(workspace, repository).read_bytes().splitlines()
    except FileNotFoundError:
        return Known()
    return fold(event for line in lines if (event := _event(line)) is not None)


def _event(line: bytes) -> Event | None:
    try:
        return msgspec.json.decode(line, type=Seen | Moved)
    except msgspec.DecodeError:
        return None


def record(workspace: Workspace, repository: str, events: Iterable[Event]) -> None:
    """Append events, synced. The caller holds the workspace."""
    lines = [msgspec.json.encode(event) + b"\n" for event in events]
    if lines:
        files.make_folder(workspace.ledger)
        files.append(path(workspace, repository), b"".join(lines))


def sealed(workspace: Workspace, repository: str, snapshot: Snapshot, now: datetime) -> None:
    """Write down a snapshot that was just sealed: it may vanish before anybody looks. The caller
    holds the workspace.
    """
    record(workspace, repository, [_seen(snapshot, now, ours=True)])


def look(
    workspace: Workspace,
    repository: str,
    snapshots: Sequence[Snapshot],
    now: datetime,
    unreadable: Collection[str] = (),
) -> Noticed:
    """Hold what a repository lists against its ledger, write down what is new, return what was
    noticed. Only for a list that restic gave whole; the caller holds the workspace.
    """
    known = read(workspace, repository)
    sealed = sealed_ids(workspace)
    noticed = compare(known, snapshots, sealed, now, unreadable)
    record(workspace, repository, news(known, noticed, snapshots, sealed, now))
    return noticed


def sealed_ids(workspace: Workspace) -> frozenset[str]:
    """Return the snapshots that have a manifest here."""
    return frozenset(at.stem for at in workspace.manifests.glob("*/*.jsonl"))
