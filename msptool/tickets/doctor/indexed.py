"""Whether the index says what the files say: row by row against one that was just made."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from msptool.tickets import database, rows
from msptool.tickets.doctor.troubles import Trouble, trouble
from msptool.tickets.index import Index

# `owner` and `key` follow from the identities of the last ingest, not from the files.
TABLES = {
    "ticket": f"SELECT {', '.join(rows.COLUMNS)} FROM ticket ORDER BY id",  # noqa: S608
    "words": "SELECT id, words.title, text FROM words JOIN ticket "
    "ON number = words.rowid ORDER BY id",
    "alias": "SELECT name, id FROM alias ORDER BY name, id",
    "link": "SELECT * FROM link ORDER BY 1, 2, 3",
    "problem": "SELECT file, shard, line, why FROM problem ORDER BY file, shard, line, why",
    "file": "SELECT shard, name, mtime_ns, size, inode FROM file ORDER BY shard, name",
}


def place(derived: Path) -> Iterator[Trouble]:
    """Yield what stands where the index belongs and is no file."""
    for suffix in ("", "-wal", "-shm"):
        path = derived / f"{database.NAME}{suffix}"
        if path.is_symlink() or (path.exists() and not path.is_file()):
            yield trouble("index-place", f"{derived.name}/{path.name}")


def compare(held: Index, fresh: Index) -> Iterator[Trouble]:
    """Yield the tables that differ, with how many rows do and the first of them."""
    file = f"{held.workspace.derived.name}/{database.NAME}"
    for name, sql in TABLES.items():
        try:
            ours, truth = _known(held, sql), _known(fresh, sql)
        except sqlite3.DatabaseError as error:
            yield trouble("index", file, detail=f"{name}: {error}")
            continue
        if ours != truth:
            odd = {first for first, _ in ours ^ truth}
            yield trouble("index", file, detail=f"{name}: {len(odd)}, {min(odd)}")


def _known(held: Index, sql: str) -> set[tuple[str, int]]:
    """Return each row's first column and its hash: not all texts at once are in memory."""
    return {(str(row[0]), hash(row)) for row in held.each(sql)}
