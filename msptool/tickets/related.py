"""What other tickets say of one: links that lead to it, what came under it, who has its id too."""

from dataclasses import dataclass
from typing import cast

from msptool.tickets.events import Tie
from msptool.tickets.index import Index
from msptool.tickets.lifecycle import State


@dataclass(frozen=True)
class Related:
    """`links`: what ties another ticket to this one; `children`: ids with their states; `clashed`:
    tickets that were opened under the same id on other laptops.
    """

    links: tuple[tuple[Tie, str], ...] = ()
    children: tuple[tuple[str, State], ...] = ()
    duplicates: tuple[str, ...] = ()
    clashed: tuple[str, ...] = ()


NONE = Related()


def of(index: Index, ident: str, clashed: str = "") -> Related:
    """Return it from the index; `clashed` is that of the ticket."""
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
        _clashed(index, ident, clashed) if clashed else (),
    )


def _clashed(index: Index, ident: str, clashed: str) -> tuple[str, ...]:
    """Return the other tickets of an id: the one that kept it, and those that it is an alias of."""
    rows = index.rows(
        "SELECT id FROM ticket WHERE clashed = :id AND (id = :id OR id IN"
        " (SELECT id FROM alias WHERE name = :alias)) ORDER BY id != :id, id",
        {"id": clashed, "alias": clashed.casefold()},
    )
    return tuple(str(other) for (other,) in rows if other != ident)
