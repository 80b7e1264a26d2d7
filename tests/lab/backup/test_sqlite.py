"""SQLite databases: consistent under load, under their own paths, with their rows counted."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.lab.backup import sources
from tests.lab.backup.site import Site

pytestmark = pytest.mark.lab


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Keep writing rows in pairs while the body runs: an odd number is a torn copy."""
    stop = threading.Event()

    def write() -> None:
        with closing(sqlite3.connect(path, timeout=60)) as database:
            while not stop.is_set():
                with database:
                    database.execute("INSERT INTO orders (text) VALUES ('a')")
                    database.execute("INSERT INTO orders (text) VALUES ('b')")

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


@pytest.mark.parametrize("wal", [True, False])
def test_a_busy_database_comes_back_consistent_with_its_rows(
    sound: Site, tmp_path: Path, wal: bool
) -> None:
    path = sources.database(tmp_path / "shop.db", 20_000, wal=wal)
    other = sources.database(tmp_path / "other.db", 7)
    sources.write(sound, dbs={"sqlite": [str(path), str(other)]})
    with writing(path):
        done = sound.cli("run")
    assert done.returncode == 0, done.stderr
    seal, entries = sources.sealed(sound, "dbs")
    assert [entry.path for entry in entries] == sorted([str(path), str(other)])
    rows = seal.counts[str(path)]["orders"]
    assert rows >= 20_000 and rows % 2 == 0 and seal.counts[str(other)] == {"orders": 7}
    assert sound.cli("verify").returncode == 0
    sound.restic("restore", "latest", "--target", str(tmp_path / "back"))
    with closing(sqlite3.connect(f"{tmp_path}/back{path}")) as back:
        assert back.execute("SELECT count(*) FROM orders").fetchone() == (rows,)
        assert back.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert not any((sound.workspace.derived / "sqlite").iterdir())


def test_what_stands_only_in_the_wal_is_saved_too(sound: Site, tmp_path: Path) -> None:
    path = sources.database(tmp_path / "shop.db", 10)
    sources.write(sound, dbs={"sqlite": [str(path)]})
    with closing(sqlite3.connect(path)) as held:
        held.execute("PRAGMA wal_autocheckpoint=0")
        with held:
            held.execute("INSERT INTO orders (text) VALUES ('late')")
        assert sound.cli("run").returncode == 0
    assert sources.sealed(sound, "dbs")[0].counts[str(path)] == {"orders": 11}


def test_what_is_wrong_with_one_database_is_told_and_the_others_are_saved(
    sound: Site, tmp_path: Path
) -> None:
    good = sources.database(tmp_path / "good.db")
    text = tmp_path / "text.db"
    text.write_text("no database at all, but long enough to be looked at " * 40)
    sources.write(
        sound, dbs={"sqlite": [str(good), str(text), str(tmp_path / "none.db")]}
    )  # fmt: skip
    assert sound.cli("run").returncode != 0
    facts = sound.facts("backup", "job:dbs")
    assert facts["verdict"] == "incomplete-source" and facts["files"] == 1
    seal, _ = sources.sealed(sound, "dbs")
    assert not seal.complete and list(seal.counts) == [str(good)]
    assert not (tmp_path / "none.db").exists()


def test_a_database_damaged_at_its_source_is_bad_content(sound: Site, tmp_path: Path) -> None:
    path = sources.database(tmp_path / "shop.db", 50_000, wal=False)
    data = bytearray(path.read_bytes())
    data[4096 * 3 : 4096 * 40] = b"\xee" * (4096 * 37)
    path.write_bytes(data)
    sources.write(sound, dbs={"sqlite": [str(path)]})
    assert sound.cli("run").returncode != 0
    assert sound.facts("backup", "job:dbs")["verdict"] == "bad-content"
    assert len(sources.snapshots(sound, "dbs")) == 1


def test_a_database_that_others_hold_is_given_up_in_time(
    sound: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = sources.database(tmp_path / "shop.db", wal=False)
    sources.write(sound, dbs={"sqlite": [str(path)]})
    with closing(sqlite3.connect(path, isolation_level=None)) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        done = sound.cli("run")
    assert done.returncode != 0
    facts = sound.facts("backup", "job:dbs")
    assert facts["verdict"] == "incomplete-source"
    assert facts["detail"] == "the database was locked by others the whole time"
