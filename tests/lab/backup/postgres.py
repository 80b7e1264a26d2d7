"""Real dumps: a PostgreSQL of our own on a Unix socket, as an ordinary user where we are root."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.lab.backup.examined import NOBODY

SHOP = """
CREATE SCHEMA sales;
CREATE TYPE colour AS ENUM ('red', 'green');
CREATE TABLE customer (id int PRIMARY KEY, name text NOT NULL, city text, liked colour);
CREATE TABLE sales.invoice (id int PRIMARY KEY, customer int REFERENCES customer, total numeric);
CREATE TABLE log (at date, said text) PARTITION BY RANGE (at);
CREATE TABLE log_2026 PARTITION OF log FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE INDEX by_city ON customer (city);
CREATE FUNCTION twice(n int) RETURNS int LANGUAGE sql AS 'SELECT n * 2';
CREATE VIEW totals AS SELECT customer, sum(total) FROM sales.invoice GROUP BY 1;
"""
ROWS = """
INSERT INTO customer SELECT n, md5(n::text), md5((n % 50)::text), 'red'
    FROM generate_series(1, {n}) n;
INSERT INTO sales.invoice SELECT n, 1 + n % {n}, n * 1.19 FROM generate_series(1, {n} * 2) n;
INSERT INTO log SELECT '2026-02-01', md5(n::text) FROM generate_series(1, {n}) n;
"""


def counts(rows: int) -> dict[str, int]:
    """Return what a shop of so many customers holds."""
    return {"public.customer": rows, "public.log_2026": rows, "sales.invoice": 2 * rows}


@dataclass(frozen=True)
class Postgres:
    """A running server."""

    bin: Path
    folder: Path

    def run(self, program: str, *words: str, stdin: str = "") -> bytes:
        argv = [str(self.bin / program), *words]
        if os.geteuid() == 0:
            argv = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", *argv]
        env = {
            "PGHOST": str(self.folder),
            "PGUSER": "boss",
            "LC_ALL": "C.UTF-8",
            "PATH": os.environ["PATH"],
        }
        done = subprocess.run(
            argv, input=stdin.encode(), capture_output=True, env=env, cwd=self.folder
        )
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout

    def sql(self, database: str, text: str) -> None:
        self.run("psql", "-Xqv", "ON_ERROR_STOP=1", "-d", database, stdin=text)

    def shop(self, name: str, rows: int) -> str:
        """Make a database of customers and invoices; return its name."""
        self.run("createdb", name)
        self.sql(name, SHOP)
        if rows:
            self.sql(name, ROWS.format(n=rows))
        return name

    def dump(self, database: str, *words: str) -> bytes:
        return self.run("pg_dump", *words, database)


@contextmanager
def server() -> Iterator[Postgres]:
    """Run a server in a folder below /tmp until left."""
    newest = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda at: float(at.parent.name)
    )[-1]
    made = Postgres(newest, Path(tempfile.mkdtemp(prefix="msptool-pg-", dir="/tmp")))
    if os.geteuid() == 0:
        os.chown(made.folder, NOBODY, NOBODY)
    data = str(made.folder / "data")
    made.run(
        "initdb", "-D", data, "-U", "boss", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"
    )
    options = f"-k {made.folder} -c listen_addresses='' -c fsync=off"
    try:
        made.run(
            "pg_ctl", "-D", data, "-w", "-s", "-l", str(made.folder / "log"), "-o", options, "start"
        )
        yield made
        made.run("pg_ctl", "-D", data, "-s", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(made.folder)
