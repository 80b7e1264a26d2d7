"""A throw-away PostgreSQL in the cell: reached by a Unix socket alone, nothing in it durable."""

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from msptool import process
from msptool.process import Done

_PROGRAMS = Path("/usr/lib/postgresql")
_START_S = 120.0
USER = "postgres"
# No durability: the data is gone in a minute. No parallel workers and small buffers: other work
# goes on beside us.
_SETTINGS = {
    "listen_addresses": "''", "fsync": "off", "synchronous_commit": "off", "autovacuum": "off",
    "full_page_writes": "off", "wal_level": "minimal", "max_wal_senders": "0", "jit": "off",
    "max_connections": "10", "shared_buffers": "64MB", "maintenance_work_mem": "64MB",
    "max_wal_size": "256MB", "dynamic_shared_memory_type": "mmap", "logging_collector": "off",
    "max_parallel_workers": "0", "max_parallel_maintenance_workers": "0",
}  # fmt: skip
# As the backup counts them: ordinary tables, none that an extension owns, partitions by themselves.
_TABLES = r"""
SELECT format('SELECT json_build_array(%L, count(*)) FROM ONLY %I.%I',
              n.nspname || '.' || c.relname, n.nspname, c.relname)
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind = 'r' AND c.relpersistence <> 't'
   AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                    WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                      AND d.objid = c.oid AND d.deptype = 'e')
 ORDER BY 1
\gexec
"""


class NotStarted(Exception):  # noqa: N818 - it is an answer, not a fault
    """The server did not come up; its own words."""


def programs() -> Path | None:
    """Return the folder of the newest server's programs; None without a server."""
    found = [at.parent for at in _PROGRAMS.glob("[0-9]*/bin/postgres")]
    return max(found, key=lambda at: float(at.parent.name), default=None)


@dataclass(frozen=True)
class Server:
    """A running server. `folder`: its socket is there."""

    bin: Path
    folder: Path
    limit_s: float

    @property
    def major(self) -> int:
        """Its major version."""
        return int(float(self.bin.parent.name))

    def run(self, program: str, *words: str, stdin: bytes = b"") -> Done:
        """Run one of its programs against it."""
        env = {"PGHOST": str(self.folder), "PGUSER": USER, "PGOPTIONS": ""}
        argv = [str(self.bin / program), *words]
        return process.run(argv, timeout_s=self.limit_s, env=env, cwd=self.folder, stdin=stdin)

    def load(self, database: str, file: Path) -> Done:
        """Run SQL from a file, to its end whatever fails."""
        return self.run("psql", "-Xqwo/dev/null", f"--dbname={database}", f"--file={file}")

    def query(self, database: str, sql: str) -> list[str]:
        """Return the lines of an answer, one column unaligned."""
        done = self.run("psql", "-XqwAt", f"--dbname={database}", stdin=sql.encode())
        return done.stdout.decode(errors="replace").splitlines()

    def databases(self) -> list[str]:
        """Return the databases that may be loaded into."""
        sql = "SELECT datname FROM pg_catalog.pg_database WHERE NOT datistemplate ORDER BY 1"
        return self.query("postgres", sql)

    def rows(self, database: str) -> dict[str, int]:
        """Return the rows of each table by schema.table."""
        counted = [_pair(line) for line in self.query(database, _TABLES)]
        return dict(pair for pair in counted if pair)


def _pair(line: str) -> tuple[str, int] | None:
    try:
        name, count = json.loads(line)
    except ValueError:
        return None
    return str(name), int(count)


@contextmanager
def started(at: Path, folder: Path, limit_s: float) -> Iterator[Server]:
    """Make a cluster below a folder and start it; raise NotStarted."""
    data = folder / "data"
    settings = " ".join(f"-c {name}={value}" for name, value in _SETTINGS.items())
    _must([str(at / "initdb"), "-D", str(data), "-U", USER, "-A", "trust", "-E", "UTF8",
           "--locale=C", "--no-sync", "--no-instructions"], folder)  # fmt: skip
    _must([str(at / "pg_ctl"), "-D", str(data), "-w", "-t", str(int(_START_S)), "-s", "-l",
           str(folder / "log"), "-o", f"{settings} -k {folder}", "start"], folder)  # fmt: skip
    try:
        yield Server(at, folder, limit_s)
    finally:
        process.run([str(at / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop"],
                    timeout_s=_START_S)  # fmt: skip


def _must(argv: Sequence[str], folder: Path) -> None:
    done = process.run(argv, timeout_s=_START_S, cwd=folder)
    if not done.ok:
        log = folder / "log"
        said = log.read_text(errors="replace").strip() if log.exists() else ""
        raise NotStarted(re.sub(r"\s+", " ", f"{done.complaint()} {said}")[-200:])
