"""How a ticket stands against what the client was promised; who reckons it is in `sla`."""

from datetime import datetime
from typing import Literal, Protocol, TypeAlias

from msgspec import Struct

from msptool.tickets.ticket import Ticket

Standing: TypeAlias = Literal["none", "running", "warning", "late", "paused", "met", "missed"]


class Clocks(Struct, frozen=True, gc=False):
    """When a ticket must be answered and done, if no clock is stopped till then; None where the
    plan promises nothing, or the clock stands still. `warn`: when a breach comes near.

    `response_met`, `resolve_met`: how a clock that has stopped ended.
    """

    response_due: datetime | None = None
    resolve_due: datetime | None = None
    response_warn: datetime | None = None
    resolve_warn: datetime | None = None
    response_met: bool | None = None
    resolve_met: bool | None = None
    paused: bool = False


class Reckoner(Protocol):
    """A client's plan, as far as the index needs it: another `basis` makes other rows."""

    @property
    def basis(self) -> str:
        """What all answers follow from."""

    def clocks(self, ticket: Ticket) -> Clocks:
        """Return a ticket's deadlines."""

    def told(self) -> bytes:
        """Return what another process makes it of."""


def response(clocks: Clocks, now: datetime) -> Standing:
    """Return how the response clock stands."""
    return _standing(clocks.response_due, clocks.response_warn, clocks.response_met, clocks, now)


def resolution(clocks: Clocks, now: datetime) -> Standing:
    """Return how the resolution clock stands."""
    return _standing(clocks.resolve_due, clocks.resolve_warn, clocks.resolve_met, clocks, now)


def next_due(clocks: Clocks) -> datetime | None:
    """Return the deadline that a ticket runs towards; None if no clock runs."""
    open_ones = (
        clocks.response_due if clocks.response_met is None else None,
        clocks.resolve_due if clocks.resolve_met is None else None,
    )
    return min((due for due in open_ones if due is not None), default=None)


def _standing(
    due: datetime | None,
    warn: datetime | None,
    met: bool | None,  # noqa: FBT001 - a field of Clocks
    clocks: Clocks,
    now: datetime,
) -> Standing:
    if met is not None:
        return "met" if met else "missed"
    if due is None:
        return "paused" if clocks.paused else "none"
    if now > due:
        return "late"
    return "warning" if warn is not None and now >= warn else "running"
