"""A ticket's conflicts: what stands of a field and by whom, what lost, how to settle it."""

from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct

from msptool import clock
from msptool.model import Instant
from msptool.tickets.contested import wrote
from msptool.tickets.events import AnyEvent
from msptool.tickets.lifecycle import ASKED
from msptool.tickets.ticket import Ticket

# By the first word of a contested field; any other one is a field that `edit` sets.
_VERBS = {
    "state": "close", "assignee": "assign", "link": "link", "visit": "visit",
    "item": "tick",
}  # fmt: skip


class Act(Struct, frozen=True, gc=False):
    """What somebody did to the field."""

    by: str
    at: Instant
    value: str


class Dispute(Struct, frozen=True, kw_only=True, tag_field="type", tag="conflict"):
    """A field that several people set at once; `settle`: the verb that has the last word."""

    ticket: str
    title: str
    field: str
    stands: Act
    lost: tuple[Act, ...]
    settle: str


def of(ticket: Ticket) -> Iterator[Dispute]:
    """Yield the conflicts of a ticket that nobody has settled yet."""
    by_eid = {event.eid: event for event in ticket.history}
    for conflict in ticket.conflicts:
        field = conflict.field
        yield Dispute(
            ticket=ticket.id,
            title=ticket.title,
            field=field,
            stands=_act(by_eid[conflict.winner], field),
            lost=tuple(_act(by_eid[eid], field) for eid in conflict.losers),
            settle=_verb(field, ticket),
        )


def _verb(field: str, ticket: Ticket) -> str:
    if field == "state" and ticket.state in ASKED:
        return "status"
    return _VERBS.get(field.partition(" ")[0], "edit")


def _act(event: AnyEvent, field: str) -> Act:
    return Act(event.by, event.at, _told(dict(wrote(event)).get(field)))


def _told(value: object) -> str:
    match value:
        case datetime():
            return clock.iso(value)
        case tuple():
            return " ".join(filter(None, map(_told, value)))
        case bool():
            return "yes" if value else "no"
        case None:
            return ""
    return str(value)
