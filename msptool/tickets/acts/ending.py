"""A ticket ends, rests for a while, or comes back."""

from datetime import datetime

from msptool import clock
from msptool.errors import UsageError
from msptool.tickets.acts.acting import act, clean, require_no_ring, require_understood
from msptool.tickets.desk import Desk
from msptool.tickets.events import Closed, Pen, Reopened, Snoozed
from msptool.tickets.lifecycle import Reason
from msptool.tickets.ticket import Ticket


def close(
    desk: Desk,
    ident: str,
    reason: Reason,
    *,
    pen: Pen,
    text: str = "",
    duplicate_of: str = "",
    until: datetime | None = None,
) -> Ticket:
    """Say the last word; raise UsageError where it would not count or could hide something."""
    if reason in ("wont-fix", "accepted") and not text.strip():
        raise UsageError(
            "ticket.comment", "why will it not be fixed?", hint="say it with --comment"
        )
    if (reason == "duplicate") != bool(duplicate_of) or duplicate_of == ident:
        raise UsageError(
            "ticket.duplicate", "a duplicate is closed as one of another ticket",
            hint="msptool tickets close ID --reason duplicate --of OTHER-ID",
        )  # fmt: skip
    if (reason == "accepted") != (until is not None):
        raise UsageError(
            "ticket.until", "a risk is accepted until a day",
            hint="msptool tickets accept ID --until 2027-06-30 --comment WHY",
        )  # fmt: skip
    if until is not None and until <= pen.at:
        raise _past(until)
    if duplicate_of:
        require_no_ring(desk, ident, desk.read(duplicate_of))

    def closed(ticket: Ticket) -> Closed:
        require_understood(ticket)
        return Closed(
            **pen.mark(ticket.history), reason=reason, text=clean(text, "comment"),
            duplicate_of=duplicate_of, until=until,
        )  # fmt: skip

    return act(desk, ident, closed)


def reopen(desk: Desk, ident: str, *, pen: Pen, text: str = "") -> Ticket:
    """Take back a resolution or a closing."""
    said = clean(text, "comment")
    return act(desk, ident, lambda t: Reopened(**pen.mark(t.history), text=said))


def snooze(desk: Desk, ident: str, until: datetime, *, pen: Pen, text: str = "") -> Ticket:
    """Let a ticket rest until a time."""
    if until <= pen.at:
        raise _past(until)
    said = clean(text, "comment")
    return act(desk, ident, lambda t: Snoozed(**pen.mark(t.history), until=until, text=said))


def _past(until: datetime) -> UsageError:
    return UsageError("ticket.until", f"{clock.iso(until)} is over", hint="name a time to come")
