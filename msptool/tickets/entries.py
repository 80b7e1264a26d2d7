"""Time entries by the numbers that people say; one that was taken back keeps its number."""

from collections.abc import Mapping

from msptool.tickets.events import Timed
from msptool.tickets.ticket import Ticket


def numbers(ticket: Ticket) -> Mapping[str, int]:
    """Return the number of each time entry by its eid, of those that were taken back too."""
    timed = (event.eid for event in ticket.history if isinstance(event, Timed))
    return {eid: number for number, eid in enumerate(timed, start=1)}


def named(ticket: Ticket, said: str) -> str:
    """Return the eid of the time entry of a number in `tickets show`; what is no number as is."""
    return next((eid for eid, number in numbers(ticket).items() if str(number) == said), said)
