"""Two tickets have to do with each other, or become one."""

from collections.abc import Sequence

from msptool.errors import UsageError
from msptool.tickets.acts.acting import act, disputed, require_no_ring, require_understood
from msptool.tickets.desk import Desk
from msptool.tickets.events import AnyEvent, Closed, Linked, Pen, Tie
from msptool.tickets.ticket import Ticket


def link(desk: Desk, ident: str, other: str, tie: Tie, *, pen: Pen, gone: bool = False) -> Ticket:
    """Say that two tickets have to do with each other, or no longer have."""
    if other == ident:
        raise UsageError("ticket.link", f"{ident} cannot be linked to itself")
    desk.read(other)

    def linked(ticket: Ticket) -> Linked:
        is_so = ((tie, other) in ticket.links) != gone
        if is_so and f"link {tie} {other}" not in disputed(ticket):
            raise UsageError("ticket.same", f"{ident} is so already; nothing was written")
        return Linked(**pen.mark(ticket.history), to=other, tie=tie, gone=gone)

    return act(desk, ident, linked)


def merge(desk: Desk, ident: str, into: str, *, pen: Pen) -> Ticket:
    """Close a ticket as part of another; what was said and worked in it stays there, one link away.

    A finding of it follows the other one from now on.
    """
    if ident == into:
        raise UsageError("ticket.link", f"{ident} cannot be merged into itself")
    whole = desk.read(into)
    require_no_ring(desk, ident, whole)
    if not whole.active:
        raise UsageError(
            "ticket.link", f"{into} is {whole.state}: nobody would look after both",
            hint=f"msptool tickets reopen {into}; or close with --reason duplicate",
        )  # fmt: skip

    def merged(ticket: Ticket) -> Sequence[AnyEvent]:
        require_understood(ticket)
        tied = Linked(**pen.mark(ticket.history), to=into, tie="merged-into")
        closed = Closed(**pen.mark((*ticket.history, tied)), reason="duplicate", duplicate_of=into)
        return tied, closed

    return act(desk, ident, merged)
