from datetime import datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from msptool.profile.shape import Sla, Tickets
from msptool.tickets import clocks
from msptool.tickets.sla import reckoner
from msptool.tickets.ticket import Ticket
from tests.unit.tickets.site import HOUR, PROFILE, T0

OPEN = Ticket(
    id="ACME-000000-0", client="ACME", kind="request", title="t", text="", requester="",
    about=None, own_priority="high", state="open", opened_at=T0, since=T0, as_of=T0,
    changed_at=T0, history=(),
)  # fmt: skip


def _plan(response_h: float, resolve_h: float) -> reckoner.Plan:
    tickets = Tickets(sla={"high": Sla(response_h=response_h, resolve_h=resolve_h)})
    return reckoner.of(msgspec.structs.replace(PROFILE, tickets=tickets))


def _at(hours: float) -> datetime:
    return T0 + timedelta(hours=hours)


def test_nothing_is_promised_for_a_priority_that_the_plan_leaves_out() -> None:
    low = _plan(2, 24).clocks(msgspec.structs.replace(OPEN, own_priority="low"))
    assert low == clocks.Clocks()
    assert clocks.resolution(low, _at(99)) == "none"
    assert clocks.next_due(low) is None


@pytest.mark.parametrize(
    ("answered", "ended", "now", "standings", "next_due"),
    [
        (None, None, 1, ("running", "running"), 2),
        (None, None, 1.6, ("warning", "running"), 2),
        (None, None, 2, ("warning", "running"), 2),
        (None, None, 3, ("late", "running"), 2),
        (1, None, 3, ("met", "running"), 24),
        (3, None, 25, ("missed", "late"), 24),
        (1, 23, 99, ("met", "met"), None),
        (1, 25, 99, ("met", "missed"), None),
        (None, 1, 99, ("met", "met"), None),
        (None, 5, 99, ("missed", "met"), None),
    ],
)
def test_standings(
    answered: float | None,
    ended: float | None,
    now: float,
    standings: tuple[str, str],
    next_due: float | None,
) -> None:
    ticket = msgspec.structs.replace(
        OPEN,
        answered_at=None if answered is None else _at(answered),
        ended_at=None if ended is None else _at(ended),
    )
    reckoned = _plan(2, 24).clocks(ticket)
    found = clocks.response(reckoned, _at(now)), clocks.resolution(reckoned, _at(now))
    assert found == standings
    assert clocks.next_due(reckoned) == (None if next_due is None else _at(next_due))


QUARTERS = st.integers(1, 32_000).map(lambda quarters: quarters / 4)


@given(QUARTERS, QUARTERS)
def test_late_exactly_after_the_deadline(promise_h: float, now_h: float) -> None:
    standing = clocks.resolution(_plan(promise_h, promise_h).clocks(OPEN), _at(now_h))
    assert (standing == "late") == (_at(now_h) > T0 + promise_h * HOUR)
