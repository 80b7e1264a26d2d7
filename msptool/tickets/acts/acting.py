"""An act: read, checked against the lifecycle and written, on a desk that was opened to write."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from msptool.errors import UsageError
from msptool.tickets import contested, fold, lifecycle
from msptool.tickets.desk import Desk
from msptool.tickets.events import AnyEvent
from msptool.tickets.ticket import Ticket

TEXT_BYTES = 256 << 10  # of one text; what is longer belongs into an attachment
# What a person types for each move; a machine's move is closed by people.
_VERBS: Mapping[lifecycle.Move, str] = {
    "work": "status", "wait": "status", "release": "status", "snooze": "snooze",
    "resolve": "close", "close": "close", "reopen": "reopen",
}  # fmt: skip


def act(desk: Desk, ident: str, make: Callable[[Ticket], AnyEvent | Sequence[AnyEvent]]) -> Ticket:
    """Write the events that `make` makes of the ticket as it is now; return what becomes of it.

    The caller opened the desk to write, so nobody else writes between the two.
    """
    ticket = desk.read(ident)
    made = make(ticket)
    events = tuple(made) if isinstance(made, Sequence) else (made,)
    became = fold.fold_all(ident, (*ticket.history, *events))[0]
    if len(became.unmoved) > len(ticket.unmoved) and not _settles(ticket, events):
        raise no_effect(ticket)
    desk.write({ident: events})
    return became


def disputed(ticket: Ticket) -> frozenset[str]:
    """Return the fields on which nobody had the last word: said again, what stands is settled."""
    return frozenset(conflict.field for conflict in ticket.conflicts)


def _settles(ticket: Ticket, events: Sequence[AnyEvent]) -> bool:
    """Return that the events say again what stands of a state on which nobody had the last word."""
    if "state" not in disputed(ticket):
        return False
    ended = ("closed", ticket.reason, ticket.duplicate_of)
    stands = ended if ticket.state == "closed" else ticket.state
    return all(dict(contested.wrote(event)).get("state") == stands for event in events)


def no_effect(ticket: Ticket) -> UsageError:
    """Return the error for a move that a ticket's state does not have."""
    verbs = dict.fromkeys(_VERBS[move] for move in lifecycle.TRANSITIONS[ticket.state])
    return UsageError(
        "ticket.state",
        f"{ticket.id} is {ticket.state}; nothing was written",
        hint=f"what can be done then: msptool tickets {', '.join(verbs)}",
    )


def require_understood(ticket: Ticket) -> None:
    """Raise UsageError where a ticket holds events of a newer msptool, which may forbid its end."""
    if ticket.unknown:
        raise UsageError(
            "ticket.newer",
            f"{ticket.id} holds events of a newer msptool: {', '.join(ticket.unknown)}",
            hint="update msptool, then close it; everything else still works",
        )


def require_no_ring(desk: Desk, ident: str, other: Ticket) -> None:
    """Raise UsageError where each of two tickets would be the other's duplicate, and closed."""
    for one in along(desk, other, lambda ticket: ticket.duplicate_of):
        if one.duplicate_of == ident:
            raise UsageError(
                "ticket.link", f"{one.id} was closed as a duplicate of {ident}",
                hint=f"msptool tickets reopen {one.id}, or close {ident} with its own reason",
            )  # fmt: skip


def along(desk: Desk, ticket: Ticket, leads: Callable[[Ticket], str]) -> Iterator[Ticket]:
    """Yield a ticket, the one that it leads to, and so on, each once; none that is not there."""
    met: set[str] = set()
    while ticket.id not in met:
        yield ticket
        met.add(ticket.id)
        to = leads(ticket)
        if not to or not desk.path_of(to).is_file():
            return
        ticket = desk.read(to)


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


def require_words(tags: Iterable[str]) -> None:
    """Raise UsageError at a tag that is several words."""
    for tag in tags:
        if len(tag.split()) > 1:
            raise UsageError(
                "ticket.tag",
                f"the tag {tag[:40]!r} has a blank",
                hint="join its words: old-printer",
            )


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
