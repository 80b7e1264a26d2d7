"""Ids for a shell that completes a word: from the index as it lies there, at once or not at all."""

import re
import sqlite3
from pathlib import Path
from urllib.parse import quote

from msptool.tickets import database
from msptool.tickets.query import URGENCY
from msptool.workspace import Workspace

MOST = 50
_WAIT_S = 0.2


def idents(workspace: Workspace, said: str) -> list[tuple[str, str]]:
    """Return ids and titles that begin as it was said, with or without the client's code, the most
    urgent first. Nothing is refreshed or waited for; any trouble gives none.
    """
    path = database.path_of(workspace)
    try:
        return _found(path, said)
    except (OSError, sqlite3.Error, ValueError):
        return []


def _found(path: Path, said: str) -> list[tuple[str, str]]:
    plain = re.sub(r"[^A-Z0-9-]", "", said.upper())  # nothing that LIKE takes for a wildcard
    ended = "" if plain else "WHERE active "
    sql = (
        f"SELECT id, title FROM ticket {ended or 'WHERE id LIKE :whole OR id LIKE :drawn '}"  # noqa: S608
        f"ORDER BY {URGENCY} LIMIT {MOST}"
    )
    db = sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, timeout=_WAIT_S)
    try:
        values = {"whole": f"{plain}%", "drawn": f"%-{plain}%"}
        return [(str(ident), str(title)) for ident, title in db.execute(sql, values)]
    finally:
        db.close()
