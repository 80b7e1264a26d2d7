"""SQLite: the whole file is checked, every table can be counted.

A journal or write-ahead log beside it belongs to it. The database is copied where a journal must
be rolled back into it; else it is read where it lies.
"""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from msptool.backup import words
from msptool.backup.probes import promise
from msptool.backup.probes.cell import Limits, Told
from msptool.backup.probes.kinds import PROBES, Candidate, Probe, Subject

_JOURNAL, _WAL = "-journal", "-wal"
# Result codes that speak of the file and not of us (sqlite.org/rescode.html); the last is what a
# file shorter than its header says comes to.
_DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_IOERR_SHORT_READ)


def fits(candidate: Candidate) -> bool:
    """Tell a database by its beginning, or a torn one by its name."""
    if candidate.head.startswith(promise.SQLITE):
        return True
    return candidate.suffix in promise.DATABASES and not promise.has_magic(candidate.head)


def look(subject: Subject) -> Told:
    """Check a database and count its rows."""
    try:
        with closing(_opened(subject)) as connection:
            wrong = damage(connection)
            return _broken(wrong) if wrong else Told("ok", counts=rows(connection))
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", 0) in _DAMAGE:
            return _broken(str(error))
        return Told("could-not-run", words.PROBE_BROKE, str(error))


def _broken(said: str) -> Told:
    return Told("bad-content", words.SQLITE_BROKEN, said)


def _opened(subject: Subject) -> sqlite3.Connection:
    """Open the database where it lies or, if something must be worked into it, a copy."""
    parts = {name: Path(f"{subject.path}{name}") for name in ("", _JOURNAL, _WAL)}
    at, how = subject.path, "mode=ro&immutable=1"
    if any(path.exists() and path.stat().st_size for name, path in parts.items() if name):
        at, how = subject.scratch / "db", "mode=rw"
        for name, path in parts.items():
            if path.exists():
                shutil.copyfile(path, f"{at}{name}")
    connection = sqlite3.connect(f"{at.as_uri()}?{how}", uri=True)
    connection.text_factory = lambda raw: raw.decode(errors="replace")
    return connection


def damage(connection: sqlite3.Connection) -> str:
    """Return the first thing that is wrong with a database; "" if nothing is."""
    (first,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    if first != "ok":
        return str(first)
    # Rows that break foreign keys are the application's affair; that they can be read is ours.
    connection.execute("PRAGMA foreign_key_check").fetchone()
    return ""


def rows(connection: sqlite3.Connection) -> dict[str, int]:
    """Return the rows of each table by its name; raise sqlite3.Error.

    Not of virtual ones, whose module may not be here: their content is in tables of its own.
    """
    tables = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%'"
        " ESCAPE '\\' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name"
    ).fetchall()
    return {name: _rows(connection, name) for (name,) in tables}


def _rows(connection: sqlite3.Connection, table: str) -> int:
    quoted = table.replace('"', '""')
    sql = f'SELECT count(*) FROM "{quoted}"'  # noqa: S608 - a quoted name of its own schema
    return int(connection.execute(sql).fetchone()[0])


def count(path: Path) -> dict[str, int]:
    """Return the rows by table of a database of our own; raise sqlite3.Error."""
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    try:
        return rows(connection)
    finally:
        connection.close()


def _limits(size_bytes: int) -> Limits:
    """Allow for 4 MB/s, and for a copy on disk."""
    seconds = 60 + size_bytes / 4e6
    room = (64 << 20) + 2 * size_bytes
    return Limits(wall_s=seconds, cpu_s=int(seconds), scratch_bytes=room, on_disk=True)


def _beside(name: str) -> tuple[str, ...]:
    return name + _JOURNAL, name + _WAL


PROBES.add("sqlite")(Probe(10, fits, look, _limits, _beside, largest_first=True))
