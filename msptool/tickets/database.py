"""The file of the index: how it is opened, made, and thrown away."""

import os
import sqlite3
from pathlib import Path

from msptool.tickets import migrations, tables
from msptool.workspace import Workspace

VERSION = 4  # 1 had one column of words, 2 no links, 3 no index of what is listed
NAME = "tickets.db"
WAIT_S = 120.0  # for another process that makes the index anew
_HASH_BYTES = 16 << 20  # of words, before FTS5 sorts them into a segment; by itself 1 MiB


def path_of(workspace: Workspace) -> Path:
    """Return where the index of a workspace lies."""
    return workspace.derived / NAME


def connect(path: Path, basis: str, wait_s: float = WAIT_S) -> sqlite3.Connection:
    """Open the file, and make it anew inside where it is of another version or plan."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    os.close(handle)
    db = sqlite3.connect(path, timeout=wait_s, isolation_level=None, check_same_thread=False)
    try:
        db.execute("PRAGMA journal_mode=WAL")
        # A power cut may take the last rows, which the files still have, but damages nothing.
        db.execute("PRAGMA synchronous=NORMAL")
        db.execute("PRAGMA secure_delete=ON")  # what was redacted
        db.execute("PRAGMA cache_size=-16000")
        _prepare(db, basis)
    except sqlite3.DatabaseError:
        db.close()
        raise
    return db


def _prepare(db: sqlite3.Connection, basis: str) -> None:
    """Make the tables, in place of those of another version or plan."""
    if _is_ours(db, basis):
        return
    db.execute("BEGIN IMMEDIATE")
    migrations.bring(db, VERSION)
    if _is_ours(db, basis):  # another process was quicker, or steps led here
        db.execute("COMMIT")
        return
    names = db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    for name in ("words", *(n for (n,) in names if not n.startswith(("words", "sqlite_")))):
        db.execute(f'DROP TABLE IF EXISTS "{name}"')
    for statement in tables.SCHEMA.split(";\n"):
        db.execute(statement)
    db.execute("INSERT INTO words(words, rank) VALUES ('hashsize', ?)", (_HASH_BYTES,))
    db.execute("INSERT INTO about VALUES ('plan', ?)", (basis,))
    db.execute(f"PRAGMA user_version={VERSION}")
    db.execute("COMMIT")


def _is_ours(db: sqlite3.Connection, basis: str) -> bool:
    if db.execute("PRAGMA user_version").fetchone() != (VERSION,):
        return False
    plan = db.execute("SELECT value FROM about WHERE name = 'plan'").fetchone()
    return bool(plan == (basis,))


def remove(path: Path) -> None:
    """Delete an index, and what SQLite keeps beside it."""
    for name in ("", "-wal", "-shm"):
        Path(f"{path}{name}").unlink(missing_ok=True)


def is_about_the_query(error: sqlite3.DatabaseError) -> bool:
    """Tell a mistake of ours, or a lock or disk that is in the way, from a damaged index."""
    own = (sqlite3.ProgrammingError, sqlite3.IntegrityError, sqlite3.InterfaceError)
    if isinstance(error, own):
        return True
    return isinstance(error, sqlite3.OperationalError) and error.sqlite_errorcode not in (
        sqlite3.SQLITE_ERROR,  # no such table or column: somebody else's file
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_NOTADB,
    )
