from datetime import datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from msptool.profile.shape import Sla
from msptool.tickets import sla
from msptool.tickets.fold import Ticket
from tests.unit.tickets.site import HOUR, T0

PLAN: sla.Plan = {"high": Sla(response_h=2, resolve_h=24)}
OPEN = Ticket(
    id="ACME-000000-0", client="ACME", kind="request", title="t", text="", requester="",
    about=None, own_priority="high", state="open", opened_at=T0, since=T0, as_of=T0,
    changed_at=T0, history=(),
)  # fmt: skip


def _at(hours: float) -> datetime:
    return T0 + timedelta(hours=hours)


def test_due_by_the_priority_of_now() -> None:
    assert sla.due(OPEN, PLAN) == sla.Due(_at(2), _at(24))
    low = msgspec.structs.replace(OPEN, own_priority="low")
    assert sla.due(low, PLAN) == sla.Due()
    assert sla.resolution(low, sla.Due(), _at(99)) == "none"
    assert sla.next_due(low, sla.Due()) is None


@pytest.mark.parametrize(
    ("answered", "ended", "now", "standings", "next_due"),
    [
        (None, None, 1, ("running", "running"), 2),
        (None, None, 2, ("running", "running"), 2),
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
    due = sla.due(ticket, PLAN)
    found = sla.response(ticket, due, _at(now)), sla.resolution(ticket, due, _at(now))
    assert found == standings
    assert sla.next_due(ticket, due) == (None if next_due is None else _at(next_due))


@given(st.floats(0.1, 8000), st.floats(0, 9000))
def test_late_exactly_after_the_deadline(promise_h: float, now_h: float) -> None:
    plan: sla.Plan = {"high": Sla(response_h=promise_h, resolve_h=promise_h)}
    due = sla.due(OPEN, plan)
    standing = sla.resolution(OPEN, due, _at(now_h))
    assert standing == ("running" if _at(now_h) <= T0 + promise_h * HOUR else "late")
