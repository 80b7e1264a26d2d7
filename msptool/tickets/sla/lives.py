"""The lives of a ticket, from opening to end. Coming back must not hide what was missed."""

from collections.abc import Iterator

from msptool.tickets import fold
from msptool.tickets.events import Reopened
from msptool.tickets.ticket import Ticket


def of(ticket: Ticket) -> Iterator[Ticket]:
    """Yield the ticket as it stood before each time it came back, and as it is."""
    if ticket.reopened:
        for at, event in enumerate(ticket.history):
            if isinstance(event, Reopened) and event.eid not in ticket.unmoved:
                earlier = fold.fold(ticket.id, ticket.history[:at])
                if earlier is not None and not earlier.active:
                    yield earlier
    yield ticket
