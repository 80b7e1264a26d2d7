"""A ticket goes on: fields set, something said, an item ticked, handed to the next line."""

from collections.abc import Mapping
from typing import TypeAlias

from msptool.errors import UsageError
from msptool.model import Scalar
from msptool.tickets.acts.acting import (
    act,
    along,
    clean,
    cleaned,
    disputed,
    no_effect,
    require_words,
)
from msptool.tickets.desk import Desk
from msptool.tickets.events import Comment, Escalated, Line, Pen, Set, Ticked
from msptool.tickets.ticket import Ticket

LINES: tuple[Line, ...] = ("L1", "L2", "L3")
Value: TypeAlias = Scalar | tuple[str, ...]


def edit(desk: Desk, ident: str, fields: Mapping[str, Value], *, pen: Pen) -> Ticket:
    """Set fields of a ticket; those that have their value already are left out."""
    if fields.get("parent"):
        _require_no_circle(desk, ident, str(fields["parent"]))

    def changed(ticket: Ticket) -> Set:
        again = disputed(ticket)
        new = {n: v for n, v in fields.items() if n in again or v != _said_now(ticket, n)}
        if not new:
            raise UsageError("ticket.same", f"{ident} is so already; nothing was written")
        if isinstance(tags := new.get("tags"), tuple):
            require_words(tag for tag in tags if tag not in ticket.tags)
        return Set(**pen.mark(ticket.history), fields=cleaned(new))

    return act(desk, ident, changed)


def _require_no_circle(desk: Desk, ident: str, parent: str) -> None:
    """Raise UsageError where a ticket would come under itself: lists show neither of them then."""
    there = parent != ident and desk.path_of(parent).is_file()
    above = along(desk, desk.read(parent), lambda ticket: ticket.parent) if there else ()
    if parent == ident or any(one.parent == ident for one in above):
        raise UsageError("ticket.link", f"{ident} cannot come under itself")


def _said_now(ticket: Ticket, name: str) -> object:
    """Return what was said of a field; "" of a priority that follows from other things."""
    return ticket.own_priority or "" if name == "priority" else getattr(ticket, name, None)


def comment(desk: Desk, ident: str, text: str, *, pen: Pen, internal: bool = False) -> Ticket:
    """Write down what someone said."""
    if not text.strip():
        raise UsageError("ticket.comment", "the comment is empty")
    said = clean(text, "comment")
    return act(desk, ident, lambda t: Comment(**pen.mark(t.history), text=said, internal=internal))


def escalate(
    desk: Desk,
    ident: str,
    *,
    pen: Pen,
    symptom: str,
    tried: str,
    evidence: str,
    line: Line | None = None,
    assignee: str = "",
) -> Ticket:
    """Hand a ticket to the next line, with what it would ask for first: none of it may be empty."""
    asked = {"symptom": symptom, "tried": tried, "evidence": evidence}
    missing = ", ".join(name for name, said in asked.items() if not said.strip())
    if missing:
        raise UsageError(
            "ticket.escalate", f"the next line needs to know: {missing}",
            hint="--symptom what is seen, --tried what was done, --evidence what shows it",
        )  # fmt: skip

    def escalated(ticket: Ticket) -> Escalated:
        if not ticket.active:
            raise no_effect(ticket)
        nearest = LINES.index(ticket.line) + 1
        to = line or LINES[min(nearest, len(LINES) - 1)]
        if LINES.index(to) < nearest:
            raise UsageError("ticket.line", f"{ident} is with {ticket.line} already")
        return Escalated(
            **pen.mark(ticket.history), line=to, symptom=clean(symptom, "symptom"),
            tried=clean(tried, "tried"), evidence=clean(evidence, "evidence"),
            assignee=clean(assignee, "assignee"),
        )  # fmt: skip

    return act(desk, ident, escalated)


def tick(desk: Desk, ident: str, item: int, *, pen: Pen, done: bool = True) -> Ticket:
    """Tick an item of the checklist, counted from 0."""

    def ticked(ticket: Ticket) -> Ticked:
        if not 0 <= item < len(ticket.checklist):
            raise UsageError("ticket.item", f"the checklist has {len(ticket.checklist)} items")
        return Ticked(**pen.mark(ticket.history), item=item, done=done)

    return act(desk, ident, ticked)
