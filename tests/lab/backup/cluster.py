"""A throw-away PostgreSQL server on a socket of its own, run by an unprivileged user."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from msptool.backup.sources import postgresql

PASSWORD = "canary:pg\\7f21"
_NOBODY = 65534


@dataclass(frozen=True)
class Cluster:
    """Its socket lies in `folder`; the user "app" needs PASSWORD."""

    folder: Path

    def sql(self, text: str, database: str = "shop") -> str:
        done = self.call("psql", "-X", "-w", "-q", "-A", "-t", "-h", str(self.folder), "-U", "boss",
                         "-v", "ON_ERROR_STOP=1", "-d", database, "-c", text)  # fmt: skip
        return done.stdout.strip()

    def call(self, program: str, *words: str) -> "subprocess.CompletedProcess[str]":
        """Run a program of PostgreSQL as the user of the server."""
        return subprocess.run(
            [postgresql.program(program), *words],
            capture_output=True, text=True, check=True, timeout=120, cwd=self.folder,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
            user=_NOBODY if os.geteuid() == 0 else None,
            group=_NOBODY if os.geteuid() == 0 else None,
            extra_groups=[] if os.geteuid() == 0 else None,
        )  # fmt: skip

    def stop(self, how: str = "immediate") -> None:
        self.call("pg_ctl", "-D", str(self.folder / "data"), "-m", how, "-w", "stop")

    def start(self) -> None:
        options = f"-c listen_addresses='' -c unix_socket_directories={self.folder} -c fsync=off"
        log = str(self.folder / "log")
        self.call(
            "pg_ctl", "-D", str(self.folder / "data"), "-l", log, "-o", options, "-w", "start"
        )

    def job(self, **more: object) -> dict[str, object]:
        """Return the `postgresql` of a job of the profile."""
        where = {"database": "shop", "host": str(self.folder), "user": "app"}
        return {**where, "password": "file:secrets/pg", **more}


@contextmanager
def running() -> Iterator[Cluster]:
    """Yield a server with a database "shop" of two tables, one row of orders for each item."""
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    if os.geteuid() == 0:
        os.chown(folder, _NOBODY, _NOBODY)
    cluster = Cluster(folder)
    try:
        cluster.call("initdb", "-D", str(folder / "data"), "-U", "boss", "-A", "trust", "-N")
        rules = "local all boss trust\nlocal all all scram-sha-256\n"
        (folder / "data" / "pg_hba.conf").write_text(rules)
        cluster.start()
        try:
            cluster.sql("CREATE DATABASE shop", "postgres")
            quoted = PASSWORD.replace("'", "''")
            cluster.sql(f"CREATE ROLE app LOGIN PASSWORD '{quoted}'")
            cluster.sql("CREATE TABLE items (id serial PRIMARY KEY, pair int)")
            cluster.sql(
                'CREATE SCHEMA "odd ""name"; CREATE TABLE "odd ""name"."the\norders" (id int)'
            )
            cluster.sql("INSERT INTO items (pair) SELECT g FROM generate_series(1, 20000) g")
            cluster.sql('INSERT INTO "odd ""name"."the\norders" SELECT generate_series(1, 20000)')
            cluster.sql('GRANT USAGE ON SCHEMA "odd ""name" TO app;'
                        'GRANT SELECT ON ALL TABLES IN SCHEMA public, "odd ""name" TO app;'
                        'GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO app')  # fmt: skip
            yield cluster
        finally:
            cluster.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
