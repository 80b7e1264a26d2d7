"""What of a store must be there after kills, cuts and full disks, and what is not."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from msptool import files
from msptool.tickets import store
from tests.lab.tickets import agree
from tests.unit.tickets.site import Site

Ack = tuple[str, str]  # a ticket's id, an event's eid


@dataclass(frozen=True)
class Tally:
    """`lost`: acknowledged and not there. `corrupt`: lines and files that are no tickets. `twice`:
    ids of tickets or events that stand for two. `leftovers`: temporary files, which are no harm.
    """

    acked: int
    lost: tuple[Ack, ...]
    corrupt: tuple[str, ...]
    twice: tuple[str, ...]
    index_agrees: bool
    leftovers: int

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return not (self.lost or self.corrupt or self.twice) and self.index_agrees


def count(root: Path, acks: Iterable[Ack]) -> Tally:
    """Read the whole store, by its files and by its index."""
    site = Site(root)
    homes: dict[str, list[str]] = defaultdict(list)
    eids: dict[str, set[str]] = {}
    corrupt: list[str] = []
    for path in store.paths(site.workspace.tickets):
        tickets, problems = store.read_file(path)
        corrupt += map(str, problems)
        for ticket in tickets:
            homes[ticket.id].append(path.name)
            eids[ticket.id] = {event.eid for event in ticket.history}
            for eid in eids[ticket.id]:
                homes[eid].append(path.name)
            if ticket.clashed:
                homes[ticket.id].append(ticket.clashed)
    acked = set(acks)
    kept, anew = agree.index_and_anew(site)
    return Tally(
        acked=len(acked),
        lost=tuple(sorted(ack for ack in acked if ack[1] not in eids.get(ack[0], ()))),
        corrupt=tuple(corrupt),
        twice=tuple(name for name, where in homes.items() if len(where) > 1),
        index_agrees=kept == anew,
        leftovers=sum(1 for _ in site.workspace.tickets.rglob(files.TEMPORARY)),
    )
