"""What other tickets say of one: links that lead to it, and what came under it."""

from dataclasses import dataclass
from typing import cast

from msptool.tickets.events import Tie
from msptool.tickets.index import Index
from msptool.tickets.lifecycle import State


@dataclass(frozen=True)
class Related:
    """`links`: what ties another ticket to this one; `children`: ids with their states."""

    links: tuple[tuple[Tie, str], ...] = ()
    children: tuple[tuple[str, State], ...] = ()
    duplicates: tuple[str, ...] = ()


NONE = Related()


def of(index: Index, ident: str) -> Related:
    """Return it from the index."""
    links = index.rows("SELECT tie, id FROM link WHERE other = ? ORDER BY tie, id", (ident,))
    # The second condition is that of the partial index: without it SQLite reads every ticket.
    children = index.rows(
        "SELECT id, state FROM ticket WHERE parent = ? AND parent != '' ORDER BY id", (ident,)
    )
    duplicates = index.rows(
        "SELECT other.id FROM ticket AS other WHERE duplicate_of = ? AND duplicate_of != ''"
        " AND NOT EXISTS"
        " (SELECT 1 FROM link WHERE link.id = other.id AND link.other = ?) ORDER BY other.id",
        (ident, ident),
    )
    return Related(
        tuple((cast("Tie", tie), str(other)) for tie, other in links),
        tuple((str(child), cast("State", state)) for child, state in children),
        tuple(str(other) for (other,) in duplicates),
    )
