"""Which tickets a person asked for, the most urgent first: as rows of the index, or as records."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from msptool.tickets import lifecycle, query, typed
from msptool.tickets.clocks import Clocks
from msptool.tickets.desk import Desk
from msptool.tickets.lifecycle import Importance, State
from msptool.tickets.query import Query
from msptool.tickets.rows import at
from msptool.tickets.ticket import Ticket

if TYPE_CHECKING:
    from msptool.tickets.view import View

COLUMNS = (
    "id, kind, priority, state, snoozed_until, title, name, requester, assignee, category, queue, "
    "line, opened_at, changed_at, response_due, resolve_due, response_warn, resolve_warn, "
    "response_met, resolve_met, paused, "
    "(SELECT count(*) FROM ticket AS child WHERE child.parent != '' AND child.parent = ticket.id"
    " AND child.active)"
)


class Row(Struct, frozen=True, gc=False):
    """What a list shows of a ticket; `children`: how many have this one as their cause, and still
    work to do.
    """

    id: str
    kind: str
    priority: Importance
    state: State
    title: str
    name: str
    requester: str
    assignee: str
    category: str
    queue: str
    line: str
    opened_at: datetime
    changed_at: datetime
    clocks: Clocks
    children: int = 0

    @property
    def client(self) -> str:
        """The client's code, with which the id begins."""
        return self.id.partition("-")[0]


class Found(Struct, frozen=True):
    """The rows of a page, and how many there are in all."""

    rows: tuple[Row, ...]
    total: int


def asked(
    terms: Sequence[str],
    now: datetime,
    zone: tzinfo,
    *,
    ended: bool,
    children: bool = True,
    me: str = "",
    own: Mapping[str, str] | None = None,
) -> Query:
    """Return what was asked for: without `ended`, and unless a term asks for states, only those
    with work to do; without `children`, and unless a term asks for some, none whose cause is shown
    too. `own`: the client's views. Raises UsageError at an unknown term.
    """
    whole = typed.expanded(terms, own or {})
    said = query.parse(whole, now, zone, me=me)
    conditions = [said.where]
    if not ended and not said.names_state:
        conditions.append("active AND NOT (state = 'snoozed' AND snoozed_until > :now)")
    where = " AND ".join(conditions)
    if not children and not any(t.startswith(("is:child", "parent:")) for t in whole):
        where += f" AND (parent = '' OR parent NOT IN (SELECT id FROM ticket WHERE {where}))"  # noqa: S608
    return Query(where, said.values, said.names_state)


def order(by: str) -> str:
    """Return SQL's order for a name of query.SORTS, `-` before it turns it round; raise UsageError
    at another name.
    """
    name = by.removeprefix("-")
    if name not in query.SORTS:
        raise query.unknown(f"there is no order {name[:40]!r}", name, tuple(query.SORTS))
    terms = query.SORTS[name]
    return ", ".join(map(_turned, terms) if by.startswith("-") else terms)


def _turned(term: str) -> str:
    return term.removesuffix(" DESC") if term.endswith(" DESC") else f"{term} DESC"


def find(
    desk: Desk, wanted: Query, now: datetime, *, limit: int = 0, sort: str = "urgency"
) -> Found:
    """Return the rows that pass, at most `limit` of them (0: all)."""
    if not limit:
        sql = f"SELECT {COLUMNS} FROM ticket WHERE {wanted.where} ORDER BY {order(sort)}"  # noqa: S608
        found = tuple(row_of(row, now) for row in desk.index.rows(sql, wanted.values))
        return Found(found, len(found))
    # Sorted by what an index covers, and counted at once; whole rows only of the page.
    sql = f"SELECT number FROM ticket WHERE {wanted.where} ORDER BY {order(sort)}"  # noqa: S608
    numbers = [number for (number,) in desk.index.rows(sql, wanted.values)]
    return Found(tuple(_numbered(desk, numbers[:limit], now)), len(numbers))


def _numbered(desk: Desk, numbers: Sequence[int], now: datetime) -> Iterator[Row]:
    sql = f"SELECT {COLUMNS} FROM ticket WHERE number = ?"  # noqa: S608
    for number in numbers:
        for row in desk.index.rows(sql, (number,)):
            yield row_of(row, now)


def idents(desk: Desk, wanted: Query, *, limit: int = 0, sort: str = "urgency") -> list[str]:
    """Return the ids that pass, the most urgent first."""
    sql = f"SELECT id FROM ticket WHERE {wanted.where} ORDER BY {order(sort)}"  # noqa: S608
    if limit:
        sql += f" LIMIT {int(limit)}"
    return [str(ident) for (ident,) in desk.index.rows(sql, wanted.values)]


def tickets(
    desk: Desk, wanted: Query, *, limit: int = 0, sort: str = "urgency"
) -> Iterator[Ticket]:
    """Yield the tickets that pass, read from their files."""
    for ident in idents(desk, wanted, limit=limit, sort=sort):
        yield desk.read(ident)


def views(
    desk: Desk, wanted: Query, now: datetime, *, limit: int = 0, sort: str = "urgency"
) -> Iterator["View"]:
    """Yield the records of the tickets that pass."""
    from msptool.tickets import view

    for ticket in tickets(desk, wanted, limit=limit, sort=sort):
        yield view.of(ticket, desk.reckoner, now)


def row_of(row: tuple[Any, ...], now: datetime) -> Row:
    """Return a row of COLUMNS."""
    (ident, kind, priority, state, snoozed, title, name, requester, assignee, category, queue,
     line, opened, changed, response_due, resolve_due, response_warn, resolve_warn, response_met,
     resolve_met, paused, children) = row  # fmt: skip
    until = at(snoozed)
    over = state == "snoozed" and until is not None and until <= now
    clocks = Clocks(
        at(response_due), at(resolve_due), at(response_warn), at(resolve_warn),
        _bool(response_met), _bool(resolve_met), bool(paused),
    )  # fmt: skip
    return Row(
        ident, kind, lifecycle.LEVELS[priority], "open" if over else state, title, name, requester,
        assignee, category, queue, line, at(opened) or now, at(changed) or now, clocks, children,
    )  # fmt: skip


def _bool(value: int | None) -> bool | None:
    return None if value is None else bool(value)
