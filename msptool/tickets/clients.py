"""Several clients at once: the desks of all workspaces in one folder, each for itself.

One that is broken, locked or somebody else's hides no other: it is told by name, and the rest is
shown.
"""

import math
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from msptool import workspace
from msptool.errors import Busy, MsptoolError, UsageError
from msptool.profile import kept
from msptool.tickets import clocks, desk, lifecycle, store
from msptool.tickets.desk import Desk
from msptool.tickets.gathered import Gathered
from msptool.tickets.listing import Found, Row

T = TypeVar("T")
WAIT_S = 2.0  # for another process that writes a client's index


def folders(root: Path) -> list[Path]:
    """Return the folders of a folder that hold a client's profile, by name; raise UsageError where
    there is none.
    """
    try:
        found = sorted(path for path in root.iterdir() if _is_workspace(path))
    except (FileNotFoundError, NotADirectoryError):
        found = []
    if not found:
        raise UsageError(
            "clients.none", f"no workspaces in {root}",
            hint="--all takes the folder in which the clients' workspaces lie: -C FOLDER",
        )  # fmt: skip
    return found


def _is_workspace(path: Path) -> bool:
    try:
        return (path / workspace.CLIENT_FILE).is_file()
    except PermissionError:
        return True  # whose it is will be told
    except OSError:
        return False


def gather(root: Path, ask: Callable[[Desk], T]) -> Gathered[T]:
    """Ask the desk of every client in a folder."""
    told: Gathered[T] = Gathered()
    for folder in folders(root):
        try:
            answer, problem = _asked(folder, ask)
        except (MsptoolError, OSError, sqlite3.Error) as error:
            told.failed.append((folder.name, _ours(error)))
        else:
            told.answers.append(answer)
            if problem is not None:
                told.failed.append((folder.name, problem))
    return told


def _asked(folder: Path, ask: Callable[[Desk], T]) -> tuple[T, MsptoolError | None]:
    found = workspace.find(folder)
    with desk.opened(found, kept.profile(found), wait_s=WAIT_S) as held:
        return ask(held), store.part_done(held.index.problems())


def _ours(error: Exception) -> MsptoolError:
    if isinstance(error, MsptoolError):
        return error
    if isinstance(error, sqlite3.Error):
        return Busy("clients.index", f"its index cannot be read: {error}")
    why = error.strerror if isinstance(error, OSError) else ""
    return UsageError("clients.unreadable", f"it cannot be read: {why or error}")


def merged(pages: Iterable[Found], *, limit: int = 0, sort: str = "urgency") -> Found:
    """Return the rows of several clients as one page."""
    known = list(pages)
    rows = [row for page in known for row in page.rows]
    found = ordered(rows, lambda row: row, limit=limit, sort=sort)
    return Found(tuple(found), sum(page.total for page in known))


def ordered(
    items: Iterable[T], row: Callable[[T], Row], *, limit: int = 0, sort: str = "urgency"
) -> list[T]:
    """Return things of several clients in the order of a name of query.SORTS, by their rows."""
    key = _KEYS[sort.removeprefix("-")]
    found = sorted(items, key=lambda item: key(row(item)), reverse=sort.startswith("-"))
    return found[:limit] if limit else found


def _urgency(row: Row) -> tuple[bool, int, float, str]:
    return row.state not in lifecycle.ACTIVE, *_by_priority(row), _due(row), row.id


def _by_priority(row: Row) -> tuple[int]:
    return (-lifecycle.LEVELS.index(row.priority),)


def _due(row: Row) -> float:
    due = clocks.next_due(row.clocks)
    return due.timestamp() if due else math.inf


# The same orders as query.SORTS.
_KEYS: Mapping[str, Callable[[Row], tuple[Any, ...]]] = {
    "urgency": _urgency,
    "due": lambda row: (_due(row), *_by_priority(row), row.id),
    "age": lambda row: (row.opened_at, row.id),
    "changed": lambda row: (-row.changed_at.timestamp(), row.id),
    "prio": lambda row: (*_by_priority(row), row.opened_at, row.id),
    "who": lambda row: (not row.assignee, row.assignee.lower(), *_urgency(row)),
    "requester": lambda row: (not row.requester, row.requester.lower(), row.opened_at, row.id),
    "id": lambda row: (row.id,),
}
