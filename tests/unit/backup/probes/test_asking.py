import sqlite3
from pathlib import Path

from msptool.backup.manifest import Entry
from msptool.backup.probes import asking, certificate, git, sqlite
from msptool.backup.probes.kinds import PROBES, Candidate
from msptool.backup.walk import Kind


def chosen(path: str, head: bytes) -> str:
    """Return the probe of a file; "" without one."""
    found = list(asking.by_type(Candidate(path, 9999, head)))
    return found[0].probe if found else ""


def test_content_counts_more_than_a_name() -> None:
    sql = b"--\n-- PostgreSQL database dump\n--\n"
    for path, head, probe in (
        ("/a.bin", b"SQLite format 3\0", "sqlite"), ("/a.zip", b"SQLite format 3\0", "sqlite"),
        ("/a.dump", b"PGDMP\1\x0e", "postgresql"), ("/a", sql, "postgresql"),
        ("/a.sql", b"SELECT 1;", ""), ("/a.sql.gz", b"\x1f\x8b\x08", "postgresql"),
        ("/a.gz", b"\x1f\x8b\x08", "archive"), ("/a.docx", b"PK\3\4", "archive"),
        ("/a.tar", bytes(257) + b"ustar\0", "archive"), ("/a.zip", b"plain text", "archive"),
        ("/a.docx", b"plain text", ""), ("/a.key", b"-----BEGIN PRIVATE KEY-----\n", "certificate"),
        ("/a.txt", b"-----BEGIN PRIVATE KEY-----\n", ""), ("/a.key", b"PK\3\4", "archive"),
        ("/a.jpg", b"\xff\xd8\xff", ""),
    ):  # fmt: skip
        assert chosen(path, head) == probe, path


def test_databases_come_first_the_largest_of_them_then_the_smallest_of_the_rest() -> None:
    files = [("/a.zip", b"PK\3\4", 5), ("/b.zip", b"PK\3\4", 3), ("/c.db", b"SQLite format 3\0", 3),
             ("/d.db", b"SQLite format 3\0", 9), ("/e.dump", b"PGDMP", 1)]  # fmt: skip
    wanted = [one for p, head, size in files for one in asking.by_type(Candidate(p, size, head))]
    assert [one.path for one in asking.ordered(wanted)] == [
        "/d.db", "/c.db", "/e.dump", "/b.zip", "/a.zip",
    ]  # fmt: skip


def test_every_probe_has_limits_at_any_size() -> None:
    for probe in PROBES:
        for size_bytes in (0, 1, 1 << 40):
            limits = probe.limits(size_bytes)
            assert limits.wall_s > 0 and limits.cpu_s > 0 and limits.scratch_bytes > 0


def entry(path: str, kind: Kind, size_bytes: int = 0) -> Entry:
    return Entry(path=path, kind=kind, size_bytes=size_bytes)


def test_a_repository_is_known_by_what_it_holds() -> None:
    inner = [entry("/w/.git", "folder"), entry("/w/.git/objects", "folder"),
             entry("/w/.git/refs", "folder"), entry("/w/.git/objects/aa", "file", 40)]  # fmt: skip
    head = entry("/w/.git/HEAD", "file", 2)
    assert git.repositories([*inner, head]) == {"/w/.git": 42}
    assert git.repositories(inner) == {}
    assert git.repositories([head, entry("/w/.git/objects", "file")]) == {}


def test_where_the_certificate_of_a_key_lies() -> None:
    assert certificate.beside("a.b.key") == ("a.b.crt", "a.b.pem", "a.b.cer")
    assert certificate.beside("privkey.pem") == ("fullchain.pem", "cert.pem")
    assert certificate.beside("x-key.pem") == ("x-fullchain.pem", "x-cert.pem", "x.pem")
    assert certificate.beside("monkey.pem") == ()
    assert certificate.beside("fullchain.pem") == ()


def test_rows_of_a_database_of_ours(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / 'a?b"c.db')
    connection.execute('CREATE TABLE "odd ""name" (a)')
    connection.execute('INSERT INTO "odd ""name" VALUES (1)')
    connection.execute("CREATE TABLE seq (a INTEGER PRIMARY KEY AUTOINCREMENT)")
    connection.execute("CREATE VIRTUAL TABLE words USING fts5 (text)")
    connection.commit()
    connection.close()
    counted = sqlite.count(tmp_path / 'a?b"c.db')
    assert counted['odd "name'] == 1 and counted["seq"] == 0
    assert not {"words", "sqlite_sequence"} & counted.keys()


def test_what_git_says_of_damage() -> None:
    zero = b"error: refs/remotes/origin/HEAD: invalid sha1 pointer " + b"0" * 40
    assert git.damage(b"notice: No default references\n\n" + zero + b"\n") == ""
    assert git.damage(zero + b"\nmissing blob 1234\n") == "missing blob 1234"
    other = b"error: refs/heads/main: invalid sha1 pointer " + b"0" * 40
    assert git.damage(other) == other.decode()
