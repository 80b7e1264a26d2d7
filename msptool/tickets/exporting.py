"""An export: the tickets that were asked for, read one after the other while they are written.

A ticket that cannot be read hides no other one, and a text that did not fit is known by name.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from msptool.errors import PartDone
from msptool.tickets import listing, reading, store, view
from msptool.tickets.desk import Desk
from msptool.tickets.export import Exporter, Reader
from msptool.tickets.query import Query
from msptool.tickets.store import Problem
from msptool.tickets.view import View


@dataclass
class Export:
    """What became of it is known when all of `chunks` were taken."""

    desk: Desk
    wanted: Query
    now: datetime
    count: int = 0
    unreadable: list[Problem] = field(default_factory=list)
    cut: list[tuple[str, str]] = field(default_factory=list)

    def chunks(self, payload: Exporter) -> Iterator[bytes]:
        """Yield the bytes of the file."""
        client = self.desk.profile.client
        heard = Reader(client.languages, ZoneInfo(client.zone), self._cut)
        return payload(self._views(), heard)

    def error(self) -> PartDone | None:
        """Return what the file lacks, of all that was asked for; None if nothing."""
        return store.part_done((*self.desk.index.problems(), *self.unreadable)) or self._shortened()

    def _views(self) -> Iterator[View]:
        for ticket in reading.each(
            self.desk, listing.idents(self.desk, self.wanted), self.unreadable
        ):
            self.count += 1
            yield view.of(ticket, self.desk.reckoner, self.now)

    def _cut(self, ticket: str, what: str) -> None:
        self.cut.append((ticket, what))

    def _shortened(self) -> PartDone | None:
        if not self.cut:
            return None
        names = ", ".join(f"{ticket} ({what})" for ticket, what in self.cut[:3])
        return PartDone(
            "export.cut",
            f"texts that a cell cannot hold were cut: {len(self.cut)}, of {names}",
            hint="they end in a mark; csv, jsonl and markdown keep them whole",
        )
