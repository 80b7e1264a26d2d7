"""When a ticket must be answered and done. Clocks run around the clock, from opening or return.

The response clock stops at the first thing a person does; the resolution clock when the ticket is
resolved or closed. Pure: times in, times out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from msptool.profile.shape import Sla
from msptool.tickets.fold import Ticket
from msptool.tickets.lifecycle import Importance

Standing: TypeAlias = Literal["none", "running", "late", "met", "missed"]
Plan: TypeAlias = Mapping[Importance, Sla]


@dataclass(frozen=True)
class Due:
    """The two deadlines; None where the plan promises nothing for this priority."""

    response_at: datetime | None = None
    resolve_at: datetime | None = None


def due(ticket: Ticket, plan: Plan) -> Due:
    """Return when a ticket is to be answered and done, by its priority of now."""
    promise = plan.get(ticket.priority)
    if promise is None:
        return Due()
    return Due(
        ticket.since + timedelta(hours=promise.response_h),
        ticket.since + timedelta(hours=promise.resolve_h),
    )


def response(ticket: Ticket, deadlines: Due, now: datetime) -> Standing:
    """Return how the response clock stands; what ended unanswered was answered by its end."""
    stopped = ticket.answered_at or ticket.ended_at
    return _standing(deadlines.response_at, stopped, now)


def resolution(ticket: Ticket, deadlines: Due, now: datetime) -> Standing:
    """Return how the resolution clock stands."""
    return _standing(deadlines.resolve_at, ticket.ended_at, now)


def _standing(limit: datetime | None, stopped: datetime | None, now: datetime) -> Standing:
    if limit is None:
        return "none"
    if stopped is None:
        return "running" if now <= limit else "late"
    return "met" if stopped <= limit else "missed"


def next_due(ticket: Ticket, deadlines: Due) -> datetime | None:
    """Return the deadline that an active ticket runs towards; None if no clock runs."""
    if ticket.ended_at is not None:
        return None
    return deadlines.resolve_at if ticket.answered_at else deadlines.response_at
