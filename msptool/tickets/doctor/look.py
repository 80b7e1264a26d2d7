"""`tickets fsck`: every look at a store, in one order. It writes nothing into the workspace."""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from msptool.errors import Busy, MsptoolError
from msptool.tickets import database, fold, redact, store
from msptool.tickets.desk import Desk
from msptool.tickets.doctor import gitfiles, histories, indexed, lines, places, receipted, together
from msptool.tickets.doctor.histories import Said
from msptool.tickets.doctor.troubles import Trouble, trouble
from msptool.tickets.index import Index, Progress

Step = Callable[[str, str], None]


@dataclass(frozen=True)
class Health:
    """What was found, and in how many files of tickets it was looked for."""

    troubles: tuple[Trouble, ...]
    files: int

    @property
    def wrong(self) -> tuple[Trouble, ...]:
        """What somebody has to do something about."""
        return tuple(one for one in self.troubles if one.wrong)


def look(
    desk: Desk,
    now: datetime,
    *,
    step: Step = lambda _name, _detail: None,
    is_locked: bool = False,
) -> Health:
    """Look at everything. A file that others rewrite meanwhile is seen as it was or as it is.

    `is_locked`: the caller opened the desk to write, so nobody does.
    """
    root = desk.workspace.root
    told: list[Said] = []
    found: list[Trouble] = []
    for nth, path in enumerate(store.paths(desk.workspace.tickets), start=1):
        if nth % 500 == 1:
            step("files", str(nth))
        found += _file(path, str(path.relative_to(root)), desk.client, now, told)
    step("index", "")
    with tempfile.TemporaryDirectory(prefix="msptool-") as spare:
        fresh = Index(desk.workspace, Path(spare) / database.NAME, desk.reckoner, _told(step))
        try:
            fresh.refresh()
            found += together.tickets(fresh, told)
            found += receipted.look(root, fresh)
            found += _index(desk, fresh)
        finally:
            fresh.close()
    step("attachments", "")
    found += together.attached(root, told)
    found += _places(desk, is_locked=is_locked)
    found += places.beside(root, now)
    found += gitfiles.look(root)
    if redact.is_cut_short(desk.workspace):
        found.append(trouble("scrub", ".msptool/tickets.scrub"))
    return Health(tuple(sorted(found, key=_order)), len(told))


def _file(path: Path, file: str, client: str, now: datetime, told: list[Said]) -> Iterator[Trouble]:
    if not store.is_at_home(path.parent.name, path.name):
        return  # see places
    try:
        looked = lines.look(path, file)
    except OSError as error:
        yield trouble("unreadable", file, detail=error.strerror or "")
        return
    drawn = path.name.removesuffix(store.SUFFIX)
    tickets = fold.fold_all(drawn, looked.events)
    told.append(histories.said(looked, tickets))
    yield from looked.troubles
    if path.stat().st_size > store.FILE_BYTES and not looked.bad:
        yield trouble("unreadable", file, detail=f"> {store.FILE_BYTES >> 20} MiB")
    if not tickets:
        yield trouble("headless", file)
    yield from histories.opening(looked, drawn, client, tickets)
    yield from histories.clocks(looked, tickets, now)


def _places(desk: Desk, *, is_locked: bool) -> list[Trouble]:
    """Return what lies wrong; a file that somebody is writing just now is no leftover."""
    root = desk.workspace.root
    found = list(places.look(root))
    if is_locked or not any(one.code == "leftover" for one in found):
        return found
    try:
        with store.lock(desk.workspace, wait=False):
            return [one for one in found if one.code != "leftover" or (root / one.file).exists()]
    except Busy:  # it may be theirs; the next look tells
        return [one for one in found if one.code != "leftover"]
    except (OSError, MsptoolError):  # a disk that nobody writes to
        return found


def _index(desk: Desk, fresh: Index) -> Iterator[Trouble]:
    yield from indexed.place(desk.workspace.derived)
    if not list(indexed.compare(desk.index, fresh)):
        return
    for each in (desk.index, fresh):  # somebody wrote between the two looks, or they do differ
        each.refresh()
    yield from indexed.compare(desk.index, fresh)


def _told(step: Step) -> Progress:
    return lambda done, of: step("index", f"{done} of {of}")


def _order(one: Trouble) -> tuple[bool, str, str, int]:
    return not one.wrong, one.code, one.file, one.line
