"""Reading very many files into the index at one go: other processes read and fold, this one writes.

Only for shards of which the index knows nothing yet. What was not read in the end, because a reader
was stopped or another process wrote meanwhile, is left to be compared with care.
"""

import sqlite3
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from typing import IO

import msgspec

from msptool import process
from msptool.errors import ToolMissing
from msptool.tickets import loading, tables
from msptool.tickets.clocks import Reckoner
from msptool.tickets.loading import Batch
from msptool.tickets.worker import Orders

READERS = 2
_APART = 256  # new shards, from which on starting readers is worth it
_CACHE_KIB = 48_000
_AUTOMERGE = 4  # as FTS5 has it
_COMMIT_EVERY = 25_000  # tickets: what a kill may cost
_WORKER = (sys.executable, "-I", "-m", "msptool.tickets.worker")
_batch = msgspec.msgpack.Decoder(Batch)


def load(
    db: sqlite3.Connection, root: str, shards: Sequence[str], reckoner: Reckoner
) -> Iterator[int]:
    """Read shards into an index in whose transaction we are; yield how many more are in it.

    What wipes pages and merges words meanwhile, for rows that are all new, is off.
    """
    version = _seen_version(db)
    number: int = db.execute("SELECT coalesce(max(number), 0) FROM ticket").fetchone()[0]
    uncommitted = 0
    _tune(db, cache_kib=_CACHE_KIB, secure=False, merge=0)
    try:
        with ExitStack() as stack:
            for batch in _read(root, shards, reckoner, stack):
                _put(db, batch, number)
                number += len(batch["ticket"])
                uncommitted += len(batch["ticket"])
                if uncommitted >= _COMMIT_EVERY:
                    uncommitted = 0
                    db.execute("COMMIT")
                    db.execute("BEGIN IMMEDIATE")
                    if _seen_version(db) != version:
                        return
                yield len(batch["shard"])
    finally:
        with suppress(sqlite3.Error):  # what stopped us is told; this must not hide it
            _tune(db, cache_kib=16_000, secure=True, merge=_AUTOMERGE)


def _read(
    root: str, shards: Sequence[str], reckoner: Reckoner, stack: ExitStack
) -> Iterator[Batch]:
    if len(shards) < _APART:
        yield from loading.read(root, shards, reckoner)
        return
    parts = (list(shards[nth::READERS]) for nth in range(READERS))
    orders = (Orders(root, part, reckoner.told()) for part in parts)
    try:
        readers = [stack.enter_context(_reader(told)) for told in orders]
    except ToolMissing:
        return
    while readers:
        for reader in tuple(readers):
            batch = _next(reader)
            if batch is None:
                readers.remove(reader)
            else:
                yield batch


@contextmanager
def _reader(orders: Orders) -> Iterator[IO[bytes]]:
    told = msgspec.msgpack.encode(orders)
    with process.memory_file(told) as stdin, process.started(_WORKER, stdin) as child:
        yield process.opened(child.stdout)


def _next(reader: IO[bytes]) -> Batch | None:
    """Return the next batch, which stands after its length; None where there is no whole one."""
    size = int.from_bytes(reader.read(4))
    said = reader.read(size)
    return _batch.decode(said) if size and len(said) == size else None


def _put(db: sqlite3.Connection, batch: Batch, number: int) -> None:
    for table, told in batch.items():
        is_numbered = table in ("ticket", "words")
        values = [(nth, *row) for nth, row in enumerate(told, number + 1)] if is_numbered else told
        db.executemany(tables.insert(table), values)


def _seen_version(db: sqlite3.Connection) -> int:
    """Return what changes when another process writes (PRAGMA data_version)."""
    return int(db.execute("PRAGMA data_version").fetchone()[0])


def _tune(db: sqlite3.Connection, *, cache_kib: int, secure: bool, merge: int) -> None:
    """Set what costs most with a hundred thousand rows: pages that are read again, the wiping of
    pages that only what is still there was on, FTS5's merging of what it wrote just before.
    """
    db.execute(f"PRAGMA cache_size=-{cache_kib}")
    db.execute(f"PRAGMA secure_delete={int(secure)}")
    db.execute("INSERT INTO words(words, rank) VALUES ('automerge', ?)", (merge,))
