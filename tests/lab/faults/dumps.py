"""Real dumps of a real database: a throw-away PostgreSQL on a socket of its own, as nobody."""

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_NOBODY = 65534
_SCHEMA = """
CREATE TABLE customer (id int PRIMARY KEY, name text NOT NULL, city text);
CREATE TABLE invoice (
    id int PRIMARY KEY, customer int REFERENCES customer, total numeric, note text
);
CREATE INDEX invoice_customer ON invoice (customer);
CREATE INDEX customer_city ON customer (city);
"""
_ROWS = """
INSERT INTO customer SELECT n, md5('{seed}' || n), md5('city' || n % 50)
    FROM generate_series(1, {rows}) n;
INSERT INTO invoice SELECT n, 1 + n % {rows}, n * 1.19, md5('{seed}/' || n)
    FROM generate_series(1, {rows} * 5) n;
"""


@dataclass(frozen=True)
class Dumps:
    """The same database as custom format and as SQL, and an empty one of the same schema."""

    custom: bytes
    sql: bytes
    empty: bytes


def made(seed: int, rows: int = 2000) -> Dumps:
    """Fill a database and dump it; some five seconds."""
    with _server() as server:
        server.sql("postgres", "CREATE DATABASE shop", "CREATE DATABASE bare")
        server.sql("shop", _SCHEMA, _ROWS.format(seed=seed, rows=rows))
        server.sql("bare", _SCHEMA)
        return Dumps(server.dump("shop", "-Fc"), server.dump("shop"), server.dump("bare", "-Fc"))


@dataclass(frozen=True)
class _Server:
    programs: Path
    folder: Path

    def run(self, name: str, *words: str) -> bytes:
        return subprocess.run(
            [*_as_nobody(), str(self.programs / name), *words], cwd=self.folder, check=True,
            env={"PATH": "/usr/bin:/bin", "PGHOST": str(self.folder), "PGUSER": "postgres",
                 "LC_ALL": "C.UTF-8"},
            capture_output=True,
        ).stdout  # fmt: skip

    def sql(self, database: str, *commands: str) -> None:
        for command in commands:
            self.run("psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", command)

    def dump(self, database: str, *words: str) -> bytes:
        return self.run("pg_dump", *words, database)


@contextlib.contextmanager
def _server() -> Iterator[_Server]:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    assert found, "postgresql is missing: apt install postgresql"
    folder = Path(tempfile.mkdtemp(prefix="msptool-pg-", dir="/tmp"))
    server = _Server(found[-1].parent, folder)
    data = str(folder / "data")
    options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
    try:
        if os.geteuid() == 0:
            os.chown(folder, _NOBODY, _NOBODY)
        server.run("initdb", "-D", data, "-U", "postgres", "-A", "trust", "--no-sync")
        # Its output must go to a file: pg_ctl hands ours on to the server, which keeps it open.
        server.run("pg_ctl", "-D", data, "-w", "-l", str(folder / "log"), "-o", options, "start")
        try:
            yield server
        finally:
            server.run("pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)


def _as_nobody() -> list[str]:
    if os.geteuid() != 0:
        return []
    return ["setpriv", f"--reuid={_NOBODY}", f"--regid={_NOBODY}", "--clear-groups", "--"]
