"""What backups and their proof need of a machine beside restic: looked for, and tried where only
trying tells.
"""

import sqlite3
import tempfile
from functools import partial
from pathlib import Path

from msptool import process
from msptool.backup.probes import cell, pg_server
from msptool.backup.probes.cell import Errand, Order, Shown
from msptool.backup.walls import sandbox
from msptool.tools import Lacking, Need, program

_TRY_S = 30.0
_TORN = "torn.db"


def needs() -> list[Need]:
    """Return what is looked for; a backup of folders goes on without any of it."""
    return [
        Need("ssh", "repositories over SFTP", "apt install openssh-client",
             partial(here, "ssh", "openssh-client")),
        Need("pg_dump", "backups of PostgreSQL", "apt install postgresql-client",
             partial(program, "pg_dump", "--version", (9, 6))),
        Need("psql", "backups of PostgreSQL", "apt install postgresql-client",
             partial(program, "psql", "--version", (9, 6))),
        Need("PostgreSQL server", "PostgreSQL dumps loaded on trial", "apt install postgresql",
             server),
        Need("SQLite", "backups of SQLite and their proof", "apt install python3", sqlite),
        Need("zstd", "a look into archives that it packed", "apt install zstd",
             partial(program, "zstd", "--version", (1, 0))),
        Need("cell", "a look at what restored content is worth", "run as root, or allow user"
             " namespaces: sysctl kernel.apparmor_restrict_unprivileged_userns=0", isolated),
        Need("test restores", "a file system of their own, limited in size, without devices and"
             " programs", "run as root; apt install e2fsprogs", walls),
    ]  # fmt: skip


def here(name: str, package: str) -> str:
    """Return nothing; raise ToolMissing where a program is not there."""
    process.find(name, package=package)
    return ""


def server() -> str:
    """Return the version of the newest PostgreSQL server whose programs are here."""
    found = pg_server.programs()
    if found is None or not (found / "initdb").exists():
        raise Lacking("not installed")
    return found.parent.name


def sqlite() -> str:
    """Return the version of our own SQLite."""
    return sqlite3.sqlite_version


def isolated() -> str:
    """Have a probe look at a file of ours in a cell; raise Lacking with what stands in the way."""
    with tempfile.TemporaryDirectory() as folder:
        tree, scratch = Path(folder, "tree"), Path(folder, "scratch")
        for made in (tree, scratch):
            made.mkdir()
        (tree / _TORN).write_bytes(b"SQLite format 3\0" + bytes(500))
        errand = Errand(probe="sqlite", shown=(Shown(_TORN, _TORN),))
        order = Order(tree=str(tree), scratch=str(scratch), budget_s=_TRY_S, errands=(errand,))
        told, _ = cell.run(order)[0]
    if told.verdict != "bad-content":
        raise Lacking(f"not allowed ({told.said or told.detail})")
    return ""


def walls() -> str:
    """Open a place for test restores; return its kind, or raise Lacking where it has no walls."""
    with tempfile.TemporaryDirectory() as folder, sandbox.opened(Path(folder)) as box:
        if box.kind != "image":
            raise Lacking(f"{box.kind}: {box.why}")
        return box.kind
