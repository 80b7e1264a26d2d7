"""Whether an index says what the files say: it is compared with one that was made anew."""

import tempfile
from pathlib import Path
from typing import Any

from msptool.tickets.database import NAME
from msptool.tickets.index import Index
from msptool.tickets.rows import COLUMNS
from tests.unit.tickets.site import Site

_TICKETS = f"SELECT {', '.join(COLUMNS)} FROM ticket ORDER BY id"  # noqa: S608
_OTHERS = (
    "SELECT id, text FROM words JOIN ticket ON number = words.rowid ORDER BY id",
    "SELECT name, id FROM alias ORDER BY name, id",
    "SELECT file, shard, line, why FROM problem ORDER BY file, line",
)
Rows = list[list[tuple[Any, ...]]]


def told(index: Index) -> Rows:
    """Return all that an index says, in an order of its own."""
    return [index.rows(sql) for sql in (_TICKETS, *_OTHERS)]


def index_and_anew(site: Site) -> tuple[Rows, Rows]:
    """Return what the index says as it is kept, and what one says that read all files now."""
    with site.desk(to_write=False) as held, tempfile.TemporaryDirectory() as folder:
        kept = told(held.index)
        anew = Index(site.workspace, Path(folder) / NAME, held.reckoner)
        try:
            anew.refresh()
            return kept, told(anew)
        finally:
            anew.close()
