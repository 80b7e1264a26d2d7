"""What was moved out of the store: `tickets/quarantine/SHA256`, each named by its own bytes.

Nothing reads it, git does not carry it; a person may look at it and delete it.
"""

import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path

from msptool import files
from msptool.tickets import store

FOLDER = "quarantine"


def keep(root: Path, data: bytes) -> str:
    """Put bytes aside, durable when this returns; return their name below the tickets' folder."""
    return keep_pieces(root, lambda: (data,))


def keep_pieces(root: Path, pieces: Callable[[], Iterable[bytes]]) -> str:
    """Put aside what comes in pieces, which are asked for twice."""
    digest = hashlib.sha256()
    for piece in pieces():
        digest.update(piece)
    path = root / FOLDER / digest.hexdigest()
    if not path.exists():
        store.durable_folder(path.parent)
        files.write_pieces(path, pieces())
    return f"{FOLDER}/{path.name}"
