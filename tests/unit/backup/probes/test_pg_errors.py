from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msptool.backup import words
from msptool.backup.probes import pg_errors, postgresql
from msptool.backup.probes.pg_errors import Complaints
from msptool.backup.probes.postgresql import Dump

SAID = """\
psql:/in/shop.sql:9: ERROR:  role "clerk" does not exist
psql:/in/shop.sql:12: ERROR:  unrecognized configuration parameter "transaction_timeout"
psql:/in/shop.sql:3: error: invalid command \\restrict
psql:/in/shop.sql:20: NOTICE:  table "x" does not exist, skipping
psql:/in/shop.sql:31: ERROR:  extension "postgis" is not available
DETAIL:  Could not open extension control file "/usr/share/x.control": No such file or directory.
pg_restore: error: could not execute query: ERROR:  type "public.geometry" does not exist
pg_restore: warning: errors ignored on restore: 1
"""


def test_complaints_are_sorted_by_whose_fault_they_are() -> None:
    found = pg_errors.complaints(SAID.splitlines())
    assert found.lacking == ('extension "postgis" is not available',)
    assert found.others == ('type "public.geometry" does not exist',)
    assert found.any and not found.too_new
    assert not pg_errors.complaints(["psql: NOTICE: nothing"]).any


def test_a_newer_format_is_no_fault() -> None:
    said = ["pg_restore: error: unsupported version (1.16) in file header"]
    assert pg_errors.complaints(said) == Complaints(too_new=True, any=True)


DUMP = Dump(Path("/in/a"), custom=True, major=15)


@pytest.mark.parametrize(("said", "major", "verdict", "detail"), [
    (Complaints(), 15, "ok", ""),
    (Complaints(lacking=("x",)), 15, "ok", ""),
    (Complaints(others=("e",)), 15, "bad-content", words.PG_NOT_LOADED),
    (Complaints(others=("e",)), 14, "could-not-run", words.PG_TOO_NEW),
    (Complaints(others=("e",), lacking=("x",)), 14, "could-not-run", words.PG_LACKING),
])  # fmt: skip
def test_what_a_load_comes_to(said: Complaints, major: int, verdict: str, detail: str) -> None:
    told = postgresql.judged(said, DUMP, major, {"public.t": 3})
    assert (told.verdict, told.detail) == (verdict, detail)


def test_a_load_without_tables() -> None:
    assert postgresql.judged(Complaints(), DUMP, 15, {}).detail == words.PG_NO_TABLES
    lacking = postgresql.judged(Complaints(lacking=("x",)), DUMP, 15, {})
    assert lacking.verdict == "could-not-run"


@given(st.lists(st.text(max_size=99)), st.dictionaries(st.text(max_size=5), st.integers(0)))
def test_nothing_that_is_the_dumps_fault_passes(others: list[str], counts: dict[str, int]) -> None:
    told = postgresql.judged(Complaints(others=tuple(others)), DUMP, 15, counts)
    assert (told.verdict == "ok") == (not others and bool(counts))
