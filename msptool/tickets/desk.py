"""The service desk of one client, open: the index, and the files behind it.

To read, nothing is locked. To write, the store's lock is held from the first read to the last
write; an act is on disk when `write` returns. That the index follows is a matter of speed alone:
where it cannot, the next reader brings it up to date.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from msptool.errors import UsageError
from msptool.profile import Profile
from msptool.tickets import database, ids, opening, store
from msptool.tickets.clocks import Reckoner
from msptool.tickets.events import AnyEvent
from msptool.tickets.index import Index, Progress
from msptool.tickets.sla import reckoner
from msptool.tickets.store import Problem
from msptool.tickets.ticket import Ticket
from msptool.workspace import Workspace


class Desk:
    """A client's tickets; see `opened`."""

    def __init__(
        self, workspace: Workspace, profile: Profile, reckon: Reckoner, held: Index
    ) -> None:
        self.workspace, self.profile, self.reckoner, self.index = workspace, profile, reckon, held
        self._drawn: set[str] = set()

    @property
    def client(self) -> str:
        """The client's code."""
        return self.profile.client.code

    def find(self, said: str) -> str:
        """Return the id of the ticket that a person named: by its id as one says it on the phone,
        or by what it is called elsewhere. Raises UsageError where it is none or of several.
        """
        wrong: UsageError | None = None
        try:
            ident = ids.parse(said, self.client)
        except UsageError as error:
            ident, wrong = said, error
        if not wrong and self._is_there(ident):  # of those that drew one id, the one that kept it
            return ident
        named = self.index.ids_of(said) or self.index.ids_of(ident)
        if len(named) > 1:
            raise UsageError(
                "ticket.several", f"{said[:40]!r} names {len(named)} tickets",
                hint="say which: " + ", ".join(named[:8]),
            )  # fmt: skip
        if not named:
            raise wrong or missing(said)
        return named[0]

    def _is_there(self, ident: str) -> bool:
        return bool(self.index.file_of(ident)) or store.path_of(self.workspace, ident).is_file()

    def read(self, ident: str) -> Ticket:
        """Read one ticket from its file; raise UsageError where there is none by this id."""
        return self.look(ident)[0]

    def look(self, ident: str) -> tuple[Ticket, tuple[Problem, ...]]:
        """Read one ticket, and what of its file could not be read."""
        path = self.path_of(ident)
        tickets, problems = store.read_file(path) if path.is_file() else ([], [])
        found = next((ticket for ticket in tickets if ticket.id == ident), None)
        if found is None:
            raise store.part_done(problems) or missing(ident)
        return found, tuple(problems)

    def path_of(self, ident: str) -> Path:
        """Return the file of a ticket: its own, or that of another laptop's of the same id."""
        path = store.path_of(self.workspace, ident)
        other = None if path.is_file() else self.index.file_of(ident)
        return store.path_of(self.workspace, other.removesuffix(store.SUFFIX)) if other else path

    def draw(self) -> str:
        """Return a free id, never one twice; the caller holds the lock."""
        while True:
            ident = ids.draw(self.client)
            taken = store.path_of(self.workspace, ident).exists() or self.index.file_of(ident)
            if ident not in self._drawn and not taken:
                self._drawn.add(ident)
                return ident

    def write(self, new: Mapping[str, Sequence[AnyEvent]]) -> None:
        """Add events to tickets, by id; durable when it returns. The caller holds the lock."""
        by_file: dict[Path, list[AnyEvent]] = defaultdict(list)
        for ident, events in new.items():
            by_file[self.path_of(ident)] += events
        store.write(by_file)
        with suppress(OSError, sqlite3.Error):
            self.index.take(by_file)


def missing(said: str) -> UsageError:
    """Return the error for a ticket that is not there."""
    hint = "msptool tickets list --ended shows all of them"
    return UsageError("ticket.missing", f"there is no ticket {said[:40]}", hint=hint)


@contextmanager
def opened(
    workspace: Workspace,
    profile: Profile,
    *,
    to_write: bool = False,
    progress: Progress | None = None,
    wait_s: float = database.WAIT_S,
    is_fresh: bool = True,
) -> Iterator[Desk]:
    """Open the desk; `to_write` holds the store's lock. `wait_s`: for who writes the index.

    Who asks for no ticket but by its id needs no index that `is_fresh`.
    """
    with ExitStack() as held:
        if to_write:
            held.enter_context(store.lock(workspace))
        reckon = reckoner.of(profile, reckoner.folder(workspace))
        found = held.enter_context(
            opening.opened(workspace, reckon, progress=progress, wait_s=wait_s, is_fresh=is_fresh)
        )
        yield Desk(workspace, profile, reckon, found)
