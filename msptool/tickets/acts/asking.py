"""A ticket begins: what somebody asks for, or a part of another ticket's matter."""

from typing import TypedDict, Unpack

from msgspec.structs import replace

from msptool.errors import UsageError
from msptool.tickets import assign
from msptool.tickets.acts.acting import clean, cleaned, require_words
from msptool.tickets.desk import Desk
from msptool.tickets.events import FORMAT, Kind, Line, Linked, Opened, Pen
from msptool.tickets.lifecycle import Importance, Level
from msptool.tickets.ticket import Ticket


class Asked(TypedDict, total=False):
    """What may be said of a new request; `kind` must be."""

    kind: Kind
    requester: str
    channel: str
    category: str
    priority: Importance | None
    impact: Level | None
    urgency: Level | None
    line: Line
    queue: str
    assignee: str
    tags: tuple[str, ...]
    aliases: tuple[str, ...]
    parent: str
    checklist: tuple[str, ...]


def add(desk: Desk, title: str, *, pen: Pen, text: str = "", **said: Unpack[Asked]) -> Ticket:
    """Open a ticket for a person's request; raise UsageError without a title."""
    if not title.strip():
        raise UsageError("ticket.title", "a ticket needs a title")
    require_words(said.get("tags", ()))
    opened = Opened(
        **pen.mark(),
        format=FORMAT,
        ticket=desk.draw(),
        client=desk.client,
        title=clean(title, "title"),
        text=clean(text, "text"),
        **({"kind": "request"} | cleaned(said)),
    )
    event = assign.opening(desk.profile.tickets.assign, opened)
    if "line" in said:  # L1, too, where it was said
        event = replace(event, line=said["line"])
    desk.write({event.ticket: (event,)})
    return desk.read(event.ticket)


def split(desk: Desk, ident: str, title: str, *, pen: Pen, text: str = "") -> Ticket:
    """Open a ticket for a part of another's matter, with its people and its place."""
    whole = desk.read(ident)
    if not title.strip():
        raise UsageError("ticket.title", "a ticket needs a title")
    opening = Opened(
        **pen.mark(),
        format=FORMAT,
        ticket=desk.draw(),
        client=desk.client,
        kind=whole.kind,
        title=clean(title, "title"),
        text=clean(text, "text"),
        requester=whole.requester,
        channel=whole.channel,
        category=whole.category,
        priority=whole.priority,
        line=whole.line,
        queue=whole.queue,
        assignee=whole.assignee,
    )
    tied = Linked(**pen.mark((opening,)), to=ident, tie="split-from")
    desk.write({opening.ticket: (opening, tied)})
    return desk.read(opening.ticket)
