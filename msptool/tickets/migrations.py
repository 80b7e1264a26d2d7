"""From one version of what is derived to the next, where that is quicker than reading all files.

The tickets' files have no steps: an event of format 1 is read as it is for ever (see `events`), and
a newer format is told by fsck. An index without a step, also one that a newer msptool made, is
thrown away and made anew.
"""

import sqlite3
from collections.abc import Mapping, Sequence

# By the version that it starts from: the statements that lead to the next one.
INDEX: Mapping[int, Sequence[str]] = {}


def bring(
    db: sqlite3.Connection, to: int, steps: Mapping[int, Sequence[str]] | None = None
) -> bool:
    """Take an index as far as steps lead, within the transaction of the caller; tell whether it is
    of the wanted version now.
    """
    known = INDEX if steps is None else steps
    version = int(db.execute("PRAGMA user_version").fetchone()[0])
    while version < to and version in known:
        for statement in known[version]:
            db.execute(statement)
        version += 1
        db.execute(f"PRAGMA user_version={version}")
    return version == to
