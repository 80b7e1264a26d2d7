"""A ticket's clocks: pauses, snoozes, answers, priorities, clocks of laptops that disagree."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from msptool.profile.promises import Calendar, Effort, Sla
from msptool.profile.shape import Client, Tickets
from msptool.tickets import clocks
from msptool.tickets.clocks import Clocks
from msptool.tickets.lifecycle import State
from msptool.tickets.sla import reckoner
from msptool.tickets.sla.reckoner import Plan
from msptool.tickets.ticket import Span, Ticket
from tests.unit.tickets.site import PROFILE
from tests.unit.tickets.sla.calendars import T0, ticket
from tests.unit.tickets.sla.calendars import minutes_after as at


def _plan(**told: object) -> Plan:
    sla = {"high": Sla(response_h=1, resolve_h=10), "low": Sla(response_h=5, resolve_h=50)}
    told = {"sla": sla, **told}
    return reckoner.of(msgspec.structs.replace(PROFILE, tickets=Tickets(**told)))  # type: ignore[arg-type]


PLAN = _plan()
SNOOZING = _plan(pauses=("waiting", "snoozed"))


def _resolve(found: Clocks) -> float | None:
    return None if found.resolve_due is None else (found.resolve_due - T0).total_seconds() / 60


@pytest.mark.parametrize(
    ("history", "due"),
    [
        ([(0, "open")], 600),
        ([(0, "open"), (60, "in_progress")], 600),
        ([(0, "open"), (60, "waiting")], None),
        ([(0, "open"), (60, "waiting"), (100, "open")], 640),
        ([(0, "open"), (60, "waiting"), (100, "in_progress"), (200, "waiting")], None),
        ([(0, "waiting"), (100, "open")], 700),
        ([(0, "open"), (700, "waiting")], 600),
        ([(0, "open"), (600, "waiting"), (900, "open")], 600),
        ([(0, "open"), (60, "waiting"), (60, "open")], 600),
        ([(0, "open"), (60, "waiting"), (100, "closed")], 640),
        ([(0, "open"), (60, "resolved"), (90, "closed")], 600),
    ],
)
def test_pauses_move_the_deadline(history: list[tuple[int, State]], due: float | None) -> None:
    found = PLAN.clocks(ticket(*history))
    assert _resolve(found) == due
    assert found.paused == (history[-1][1] == "waiting")


def test_a_paused_clock_that_is_late_stays_late() -> None:
    found = PLAN.clocks(ticket((0, "open"), (700, "waiting")))
    assert clocks.resolution(found, at(800)) == "late"
    paused = PLAN.clocks(ticket((0, "open"), (60, "waiting")))
    assert clocks.resolution(paused, at(9999)) == "paused"


def test_a_snooze_stops_the_clock_only_if_the_plan_says_so_and_ends_by_itself() -> None:
    asleep = ticket((0, "open"), (60, "snoozed"), until=160)
    assert _resolve(PLAN.clocks(asleep)) == 600
    assert _resolve(SNOOZING.clocks(asleep)) == 700
    assert not SNOOZING.clocks(asleep).paused, "nobody would tell the index when it is over"
    woken = ticket((0, "open"), (60, "snoozed"), (90, "open"), until=160)
    assert _resolve(SNOOZING.clocks(woken)) == 630


def test_what_comes_after_a_clock_stopped_does_not_move_it() -> None:
    found = ticket((0, "open"), (30, "waiting"))
    found.answered_at = at(30)
    assert PLAN.clocks(found).response_due == at(60)
    assert PLAN.clocks(found).response_met is True
    late = ticket((0, "open"), (90, "waiting"), (120, "closed"))
    late.answered_at = at(90)
    told = PLAN.clocks(late)
    assert (told.response_met, told.resolve_met) == (False, True)


def test_closing_while_paused_keeps_the_promise() -> None:
    found = PLAN.clocks(ticket((0, "open"), (599, "waiting"), (99_999, "closed")))
    assert found.resolve_met is True
    assert found.resolve_due == at(99_999 + 1)


def test_the_priority_of_now_counts_from_the_beginning() -> None:
    found = ticket((0, "open"), (30, "in_progress"))
    assert _resolve(PLAN.clocks(found)) == 600
    found.own_priority = "low"
    assert _resolve(PLAN.clocks(found)) == 3000
    found.own_priority = "normal"
    assert PLAN.clocks(found) == Clocks()


def test_a_reopened_ticket_counts_from_its_return() -> None:
    found = ticket((0, "open"), (60, "waiting"), (100, "closed"), (500, "open"), since=500)
    found.ended_at = None
    assert _resolve(PLAN.clocks(found)) == 1100


def test_a_warning_comes_at_its_share_of_the_time_that_counts() -> None:
    found = PLAN.clocks(ticket((0, "open"), (60, "waiting"), (100, "open")))
    assert found.resolve_warn == at(480 + 40)
    assert _plan(warn_at=0.5).clocks(ticket((0, "open"))).resolve_warn == at(300)


def test_clocks_of_laptops_that_disagree_make_no_time() -> None:
    early = ticket((0, "open"), (60, "waiting"), (30, "open"))
    assert _resolve(PLAN.clocks(early)) == 600
    before = ticket((-500, "waiting"), (-400, "open"), since=0)
    assert _resolve(PLAN.clocks(before)) == 600


@pytest.mark.parametrize("year", [1, 9999])
@pytest.mark.parametrize("hours", ["24x7", "business"])
def test_a_clock_from_the_edge_of_time_breaks_nothing(year: int, hours: str) -> None:
    sla = {"high": Sla(response_h=1, resolve_h=8784, hours=hours)}  # type: ignore[arg-type]
    found = ticket((0, "open"))
    edge = T0.replace(year=year, month=12, day=31)
    found.since = edge
    found.spans = (Span(edge, "open", "high", "a@b"),)
    assert isinstance(_plan(sla=sla).clocks(found), Clocks)


STATES = st.sampled_from(["open", "in_progress", "waiting", "snoozed", "closed"])
HISTORIES = st.lists(st.tuples(st.integers(-50, 900), STATES), min_size=1, max_size=8)


@settings(max_examples=200, deadline=None)
@given(HISTORIES, st.integers(-50, 100), st.integers(0, 1000))
def test_no_history_breaks_a_clock(
    history: list[tuple[float, State]], since: int, until: int
) -> None:
    made = ticket((since, "open"), *history, since=since, until=until)
    found = SNOOZING.clocks(made)
    if found.resolve_due is not None:
        assert found.resolve_due >= at(since + 600), "pauses never bring a deadline nearer"
    if made.ended_at is not None:
        assert found.resolve_met is not None and found.response_met is not None


def test_the_digest_follows_from_all_that_deadlines_follow_from() -> None:
    business = {"high": Sla(response_h=1, resolve_h=10, hours="business")}
    berlin = Client(code="ACME", name="Acme", zone="Europe/Berlin")
    plans = [
        PLAN, SNOOZING, _plan(warn_at=0.5), _plan(sla=business),
        _plan(sla=business, calendar=Calendar(holidays="RU")),
        _plan(sla=business, calendar=Calendar(holidays="RU", eve_less_h=1)),
        reckoner.of(msgspec.structs.replace(
            PROFILE, client=berlin, tickets=Tickets(sla=business))),  # type: ignore[arg-type]
    ]  # fmt: skip
    assert len({plan.basis for plan in plans}) == len(plans)
    assert PLAN.basis == _plan(time=Effort(round_min=15)).basis == _plan().basis


def test_the_digest_follows_the_data_of_holidays(monkeypatch: pytest.MonkeyPatch) -> None:
    sla = {"high": Sla(response_h=1, resolve_h=10, hours="business")}

    def told() -> str:
        return _plan(sla=sla, calendar=Calendar(holidays="RU")).basis

    before = told()
    monkeypatch.setattr("msptool.tickets.sla.public_days.version", lambda: "0.999")
    assert told() != before


def test_a_ticket_s_history_is_not_touched() -> None:
    made: Ticket = ticket((0, "open"), (60, "waiting"))
    before = msgspec.json.encode(made)
    PLAN.clocks(made)
    assert msgspec.json.encode(made) == before
