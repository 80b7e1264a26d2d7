"""The interval engine: adding and counting agree, in every zone, over every change of clocks."""

import os
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from msptool.profile.promises import WEEKDAYS
from msptool.profile.promises import Calendar as Told
from msptool.tickets.sla import wall
from msptool.tickets.sla.calendar import Calendar
from msptool.tickets.sla.hours import Always, Worked
from msptool.tickets.sla.public_days import Public

EXAMPLES = 600 if os.environ.get("MSPTOOL_FULL") else 60
ZONES = (
    "Europe/Berlin", "Europe/Moscow", "America/New_York", "Australia/Lord_Howe", "Asia/Beirut",
    "Africa/Casablanca", "Pacific/Apia", "Asia/Kolkata", "UTC",
)  # fmt: skip
FIRST, LAST = (wall.instant(datetime(year, 1, 1, tzinfo=UTC)) for year in (2009, 2037))


@st.composite
def days(draw: st.DrawFn) -> tuple[str, ...]:
    edges = draw(st.lists(st.integers(0, 1440), unique=True, max_size=6).map(sorted))
    pairs = zip(edges[::2], edges[1::2], strict=False)
    return tuple(f"{_clock(start)}-{_clock(end)}" for start, end in pairs)


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


@st.composite
def worked(draw: st.DrawFn) -> Worked:
    week = {day: draw(days()) for day in WEEKDAYS}
    week["wed"] = week["wed"] or ("00:30-03:00",)
    zone = ZoneInfo(draw(st.sampled_from(ZONES)))
    return Worked(Calendar(Told(week=week), Public()), zone)


instants = st.integers(FIRST, LAST)
promises = st.integers(1, 400 * wall.HOUR)


@settings(max_examples=EXAMPLES, deadline=None)
@given(worked(), instants, promises)
def test_what_was_added_is_what_is_counted(hours: Worked, start: int, promise: int) -> None:
    due = hours.add(start, promise)
    assert due is not None and due > start
    assert hours.between(start, due) == promise
    assert hours.between(start, due - 1) == promise - 1, "it is the first such instant"


@settings(max_examples=EXAMPLES, deadline=None)
@given(worked(), instants, st.integers(1, 60 * 24 * wall.HOUR))
def test_adding_what_was_counted_leads_back(hours: Worked, start: int, length: int) -> None:
    counted = hours.between(start, start + length)
    assert 0 <= counted <= length
    if counted:
        due = hours.add(start, counted)
        assert due is not None and due <= start + length
        assert hours.between(due, start + length) == 0


@settings(max_examples=EXAMPLES, deadline=None)
@given(worked(), st.lists(instants, min_size=3, max_size=3).map(sorted))
def test_counting_goes_by_parts(hours: Worked, at: list[int]) -> None:
    first, second, third = at[0], min(at[1], at[0] + wall.HOUR * 9000), at[0] + wall.HOUR * 9000
    whole = hours.between(first, third)
    assert hours.between(first, second) + hours.between(second, third) == whole
    assert hours.between(third, first) == 0


@settings(max_examples=EXAMPLES, deadline=None)
@given(
    st.sampled_from(ZONES),
    st.dates(date(2009, 1, 1), date(2037, 12, 31)),
    st.integers(0, 1440),
    st.integers(0, 1440),
)
def test_a_later_wall_time_is_never_an_earlier_instant(
    key: str, day: date, one: int, other: int
) -> None:
    zone = ZoneInfo(key)
    early, late = sorted((one, other))
    assert wall.when(day, early, zone) <= wall.when(day, late, zone)


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.sampled_from(ZONES), st.integers(FIRST, LAST))
def test_all_day_every_day_is_around_the_clock(key: str, start: int) -> None:
    told = Told(week=dict.fromkeys(WEEKDAYS, ("00:00-24:00",)))
    hours = Worked(Calendar(told, Public()), ZoneInfo(key))
    end = start + 40 * 24 * wall.HOUR
    assert hours.between(start, end) == Always().between(start, end)
    assert hours.add(start, 77 * wall.HOUR) == Always().add(start, 77 * wall.HOUR)


def test_a_calendar_without_hours_promises_nothing_and_ends() -> None:
    hours = Worked(Calendar(Told(week={}), Public()), ZoneInfo("UTC"))
    assert hours.add(LAST, 1) is None


@pytest.mark.parametrize("year", [1, 9999])
def test_the_edges_of_time_are_told(year: int) -> None:
    hours = Worked(Calendar(Told(), Public()), ZoneInfo("UTC"))
    with pytest.raises(OverflowError):
        hours.add(wall.instant(datetime(year, 6, 1, tzinfo=UTC)), 1)
