"""Locks of a repository: whose they are, and removing those that are provably ours and dead.

A lock is ours if a record of a restic that we started says so (see started): the same host, pid
and repository, and a time at which that process can have lived. It is dead if that process is
gone; pids that were given out again are told apart by when they began. Where two locks fit one
record, a machine of the same name and pid is at work: neither is proven. In a container, whose
pids repeat, a lock must also be as old as restic itself calls stale: a living one is renewed
every 5 minutes.

In a folder the one lock is removed by its id. Elsewhere only `restic unlock` can, which also
removes what is older than 30 minutes or of a lost pid on a host of our name, and sends SIGHUP to
a process that has the pid now (restic's lock_unix.go): it is run only where every lock is
provably ours and dead, and no pid is in use.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from msptool import clock, runs
from msptool.backup.repository import answers, restic, started
from msptool.backup.repository.answers import Lock
from msptool.backup.repository.outcome import Outcome
from msptool.backup.repository.restic import SHORT_S, Access
from msptool.backup.repository.started import Started
from msptool.process import Done, Word

STALE = timedelta(minutes=30)  # restic's StaleLockTimeout
_SLACK = timedelta(seconds=5)  # between a process and what is written of it


@dataclass(frozen=True)
class Here:
    """What this machine knows of itself: pure functions take it as it was."""

    host: str
    boot: str
    booted_at: datetime
    now: datetime
    ticks: Callable[[int], int | None]
    own_pids: bool = True


@dataclass(frozen=True)
class Standing:
    """A lock that stands. `lock`: None where it cannot be read. `ours`: provably, and dead.
    `in_use`: another process of this machine has its pid now.
    """

    ident: str
    lock: Lock | None = None
    ours: bool = False
    in_use: bool = False

    def told(self) -> str:
        """Return who holds it, since when."""
        if self.lock is None:
            return f"lock {self.ident[:8]} cannot be read"
        since = clock.iso(self.lock.time)
        who = f"{self.lock.username}@{self.lock.hostname}"
        return f"held by {who}, pid {self.lock.pid}, since {since}"


@dataclass(frozen=True)
class Cleared:
    """The locks that stood, what became of them, and how asking for them ended."""

    removed: tuple[Standing, ...] = ()
    left: tuple[Standing, ...] = ()
    outcome: Outcome = Outcome("ok")


def here() -> Here:
    """Return this machine as it is now."""
    return Here(
        runs.host(), started.boot(), started.booted_at(), clock.now(),
        started.ticks_of, started.own_pids(),
    )  # fmt: skip


def judged(
    locks: Mapping[str, Lock | None], records: Iterable[Started], place: Here
) -> tuple[Standing, ...]:
    """Return which locks are provably ours and dead; `records` are of this repository."""
    kept = list(records)
    fits = {
        ident: next((r for r in kept if lock and _fits(lock, r, place)), None)
        for ident, lock in locks.items()
    }
    times = Counter(record for record in fits.values() if record)
    return tuple(
        Standing(
            ident,
            lock,
            ours=(record := fits[ident]) is not None and times[record] == 1,
            in_use=lock is not None and place.ticks(lock.pid) is not None,
        )
        for ident, lock in locks.items()
    )


def _fits(lock: Lock, record: Started, place: Here) -> bool:
    """Tell whether a lock can only be of a process of ours that is gone."""
    if (lock.hostname, lock.pid) != (record.host, record.pid) or record.host != place.host:
        return False
    if not started.gone(record, place.boot, place.ticks):
        return False
    end = place.booted_at if record.boot != place.boot else place.now
    end = min(end, record.ended_at or end)
    aged = place.now - lock.time > STALE
    return record.at - _SLACK <= lock.time <= end + _SLACK and (place.own_pids or aged)


def look(access: Access) -> tuple[tuple[Standing, ...], Outcome]:
    """Return the locks of a repository; asking takes none itself."""
    done, outcome = restic.call(access, restic.locks_argv(access))
    if outcome.verdict != "ok":
        return (), outcome
    locks = {ident: _read(access, ident) for ident in answers.parse_ids(done.stdout)}
    place = here()
    digest = started.digest(access.place)
    records = [r for r in started.read(access.book, place.now) if r.repository == digest]
    return judged(locks, records, place), outcome


def _read(access: Access, ident: str) -> Lock | None:
    done, outcome = restic.call(access, restic.lock_argv(access, ident))
    return answers.parse_lock(done.stdout) if outcome.verdict == "ok" else None


def clear(access: Access) -> Cleared:
    """Remove the locks that are provably ours and dead."""
    found, outcome = look(access)
    dead = [standing for standing in found if standing.ours]
    if not dead:
        return Cleared(left=found, outcome=outcome)
    if (folder := _folder(access)) is not None:
        for standing in dead:
            with suppress(OSError):
                (folder / standing.ident).unlink()
    elif safe_to_unlock(found, clock.now()):
        restic.call(access, restic.argv(access, "unlock"))
    left, outcome = look(access)
    stand = {standing.ident for standing in left}
    return Cleared(tuple(s for s in dead if s.ident not in stand), left, outcome)


def safe_to_unlock(found: Sequence[Standing], now: datetime) -> bool:
    """Tell whether `restic unlock` would remove what is ours and dead, and nothing else."""
    return all(
        s.ours and s.lock is not None and (not s.in_use or now - s.lock.time > STALE)
        for s in found
    )  # fmt: skip


def _folder(access: Access) -> Path | None:
    """Return the folder of the locks, where the repository is one of this machine."""
    return access.folder / "locks" if access.folder else None


def unlocking(
    access: Access,
    words: list[Word],
    *,
    timeout_s: float = SHORT_S,
    on_line: Callable[[bytes], None] | None = None,
    cwd: Path | None = None,
    on_data: Callable[[bytes], None] | None = None,
) -> tuple[Done, Outcome]:
    """As restic.call; where a lock is in the way, remove what is ours and dead and try once more.

    Where one is left, the outcome tells who holds it and since when.
    """

    def told() -> tuple[Done, Outcome]:
        return restic.call(
            access, words, timeout_s=timeout_s, on_line=on_line, on_data=on_data, cwd=cwd
        )

    done, outcome = told()
    if outcome.verdict != "locked":
        return done, outcome
    cleared = clear(access)
    if cleared.removed:
        done, outcome = told()
    if outcome.verdict == "locked" and cleared.left:
        return done, Outcome("locked", cleared.left[0].told())
    return done, outcome
