"""When: what is read is what is written, and the next moment is the first that matches."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from msptool.errors import UsageError
from msptool.schedule.calendar import Calendar, parse


def _some(first: int, last: int) -> st.SearchStrategy[frozenset[int]]:
    whole = st.just(frozenset(range(first, last + 1)))
    return st.one_of(whole, st.frozensets(st.integers(first, last), min_size=1, max_size=4))


calendars = st.builds(
    Calendar,
    weekdays=_some(1, 7),
    months=_some(1, 12),
    days=_some(1, 28),
    hours=_some(0, 23),
    minutes=_some(0, 59),
)
moments = st.integers(0, 73 * 366 * 86400).map(
    lambda second: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=second)
)


@pytest.mark.parametrize(
    ("text", "before", "comes"),
    [
        ("*-02-29", "2096-03-01", "2104-02-29"),
        ("Mon *-01-09", "2026-01-01", "2034-01-09"),
        ("Mon *-02-29", "2072-03-01", "2112-02-29"),
    ],
)
def test_a_rare_day_is_found_however_far_it_is(text: str, before: str, comes: str) -> None:
    moment = datetime.fromisoformat(before).replace(tzinfo=UTC)
    found = parse(text).next_after(moment)
    assert found == datetime.fromisoformat(comes).replace(tzinfo=UTC)


@given(calendars)
def test_what_is_written_reads_back(calendar: Calendar) -> None:
    assert parse(str(calendar)) == calendar


@given(calendars, moments)
@settings(max_examples=50)
def test_the_next_moment_matches_every_field(calendar: Calendar, moment: datetime) -> None:
    found = calendar.next_after(moment)
    assert found is not None
    assert found > moment
    assert (found.second, found.microsecond) == (0, 0)
    assert found.isoweekday() in calendar.weekdays
    assert found.month in calendar.months
    assert found.day in calendar.days
    assert found.hour in calendar.hours
    assert found.minute in calendar.minutes


@given(_some(0, 23), _some(0, 59), moments)
@settings(max_examples=25)
def test_no_earlier_moment_matches(
    hours: frozenset[int], minutes: frozenset[int], moment: datetime
) -> None:
    daily = parse("daily")
    calendar = Calendar(daily.weekdays, daily.months, daily.days, hours, minutes)
    found = calendar.next_after(moment)
    step = moment.replace(second=0, microsecond=0) + timedelta(minutes=1)
    while step.hour not in hours or step.minute not in minutes:
        step += timedelta(minutes=1)
    assert found == step


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("*-*-* 19:00:00", "*-*-* 19:00:00 UTC"),
        ("*-*-* *:00/15:00", "*-*-* *:00,15,30,45:00 UTC"),
        ("*-*-* 00/6:30:00", "*-*-* 00,06,12,18:30:00 UTC"),
        ("Mon..Fri 06:30", "Mon,Tue,Wed,Thu,Fri *-*-* 06:30:00 UTC"),
        ("fri..mon *-*-* 1:5", "Mon,Fri,Sat,Sun *-*-* 01:05:00 UTC"),
        ("*-01..03-1,15 08..10:*/20 UTC", "*-01,02,03-01,15 08,09,10:00,20,40:00 UTC"),
        ("Sunday", "Sun *-*-* 00:00:00 UTC"),
        ("hourly", "*-*-* *:00:00 UTC"),
        ("weekly", "Mon *-*-* 00:00:00 UTC"),
        ("monthly", "*-*-01 00:00:00 UTC"),
        ("*-02-29 12:00", "*-02-29 12:00:00 UTC"),
    ],
)
def test_expressions(text: str, written: str) -> None:
    assert str(parse(text)) == written


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "19", "soon", "*-*-* 24:00", "*-*-* 12:60", "*-13-* 1:00", "*-*-0 1:00",
        "2026-*-* 1:00", "*-*-* 1:00:30", "*-*-* 1:00 Europe/Moscow", "*-02-30 1:00",
        "Mon..Fry 1:00", "*-*-* 5..3:00", "*-*-* 1:00/0", "*-*-* 1:00\nExecStart=/bin/sh",
        "*-*-~1 1:00", "*-*-* ٣:00", "*-*-* 1:00:00.5", "*-*-* 1:00 2:00",
    ],
)  # fmt: skip
def test_what_cron_and_systemd_do_not_share_is_refused(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse(text)
    assert caught.value.code == "schedule.calendar"


@given(calendars, moments)
@settings(max_examples=100)
def test_the_last_moment_is_the_one_before_the_next(calendar: Calendar, moment: datetime) -> None:
    following = calendar.next_after(moment)
    assert following is not None
    assert calendar.last_before(following) == following
    before = calendar.last_before(following - timedelta(seconds=1))
    assert before is not None and before <= moment and calendar.next_after(before) == following
