"""Time that was worked, and what is taken back."""

from datetime import datetime, timedelta
from typing import TypedDict, Unpack

from msptool import clock
from msptool.errors import UsageError
from msptool.tickets.acts.acting import act, clean
from msptool.tickets.desk import Desk
from msptool.tickets.events import Billing, Pen, Timed, Voided, Work
from msptool.tickets.ticket import Ticket

MOST_MINUTES = 60 * 24 * 31


class Worked(TypedDict, total=False):
    """What may be said of time that was worked."""

    billing: Billing
    work: Work


def work(
    desk: Desk,
    ident: str,
    minutes: int,
    *,
    pen: Pen,
    text: str = "",
    began_at: datetime | None = None,
    **said: Unpack[Worked],
) -> Ticket:
    """Write down time that was worked; it began as long before now, unless said otherwise."""
    if not 0 < minutes <= MOST_MINUTES:
        raise UsageError("ticket.minutes", f"{minutes} minutes of work cannot be")
    began = began_at or pen.at - timedelta(minutes=minutes)
    if began > pen.at:
        raise UsageError("ticket.began", f"{clock.iso(began)} is still to come")
    told = clean(text, "text")
    return act(
        desk,
        ident,
        lambda t: Timed(**pen.mark(t.history), minutes=minutes, began_at=began, text=told, **said),
    )


def void(desk: Desk, ident: str, eid: str, *, pen: Pen, text: str = "") -> Ticket:
    """Take back a time entry, a visit or an attachment; it stays in the history."""

    def voided(ticket: Ticket) -> Voided:
        able = (*ticket.times, *ticket.visits, *ticket.attachments)
        if not any(one.eid == eid for one in able):
            raise UsageError("ticket.entry", f"{ident} has no entry {eid[:40]!r} to take back")
        return Voided(**pen.mark(ticket.history), of=eid, text=clean(text, "text"))

    return act(desk, ident, voided)
