"""Which snapshots of a job may go: our own selection over what we sealed, by the time of the seal.

The buckets are those of restic's `forget --keep-…` (internal/restic/snapshot_policy.go): newest
first, a snapshot is kept for a bucket that still has room if its hour, day, ISO week, month or
year is another than that of the last one kept there; the oldest of all is kept while a bucket has
room (0.18 and 0.19 do so, 0.14 does not). Beyond restic: the time is that of our seal, in the
client's zone, and not what the snapshot claims; what we did not seal neither counts nor goes; an
incomplete backup takes no place from a whole one; the hour that comes twice when clocks go back
is two hours.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Literal, TypeAlias

from msptool.backup import pick
from msptool.model import Words
from msptool.profile.shape import Keep

# Why nothing of a job may be deleted.
Reason: TypeAlias = Literal[
    "vanished", "forged", "implausible", "incomplete", "unproven", "no-backup", "unreadable"
]
Bucket: TypeAlias = Literal["last", "hourly", "daily", "weekly", "monthly", "yearly"]
Why: TypeAlias = Bucket | Literal["newest", "proven", "future", "no-policy"]
REASONS: Mapping[Reason, Words] = {
    "vanished": {
        "en": "sealed snapshots vanished from the repository",
        "ru": "опечатанные снимки исчезли из хранилища",
    },
    "forged": {
        "en": "snapshots there claim a false time",
        "ru": "у снимков в хранилище ложное время",
    },
    "unreadable": {
        "en": "snapshots there cannot be read",
        "ru": "снимки в хранилище не читаются",
    },
    "implausible": {"en": "a backup is implausible", "ru": "копия неправдоподобна"},
    "incomplete": {"en": "the newest backup is incomplete", "ru": "последняя копия неполна"},
    "unproven": {
        "en": "the newest backup is not proven to restore",
        "ru": "не доказано, что последняя копия восстанавливается",
    },
    "no-backup": {"en": "there is no sealed backup", "ru": "нет ни одной опечатанной копии"},
}
_DAYS: Mapping[Bucket, float] = {
    "hourly": 1 / 24, "daily": 1, "weekly": 7, "monthly": 31, "yearly": 366,
}  # fmt: skip


@dataclass(frozen=True)
class Sealed:
    """A sealed snapshot that the repository lists: when we began to read, and whether all was
    there.
    """

    snapshot: str
    at: datetime
    complete: bool = True


@dataclass(frozen=True)
class Line:
    """What becomes of a snapshot: kept for these reasons, or without any dropped."""

    snapshot: str
    at: datetime
    why: tuple[Why, ...]


@dataclass(frozen=True)
class Plan:
    """What becomes of a job's snapshots, newest first. While anything is `held`, none goes."""

    lines: tuple[Line, ...] = ()
    held: tuple[Reason, ...] = ()

    @property
    def due(self) -> tuple[str, ...]:
        """The snapshots that nothing keeps."""
        return tuple(line.snapshot for line in self.lines if not line.why)

    @property
    def drop(self) -> tuple[str, ...]:
        """The snapshots that may go now."""
        return () if self.held else self.due


@dataclass(frozen=True)
class Policy:
    """What the profile wants kept, and in which zone its days begin."""

    keep: Keep
    zone: tzinfo


@dataclass(frozen=True)
class State:
    """What the guard must know of a job beside its snapshots.

    `proven`: the snapshot that came back whole last. `suspected`: reasons that the ledger gives.
    `odd`: implausible snapshots that no person accepted.
    """

    proven: str = ""
    suspected: Collection[Reason] = ()
    odd: Collection[str] = ()


def plan(snapshots: Iterable[Sealed], policy: Policy, state: State, now: datetime) -> Plan:
    """Return what becomes of the snapshots of a job."""
    ordered = sorted(snapshots, key=lambda s: (s.at, s.snapshot), reverse=True)
    future = [s for s in ordered if s.at > now + pick.AHEAD]
    past = ordered[len(future) :]
    why: dict[str, list[Why]] = {s.snapshot: [] for s in ordered}
    for snapshot in future:
        why[snapshot.snapshot].append("future")
    for snapshot in past[:1]:
        why[snapshot.snapshot].append("newest")
    if state.proven in why:
        why[state.proven].append("proven")
    for ident, bucket in _policed(past, policy):
        why[ident].append(bucket)
    lines = tuple(Line(s.snapshot, s.at, tuple(dict.fromkeys(why[s.snapshot]))) for s in ordered)
    return Plan(lines, held(past, state))


def _policed(past: Sequence[Sealed], policy: Policy) -> Iterator[tuple[str, Why]]:
    """Yield what the policy keeps: of the whole ones, and of all as if all were whole."""
    if policy.keep == Keep():
        yield from ((s.snapshot, "no-policy") for s in past)
    yield from selected([s for s in past if s.complete], policy)
    yield from selected(past, policy)


def selected(newest_first: Sequence[Sealed], policy: Policy) -> Iterator[tuple[str, Bucket]]:
    """Yield each snapshot that a bucket keeps."""
    for bucket, key in _BUCKETS.items():
        room = getattr(policy.keep, bucket)
        last: object = None
        for number, snapshot in enumerate(newest_first, start=1):
            value = key(snapshot.at.astimezone(policy.zone), number)
            if room > 0 and (value != last or number == len(newest_first)):
                yield snapshot.snapshot, bucket
                last, room = value, room - 1


def _hour(at: datetime, _number: int) -> object:
    return at.date(), at.hour, at.utcoffset()


_BUCKETS: Mapping[Bucket, Callable[[datetime, int], object]] = {
    "last": lambda _, number: number,
    "hourly": _hour,
    "daily": lambda at, _: at.date(),
    "weekly": lambda at, _: at.isocalendar()[:2],
    "monthly": lambda at, _: (at.year, at.month),
    "yearly": lambda at, _: at.year,
}


def held(newest_first: Sequence[Sealed], state: State) -> tuple[Reason, ...]:
    """Return why nothing may be deleted; gravest first."""
    newest = newest_first[0] if newest_first else None
    reasons: dict[Reason, bool] = {
        "vanished": "vanished" in state.suspected,
        "forged": "forged" in state.suspected,
        "unreadable": "unreadable" in state.suspected,
        "implausible": any(s.snapshot in state.odd for s in newest_first),
        "incomplete": newest is not None and not newest.complete,
        "unproven": newest is not None and newest.snapshot != state.proven,
        "no-backup": newest is None,
    }
    return tuple(reason for reason, holds in reasons.items() if holds)


@dataclass(frozen=True)
class Depth:
    """How far back a job reaches, and how far it should by now, in days."""

    has_days: float
    wants_days: float

    @property
    def short(self) -> bool:
        """Whether a bucket's worth is missing; a day of slack for runs that drift."""
        return self.has_days + 1 < self.wants_days


def depth(
    snapshots: Collection[Sealed], keep: Keep, began_at: datetime | None, now: datetime
) -> Depth:
    """Return the depth of a job that was first backed up at `began_at`.

    The bucket of N days must reach back over N - 1 whole ones, as the newest counts too; none can
    reach further than the first backup.
    """
    oldest_at = min((s.at for s in snapshots), default=now)
    has = max(timedelta(0), now - oldest_at) / timedelta(days=1)
    since = (now - began_at) / timedelta(days=1) if began_at else 0.0
    wants = max(
        (days * (getattr(keep, bucket) - 1) for bucket, days in _DAYS.items()
         if getattr(keep, bucket)),
        default=0.0,
    )  # fmt: skip
    return Depth(round(has, 1), round(max(0.0, min(wants, since)), 1))
