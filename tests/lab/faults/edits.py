"""Fifty ordinary edits of a live source: none of them is a fault, at any level, at any time."""

import gzip
import os
import random
import shutil
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path

from tests.lab.faults import tree

Edit = Callable[[Path, random.Random], None]


def _files(source: Path, below: str = "files/docs") -> list[Path]:
    return sorted(path for path in (source / below).rglob("*") if path.is_file())


def _one(source: Path, dice: random.Random, below: str = "files/docs") -> Path:
    return dice.choice(_files(source, below))


def overwrite(source: Path, dice: random.Random) -> None:
    _one(source, dice).write_bytes(tree.text(dice, 300))


def append(source: Path, dice: random.Random) -> None:
    with _one(source, dice).open("ab") as file:
        file.write(tree.text(dice, 50))


def delete(source: Path, dice: random.Random) -> None:
    _one(source, dice).unlink()


def rename(source: Path, dice: random.Random) -> None:
    path = _one(source, dice)
    path.rename(path.with_name(f"renamed {dice.randrange(10**6)}.txt"))


def rename_folder(source: Path, dice: random.Random) -> None:
    path = source / "files/archives"
    path.rename(source / "files/old archives")
    (source / "files/old archives").rename(source / f"files/archives {dice.randrange(10**6)}")
    path.mkdir()
    tree.archives(path, dice)


def replace_atomically(source: Path, dice: random.Random) -> None:
    path = _one(source, dice)
    new = path.with_name(".saving")
    new.write_bytes(tree.text(dice, 400))
    new.replace(path)


def change_mode(source: Path, dice: random.Random) -> None:
    _one(source, dice).chmod(dice.choice((0o600, 0o640, 0o755)))


def touch(source: Path, dice: random.Random) -> None:
    _one(source, dice).touch()


def set_back(source: Path, dice: random.Random) -> None:
    os.utime(_one(source, dice), (10**9, 10**9))


def add_file(source: Path, dice: random.Random) -> None:
    (source / f"files/docs/new {dice.randrange(10**6)}.txt").write_bytes(tree.text(dice, 200))


def add_many(source: Path, dice: random.Random) -> None:
    folder = source / f"files/import {dice.randrange(10**6)}"
    folder.mkdir()
    for number in range(40):
        (folder / f"{number}.csv").write_bytes(tree.text(dice, 30))


def add_big(source: Path, dice: random.Random) -> None:
    (source / f"files/video {dice.randrange(10**6)}.mp4").write_bytes(
        b"\0\0\0\x18ftypmp42" + dice.randbytes(3_000_000)
    )


def add_empty(source: Path, dice: random.Random) -> None:
    (source / f"files/docs/empty {dice.randrange(10**6)}").touch()


def add_folder(source: Path, dice: random.Random) -> None:
    (source / f"files/docs/folder {dice.randrange(10**6)}/inner").mkdir(parents=True)


def link(source: Path, dice: random.Random) -> None:
    (source / f"files/docs/link {dice.randrange(10**6)}").symlink_to("../data/app.sqlite")


def hard_link(source: Path, dice: random.Random) -> None:
    os.link(_one(source, dice), source / f"files/hard {dice.randrange(10**6)}")


def odd_name(source: Path, dice: random.Random) -> None:
    name = f"odd [{dice.randrange(10**6)}] *\\".encode() + b"\xff\n.txt"
    Path(os.fsdecode(os.fsencode(source / "files/docs") + b"/" + name)).write_bytes(b"odd")


def copy_file(source: Path, dice: random.Random) -> None:
    path = _one(source, dice)
    shutil.copy2(path, path.with_name(f"copy {dice.randrange(10**6)}"))


def insert_rows(source: Path, dice: random.Random) -> None:
    with sqlite3.connect(source / "files/data/app.sqlite") as base:
        drawn = [(dice.randbytes(12).hex(), dice.random()) for _ in range(200)]
        base.executemany("INSERT INTO item (name, price) VALUES (?, ?)", drawn)
    base.close()


def delete_rows(source: Path, dice: random.Random) -> None:
    with sqlite3.connect(source / "files/data/app.sqlite") as base:
        base.execute("DELETE FROM item WHERE id % 50 = ?", (dice.randrange(50),))
    base.close()


def vacuum(source: Path, dice: random.Random) -> None:
    base = sqlite3.connect(source / "files/data/app.sqlite")
    base.execute("VACUUM")
    base.close()


def add_table(source: Path, dice: random.Random) -> None:
    base = sqlite3.connect(source / "files/data/app.sqlite")
    base.execute(f"CREATE TABLE t{dice.randrange(10**6)} (a)")
    base.close()


def rotate_log(source: Path, dice: random.Random) -> None:
    log = source / "files/archives/mail.log"
    if log.exists():
        log.with_name(f"mail.log.{dice.randrange(10**6)}.gz").write_bytes(
            gzip.compress(log.read_bytes())
        )
    log.write_bytes(tree.text(dice, 500))


def rewrite_zip(source: Path, dice: random.Random) -> None:
    with zipfile.ZipFile(source / "files/archives/site.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(20):
            archive.writestr(f"page{number}.html", tree.text(dice, 1000))


def append_zip(source: Path, dice: random.Random) -> None:
    with zipfile.ZipFile(source / "files/archives/site.zip", "a") as archive:
        archive.writestr(f"new{dice.randrange(10**6)}.html", tree.text(dice, 1000))


def commit(source: Path, dice: random.Random) -> None:
    (source / f"files/code/{dice.randrange(10**6)}.py").write_bytes(tree.text(dice, 100))
    tree.commit(source / "files/code", "Go on")


def pack_clone(source: Path, dice: random.Random) -> None:
    tree.git(source / "files/code", "gc", "-q")


def branch(source: Path, dice: random.Random) -> None:
    tree.git(source / "files/code", "switch", "-q", "-c", f"topic{dice.randrange(10**6)}")


def share_document(source: Path, dice: random.Random) -> None:
    tree.document(source / f"share/letter {dice.randrange(10**6)}", dice, dice.randrange(4))


def share_delete(source: Path, dice: random.Random) -> None:
    for path in dice.sample(_files(source, "share"), 5):
        path.unlink()


def share_password(source: Path, dice: random.Random) -> None:
    """A few documents with a password look encrypted, and are."""
    for number in range(3):
        (source / f"share/private {dice.randrange(10**6)}.gpg").write_bytes(
            dice.randbytes(4000 + number)
        )


def shrink(source: Path, dice: random.Random) -> None:
    path = _one(source, dice)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def sparse(source: Path, dice: random.Random) -> None:
    with (source / f"files/disk {dice.randrange(10**6)}.img").open("wb") as file:
        file.truncate(5_000_000)


def kind_changes(source: Path, dice: random.Random) -> None:
    path = _one(source, dice)
    path.unlink()
    path.mkdir()


EDITS: tuple[Edit, ...] = (
    overwrite, append, delete, rename, rename_folder, replace_atomically, change_mode, touch,
    set_back, add_file, add_many, add_big, add_empty, add_folder, link, hard_link, odd_name,
    copy_file, insert_rows, delete_rows, vacuum, add_table, rotate_log, rewrite_zip, append_zip,
    commit, pack_clone, branch, share_document, share_delete, share_password, shrink, sparse,
    kind_changes,
)  # fmt: skip


def drawn(dice: random.Random, count: int) -> list[Edit]:
    """Draw a sequence in which each edit comes before any comes again."""
    found: list[Edit] = []
    while len(found) < count:
        found += dice.sample(EDITS, len(EDITS))
    return found[:count]
