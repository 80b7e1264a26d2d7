"""Cases whose truth comes from outside: the tables in tests/cases/sla say from where."""

import re
from collections import Counter
from datetime import date, timedelta
from typing import cast

import pytest

from msptool.tickets.lifecycle import State
from msptool.tickets.sla import running, wall
from msptool.tickets.sla.hours import Always
from tests.unit.tickets.sla import calendars
from tests.unit.tickets.sla.calendars import Row

ROWS = list(calendars.rows())
STOPPING = ("waiting",)
CLOCK = re.compile(r"from (-?\d+)(?: to (-?\d+))?(?: promise (\d+))?: (.*)")


def _of(*asks: str) -> pytest.MarkDecorator:
    found = [row for row in ROWS if row.ask in asks]
    names = [f"{row.calendar} {row.given}" for row in found]
    return pytest.mark.parametrize("row", found, ids=names)


def test_there_are_two_hundred_cases_and_each_says_where_it_is_from() -> None:
    assert len(ROWS) >= 200
    assert len(set(ROWS)) == len(ROWS)
    assert all(row.origin and row.checks for row in ROWS)
    asks = {"due", "worked", "day", "month", "year", "clock-due", "clock-used", "clock-paused"}
    assert {row.ask for row in ROWS} == asks
    by = Counter(row.origin.split()[0] for row in ROWS)
    assert by["zammad"] >= 16 and by["glpi"] >= 30 and by["osTicket"] >= 6


@_of("due")
def test_due(row: Row) -> None:
    _, hours, zone = calendars.named(row.calendar)
    start, _, promised = row.given.rpartition(" +")
    begun, promise = calendars.local(start, zone), calendars.amount(promised)
    due = hours.add(begun, promise)
    assert calendars.shown(due, zone) == row.expected
    assert due is not None and hours.between(begun, due) == promise


@_of("worked")
def test_worked(row: Row) -> None:
    _, hours, zone = calendars.named(row.calendar)
    start, _, end = row.given.partition(" .. ")
    found = hours.between(calendars.local(start, zone), calendars.local(end, zone))
    assert found / wall.HOUR == pytest.approx(calendars.amount(row.expected) / wall.HOUR, abs=1e-4)


@_of("day")
def test_day(row: Row) -> None:
    calendar, _, _ = calendars.named(row.calendar)
    hours = calendar.hours(date.fromisoformat(row.given))
    told = " ".join(f"{_clock(start)}-{_clock(end)}" for start, end in hours)
    assert (told or "off") == row.expected


@_of("month", "year")
def test_sums(row: Row) -> None:
    calendar, hours, zone = calendars.named(row.calendar)
    year, month = (*map(int, row.given.split("-")), 0)[:2]
    day = date(year, month or 1, 1)
    after = (day + timedelta(days=31)).replace(day=1) if month else date(year + 1, 1, 1)
    days = [day + timedelta(days=n) for n in range((after - day).days)]
    worked = sum(bool(calendar.hours(one)) for one in days)
    found = hours.between(wall.when(day, 0, zone), wall.when(after, 0, zone))
    assert f"{worked} days {found / wall.HOUR:g}h" == row.expected


@_of("clock-due")
def test_clock_due(row: Row) -> None:
    start, _, promise, history = _clocked(row)
    ticket = calendars.ticket(*history, since=start)
    ended = None if ticket.ended_at is None else wall.instant(ticket.ended_at)
    ran = running.runs(ticket, STOPPING)
    due = running.reach(Always(), ran, ended, promise * wall.MINUTE)
    assert due is not None and _minutes(due) == int(row.expected)


@_of("clock-used")
def test_clock_used(row: Row) -> None:
    start, end, _, history = _clocked(row)
    opened, closed = history[0][0], history[-1][0]
    until = min(end, closed) if history[-1][1] == "closed" else end
    ticket = calendars.ticket(*history, since=max(start, opened))
    ran = running.runs(ticket, STOPPING)
    last = wall.instant(calendars.T0) + int(until) * wall.MINUTE
    used = sum(min(last, stop or last) - begun for begun, stop in ran if begun < last)
    assert used // wall.MINUTE == int(row.expected)


@_of("clock-paused")
def test_clock_paused(row: Row) -> None:
    start, _, _, history = _clocked(row)
    ticket = calendars.ticket(*history, since=start)
    found = running.pauses(ticket, STOPPING)
    told = " ".join(f"{_minutes(one.start)}-{_minutes(one.end or 0)}" for one in found)
    assert told == row.expected


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _minutes(instant: int) -> int:
    return (instant - wall.instant(calendars.T0)) // wall.MINUTE


def _clocked(row: Row) -> tuple[int, int, int, list[tuple[int, State]]]:
    found = CLOCK.fullmatch(row.given)
    assert found, row.given
    start, end, promise, history = found.groups()
    states = [one.split() for one in history.split(", ")]
    told = [(int(at), cast(State, state)) for at, state in states]
    return int(start), int(end or 0), int(promise or 0), told
