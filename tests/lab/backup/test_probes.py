"""Bad content, each beside its sound control: what restic and a comparison cannot see."""

import bz2
import gzip
import io
import lzma
import os
import random
import sqlite3
import subprocess
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from msptool.backup import words
from msptool.backup.probes import cell
from msptool.backup.probes.cell import Errand, Limits, Order, Shown
from tests.lab.backup import examined
from tests.lab.backup.examined import Case

pytestmark = pytest.mark.lab
NOISE = random.Random(7).randbytes(300_000)


@pytest.fixture
def case() -> Iterator[Case]:
    with examined.case(ordinary=False) as made:
        yield made


@pytest.fixture
def ordinary() -> Iterator[Case]:
    with examined.case(ordinary=True) as made:
        yield made


def verdicts(case: Case) -> dict[str, str]:
    """Examine, and return each path's verdict and sentence."""
    told = case.examine()
    assert told.skipped == 0
    return {p.path: f"{p.verdict} {p.detail.partition(': ')[0]}".strip() for p in told.probed}


def database(path: Path, *, wal: bool = False) -> sqlite3.Connection:
    connection = sqlite3.connect(path)
    if wal:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA wal_autocheckpoint = 0")
    connection.execute("CREATE TABLE customer (id INTEGER PRIMARY KEY, name TEXT)")
    connection.execute("CREATE INDEX by_name ON customer (name)")
    connection.executemany(
        "INSERT INTO customer (name) VALUES (?)", [(f"n{i}" * 9,) for i in range(3000)]
    )
    connection.execute("CREATE VIRTUAL TABLE words USING fts5 (text)")
    connection.execute("INSERT INTO words VALUES ('found')")
    connection.commit()
    return connection


def test_sqlite(case: Case, tmp_path: Path) -> None:
    database(tmp_path / "a").close()
    sound = (tmp_path / "a").read_bytes()
    half = len(sound) // 2 // 4096 * 4096
    case.file("sound.sqlite", sound)
    case.file("by-content.dat", sound)
    case.file("cut.sqlite", sound[:half])
    case.file("torn.db", sound[:half] + bytes(8192) + sound[half + 8192 :])
    case.file("head.sqlite3", bytes(4096) + sound[4096:])
    told = case.examine()
    counts = {p.path: p.counts for p in told.probed if p.verdict == "ok"}
    assert set(counts) == {"/sound.sqlite", "/by-content.dat"}
    assert counts["/sound.sqlite"]["customer"] == 3000
    bad = {p.path: p.detail.partition(": ")[0] for p in told.probed if p.verdict == "bad-content"}
    assert bad == dict.fromkeys(["/cut.sqlite", "/torn.db", "/head.sqlite3"], words.SQLITE_BROKEN)


@pytest.mark.parametrize("who", ["case", "ordinary"])
def test_sqlite_with_what_lies_beside_it(
    who: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """Rows that are only in the write-ahead log count; a journal is rolled back first."""
    case: Case = request.getfixturevalue(who)
    connection = database(tmp_path / "w", wal=True)
    for suffix in ("", "-wal"):
        case.file(f"w.db{suffix}", (tmp_path / f"w{suffix}").read_bytes())
    connection.close()
    database(tmp_path / "j").close()
    connection = sqlite3.connect(tmp_path / "j")
    connection.execute("PRAGMA cache_size = 1")
    connection.execute("UPDATE customer SET name = name || 'x'")
    for suffix in ("", "-journal"):
        case.file(f"j.db{suffix}", (tmp_path / f"j{suffix}").read_bytes())
    connection.close()
    told = {p.path: p for p in case.examine().probed}
    assert [told[path].verdict for path in ("/w.db", "/j.db")] == ["ok", "ok"], told
    assert told["/w.db"].counts["customer"] == told["/j.db"].counts["customer"] == 3000


def test_counts_are_held_against_the_backup_and_the_last_proof(case: Case, tmp_path: Path) -> None:
    database(tmp_path / "a").close()
    data = (tmp_path / "a").read_bytes()
    for name in ("equal", "fewer", "grown", "collapsed", "emptied"):
        case.file(f"{name}.db", data)
    emptied = sqlite3.connect(case.tree / "emptied.db")
    emptied.execute("DROP TABLE customer")
    emptied.execute("DROP TABLE words")
    emptied.commit()
    emptied.close()
    told = {p.path: p.counts for p in case.examine().probed}
    case.job["expected"] = {
        "/equal.db": told["/equal.db"], "/fewer.db": {**told["/fewer.db"], "customer": 3001},
    }  # fmt: skip
    case.job["earlier"] = {
        "/grown.db": {"customer": 2500, "old": 40}, "/collapsed.db": {"customer": 90_000},
        "/emptied.db": {"customer": 5},
    }  # fmt: skip
    assert verdicts(case) == {
        "/equal.db": "ok",
        "/fewer.db": f"bad-content {words.OTHER_COUNTS}",
        "/grown.db": "ok",
        "/collapsed.db": f"bad-content {words.SHRUNKEN}",
        "/emptied.db": f"bad-content {words.SHRUNKEN}",
    }


def zipped() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("folder/", b"")
        archive.writestr("folder/noise.bin", NOISE)
        archive.writestr("résumé.txt", b"text " * 5000)
    return made.getvalue()


def tarred() -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for name in ("a", "b", "c"):
            info = tarfile.TarInfo(name)
            info.size = 10_000
            archive.addfile(info, io.BytesIO(NOISE[:10_000]))
    return made.getvalue()


ARCHIVES: dict[str, Callable[[], bytes]] = {
    "a.zip": zipped,
    "letter.docx": zipped,
    "a.gz": lambda: gzip.compress(NOISE),
    "a.bz2": lambda: bz2.compress(NOISE),
    "a.xz": lambda: lzma.compress(NOISE),
    "a.tar": tarred,
    "a.tar.gz": lambda: gzip.compress(tarred()),
    "a.tar.xz": lambda: lzma.compress(tarred()),
}


@pytest.mark.parametrize("name", ARCHIVES)
def test_archives(name: str, case: Case) -> None:
    """Sound, cut in the middle and near the end, one byte flipped in what is packed."""
    sound = ARCHIVES[name]()
    flipped = bytearray(sound)
    flipped[len(sound) // 2] ^= 1
    case.file(f"sound/{name}", sound)
    case.file(f"cut/{name}", sound[: len(sound) // 2])
    case.file(f"end/{name}", sound[: 512 + 10_240 if name == "a.tar" else -3])
    case.file(f"flipped/{name}", bytes(flipped))
    told = verdicts(case)
    assert told.pop(f"/sound/{name}") == "ok"
    if name == "a.tar":  # a bare tar has no checksum of its contents
        assert told.pop(f"/flipped/{name}") == "ok"
    assert set(told.values()) == {f"bad-content {words.ARCHIVE_BROKEN}"}


def test_zstd(case: Case, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(NOISE)
    subprocess.run(["zstd", "-q", "a"], cwd=tmp_path, check=True)
    sound = (tmp_path / "a.zst").read_bytes()
    case.file("a.zst", sound)
    case.file("cut.zst", sound[:-9])
    assert verdicts(case) == {"/a.zst": "ok", "/cut.zst": f"bad-content {words.ARCHIVE_BROKEN}"}


def test_a_bomb_is_no_hang_and_no_pass(case: Case) -> None:
    """bzip2 packs a gigabyte of zeros into a kilobyte; nested gzip stays within one layer."""
    packer = bz2.BZ2Compressor()
    bomb = b"".join(packer.compress(bytes(1 << 24)) for _ in range(20)) + packer.flush()
    case.file("bomb.bz2", bomb)
    case.file("nested.gz", gzip.compress(gzip.compress(bytes(1 << 26))))
    assert verdicts(case) == {
        "/bomb.bz2": f"could-not-run {words.ARCHIVE_BOMB}", "/nested.gz": "ok",
    }  # fmt: skip


def test_a_locked_archive_is_not_decided(case: Case, tmp_path: Path) -> None:
    sound = bytearray(zipped())
    at = sound.find(b"PK\x01\x02")
    while at >= 0:  # the flag that says so, in each entry of the central directory
        sound[at + 8] |= 1
        at = sound.find(b"PK\x01\x02", at + 1)
    case.file("locked.zip", bytes(sound))
    assert verdicts(case) == {"/locked.zip": f"could-not-run {words.ARCHIVE_LOCKED}"}


def test_empty_dumps_archives_and_databases(case: Case) -> None:
    for name in ("a.dump", "b.sql", "c.sql.gz", "d.tar", "e.sqlite", "f.txt", "g.lock", "h.db"):
        case.file(name, b"")
    bad = {"/a.dump", "/b.sql", "/c.sql.gz", "/d.tar", "/e.sqlite"}
    assert verdicts(case) == dict.fromkeys(bad, f"bad-content {words.EMPTY}")


def share(case: Case, folder: str, encrypted: int, *, suffix: str = "") -> None:
    generator = random.Random(folder)
    heads = {
        "pdf": b"%PDF-1.7\n",
        "jpg": b"\xff\xd8\xff\xe0",
        "docx": zipped(),
        "png": b"\x89PNG\r\n",
    }
    for number in range(40):
        kind = list(heads)[number % 4]
        data = heads[kind] + (b"" if kind == "docx" else generator.randbytes(9000))
        name = f"{folder}/{number}.{kind}"
        if number < encrypted:
            name, data = name + suffix, generator.randbytes(9000)
        case.file(name, data)


@pytest.mark.parametrize("suffix", ["", ".lock3d"])
def test_an_encrypted_share(suffix: str, case: Case) -> None:
    share(case, "private", encrypted=40, suffix=suffix)
    share(case, "sound", encrypted=0)
    bad = [p for p in case.examine().probed if p.verdict != "ok"]
    assert len(bad) == 40 and {p.probe for p in bad} == {"encryption"}
    assert {p.detail for p in bad} == {words.LOOKS_ENCRYPTED}


def test_one_encrypted_file_is_no_alarm_nor_what_is_locked_on_purpose(case: Case) -> None:
    share(case, "sound", encrypted=1)
    for number in range(20):
        case.file(f"keys/{number}.pdf.gpg", NOISE[number * 5000 : number * 5000 + 5000])
        case.file(f"media/{number}.mp3", NOISE[number * 5000 : number * 5000 + 5000])
    assert {p.verdict for p in case.examine().probed} == {"ok"}


def git(folder: Path, *argv: str) -> None:
    subprocess.run(
        ["git", "-c", "user.name=a", "-c", "user.email=a@b", "-c", "gc.auto=0", *argv],
        cwd=folder, check=True, capture_output=True,
        env={**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null"},
    )  # fmt: skip


def repository(folder: Path, *, bare: bool = False, packed: bool = False) -> Path:
    work = folder.with_name(folder.name + "-work") if bare else folder
    work.mkdir(parents=True)
    git(work, "init", "-q")
    for number in range(3):
        (work / f"{number}.txt").write_text("text" * 99 + str(number))
        git(work, "add", ".")
        git(work, "commit", "-qm", str(number))
    if packed:
        git(work, "repack", "-adq")
    if bare:
        git(work, "clone", "-q", "--bare", ".", str(folder))
    return folder if bare else folder / ".git"


def test_git(case: Case, tmp_path: Path) -> None:
    for kind in ("sound", "lost", "ref", "renamed"):
        repository(case.tree / kind)
    head = case.tree / "renamed/.git/refs/remotes/origin/HEAD"  # as after the branch was renamed
    head.parent.mkdir(parents=True)
    head.write_text("ref: refs/remotes/origin/master\n")
    repository(case.tree / "bare.git", bare=True, packed=True)
    pack = repository(case.tree / "packed", packed=True) / "objects" / "pack"
    (data,) = pack.glob("*.pack")
    data.chmod(0o600)
    content = bytearray(data.read_bytes())
    content[len(content) // 2] ^= 0xFF
    data.write_bytes(content)
    next(p for p in (case.tree / "lost/.git/objects").glob("??/*")).unlink()
    for ref in (case.tree / "ref/.git/refs/heads").iterdir():
        ref.write_text("1" * 40 + "\n")
    told = verdicts(case)
    bad = f"bad-content {words.GIT_BROKEN}"
    assert told == {
        "/sound/.git": "ok", "/renamed/.git": "ok", "/bare.git": "ok", "/bare.git-work/.git": "ok",
        "/lost/.git": bad, "/ref/.git": bad, "/packed/.git": bad,
    }  # fmt: skip


def test_a_hostile_git_repository_runs_nothing(case: Case) -> None:
    """Hooks, fsmonitor, includes, pagers: none of its settings is read."""
    at = repository(case.tree / "evil")
    mark = case.base / "ran"
    (case.base / "evil.cfg").write_text(f"[core]\n\tpager = touch {mark}\n")
    with (at / "config").open("a") as file:
        file.write(
            f"[core]\n\tfsmonitor = touch {mark}\n\thooksPath = /in/repository/hooks\n"
            f"[include]\n\tpath = {case.base}/evil.cfg\n[fsck]\n\tskipList = /dev/zero\n"
        )
    assert verdicts(case) == {"/evil/.git": "ok"}
    assert not mark.exists()
    (at / "objects/info").mkdir(exist_ok=True)
    (at / "objects/info/alternates").write_text("/var/lib/other\n")
    assert verdicts(case) == {"/evil/.git": f"could-not-run {words.GIT_BORROWS}"}


def test_the_jobs_own_probe(case: Case) -> None:
    case.file("a/good.cfg", b"valid = yes\n")
    case.file("a/bad.cfg", b"broken\n")
    argv = ["grep", "-q", "valid"]
    case.job["probes"] = [
        {"match": "*.cfg", "argv": argv}, {"match": "*.none", "argv": argv},
        {"match": "good.cfg", "argv": ["no-such-program"]},
    ]  # fmt: skip
    told = case.examine().probed
    assert [(p.path, p.verdict, p.detail.partition(": ")[0]) for p in told] == [
        ("*.none", "could-not-run", words.CUSTOM_NOTHING),
        ("/a/good.cfg", "ok", ""),
        ("/a/good.cfg", "could-not-run", words.CUSTOM_MISSING),
        ("/a/bad.cfg", "bad-content", words.CUSTOM_FAILED),
    ]


def test_what_the_time_did_not_reach_is_told(case: Case, tmp_path: Path) -> None:
    database(tmp_path / "a").close()
    for number in range(50):
        case.file(f"{number}.db", (tmp_path / "a").read_bytes())
    case.job["budget_s"] = 0.05
    told = case.examine()
    assert len(told.probed) + told.skipped == 50
    assert told.skipped > 0 and told.reason == words.NO_BUDGET


def test_in_a_shared_cell_one_does_not_spoil_the_others(case: Case) -> None:
    """The first has no time, the second cannot be shown; the rest is looked at all the same."""
    for number in range(9):
        case.file(f"{number}.zip", zipped())
    late, cheap = Limits(shared=True, wall_s=0.0), Limits(shared=True)
    errands = [
        Errand(probe="archive", shown=(Shown(path, "a.zip"),), limits=limits)
        for path, limits in (
            ("/0.zip", late), ("/none.zip", cheap), *((f"/{n}.zip", cheap) for n in range(9)),
        )
    ]  # fmt: skip
    (case.base / "scratch").mkdir()
    order = Order(
        tree=str(case.tree), scratch=str(case.base / "scratch"), budget_s=60, errands=tuple(errands)
    )
    details = [told.detail for _, (told, _) in sorted(cell.run(order).items())]
    assert details == [words.NO_TIME, words.NO_CELL, *[""] * 9]


def openssl(folder: Path, *words_of: str) -> None:
    subprocess.run(["openssl", *words_of], cwd=folder, check=True, capture_output=True)


def issued(folder: Path, name: str, kind: str = "rsa:2048") -> tuple[bytes, bytes]:
    """Return a self-signed certificate and its key."""
    how = (
        ["-newkey", kind]
        if ":" in kind
        else ["-newkey", "ec", "-pkeyopt", f"ec_paramgen_curve:{kind}"]
    )
    openssl(folder, "req", "-x509", *how, "-nodes", "-keyout", f"{name}.k", "-out", f"{name}.c",
            "-days", "1", "-subj", f"/CN={name}")  # fmt: skip
    return (folder / f"{name}.c").read_bytes(), (folder / f"{name}.k").read_bytes()


def test_certificates_and_keys(case: Case, tmp_path: Path) -> None:
    one, key = issued(tmp_path, "one")
    two, other = issued(tmp_path, "two", "prime256v1")
    openssl(tmp_path, "x509", "-in", "one.c", "-outform", "DER", "-out", "one.der")
    openssl(tmp_path, "pkey", "-in", "one.k", "-aes256", "-passout", "pass:x", "-out", "locked")
    subprocess.run(["ssh-keygen", "-qt", "ed25519", "-N", "", "-f", tmp_path / "ssh"], check=True)
    der = (tmp_path / "one.der").read_bytes()
    sound = {
        "pair/site.crt": one, "pair/site.key": key, "le/privkey.pem": other,
        "le/fullchain.pem": two + one, "both.pem": two + other, "one.der": der,
        "locked/a.key": (tmp_path / "locked").read_bytes(),
        "locked/a.crt": two, "host.key": (tmp_path / "ssh").read_bytes(), "alone.key": other,
    }  # fmt: skip
    bad = {
        "mixed/site.key": other, "le2/privkey.pem": key, "cut.pem": one[:-40], "cut.key": key[:900],
        "cut.der": der[:-9], "spoilt.crt": one[:28] + b"AAAA" + one[32:], "glued.pem": two + key,
    }  # fmt: skip
    beside = {"mixed/site.crt": one, "le2/cert.pem": two}
    for name, data in {**sound, **bad, **beside}.items():
        case.file(name, data)
    case.file("notes.txt", b"-----BEGIN CERTIFICATE-----\nlike this\n")
    told = verdicts(case)
    assert {name for name, verdict in told.items() if verdict == "ok"} == {
        f"/{name}" for name in (*sound, *beside)
    }
    other_key = {"/mixed/site.key", "/le2/privkey.pem", "/glued.pem"}
    assert {n for n, v in told.items() if v == f"bad-content {words.CERT_OTHER_KEY}"} == other_key
    assert {n for n, v in told.items() if v == f"bad-content {words.CERT_BROKEN}"} == {
        f"/{name}" for name in bad
    } - other_key
