"""A client's plan as the index and the records ask for it."""

from dataclasses import dataclass
from datetime import timedelta

from msptool.profile import Profile
from msptool.tickets.clocks import Clocks
from msptool.tickets.fold import Ticket


@dataclass(frozen=True)
class Plan:
    """The promises of a profile; see `clocks.Reckoner`."""

    profile: Profile

    @property
    def digest(self) -> str:
        """What all answers follow from."""
        return repr(sorted(self.profile.tickets.sla.items()))

    def clocks(self, ticket: Ticket) -> Clocks:
        """Return a ticket's deadlines."""
        promise = self.profile.tickets.sla.get(ticket.priority)
        if promise is None:
            return Clocks()
        response = ticket.since + timedelta(hours=promise.response_h)
        resolve = ticket.since + timedelta(hours=promise.resolve_h)
        answered = ticket.answered_at or ticket.ended_at
        return Clocks(
            response_due=response,
            resolve_due=resolve,
            response_met=None if answered is None else answered <= response,
            resolve_met=None if ticket.ended_at is None else ticket.ended_at <= resolve,
        )


def of(profile: Profile) -> Plan:
    """Return the plan of a profile."""
    return Plan(profile)
