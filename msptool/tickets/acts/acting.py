"""An act: read, checked against the lifecycle and written, on a desk that was opened to write."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msptool.errors import UsageError
from msptool.tickets import fold, lifecycle
from msptool.tickets.desk import Desk
from msptool.tickets.events import AnyEvent
from msptool.tickets.fold import Ticket

TEXT_BYTES = 256 << 10  # of one text; what is longer belongs into an attachment


def act(desk: Desk, ident: str, make: Callable[[Ticket], AnyEvent | Sequence[AnyEvent]]) -> Ticket:
    """Write the events that `make` makes of the ticket as it is now; return what becomes of it.

    The caller opened the desk to write, so nobody else writes between the two.
    """
    ticket = desk.read(ident)
    made = make(ticket)
    events = tuple(made) if isinstance(made, Sequence) else (made,)
    became = fold.fold_all(ident, (*ticket.history, *events))[0]
    if len(became.unmoved) > len(ticket.unmoved):
        raise _no_effect(ticket)
    desk.write({ident: events})
    return became


def _no_effect(ticket: Ticket) -> UsageError:
    moves = ", ".join(lifecycle.TRANSITIONS[ticket.state])
    return UsageError(
        "ticket.state",
        f"{ticket.id} is {ticket.state}; nothing was written",
        hint=f"from there a ticket can go by: {moves}",
    )


def require_understood(ticket: Ticket) -> None:
    """Raise UsageError where a ticket holds events of a newer msptool, which may forbid its end."""
    if ticket.unknown:
        raise UsageError(
            "ticket.newer",
            f"{ticket.id} holds events of a newer msptool: {', '.join(ticket.unknown)}",
            hint="update msptool, then close it; everything else still works",
        )


def clean(text: str, what: str) -> str:
    """Return text that is UTF-8: bytes of an argument that were not become escapes. Raises
    UsageError where it is longer than a ticket should carry.
    """
    data = text.encode(errors="backslashreplace")
    if len(data) > TEXT_BYTES:
        raise UsageError(
            "ticket.long", f"the {what} is longer than {TEXT_BYTES >> 10} KiB",
            hint="attach it as a file: msptool tickets attach ID FILE",
        )  # fmt: skip
    return data.decode()


def cleaned(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return fields with their texts as `clean` makes them, and no empty items in lists."""
    return {
        name: clean(value, name)
        if isinstance(value, str)
        else tuple(clean(" ".join(one.split()), name) for one in value if one.strip())
        if isinstance(value, tuple)
        else value
        for name, value in fields.items()
    }
