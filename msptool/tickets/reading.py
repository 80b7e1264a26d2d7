"""Many tickets, read from their files one after the other: a broken one hides no other."""

from collections.abc import Iterable, Iterator

from msptool.errors import MsptoolError
from msptool.tickets.desk import Desk
from msptool.tickets.store import Problem
from msptool.tickets.ticket import Ticket


def each(desk: Desk, idents: Iterable[str], unreadable: list[Problem]) -> Iterator[Ticket]:
    """Yield the tickets of these ids; what could not be read is added to `unreadable`."""
    for ident in idents:
        try:
            ticket = desk.read(ident)
        except MsptoolError as error:
            unreadable.append(Problem(desk.path_of(ident), 0, error.message))
        else:
            yield ticket
