"""A PostgreSQL database: what pg_dump gives, streamed, and the rows that were in it.

One psql session exports its snapshot (REPEATABLE READ), counts the rows of each table in it and
stays open while pg_dump dumps that very snapshot: the counts are of what is in the dump, whatever
is written meanwhile. The dump is in pg_dump's custom format, not compressed, so that restic finds
what did not change. All settings go by libpq's variables: a name can become neither an option nor
a connection string, and the password is a file that only the two programs see.
"""

import json
from collections.abc import Mapping
from pathlib import Path

from msptool import clock, process, secret
from msptool.backup import names, words
from msptool.backup.repository.outcome import Outcome
from msptool.backup.sources import stream
from msptool.backup.sources.feed import Feed, Taken
from msptool.process import SecretFile, Word, session
from msptool.process.session import Answer
from msptool.profile.shape import Postgresql
from msptool.workspace import Workspace

PSQL = (
    "--no-psqlrc", "--no-password", "--quiet", "--tuples-only", "--no-align",
    "--set=ON_ERROR_STOP=1",
)  # fmt: skip
CONNECT_S = 15
LOCK_S = 60
_READY = b"msptool: counted"
# Tables whose rows pg_dump dumps: no one else's temporary ones, none that an extension owns.
# Partitions and children are counted by themselves.
_SCRIPT = r"""
SET search_path = pg_catalog;
SET statement_timeout = '{limit_s}s';
SET lock_timeout = '{lock_s}s';
SET idle_in_transaction_session_timeout = 0;
SET row_security = off;
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
SELECT pg_export_snapshot();
SELECT format('SELECT json_build_array(%L, count(*)) FROM ONLY %I.%I',
              n.nspname || '.' || c.relname, n.nspname, c.relname)
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind = 'r' AND c.relpersistence <> 't'
   AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
   AND NOT EXISTS (SELECT FROM pg_depend d
                    WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
 ORDER BY n.nspname, c.relname
\gexec
\echo {ready}
"""


def take(feed: Feed) -> Taken:
    """Count the rows, then dump the same snapshot; raise ToolMissing without the programs."""
    database = feed.task.job.postgresql
    if database is None:
        raise RuntimeError("a job of another kind")
    env = environment(database, feed.workspace)
    psql, pg_dump = program("psql"), program("pg_dump")
    at = clock.now()
    asking = session.asked(
        [psql, *PSQL], script(feed.left_s), until=_READY, timeout_s=feed.left_s, env=env
    )
    with asking as answer:
        if answer.done is not None:
            return Taken(refused(answer.done), at, said=(("what psql said", answer.done.stderr),))
        exported, rows = parse(answer)
        path = names.written(feed.sources.present[0])
        return stream.take(feed, dump_argv(pg_dump, exported), env=env, counts={path: rows})


def dump_argv(program: str, exported: str) -> list[str]:
    """Return the call that dumps an exported snapshot to stdout."""
    return [
        program, "--format=custom", "--compress=0", "--no-password",
        f"--snapshot={exported}", f"--lock-wait-timeout={LOCK_S}s",
    ]  # fmt: skip


def environment(database: Postgresql, workspace: Workspace) -> dict[str, Word]:
    """Return libpq's variables; raise what resolving the password raises."""
    env: dict[str, Word] = {
        "PGDATABASE": database.database,
        "PGPORT": str(database.port),
        "PGCONNECT_TIMEOUT": str(CONNECT_S),
        "PGAPPNAME": "msptool",
        "PGCLIENTENCODING": "UTF8",
    }
    if database.host:
        env["PGHOST"] = database.host
    if database.user:
        env["PGUSER"] = database.user
    if database.password is not None:
        env["PGPASSFILE"] = passfile(secret.resolve(database.password, workspace))
    return env


def passfile(password: str) -> SecretFile:
    r"""Return the password as libpq reads it from a file: `:` and `\` escaped, for any server."""
    escaped = password.replace("\\", r"\\").replace(":", r"\:")
    return SecretFile(f"*:*:*:*:{escaped}\n")


def program(name: str) -> str:
    """Return the newest client program: an older one refuses a newer server.

    Debian's own /usr/bin/psql is a script that reads files of the user and asks which version.
    """
    found = Path("/usr/lib/postgresql").glob(f"[0-9]*/bin/{name}")
    newest = max(found, key=lambda path: float(path.parts[4]), default=None)
    return str(newest) if newest else process.find(name, package="postgresql-client")


def script(limit_s: float) -> bytes:
    """Return what psql is told; it says the snapshot's name, then the rows of each table."""
    limit = max(1, int(limit_s))
    return _SCRIPT.format(limit_s=limit, lock_s=LOCK_S, ready=_READY.decode()).encode()


def parse(answer: Answer) -> tuple[str, Mapping[str, int]]:
    """Return the name of the exported snapshot and the rows by table."""
    exported, *lines = answer.stdout.decode().splitlines()
    return exported, dict(json.loads(line) for line in lines if line)


def refused(done: process.Done) -> Outcome:
    """Return why there was no answer: what the server said is of the source, our limit is not."""
    if done.timed_out:
        return Outcome("could-not-run", words.NO_TIME)
    return Outcome("incomplete-source", words.ended("psql", done))
