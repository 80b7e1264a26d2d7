"""Reading very many files into the index at one go: one thread reads and folds, another writes.

SQLite works without Python's lock, so that both have a processor; a statement a batch, since each
one waits for the lock in between. Only for shards of which the index knows nothing yet.
"""

import gc
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any

from msptool.tickets import tables

TICKETS = 200  # a batch; SQLite takes 32,766 values a statement
_CACHE_KIB = 48_000
_AUTOMERGE = 4  # as FTS5 has it
_COMMIT_EVERY = 25_000  # tickets: what a kill may cost


class Interrupted(Exception):
    """Another process wrote meanwhile: what is left must be compared with care."""


class Bulk:
    """Rows on their way into an index in whose transaction we are; see `opened`."""

    def __init__(self, db: sqlite3.Connection, writer: ThreadPoolExecutor) -> None:
        self._db, self._writer = db, writer
        self._number: int = db.execute("SELECT coalesce(max(number), 0) FROM ticket").fetchone()[0]
        self._version = self._seen_version()
        self._batch: dict[str, list[Any]] = {name: [] for name in tables.INSERTS}
        self._count = self._uncommitted = 0
        self._pending: Future[None] | None = None

    def add(self, table: str, values: Iterable[Any]) -> None:
        """Add a row of any table but those of tickets and their words."""
        self._batch[table] += values

    def add_ticket(self, values: Sequence[Any], words: Sequence[str]) -> None:
        """Add a ticket with its words."""
        self._number += 1
        self._batch["ticket"] += (self._number, *values)
        self._batch["words"] += (self._number, *words)
        self._count += 1
        if self._count >= TICKETS:
            self.flush()

    def flush(self) -> None:
        """Hand over what was added; wait for what was handed over before, and raise what it did."""
        self.wait()
        batch, self._batch = self._batch, {name: [] for name in tables.INSERTS}
        self._uncommitted += self._count
        is_commit = self._uncommitted >= _COMMIT_EVERY
        self._uncommitted = 0 if is_commit else self._uncommitted
        self._count = 0
        self._pending = self._writer.submit(self._put, batch, is_commit=is_commit)

    def wait(self) -> None:
        """Wait till what was handed over is written."""
        if self._pending is not None:
            pending, self._pending = self._pending, None
            pending.result()

    def _put(self, batch: dict[str, list[Any]], *, is_commit: bool) -> None:
        for name, values in batch.items():
            width = tables.INSERTS[name][1]
            step = TICKETS * width
            for at in range(0, len(values), step):
                part = values[at : at + step]
                self._db.execute(tables.insert(name, len(part) // width), part)
        if is_commit:
            self._db.execute("COMMIT")
            self._db.execute("BEGIN IMMEDIATE")
            if self._seen_version() != self._version:
                raise Interrupted

    def _seen_version(self) -> int:
        """Return what changes when another process writes (PRAGMA data_version)."""
        return int(self._db.execute("PRAGMA data_version").fetchone()[0])


@contextmanager
def opened(db: sqlite3.Connection) -> Iterator[Bulk]:
    """Yield where rows go; all are written, in the transaction that was begun, when it ends.

    Python's search for cycles is off meanwhile: tickets form none, and there are millions.
    """
    collecting = gc.isenabled()
    gc.disable()
    _tune(db, cache_kib=_CACHE_KIB, secure=False, merge=0)
    try:
        with ThreadPoolExecutor(1) as writer:
            bulk = Bulk(db, writer)
            yield bulk
            bulk.flush()
            bulk.wait()
    except Interrupted:
        return
    finally:
        with suppress(sqlite3.Error):  # what stopped us is told; this must not hide it
            _tune(db, cache_kib=16_000, secure=True, merge=_AUTOMERGE)
        if collecting:
            gc.enable()


def _tune(db: sqlite3.Connection, *, cache_kib: int, secure: bool, merge: int) -> None:
    """Set what costs most with a hundred thousand rows: pages that are read again, the wiping of
    pages that only what is still there was on, FTS5's merging of what it wrote just before.
    """
    db.execute(f"PRAGMA cache_size=-{cache_kib}")
    db.execute(f"PRAGMA secure_delete={int(secure)}")
    db.execute("INSERT INTO words(words, rank) VALUES ('automerge', ?)", (merge,))
