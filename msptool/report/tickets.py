"""Tickets as a report shows them: the one place of this room that knows the ticket store."""

from collections.abc import Mapping

from msptool import identity
from msptool.profile.shape import Level, Sla
from msptool.report.document import Ticket
from msptool.tickets import fold, sla, store
from msptool.workspace import Workspace


def read(workspace: Workspace, plan: Mapping[Level, Sla]) -> tuple[tuple[Ticket, ...], int]:
    """Return every ticket, and how many lines and files of the store cannot be read."""
    shelf = store.read_all(workspace)
    known = identity.load(workspace.identities)
    found = tuple(_shown(ticket, plan, known) for ticket in shelf.tickets.values())
    return found, len(shelf.problems)


def _shown(ticket: fold.Ticket, plan: Mapping[Level, Sla], known: identity.Identities) -> Ticket:
    about = ticket.about
    return Ticket(
        id=ticket.id,
        title=ticket.title,
        titles=about.title if about else {},
        state=ticket.state,
        reason=ticket.reason or "",
        priority=ticket.priority,
        severity=about.severity if about else None,
        check=about.check if about else "",
        thing=known.resolve(about.subject.thing) if about else "",
        part=about.subject.part if about else "",
        name=about.name if about else "",
        opened_at=ticket.opened_at,
        due_at=sla.next_due(ticket, sla.due(ticket, plan)),
        ended_at=ticket.ended_at,
    )
