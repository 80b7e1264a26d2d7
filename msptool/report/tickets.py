"""Tickets as a report shows them: the one place of this room that knows the ticket store."""

from msptool import identity
from msptool.profile import Profile
from msptool.report.document import Ticket
from msptool.tickets import clocks, desk, listing
from msptool.tickets.desk import Desk
from msptool.tickets.query import Query
from msptool.tickets.ticket import Ticket as Kept
from msptool.workspace import Workspace


def read(workspace: Workspace, profile: Profile) -> tuple[tuple[Ticket, ...], int]:
    """Return every ticket, and how many lines and files of the store cannot be read."""
    known = identity.load(workspace.identities)
    with desk.opened(workspace, profile) as held:
        everyone = listing.tickets(held, Query("1", {}))
        found = tuple(_shown(ticket, held, known) for ticket in everyone)
        return found, len(held.index.problems())


def _shown(ticket: Kept, held: Desk, known: identity.Identities) -> Ticket:
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
        due_at=clocks.next_due(held.reckoner.clocks(ticket)),
        ended_at=ticket.ended_at,
    )
