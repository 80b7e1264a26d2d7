"""Dumps of a real PostgreSQL: sound ones load and count, each way to be worthless is found."""

import gzip
import os
import re
from collections.abc import Iterator

import pytest

from msptool.backup import words
from tests.lab.backup import examined, postgres
from tests.lab.backup.examined import Case
from tests.lab.backup.postgres import Postgres

pytestmark = pytest.mark.lab
ROWS = 2000


@pytest.fixture(scope="session")
def server() -> Iterator[Postgres]:
    with postgres.server() as made:
        made.shop("shop", ROWS)
        yield made


@pytest.fixture(params=["root", "ordinary"])
def case(request: pytest.FixtureRequest) -> Iterator[Case]:
    if request.param == "root" and os.geteuid() != 0:
        pytest.skip("we are no root; the other half runs as we are")
    with examined.case(ordinary=request.param == "ordinary") as made:
        yield made


@pytest.fixture
def here() -> Iterator[Case]:
    with examined.case(ordinary=False) as made:
        yield made


def told(case: Case, data: bytes, name: str = "shop.dump") -> tuple[str, str, dict[str, int]]:
    """Return the verdict on a dump, its sentence and its counts."""
    made = case.file(f"backup/{name}", data)
    try:
        probed = case.one()
    finally:
        made.unlink()
    return probed.verdict, probed.detail.partition(": ")[0], dict(probed.counts)


def test_sound_dumps_are_loaded_and_counted(case: Case, server: Postgres) -> None:
    sql = server.dump("shop")
    ok = ("ok", "", postgres.counts(ROWS))
    assert told(case, server.dump("shop", "-Fc")) == ok
    assert told(case, sql, "shop.sql") == ok
    assert told(case, gzip.compress(sql), "shop.sql.gz") == ok


def test_other_forms(here: Case, server: Postgres) -> None:
    ok = ("ok", "", postgres.counts(ROWS))
    assert told(here, server.dump("shop", "-Fc", "-Z0"), "streamed") == ok
    assert told(here, server.dump("shop", "--inserts", "--rows-per-insert=500"), "a.sql") == ok
    assert told(here, server.dump("shop", "-Fc", "--create", "--clean", "--if-exists")) == ok
    assert told(here, server.dump("shop", "--schema-only"), "schema.sql") == ("ok", "", {})
    cluster = server.run("pg_dumpall")
    verdict, _, counts = told(here, cluster, "all.sql")
    assert verdict == "ok" and counts["shop.public.customer"] == ROWS


@pytest.mark.parametrize("share", [0.02, 0.5, 0.97])
def test_a_custom_dump_that_ends_early(share: float, here: Case, server: Postgres) -> None:
    data = server.dump("shop", "-Fc")
    assert told(here, data[: int(len(data) * share)])[:2] == ("bad-content", words.PG_CUT)


def test_sql_that_ends_early(here: Case, server: Postgres) -> None:
    """Between two rows, where every line is whole; and before the indexes, with all rows."""
    sql = server.dump("shop")
    lines = sql.splitlines(keepends=True)
    start = next(n for n, line in enumerate(lines) if line.startswith(b"COPY public.customer "))
    row = b"".join(lines[: start + 900])
    tail = sql[: sql.index(b"\n--\n-- Name: customer customer_pkey;")]
    cut: tuple[str, str, dict[str, int]] = ("bad-content", words.PG_CUT, {})
    assert told(here, row, "shop.sql") == cut
    assert told(here, tail, "shop.sql") == cut
    assert told(here, gzip.compress(row), "shop.sql.gz") == cut
    packed = gzip.compress(sql)
    assert told(here, packed[: len(packed) // 2], "shop.sql.gz")[1] == words.ARCHIVE_BROKEN


def test_sql_that_was_spoilt_in_the_middle(here: Case, server: Postgres) -> None:
    sql = server.dump("shop")
    lines = sql.splitlines(keepends=True)
    start = next(n for n, line in enumerate(lines) if line.startswith(b"COPY public.customer "))
    spoilt = b"".join([*lines[: start + 40], b"\0\0garbage\n", *lines[start + 60 :]])
    assert told(here, spoilt, "shop.sql")[:2] == ("bad-content", words.PG_NOT_LOADED)
    flipped = bytearray(server.dump("shop", "-Fc"))
    flipped[len(flipped) // 2] ^= 0xFF
    assert told(here, bytes(flipped))[0] == "bad-content"


def test_dumps_of_nothing(here: Case, server: Postgres) -> None:
    server.run("createdb", "bare")
    server.shop("hollow", 0)
    bare, hollow = ("bad-content", words.PG_NO_TABLES), ("bad-content", words.PG_NO_ROWS)
    for words_of in ((), ("-Fc",)):
        assert told(here, server.dump("bare", *words_of), "a.sql")[:2] == bare
        assert told(here, server.dump("hollow", *words_of), "a.sql")[:2] == hollow
    assert told(here, b"", "a.dump")[:2] == ("bad-content", words.EMPTY)


def test_counts_of_the_backup(here: Case, server: Postgres) -> None:
    counted = postgres.counts(ROWS)
    here.job["expected"] = {"/backup/shop.dump": counted}
    data = server.dump("shop", "-Fc")
    assert told(here, data)[0] == "ok"
    here.job["expected"] = {"/backup/shop.dump": {**counted, "sales.invoice": 1}}
    assert told(here, data)[:2] == ("bad-content", words.OTHER_COUNTS)
    del here.job["expected"]
    here.job["earlier"] = {"/backup/shop.dump": {name: rows * 50 for name, rows in counted.items()}}
    assert told(here, data)[:2] == ("bad-content", words.SHRUNKEN)


def test_what_only_our_server_lacks_is_no_fault(here: Case, server: Postgres) -> None:
    """Roles of another cluster; an extension that is not installed, unused and used."""
    server.sql("shop", "CREATE ROLE clerk; GRANT SELECT ON customer TO clerk;"
               "ALTER TABLE log OWNER TO clerk; SET ROLE clerk;")  # fmt: skip
    ok = ("ok", "", postgres.counts(ROWS))
    sql = server.dump("shop")
    assert b"clerk" in sql
    assert told(here, sql, "shop.sql") == ok
    assert told(here, server.dump("shop", "-Fc")) == ok
    extension = b"CREATE EXTENSION IF NOT EXISTS no_such_thing WITH SCHEMA public;\n"
    marked = sql.replace(b"CREATE TYPE public.colour", extension + b"CREATE TYPE public.colour")
    assert told(here, marked, "shop.sql") == ok
    used = re.sub(
        rb"(CREATE TABLE public.customer \(\n)", rb"\1    place public.no_such_type,\n", marked
    )
    assert told(here, used, "shop.sql")[:2] == ("could-not-run", words.PG_LACKING)
    newer = re.sub(
        rb"from database version \d+", b"from database version 99", used.replace(extension, b"")
    )
    assert told(here, newer, "shop.sql")[:2] == ("could-not-run", words.PG_TOO_NEW)


def test_an_encoding_that_is_none(here: Case, server: Postgres) -> None:
    server.run("createdb", "-T", "template0", "-E", "SQL_ASCII", "old")
    server.sql("old", r"CREATE TABLE t (a text); INSERT INTO t VALUES (E'\xe9t\xe9');")
    for words_of in ((), ("-Fc",)):
        assert told(here, server.dump("old", *words_of), "a.sql") == ("ok", "", {"public.t": 1})


def test_a_hostile_dump_stays_in_the_cell(case: Case, server: Postgres) -> None:
    """SQL is a program: psql runs its `\\!`, the server what a superuser asks."""
    mark = case.base / "ran"
    attack = f"\\! touch {mark}\nCOPY public.customer TO PROGRAM 'touch {mark}';\n"
    sql = server.dump("shop").replace(b"CREATE VIEW", attack.encode() + b"CREATE VIEW")
    verdict, _, _ = told(case, sql, "shop.sql")
    assert verdict in ("ok", "bad-content")
    assert not mark.exists()
    assert not list(case.base.glob("scratch/errand*"))
