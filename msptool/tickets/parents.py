"""Tickets that a machine opened for several others: they end, and come back, with those."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from msptool.tickets.desk import Desk
from msptool.tickets.events import MACHINE, Pen, Reopened, Resolved, Sighting
from msptool.tickets.plan import Step
from msptool.tickets.ticket import Ticket

_BACK = (
    "SELECT DISTINCT p.id FROM json_each(?) AS child JOIN ticket AS c ON c.id = child.value "
    "JOIN ticket AS p ON p.id = c.parent WHERE NOT p.active AND p.rule = ''"
)
_CHILDLESS = (
    "SELECT p.id FROM (SELECT DISTINCT parent FROM ticket WHERE parent != '') AS c "
    "JOIN ticket AS p ON p.id = c.parent WHERE p.active AND p.rule = '' AND NOT EXISTS "
    "(SELECT 1 FROM ticket AS k WHERE k.parent = p.id AND k.parent != '' AND k.active)"
)


def following(desk: Desk, back: Sequence[str], now: datetime) -> list[Step]:
    """Return what resolves the tickets of whose children all have ended, by whomever, and takes
    back those of which one of the children that are `back` came under.
    """
    pen, done = Pen(MACHINE, now), []
    for ident in _found(desk, _BACK, (msgspec.json.encode(back).decode(),)):
        parent = desk.read(ident)
        if _is_for_children(parent) and parent.reason in (None, "fixed"):
            done.append(Step("reopened", ident, (Reopened(**pen.mark(parent.history)),)))
    for ident in _found(desk, _CHILDLESS):
        parent = desk.read(ident)
        if _is_for_children(parent):
            event = Resolved(**pen.mark(parent.history), seen=Sighting(seen_at=now))
            done.append(Step("resolved", ident, (event,)))
    return done


def _found(desk: Desk, sql: str, values: Sequence[str] = ()) -> list[str]:
    return [str(ident) for (ident,) in desk.index.rows(sql, values)]


def _is_for_children(ticket: Ticket) -> bool:
    """Tell whether a machine opened a ticket for others, not for a finding; people's are theirs."""
    return ticket.about is None and ticket.history[0].by == MACHINE
