"""Which tickets a person asked for, the most urgent first: as rows of the index, or as records."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from msptool.tickets import lifecycle, query, view
from msptool.tickets.clocks import Clocks
from msptool.tickets.desk import Desk
from msptool.tickets.fold import Ticket
from msptool.tickets.lifecycle import Importance, State
from msptool.tickets.query import Query
from msptool.tickets.shelf import at
from msptool.tickets.view import View

_COLUMNS = (
    "id, priority, state, snoozed_until, title, name, requester, assignee, response_due, "
    "resolve_due, response_warn, resolve_warn, response_met, resolve_met, paused, "
    "(SELECT count(*) FROM ticket AS child"
    " WHERE child.parent = ticket.id AND child.parent != '')"  # so that SQLite takes the index
)


class Row(Struct, frozen=True, gc=False):
    """What a list shows of a ticket; `children`: how many have this one as their cause."""

    id: str
    priority: Importance
    state: State
    title: str
    name: str
    requester: str
    assignee: str
    clocks: Clocks
    children: int = 0


class Found(Struct, frozen=True):
    """The rows of a page, and how many there are in all."""

    rows: tuple[Row, ...]
    total: int


def asked(
    terms: Sequence[str], now: datetime, *, ended: bool, children: bool = True, me: str = ""
) -> Query:
    """Return what was asked for: without `ended`, and unless a term asks for states, only those
    with work to do; without `children`, and unless a term asks for some, no ticket that came
    under another one. Raises UsageError at an unknown term.
    """
    said = query.parse(terms, now, me=me)
    conditions = [said.where]
    if not ended and not said.names_state:
        conditions.append("active AND NOT (state = 'snoozed' AND snoozed_until > :now)")
    if not children and not any(t.startswith(("is:child", "parent:")) for t in terms):
        conditions.append("parent = ''")
    return Query(" AND ".join(conditions), said.values, said.names_state)


def find(desk: Desk, wanted: Query, now: datetime, *, limit: int = 0) -> Found:
    """Return the rows that pass, at most `limit` of them (0: all)."""
    index = desk.index
    sql = f"SELECT {_COLUMNS} FROM ticket WHERE {wanted.where} ORDER BY {query.URGENCY}"  # noqa: S608
    values = wanted.values
    if limit:
        sql += f" LIMIT {int(limit)}"
    found = tuple(_row(row, now) for row in index.rows(sql, values))
    if not limit or len(found) < limit:
        return Found(found, len(found))
    count = f"SELECT count(*) FROM ticket WHERE {wanted.where}"  # noqa: S608
    return Found(found, int(index.rows(count, values)[0][0]))


def idents(desk: Desk, wanted: Query) -> list[str]:
    """Return the ids that pass, the most urgent first."""
    sql = f"SELECT id FROM ticket WHERE {wanted.where} ORDER BY {query.URGENCY}"  # noqa: S608
    return [str(ident) for (ident,) in desk.index.rows(sql, wanted.values)]


def tickets(desk: Desk, wanted: Query) -> Iterator[Ticket]:
    """Yield the tickets that pass, read from their files."""
    for ident in idents(desk, wanted):
        yield desk.read(ident)


def views(desk: Desk, wanted: Query, now: datetime) -> Iterator[View]:
    """Yield the records of the tickets that pass."""
    for ticket in tickets(desk, wanted):
        yield view.of(ticket, desk.reckoner, now)


def _row(row: tuple[Any, ...], now: datetime) -> Row:
    (ident, priority, state, snoozed, title, name, requester, assignee, response_due, resolve_due,
     response_warn, resolve_warn, response_met, resolve_met, paused, children) = row  # fmt: skip
    until = at(snoozed)
    over = state == "snoozed" and until is not None and until <= now
    clocks = Clocks(
        at(response_due), at(resolve_due), at(response_warn), at(resolve_warn),
        _bool(response_met), _bool(resolve_met), bool(paused),
    )  # fmt: skip
    return Row(
        ident, lifecycle.LEVELS[priority], "open" if over else state, title, name, requester,
        assignee, clocks, children,
    )  # fmt: skip


def _bool(value: int | None) -> bool | None:
    return None if value is None else bool(value)
