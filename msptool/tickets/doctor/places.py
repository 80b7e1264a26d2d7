"""The folders of a store: what lies where it should not, and whose it is."""

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from msptool import files
from msptool.tickets import attachments, quarantine, receipts, store
from msptool.tickets.doctor.troubles import Trouble, trouble
from msptool.tickets.sla import reckoner
from msptool.workspace import Workspace

_OURS = frozenset({receipts.RECEIPTS, attachments.FOLDER, quarantine.FOLDER})

# The store's lock does not cover what lies beside it, where no write takes minutes.
_DEAD_AFTER = timedelta(hours=1)


def look(root: Path) -> Iterator[Trouble]:
    """Yield what is wrong with names and rights below a workspace's `tickets`."""
    tickets = root / "tickets"
    for folder, names, found in os.walk(tickets):
        names.sort()
        for name in (*names, *sorted(found)):
            path = Path(folder, name)
            yield from _name(root, path)
            yield from _rights(root, path)


def beside(root: Path, now: datetime) -> Iterator[Trouble]:
    """Yield what killed writes left beside the store, long enough ago that nobody writes it now."""
    workspace = Workspace(root)
    for folder in (root, workspace.derived, reckoner.folder(workspace)):
        for path in sorted(folder.glob(files.TEMPORARY)):
            with suppress(FileNotFoundError):
                written_at = datetime.fromtimestamp(path.lstat().st_mtime, UTC)
                if now - written_at > _DEAD_AFTER:
                    yield trouble("leftover", str(path.relative_to(root)))


def _name(root: Path, path: Path) -> Iterator[Trouble]:
    place = str(path.relative_to(root))
    parts = path.relative_to(root / "tickets").parts
    if path.match(files.TEMPORARY):
        yield trouble("leftover", place)
    elif path.is_dir() and not path.is_symlink():
        if len(parts) == 1 and not (len(path.name) == 2 or path.name in _OURS):
            yield trouble("stray", place)
    elif parts[0] in _OURS:
        return
    elif len(parts) == 2 and path.suffix == store.SUFFIX and not path.name.startswith("."):
        if not store.is_at_home(*parts):
            home = store.is_at_home(_shard(path.name), path.name)
            yield trouble("misplaced" if home else "misnamed", place)
    else:
        yield trouble("stray", place)


def _shard(name: str) -> str:
    parts = name.split("-")
    return parts[1][:2] if len(parts) == 3 else ""


def _rights(root: Path, path: Path) -> Iterator[Trouble]:
    try:
        told = path.lstat()
    except FileNotFoundError:
        return
    place = str(path.relative_to(root))
    if stat.S_ISLNK(told.st_mode):
        return  # not followed by anybody; its file is told as unreadable
    if told.st_uid not in (os.geteuid(), 0):
        yield trouble("owner", place, detail=str(told.st_uid))
    if told.st_mode & 0o022:
        yield trouble("writable", place, detail=f"{stat.S_IMODE(told.st_mode):o}")
    elif told.st_mode & 0o077:
        yield trouble("readable", place, detail=f"{stat.S_IMODE(told.st_mode):o}")
