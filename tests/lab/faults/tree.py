"""A client's files, made by seed: documents, pictures, databases, dumps, archives, a git clone."""

import gzip
import io
import random
import sqlite3
import subprocess
import tarfile
import zipfile
from pathlib import Path

from tests.lab.faults.dumps import Dumps

SHARED_DOCUMENTS = 120
_WORDS = ("invoice", "router", "backup", "client", "switch", "ticket", "server", "отчёт", "кабель")


def text(dice: random.Random, words: int) -> bytes:
    """Return text as people write it: it can be compressed."""
    return " ".join(dice.choices(_WORDS, k=words)).encode()


def make(root: Path, dice: random.Random, dumps: Dumps) -> None:
    """Make the parts of a source but its bulk: `files` and, as if mounted, `share`."""
    for folder in ("files/docs", "files/data", "files/archives", "share"):
        (root / folder).mkdir(parents=True)
    for number in range(40):
        (root / f"files/docs/note {number}.txt").write_bytes(text(dice, dice.randint(10, 2000)))
    data = root / "files/data"
    (data / "shop.dump").write_bytes(dumps.custom)
    (data / "shop.sql").write_bytes(dumps.sql)
    database(data / "app.sqlite", dice, rows=20_000)
    archives(root / "files/archives", dice)
    clone(root / "files/code", dice)
    for number in range(SHARED_DOCUMENTS):
        document(root / f"share/letter {number}", dice, number)


def bulk(root: Path, dice: random.Random, number: int, size_bytes: int) -> None:
    """Add a folder of pictures and text: what a week brings, and what fills a pack or two."""
    folder = root / f"files/week {number:02}"
    folder.mkdir(parents=True)
    for each in range(6):
        picture = b"\xff\xd8\xff\xe0\x00\x10JFIF" + dice.randbytes(size_bytes // 8)
        (folder / f"{each}.jpg").write_bytes(picture)
    (folder / "log.txt").write_bytes(text(dice, size_bytes // 32))


def database(path: Path, dice: random.Random, rows: int) -> None:
    """Make an SQLite database of some megabytes with an index."""
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT, price REAL)")
        connection.execute("CREATE INDEX item_name ON item (name)")
        drawn = ((n, dice.randbytes(12).hex(), dice.random()) for n in range(rows))
        connection.executemany("INSERT INTO item VALUES (?, ?, ?)", drawn)
    connection.close()


def archives(folder: Path, dice: random.Random) -> None:
    """Make a zip, a gzip and a compressed tar."""
    with zipfile.ZipFile(folder / "site.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(30):
            archive.writestr(f"page{number}.html", text(dice, 3000))
    (folder / "mail.log.gz").write_bytes(gzip.compress(text(dice, 60_000)))
    with tarfile.open(folder / "etc.tar.gz", "w:gz") as tar:
        for number in range(20):
            content = text(dice, 500)
            member = tarfile.TarInfo(f"etc/{number}.conf")
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))


def document(path: Path, dice: random.Random, number: int) -> None:
    """Make what lies on a share: office documents, PDFs, pictures, text."""
    kind = (".docx", ".pdf", ".png", ".txt")[number % 4]
    if kind == ".docx":
        with zipfile.ZipFile(path.with_name(path.name + kind), "w", zipfile.ZIP_DEFLATED) as made:
            made.writestr("[Content_Types].xml", "<Types/>")
            made.writestr("word/document.xml", text(dice, 800))
        return
    head, length = {".pdf": (b"%PDF-1.7\n", 900), ".png": (b"\x89PNG\r\n\x1a\n", 0)}.get(
        kind, (b"", 900)
    )
    body = text(dice, length) if length else dice.randbytes(9_000)
    path.with_name(path.name + kind).write_bytes(head + body)


def clone(folder: Path, dice: random.Random) -> None:
    """Make a git repository with a few commits."""
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    for number in range(3):
        (folder / f"{number}.py").write_bytes(text(dice, 200))
        commit(folder, f"Add {number}")


def commit(folder: Path, message: str) -> None:
    """Commit all that changed below a folder."""
    git(folder, "add", "-A")
    git(
        folder, "-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "-q", "-m", message
    )


def git(folder: Path, *words: str) -> None:
    """Run git, whatever the user's own configuration says."""
    subprocess.run(
        ["git", "-c", "gc.auto=0", *words], cwd=folder, check=True, capture_output=True,
        env={"PATH": "/usr/bin:/bin", "HOME": str(folder), "GIT_CONFIG_NOSYSTEM": "1"},
    )  # fmt: skip
