"""Visits on site: planned, done, cancelled; see `acts.acting` for what all acts have in common."""

from datetime import datetime

from msptool.errors import UsageError
from msptool.tickets.acts import acting
from msptool.tickets.desk import Desk
from msptool.tickets.events import Pen, Visit, VisitStatus
from msptool.tickets.ticket import Ticket

MOST_H = 24 * 14


def plan(
    desk: Desk, ident: str, starts_at: datetime, ends_at: datetime, *, pen: Pen,
    engineer: str = "", place: str = "", text: str = "",
) -> Ticket:  # fmt: skip
    """Write down who will be where and when; raise UsageError where it ends before it begins."""
    _require_order(starts_at, ends_at)

    def planned(ticket: Ticket) -> Visit:
        mark = pen.mark(ticket.history)
        return Visit(
            **mark, visit=mark["eid"], starts_at=starts_at, ends_at=ends_at,
            engineer=acting.clean(engineer, "engineer"), place=acting.clean(place, "place"),
            text=acting.clean(text, "text"),
        )  # fmt: skip

    return acting.act(desk, ident, planned)


def settle(
    desk: Desk, ident: str, visit: str, status: VisitStatus, *, pen: Pen,
    starts_at: datetime | None = None, ends_at: datetime | None = None, text: str = "",
) -> Ticket:  # fmt: skip
    """Say that a visit was done, maybe at another time, or will not be. `visit`: see `find`."""

    def settled(ticket: Ticket) -> Visit:
        old = find(ticket, visit)
        starts, ends = starts_at or old.starts_at, ends_at or old.ends_at
        if starts_at and not ends_at:
            ends = starts + (old.ends_at - old.starts_at)
        _require_order(starts, ends)
        if old.status == status == "cancelled":
            raise UsageError("ticket.same", f"{ident} is so already; nothing was written")
        return Visit(
            **pen.mark(ticket.history), visit=old.visit, starts_at=starts, ends_at=ends,
            engineer=old.engineer, place=old.place, status=status,
            text=acting.clean(text, "text") or old.text,
        )  # fmt: skip

    return acting.act(desk, ident, settled)


def find(ticket: Ticket, said: str) -> Visit:
    """Return a visit by its number in `tickets show`, by its id, or where nothing is said, the
    only one that is planned. Raises UsageError where it is none or of several.
    """
    if not said:
        planned = [visit for visit in ticket.visits if visit.status == "planned"]
        if len(planned) == 1:
            return planned[0]
        raise UsageError(
            "ticket.visit", f"{ticket.id} has {len(planned)} planned visits",
            hint="say which: msptool tickets show numbers them",
        )  # fmt: skip
    for number, visit in enumerate(ticket.visits, start=1):
        if said in (str(number), visit.visit):
            return visit
    raise UsageError("ticket.entry", f"{ticket.id} has no visit {said[:40]!r}")


def _require_order(starts_at: datetime, ends_at: datetime) -> None:
    hours = (ends_at - starts_at).total_seconds() / 3600
    if not 0 < hours <= MOST_H:
        raise UsageError(
            "ticket.visit", "a visit ends after it begins, within 14 days",
            hint="--starts 'tomorrow 10:00' --ends 12:00",
        )  # fmt: skip
