"""What people do: ask for something, say something, close, reopen.

Each act reads, checks against the lifecycle and writes one event under the store's lock.
"""

import getpass
import os
from collections.abc import Callable

from msptool.errors import UsageError
from msptool.profile import Profile
from msptool.tickets import fold, lifecycle, store
from msptool.tickets.events import FORMAT, AnyEvent, Closed, Comment, Kind, Opened, Pen, Reopened
from msptool.tickets.fold import Ticket
from msptool.tickets.lifecycle import Importance, Reason
from msptool.workspace import Workspace


def author() -> str:
    """Return who acts, as `user@host`: two engineers merge their histories."""
    try:
        user = getpass.getuser()
    except (OSError, KeyError):
        user = str(os.getuid())
    return f"{user}@{os.uname().nodename}"


def add(
    workspace: Workspace,
    profile: Profile,
    title: str,
    *,
    pen: Pen,
    text: str = "",
    requester: str = "",
    priority: Importance = "normal",
    kind: Kind = "request",
) -> Ticket:
    """Open a ticket for a person's request; raise UsageError without a title."""
    if not title.strip():
        raise UsageError("ticket.title", "a ticket needs a title")
    client = profile.client.code
    with store.lock(workspace):
        event = Opened(
            **pen.mark(),
            format=FORMAT,
            ticket=store.drawer(workspace, client)(),
            client=client,
            kind=kind,
            title=_clean(title),
            text=_clean(text),
            requester=_clean(requester),
            priority=priority,
        )
        store.create(workspace, event)
    return store.read(workspace, event.ticket)[0]


def comment(workspace: Workspace, ident: str, text: str, *, pen: Pen) -> Ticket:
    """Write down what someone said."""
    if not text.strip():
        raise UsageError("ticket.comment", "the comment is empty")
    return _act(workspace, ident, lambda t: Comment(**pen.mark(t.history), text=_clean(text)))


def close(
    workspace: Workspace,
    ident: str,
    reason: Reason,
    *,
    pen: Pen,
    text: str = "",
    duplicate_of: str = "",
) -> Ticket:
    """Say the last word; raise UsageError where it would not count or could hide something."""
    if reason == "wont-fix" and not text.strip():
        raise UsageError(
            "ticket.comment", "why will it not be fixed?", hint="say it with --comment"
        )
    if (reason == "duplicate") != bool(duplicate_of) or duplicate_of == ident:
        raise UsageError(
            "ticket.duplicate", "a duplicate is closed as one of another ticket",
            hint="msptool tickets close ID --reason duplicate --of OTHER-ID",
        )  # fmt: skip
    if duplicate_of:
        store.read(workspace, duplicate_of)

    def closed(ticket: Ticket) -> Closed:
        _require_understood(ticket)
        return Closed(
            **pen.mark(ticket.history), reason=reason, text=_clean(text), duplicate_of=duplicate_of
        )

    return _act(workspace, ident, closed)


def reopen(workspace: Workspace, ident: str, *, pen: Pen, text: str = "") -> Ticket:
    """Take back a resolution or a closing."""
    return _act(workspace, ident, lambda t: Reopened(**pen.mark(t.history), text=_clean(text)))


def _act(workspace: Workspace, ident: str, act: Callable[[Ticket], AnyEvent]) -> Ticket:
    """Write the event that `act` makes of the ticket as it is now; return what becomes of it."""
    with store.lock(workspace):
        ticket, _ = store.read(workspace, ident)
        event = act(ticket)
        became = fold.fold(ident, (*ticket.history, event)) or ticket
        if len(became.unmoved) > len(ticket.unmoved):
            raise _no_effect(ticket)
        store.add(workspace, ident, (event,))
    return became


def _no_effect(ticket: Ticket) -> UsageError:
    moves = ", ".join(lifecycle.TRANSITIONS[ticket.state])
    return UsageError(
        "ticket.state",
        f"{ticket.id} is {ticket.state}; nothing was written",
        hint=f"from there a ticket can go by: {moves}",
    )


def _require_understood(ticket: Ticket) -> None:
    if ticket.unknown:
        raise UsageError(
            "ticket.newer",
            f"{ticket.id} holds events of a newer msptool: {', '.join(ticket.unknown)}",
            hint="update msptool, then close it; everything else still works",
        )


def _clean(text: str) -> str:
    """Return text that is UTF-8: bytes of an argument that were not become escapes."""
    return text.encode(errors="backslashreplace").decode()
