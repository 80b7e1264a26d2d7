"""Why a deadline is when it is: nothing is left out, and each interval has its reason."""

from datetime import UTC, date, datetime
from itertools import pairwise

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from msptool.errors import UsageError
from msptool.profile.promises import Calendar, Closure, OwnDay, Sla
from msptool.profile.shape import Client, Tickets
from msptool.tickets.lifecycle import State
from msptool.tickets.sla import reckoner, wall, why
from msptool.tickets.sla.reckoner import Plan
from msptool.tickets.ticket import Span, Ticket
from tests.unit.tickets.site import PROFILE
from tests.unit.tickets.sla.calendars import RUSSIAN, T0, minutes_after, ticket

SLA = {"high": Sla(response_h=1, resolve_h=20, hours="business")}
MOSCOW = Client(code="ACME", name="Acme", languages=("ru", "en"), zone="Europe/Moscow")


def _plan(sla: dict[str, Sla] | None = None, **calendar: object) -> Plan:
    told = Calendar(week=RUSSIAN, holidays="RU", eve_less_h=1, **calendar)  # type: ignore[arg-type]
    tickets = Tickets(sla=SLA if sla is None else sla, calendar=told)  # type: ignore[arg-type]
    return reckoner.of(msgspec.structs.replace(PROFILE, client=MOSCOW, tickets=tickets))


def _ticket(opened: datetime, *spans: tuple[datetime, State]) -> Ticket:
    made = ticket((0, "open"))
    made.since = opened
    made.spans = (
        Span(opened, "open", "high", "anna@desk"),
        *(Span(at, state, "high", "boris@desk") for at, state in spans),
    )
    return made


def _lines(plan: Plan, made: Ticket, now: datetime) -> list[str]:
    intervals, _ = why.of(plan, made, now)
    return [
        f"{one.starts_at.astimezone(plan.zone):%d %H:%M} {'+' if one.counted else '-'} {one.reason}"
        for one in intervals
    ]


def test_every_sort_of_day_is_told_with_its_reason() -> None:
    plan = _plan(
        closed=(Closure(date=date(2025, 11, 6), why="stock-taking"),),
        days=(OwnDay(date=date(2025, 11, 8), hours=("10:00-12:00",), why="move"),),
    )
    made = _ticket(datetime(2025, 10, 31, 9, tzinfo=UTC))  # Friday noon in Moscow
    found = _lines(plan, made, datetime(2025, 11, 9, 21, tzinfo=UTC))
    assert found == [
        "31 12:00 + working hours", "31 13:00 - break", "31 14:00 + working hours",
        "31 18:00 - night", "01 09:00 + working hours", "01 13:00 - break",
        "01 14:00 + working hours", "01 17:00 - short day", "01 18:00 - night",
        "02 00:00 - weekend", "03 00:00 - holiday", "04 00:00 - holiday", "05 00:00 - night",
        "05 09:00 + working hours", "05 13:00 - break", "05 14:00 + working hours",
        "05 18:00 - night", "06 00:00 - closure", "07 00:00 - night", "07 09:00 + working hours",
        "07 13:00 - break", "07 14:00 + working hours", "07 18:00 - night",
        "08 10:00 + working hours", "08 12:00 - night", "09 00:00 - weekend",
    ]  # fmt: skip
    intervals, told = why.of(plan, made, datetime(2025, 11, 9, 21, tzinfo=UTC))
    by = {f"{one.starts_at.astimezone(plan.zone):%d %H}": one for one in intervals}
    assert by["04 00"].names["ru"] == "День народного единства"
    assert by["04 00"].source.startswith("holidays ") and by["04 00"].source.endswith(", RU")
    assert (by["06 00"].text, by["06 00"].source) == ("stock-taking", "client.yaml")
    assert (by["08 10"].text, by["08 10"].day) == ("move", "own")
    assert told.counted_h == 5 + 7 + 8 + 8 + 2


def test_a_pause_is_told_with_who_paused_where_time_would_have_counted() -> None:
    paused = datetime(2026, 11, 9, 8, tzinfo=UTC)  # Monday 11:00
    back = datetime(2026, 11, 10, 7, tzinfo=UTC)  # Tuesday 10:00
    made = _ticket(datetime(2026, 11, 9, 6, tzinfo=UTC), (paused, "waiting"), (back, "in_progress"))
    intervals, told = why.of(_plan(), made, datetime(2026, 11, 10, 9, tzinfo=UTC))
    assert [(one.reason, one.by, one.text) for one in intervals] == [
        ("working hours", "", ""), ("pause", "boris@desk", "waiting"), ("break", "", ""),
        ("pause", "boris@desk", "waiting"), ("night", "", ""), ("pause", "boris@desk", "waiting"),
        ("working hours", "", ""),
    ]  # fmt: skip
    assert (told.counted_h, told.paused_h, told.skipped_h) == (4, 7, 16)
    assert told.resolution is not None and told.resolution.used_h == 4
    assert told.response is not None and told.response.standing == "late"


def test_around_the_clock_is_one_line() -> None:
    plan = _plan({"high": Sla(response_h=1, resolve_h=20)})
    made = _ticket(T0)
    (one,), told = why.of(plan, made, minutes_after(90))
    assert (one.reason, one.counted, one.seconds) == ("around the clock", True, 5400)
    assert told.hours == "24x7" and told.holidays == ""


def test_without_a_promise_nothing_is_counted() -> None:
    intervals, told = why.of(_plan({}), _ticket(T0), minutes_after(90))
    assert intervals == [] and (told.hours, told.response) == ("", None)


def test_another_century_is_not_told_day_by_day() -> None:
    made = _ticket(T0.replace(year=1926))
    with pytest.raises(UsageError, match="is open since 1926"):
        why.of(_plan(), made, minutes_after(0))


def test_it_ends_where_the_ticket_ended() -> None:
    made = _ticket(T0, (minutes_after(600), "closed"))
    made.ended_at = minutes_after(600)
    intervals, told = why.of(_plan(), made, minutes_after(99_999))
    assert intervals[-1].ends_at == minutes_after(600) == told.until
    assert told.resolution is not None and told.resolution.standing == "met"


HISTORIES = st.lists(
    st.tuples(
        st.integers(0, 20_000),
        st.sampled_from(["open", "in_progress", "waiting", "snoozed", "closed"]),
    ),
    max_size=6,
)


@pytest.mark.parametrize("hours", ["business", "24x7"])
@settings(max_examples=60, deadline=None)
@given(history=HISTORIES, until=st.integers(0, 20_000), now=st.integers(0, 25_000))
def test_nothing_is_left_out_and_the_sums_are_the_deadline_s(
    hours: str, history: list[tuple[float, State]], until: int, now: int
) -> None:
    sla = {"high": Sla(response_h=1, resolve_h=20, hours=hours)}  # type: ignore[arg-type]
    plan = _plan(sla)
    made = ticket((0, "open"), *sorted(history), until=until)
    intervals, told = why.of(plan, made, minutes_after(now))
    assert sum(one.seconds for one in intervals) == (told.until - told.since).total_seconds()
    assert all(one.ends_at == other.starts_at for one, other in pairwise(intervals))
    whole = told.counted_h + told.paused_h + told.skipped_h
    assert whole * 3600 == pytest.approx((told.until - told.since).total_seconds())
    due = plan.clocks(made).resolve_due
    if due is not None and due <= told.until:
        used = why.used_h(why.pieces(plan, made, wall.instant(told.since),
                                     wall.instant(told.until)), due)  # fmt: skip
        assert used == pytest.approx(20)
    elif made.ended_at is None:
        assert told.resolution is not None and told.resolution.used_h <= 20
