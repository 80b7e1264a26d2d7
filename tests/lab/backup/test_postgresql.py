"""PostgreSQL: dumped while it is written to, with the rows of the very snapshot that was dumped."""

import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from msptool.backup.sources import postgresql
from tests.lab.backup import cluster as clusters
from tests.lab.backup import sources
from tests.lab.backup.cluster import PASSWORD, Cluster
from tests.lab.backup.site import Site
from tests.lab.backup.test_command import environment
from tests.lab.backup.test_stopping import children, command, wait_for

pytestmark = pytest.mark.lab
ODD = 'odd "name.the\norders'


@pytest.fixture(scope="module")
def server() -> Iterator[Cluster]:
    with clusters.running() as cluster:
        yield cluster


@pytest.fixture
def shop(sound: Site, server: Cluster) -> Site:
    secret = sound.root / "secrets" / "pg"
    secret.write_text(PASSWORD + "\n")
    secret.chmod(0o600)
    sources.write(sound, shop={"postgresql": server.job()})
    return sound


def restored(site: Site, server: Cluster, tmp_path: Path) -> dict[str, int]:
    """Restore the newest dump into a new database by hand; return its rows."""
    site.restic("restore", "latest", "--target", str(tmp_path / "back"))
    dump = server.folder / "back.pgdump"
    dump.write_bytes((tmp_path / "back" / "shop.pgdump").read_bytes())
    dump.chmod(0o644)
    server.sql("DROP DATABASE IF EXISTS back", "postgres")
    server.sql("CREATE DATABASE back", "postgres")
    server.call("pg_restore", "--no-owner", "-h", str(server.folder), "-U", "boss", "-d", "back",
                str(dump))  # fmt: skip
    rows = {"public.items": int(server.sql("SELECT count(*) FROM items", "back"))}
    odd = server.sql('SELECT count(*) FROM "odd ""name"."the\norders"', "back")
    return {**rows, ODD: int(odd)}


def test_a_dump_under_load_has_the_rows_that_were_sealed(
    shop: Site, server: Cluster, tmp_path: Path
) -> None:
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            server.sql('INSERT INTO items (pair) VALUES (1);'
                       'INSERT INTO "odd ""name"."the\norders" VALUES (1)')  # fmt: skip

    writer = threading.Thread(target=write)
    writer.start()
    try:
        done = shop.cli("run")
    finally:
        stop.set()
        writer.join()
    assert done.returncode == 0, done.stderr
    seal, (entry,) = sources.sealed(shop, "shop")
    counts = seal.counts["/shop.pgdump"]
    assert seal.kind == "postgresql" and entry.path == "/shop.pgdump"
    assert counts["public.items"] == counts[ODD] >= 20_000, "both are of one moment"
    assert restored(shop, server, tmp_path) == counts
    assert shop.cli("verify").returncode == 0


def test_the_password_is_nowhere_while_it_runs(shop: Site, server: Cluster) -> None:
    server.sql(
        "CREATE TABLE big AS SELECT repeat(md5(g::text), 50) FROM generate_series(1,60000) g"
    )
    server.sql("GRANT SELECT ON big TO app")
    running = shop.start("run")
    seen: set[bytes] = set()
    while running.poll() is None:
        for pid in children(running.pid):
            for text in (command(pid), environment(pid)):
                assert PASSWORD.encode() not in text
            seen.add(Path(command(pid).split(b"\0")[0].decode()).name.encode())
        time.sleep(0.005)
    running.communicate()
    server.sql("DROP TABLE big")
    assert running.returncode == 0 and seen >= {b"psql", b"pg_dump", b"restic"}
    secret = shop.root / "secrets" / "pg"
    for path in shop.root.rglob("*"):
        if path.is_file() and path != secret:
            assert PASSWORD.encode() not in path.read_bytes(), path


def refuses(site: Site, job: dict[str, object]) -> str:
    sources.write(site, shop={"postgresql": job})
    done = site.cli("run")
    assert done.returncode == 3 and "Traceback" not in done.stderr
    facts = site.facts("backup", "job:shop")
    assert facts["verdict"] == "incomplete-source"
    assert sources.snapshots(site, "shop") == []
    assert list((site.repo / "locks").iterdir()) == []
    return str(facts["detail"])


def test_a_login_that_is_refused(shop: Site, server: Cluster) -> None:
    (shop.root / "secrets" / "pg").write_text("wrong")
    told = refuses(shop, server.job())
    assert "password authentication failed" in told and "wrong" not in told


def test_a_database_that_is_missing_or_whose_name_is_an_option(shop: Site, server: Cluster) -> None:
    assert 'database "gone" does not exist' in refuses(shop, server.job(database="gone"))
    assert 'database "--help" does not exist' in refuses(shop, server.job(database="--help"))


def test_a_server_that_is_not_there(shop: Site, server: Cluster) -> None:
    assert "No such file" in refuses(shop, server.job(host="/nowhere"))


def test_a_table_that_may_not_be_read(shop: Site, server: Cluster) -> None:
    server.sql("CREATE TABLE secrets (id int)")
    try:
        assert "permission denied for table secrets" in refuses(shop, server.job())
    finally:
        server.sql("DROP TABLE secrets")


def test_a_server_that_goes_away_in_the_middle_leaves_no_half(shop: Site, server: Cluster) -> None:
    server.sql(
        "CREATE TABLE big AS SELECT repeat(md5(g::text), 50) FROM generate_series(1,90000) g"
    )
    server.sql("GRANT SELECT ON big TO app")
    running = shop.start("run")
    wait_for(lambda: any(b"pg_dump" in command(pid) for pid in children(running.pid)))
    time.sleep(0.1)
    server.stop()
    try:
        running.communicate(timeout=60)
    finally:
        server.start()
        server.sql("DROP TABLE IF EXISTS big")
    assert running.returncode == 3
    facts = shop.facts("backup", "job:shop")
    assert (
        facts["verdict"] == "incomplete-source" and "pg_dump ended with code 1" in facts["detail"]
    )
    assert sources.snapshots(shop, "shop") == []
    assert shop.cli("run").returncode == 0
    assert shop.cli("verify").returncode == 0


def test_the_flags_are_those_that_the_programs_have() -> None:
    for name, argv in (
        ("psql", list(postgresql.PSQL)),
        ("pg_dump", postgresql.dump_argv("pg_dump", "1")[1:]),
    ):
        program = postgresql.program(name)
        told = subprocess.run([program, "--help"], capture_output=True, text=True, check=True)
        for word in argv:
            assert word.partition("=")[0] in told.stdout
