"""What happened, in all tickets or in one, by time: for the review of a day.

Only tickets that changed since are read, the newest first, until no other can hold an event that
is asked for. Events are put in order in a temporary database, which goes to disk as it grows.
"""

import heapq
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from msgspec import Struct

from msptool.tickets import events, fold, reading, rows
from msptool.tickets.desk import Desk
from msptool.tickets.events import AnyEvent
from msptool.tickets.store import Problem
from msptool.tickets.ticket import Ticket

_CACHE_KIB = 8192
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_US = timedelta(microseconds=1)


class Entry(Struct, frozen=True, gc=False):
    """An event with its ticket; `at` is when it is believed to have happened, should the clock of
    its writer have been wrong (see `believed`).
    """

    at: datetime
    ticket: str
    event: AnyEvent


@dataclass(frozen=True)
class Asked:
    """`by`: a person as `user@host` or `user`; `limit`: only so many, the newest (0: all)."""

    since: datetime | None = None
    by: str = ""
    limit: int = 0
    ticket: str = ""


@dataclass
class Journal:
    """The events asked for; `unreadable` is known when all entries were taken."""

    desk: Desk
    asked: Asked
    unreadable: list[Problem] = field(default_factory=list)

    def entries(self) -> Iterator[Entry]:
        """Yield what happened, the newest last."""
        with closing(sqlite3.connect("", isolation_level=None)) as db:
            db.execute(f"PRAGMA cache_size=-{_CACHE_KIB}")
            db.execute("CREATE TABLE event (us INTEGER, n INTEGER, eid TEXT, ticket TEXT, line)")
            db.execute("BEGIN")
            for row in self._rows():
                db.execute("INSERT INTO event VALUES (?, ?, ?, ?, ?)", row)
            newest = "SELECT * FROM event ORDER BY us DESC, n DESC, eid DESC LIMIT ?"
            sql = f"SELECT us, ticket, line FROM ({newest}) ORDER BY us, n, eid"  # noqa: S608
            for us, ident, line in db.execute(sql, (self.asked.limit or -1,)):
                yield Entry(_EPOCH + us * _US, ident, events.decode(line))

    def _rows(self) -> Iterator[tuple[int, int, str, str, bytes]]:
        newest = _Newest(self.asked.limit)
        changed = dict(self._changed())
        # A ticket's last event is no later than its change, which the index has in whole ms.
        hopeful = (ident for ident, ms in changed.items() if newest.takes((ms + 1) * 1000))
        for ticket in reading.each(self.desk, hopeful, self.unreadable):
            for us, event in self._its(ticket):
                if newest.add(us):
                    yield us, event.n, event.eid, ticket.id, events.encode(event)

    def _changed(self) -> list[tuple[str, int]]:
        """Return the tickets that may hold such events, and when (ms) each changed last."""
        since = rows.ms(self.asked.since) if self.asked.since else -(1 << 62)
        sql = (
            "SELECT id, changed_at FROM ticket WHERE changed_at >= ? AND ? IN ('', id) "
            "ORDER BY changed_at DESC"
        )
        found = self.desk.index.rows(sql, (since, self.asked.ticket))
        return [(str(ident), int(at)) for ident, at in found]

    def _its(self, ticket: Ticket) -> Iterator[tuple[int, AnyEvent]]:
        since = (self.asked.since - _EPOCH) // _US if self.asked.since else None
        for event, at in zip(ticket.history, fold.when(ticket.history), strict=True):
            us = (at - _EPOCH) // _US
            if (since is None or us >= since) and self._is_by(event.by):
                yield us, event

    def _is_by(self, by: str) -> bool:
        return self.asked.by in ("", by, by.partition("@")[0])


@dataclass
class _Newest:
    """The times of the newest events so far, as many as are asked for (0: all)."""

    limit: int
    heap: list[int] = field(default_factory=list)

    def takes(self, us: int) -> bool:
        """Tell whether an event of this time is among them."""
        return len(self.heap) < self.limit or not self.limit or us >= self.heap[0]

    def add(self, us: int) -> bool:
        """Take an event in, if it is among them."""
        if not self.takes(us):
            return False
        if self.limit:
            full = len(self.heap) == self.limit
            (heapq.heappushpop if full else heapq.heappush)(self.heap, us)
        return True
