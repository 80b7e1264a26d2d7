"""Faults of content: the repository is sound, and what was backed up was worth nothing.

Each is made in the source; a backup follows, and no tool that reads only the repository sees it.
"""

import random
import shutil
from collections.abc import Callable
from pathlib import Path

from tests.lab.faults import stage as stages
from tests.lab.faults.stage import Stage

Fault = Callable[[Stage, random.Random], None]
_DUMP = "files/data/shop.dump"
_SQL = "files/data/shop.sql"
_SQLITE = "files/data/app.sqlite"


def _path(stage: Stage, name: str) -> Path:
    return stage.site.source / name


def cut(name: str, least: float, most: float) -> Fault:
    """A file ends early, after a share of it between two."""

    def inject(stage: Stage, dice: random.Random) -> None:
        path = _path(stage, name)
        data = path.read_bytes()
        path.write_bytes(data[: int(len(data) * dice.uniform(least, most))])

    return inject


def sql_at_a_row(stage: Stage, dice: random.Random) -> None:
    """SQL ends between two rows of data: every line is whole."""
    path = _path(stage, _SQL)
    lines = path.read_bytes().splitlines(keepends=True)
    start = next(at for at, line in enumerate(lines) if line.startswith(b"COPY public.invoice "))
    path.write_bytes(b"".join(lines[: start + dice.randint(100, 5000)]))


def sql_without_indexes(stage: Stage, dice: random.Random) -> None:
    """All rows are there; the indexes and keys after them are not."""
    path = _path(stage, _SQL)
    data = path.read_bytes()
    path.write_bytes(data[: data.index(b"\n--\n-- Name: customer customer_pkey;")])


def empty_schema(stage: Stage, dice: random.Random) -> None:
    """A whole dump of a database that lost its rows."""
    _path(stage, _DUMP).write_bytes(stage.dumps.empty)


def zero_bytes(stage: Stage, dice: random.Random) -> None:
    """A dump of nothing: the disk was full, or the login failed."""
    _path(stage, dice.choice((_DUMP, _SQL))).write_bytes(b"")


def torn(stage: Stage, dice: random.Random) -> None:
    """A database that was copied while it was written: some of its pages are of another state."""
    path = _path(stage, _SQLITE)
    data = bytearray(path.read_bytes())
    pages = len(data) // 4096
    for page in dice.sample(range(1, pages), max(2, pages // 10)):
        data[page * 4096 : (page + 1) * 4096] = dice.randbytes(4096)
    path.write_bytes(data)


def encrypted(stage: Stage, dice: random.Random) -> None:
    """The share is held to ransom: as many files, other content, perhaps another suffix."""
    suffix = dice.choice(("", ".locked"))
    for path in sorted(_path(stage, "share").iterdir()):
        path.write_bytes(dice.randbytes(path.stat().st_size))
        path.rename(path.with_name(path.name + suffix))


def excluded(stage: Stage, dice: random.Random) -> None:
    """The profile got an exclude that takes the whole share."""
    exclude = dice.choice((f"{stage.site.source}/share/*", "letter *"))
    stages.write_profile(stage.site, exclude)


def empty_mount(stage: Stage, dice: random.Random) -> None:
    """The share was not mounted: its folder is there, and empty."""
    share = _path(stage, "share")
    shutil.rmtree(share)
    share.mkdir()
