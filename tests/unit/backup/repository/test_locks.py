from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from msptool.backup.repository import locks, started
from msptool.backup.repository.answers import Lock
from msptool.backup.repository.locks import Here, Standing
from msptool.backup.repository.started import Started
from msptool.process import Done

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
AT = NOW - timedelta(minutes=20)
REPO = started.digest("/srv/repo")
L, M = "a" * 64, "b" * 64


def ended(code: int, *, timed_out: bool = False) -> Done:
    return Done((), code, b"", b"", 1.0, timed_out=timed_out)


def record(**changed: object) -> Started:
    given = {"host": "srv", "boot": "B1", "pid": 4242, "ticks": 77, "repository": REPO, "at": AT}
    return msgspec.convert({**given, **changed}, Started)


def lock(minutes: float = 1, host: str = "srv", pid: int = 4242) -> Lock:
    """A lock of so many minutes after our restic began."""
    return Lock(AT + timedelta(minutes=minutes), host, "root", pid)


def here(
    boot: str = "B1", ticks: Callable[[int], int | None] = lambda _: None, *, own: bool = True
) -> Here:
    return Here("srv", boot, NOW - timedelta(minutes=5), NOW, ticks, own)


def ours(given: Lock | None, kept: Started | None = None, place: Here | None = None) -> bool:
    (standing,) = locks.judged({L: given}, [kept or record()], place or here())
    return standing.ours


def test_a_lock_of_a_process_of_ours_that_is_gone_is_ours() -> None:
    assert ours(lock())


def test_a_pid_that_was_given_out_again_is_another_process() -> None:
    (standing,) = locks.judged({L: lock()}, [record()], here(ticks=lambda _: 99))
    assert standing.ours and standing.in_use
    assert not locks.safe_to_unlock([standing], NOW)  # restic would signal the stranger
    assert locks.safe_to_unlock([standing], NOW + timedelta(hours=1))


def test_a_living_one_is_not_dead() -> None:
    assert not ours(lock(), place=here(ticks=lambda _: 77))


@pytest.mark.parametrize(
    "other",
    [lock(host="nas"), lock(pid=4243), lock(minutes=-1), lock(minutes=60), None],
    ids=["host", "pid", "before", "after-now", "unreadable"],
)
def test_what_no_record_proves_is_not_ours(other: Lock | None) -> None:
    assert not ours(other)


def test_a_lock_from_after_the_end_of_our_process_is_another_machines() -> None:
    kept = record(ended_at=AT + timedelta(minutes=2))
    assert ours(lock(minutes=1), kept)
    assert not ours(lock(minutes=3), kept)


def test_a_lock_from_after_a_restart_is_another_machines() -> None:
    assert ours(lock(minutes=10), place=here(boot="B2"))
    assert not ours(lock(minutes=16), place=here(boot="B2"))


def test_a_record_that_another_machine_left_in_a_copied_workspace_proves_nothing() -> None:
    assert not ours(lock(host="old"), record(host="old"))


def test_two_locks_of_one_name_and_pid_are_two_machines() -> None:
    found = locks.judged({L: lock(1), M: lock(2)}, [record()], here())
    assert [standing.ours for standing in found] == [False, False]


def test_in_a_container_a_lock_must_be_stale_too() -> None:
    assert not ours(lock(), place=here(own=False))
    early = record(at=AT - timedelta(hours=1))
    assert ours(lock(minutes=-30), early, here(own=False))


def test_restic_unlocks_only_where_every_lock_is_ours() -> None:
    dead = Standing(L, lock(), ours=True)
    assert locks.safe_to_unlock([dead], NOW)
    assert not locks.safe_to_unlock([dead, Standing(M, lock(host="nas"))], NOW)


def test_a_lock_tells_who_and_since_when() -> None:
    assert Standing(L, lock()).told() == "held by root@srv, pid 4242, since 2026-06-01T11:41:00Z"
    assert Standing(L).told() == "lock aaaaaaaa cannot be read"


@pytest.mark.parametrize(
    ("done", "kept"),
    [(ended(0), 0), (ended(1), 0), (ended(11), 0), (ended(-9), 1), (ended(143), 1),
     (ended(0, timed_out=True), 1)],
)  # fmt: skip
def test_only_a_process_that_ended_by_itself_is_struck_out(
    tmp_path: Path, done: Done, kept: int
) -> None:
    with started.recorded(tmp_path / "book", REPO) as told:
        told.started(1)
        (path,) = (tmp_path / "book").iterdir()
        assert 'ended_at":null' in path.read_text() and path.stat().st_mode & 0o777 == 0o600
        told.ended(done)
    found = started.read(tmp_path / "book", datetime.now(UTC))  # noqa: DTZ005, TID251
    assert len(found) == kept
    assert all(one.ended_at is not None and one.pid == 1 for one in found)


def test_a_process_that_an_exception_stopped_stays_on_record(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), started.recorded(tmp_path, REPO) as told:
        told.started(1)
        raise KeyboardInterrupt
    assert len(list(tmp_path.iterdir())) == 1


def test_without_a_book_nothing_is_written() -> None:
    with started.recorded(None, REPO) as told:
        told.started(1)
    assert started.read(None, NOW) == ()


def test_old_and_torn_records_are_struck_out(tmp_path: Path) -> None:
    (tmp_path / "1-1.json").write_bytes(msgspec.json.encode(record()))
    (tmp_path / "2-2.json").write_bytes(b'{"host":')
    assert started.read(tmp_path, NOW) == (record(),)
    assert started.read(tmp_path, NOW + timedelta(days=61)) == ()
    assert list(tmp_path.iterdir()) == []


def test_processes_are_told_apart_by_when_they_began() -> None:
    assert started.ticks_of(1) is not None
    assert started.ticks_of(2**22 + 1) is None
    assert started.gone(record(), "B1", lambda _: 78)
    assert started.gone(record(), "B2", lambda _: 77)
    assert not started.gone(record(), "B1", lambda _: 77)
