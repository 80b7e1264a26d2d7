"""PostgreSQL dumps, as pg_dump makes them: custom format, SQL, and SQL in gzip.

A dump must be whole by its own mark, load into a throw-away server, and hold tables; its rows are
counted there. What that server lacks and another would have (roles, extensions, a newer version)
is no fault of the dump.
"""

import gzip
import re
import shutil
import zlib
from dataclasses import dataclass
from pathlib import Path

from msptool import process
from msptool.backup import words
from msptool.backup.probes import archive, pg_errors, pg_server, promise
from msptool.backup.probes.cell import Limits, Told
from msptool.backup.probes.kinds import HEAD_BYTES, PROBES, Candidate, Probe, Subject
from msptool.backup.probes.pg_errors import Complaints
from msptool.backup.probes.pg_server import NotStarted, Server
from msptool.errors import ToolMissing
from msptool.process import Done

NAME = "postgresql"
_TITLE = b"-- PostgreSQL database "  # looked for first: a pattern takes a hundred times as long
_BEGINS = re.compile(rb"^-- PostgreSQL database (cluster )?dump\r?$", re.MULTILINE)
_ENDS = re.compile(rb"^-- PostgreSQL database (?:cluster )?dump complete\r?$", re.MULTILINE)
_VERSION = re.compile(rb"(?:[Dd]umped from database version:?) (\d+)")
_ASCII = re.compile(rb"client_encoding = 'SQL_ASCII'")
_DATA = re.compile(rb"^COPY .* FROM stdin;|^INSERT INTO |^-- Data for Name: ", re.MULTILINE)
_GZIP_DAMAGE = (EOFError, gzip.BadGzipFile, zlib.error)
_TAIL_BYTES = 4096
_CHUNK_BYTES = 1 << 20
_DATABASE = "loaded"


@dataclass(frozen=True)
class Dump:
    """A dump that is whole by its own mark. `major`: of the server it is of, 0 if not said."""

    path: Path
    custom: bool
    cluster: bool = False
    major: int = 0
    ascii: bool = False
    has_data: bool = True


class Bad(Exception):  # noqa: N818 - it is an answer, not a fault
    """A verdict that was reached before the end."""

    def __init__(self, told: Told) -> None:
        super().__init__(told.detail)
        self.told = told


def fits(candidate: Candidate) -> bool:
    """Tell a dump by its beginning; what gzip hides, by its name."""
    head = candidate.head
    if head.startswith(promise.PG_CUSTOM) or (_TITLE in head and _BEGINS.search(head)):
        return True
    return candidate.suffixes[-2:] == (".sql", ".gz") and head.startswith(promise.GZIP)


def look(subject: Subject) -> Told:
    """Read a dump, load it, count its rows."""
    try:
        dump = _opened(subject)
        at = pg_server.programs()
        if dump is None:  # gzip of other SQL
            return archive.look(subject)
        if at is None:
            return Told("could-not-run", words.PG_NO_SERVER)
        with pg_server.started(at, subject.scratch, subject.limits.wall_s) as server:
            return _loaded(server, dump)
    except NotStarted as error:
        return Told("could-not-run", words.PG_NOT_STARTED, str(error))
    except Bad as bad:
        return bad.told


def _opened(subject: Subject) -> Dump | None:
    """Return a whole dump as a file; None if it is none of PostgreSQL's. Raises Bad."""
    path, head = subject.path, _head(subject.path)
    if head.startswith(promise.PG_CUSTOM):
        return _custom(path)
    if head.startswith(promise.GZIP):
        try:
            with gzip.open(path) as packed:
                head = packed.read(HEAD_BYTES)
                if not _BEGINS.search(head):
                    return None
            path = _unpacked(subject)
        except _GZIP_DAMAGE as error:
            raise Bad(Told("bad-content", words.ARCHIVE_BROKEN, str(error))) from error
    begins = _BEGINS.search(head)
    if begins is None:
        return None
    has_data, tail = _scanned(path)
    if not _ENDS.search(tail):
        raise Bad(Told("bad-content", words.PG_CUT))
    return Dump(
        path, False, begins[1] is not None, _major(head), bool(_ASCII.search(head)), has_data
    )


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(HEAD_BYTES)


def _major(text: bytes) -> int:
    found = _VERSION.search(text)
    return int(found[1]) if found else 0


def _unpacked(subject: Subject) -> Path:
    """Unpack gzip into the scratch, which has its limits."""
    target = subject.scratch / "dump.sql"
    with gzip.open(subject.path) as packed, target.open("wb") as file:
        shutil.copyfileobj(packed, file, _CHUNK_BYTES)
    return target


def _scanned(path: Path) -> tuple[bool, bytes]:
    """Return whether SQL has any data section, and its last bytes."""
    has_data, tail = False, b""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            has_data = has_data or bool(_DATA.search(tail + chunk))
            tail = (tail + chunk)[-_TAIL_BYTES:]
    return has_data, tail


def _custom(path: Path) -> Dump:
    """Read a custom dump's table of contents, and all of it: both need no server."""
    at = pg_server.programs()
    try:
        program = str(at / "pg_restore") if at else process.find("pg_restore")
    except ToolMissing as missing:
        raise Bad(Told("could-not-run", words.PG_NO_SERVER)) from missing
    listed = process.run([program, "--list", str(path)], timeout_s=600)
    _refuse(listed)
    # As SQL, to nowhere: every block of data is read and unpacked.
    _refuse(process.run([program, "--file=/dev/null", str(path)], timeout_s=86400))
    schema = process.run([program, "--schema-only", "--file=-", str(path)], timeout_s=600)
    return Dump(
        path,
        custom=True,
        major=_major(listed.stdout),
        ascii=bool(_ASCII.search(schema.stdout[:HEAD_BYTES])),
        has_data=b" TABLE DATA " in listed.stdout,
    )


def _refuse(done: Done) -> None:
    if done.timed_out:
        raise Bad(Told("could-not-run", words.NO_TIME))
    if done.ok:
        return
    if pg_errors.complaints(done.stderr.decode(errors="replace").splitlines()).too_new:
        raise Bad(Told("could-not-run", words.PG_TOO_NEW))
    raise Bad(Told("bad-content", words.PG_CUT, done.complaint()))


def _loaded(server: Server, dump: Dump) -> Told:
    encoding = "SQL_ASCII" if dump.ascii else "UTF8"
    made = server.run("createdb", "-T", "template0", "-E", encoding, "--locale=C", _DATABASE)
    if not made.ok:
        return Told("could-not-run", words.PG_NOT_STARTED, made.complaint())
    if dump.custom:
        done = server.run("pg_restore", "--no-owner", "--no-privileges", "--no-tablespaces",
                          f"--dbname={_DATABASE}", str(dump.path))  # fmt: skip
    else:
        done = server.load(_DATABASE, dump.path)
    if done.timed_out or done.cut:
        return Told("could-not-run", words.NO_TIME if done.timed_out else words.TOO_MUCH)
    said = pg_errors.complaints(done.stderr.decode(errors="replace").splitlines())
    if not done.ok and not said.any:
        return Told("could-not-run", words.PROBE_BROKE, done.complaint())
    return judged(said, dump, server.major, _counted(server, dump))


def _counted(server: Server, dump: Dump) -> dict[str, int]:
    if not dump.cluster:
        return server.rows(_DATABASE)
    return {
        f"{database}.{table}": rows
        for database in server.databases()
        for table, rows in server.rows(database).items()
    }


def judged(said: Complaints, dump: Dump, major: int, counts: dict[str, int]) -> Told:
    """Return what a load comes to: by its complaints, then by what is in the database. Pure."""
    if said.others and said.lacking:
        return Told("could-not-run", words.PG_LACKING, said.lacking[0])
    if said.others and dump.major > major:
        return Told("could-not-run", words.PG_TOO_NEW, said.others[0])
    if said.others:
        return Told("bad-content", words.PG_NOT_LOADED, said.others[0], counts)
    if not counts and said.lacking:
        return Told("could-not-run", words.PG_LACKING, said.lacking[0])
    if not counts:
        return Told("bad-content", words.PG_NO_TABLES)
    # Of a dump of the schema alone no rows are expected, and none are told.
    return Told("ok", counts=counts if dump.has_data else {})


def _limits(size_bytes: int) -> Limits:
    """Allow for 1 MB/s, and for thirty times the size on disk: a packed dump, and its indexes."""
    seconds = 300 + size_bytes / 1e6
    return Limits(
        wall_s=seconds,
        cpu_s=int(seconds),
        memory_bytes=4 << 30,
        scratch_bytes=(1 << 30) + 30 * size_bytes,
        processes=40,
        on_disk=True,
    )


PROBES.add(NAME)(Probe(20, fits, look, _limits, largest_first=True))
