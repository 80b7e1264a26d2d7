"""A month of a client: each promise counts once, in its month, whatever happens later."""

from datetime import UTC, date, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from msptool.profile.promises import Effort, Sla
from msptool.profile.shape import Client, Tickets
from msptool.tickets.acts import asking, changing, ending, working
from msptool.tickets.events import Timed
from msptool.tickets.sla import effort, reckoner, report
from tests.unit.tickets.site import PROFILE, Site

NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)
PLAN = msgspec.structs.replace(
    PROFILE,
    client=Client(code="ACME", name="Acme", zone="Europe/Moscow"),
    tickets=Tickets(
        sla={"high": Sla(response_h=2, resolve_h=24), "normal": Sla(response_h=8, resolve_h=72)},
        time=Effort(round_min=15, included_h=2),
    ),
)


@pytest.fixture
def desk(site: Site) -> Site:
    site.profile = PLAN
    return site


def _report(site: Site, month: date) -> report.Report:
    with site.desk(to_write=False) as held:
        return report.of(held, reckoner.of(site.profile), month, site.now)


def _row(made: report.Report, level: str = "high") -> report.Row:
    return next(row for row in made.rows if row.priority == level)


def _add(site: Site, priority: str = "high") -> str:
    return site.act(asking.add, "printer", priority=priority).id


def test_kept_and_missed_promises(desk: Site) -> None:
    good, bad = _add(desk), _add(desk)
    desk.later(1)
    desk.comment(good, "on my way")
    desk.later(9)
    desk.close(good, reason="fixed")
    desk.later(30)
    desk.close(bad, reason="fixed")
    made = _report(desk, NOVEMBER)
    row = _row(made)
    assert (row.opened, row.ended, row.left_open) == (2, 2, 0)
    assert (row.response, row.resolution) == (report.Kept(met=1, missed=1),) * 2
    assert made.worst == report.Worst(ticket=bad, promise="response", over_h=38)
    assert _row(made, "normal").opened == 0


def test_what_is_late_counts_before_it_is_done_and_only_once(desk: Site) -> None:
    desk.now = datetime(2026, 11, 30, 12, tzinfo=UTC)
    ident = _add(desk)
    desk.later(2.5)
    assert _row(_report(desk, NOVEMBER)).response == report.Kept(met=0, missed=1)
    desk.later(100)
    desk.close(ident, reason="fixed")
    november, december = _row(_report(desk, NOVEMBER)), _row(_report(desk, DECEMBER))
    assert november.response == report.Kept(met=0, missed=1)
    assert december.response == report.Kept(met=0, missed=0)
    assert (november.left_open, december.left_open, december.ended) == (1, 0, 1)
    assert november.resolution.missed + december.resolution.missed == 1


def test_coming_back_does_not_hide_what_was_missed(desk: Site) -> None:
    ident = _add(desk)
    desk.later(50)
    desk.close(ident, reason="fixed")
    desk.later(1)
    desk.act(ending.reopen, ident)
    desk.later(1)
    desk.close(ident, reason="fixed")
    row = _row(_report(desk, NOVEMBER))
    assert (row.opened, row.ended) == (2, 2)
    assert row.resolution == report.Kept(met=1, missed=1)


def test_paused_time_is_what_would_have_counted(desk: Site) -> None:
    ident = _add(desk)
    desk.later(1)
    desk.act(changing.edit, ident, {"state": "waiting"})
    desk.later(5)
    assert _row(_report(desk, NOVEMBER)).paused_h == 5
    desk.act(changing.edit, ident, {"state": "open"})
    desk.later(5)
    assert _row(_report(desk, NOVEMBER)).paused_h == 5
    assert _row(_report(desk, DECEMBER)).paused_h == 0


def test_a_month_begins_by_the_client_s_clock(desk: Site) -> None:
    made = _report(desk, NOVEMBER)
    assert made.starts_at == datetime(2026, 10, 31, 21, tzinfo=UTC)
    assert made.ends_at == datetime(2026, 11, 30, 21, tzinfo=UTC)
    assert (made.client, made.month, made.zone) == ("ACME", "2026-11", "Europe/Moscow")


def test_work_is_rounded_and_added_up_by_what_pays(desk: Site) -> None:
    ident = _add(desk)
    for minutes, billing in ((1, "included"), (110, "included"), (16, "billable"), (5, "none")):
        desk.act(working.work, ident, minutes, billing=billing)
    assert _report(desk, NOVEMBER).time == effort.Worked(
        entries=4, worked_min=132, included_min=15 + 120, contract_min=120, over_min=15,
        billable_min=30, out_of_scope_min=15,
    )  # fmt: skip
    assert _report(desk, DECEMBER).time.entries == 0


def test_an_entry_taken_back_does_not_count(desk: Site) -> None:
    ident = _add(desk)
    (entry,) = desk.act(working.work, ident, 30).times
    desk.act(working.void, ident, entry.eid)
    assert _report(desk, NOVEMBER).time.entries == 0


@pytest.mark.parametrize(
    ("minutes", "step", "how", "counted"),
    [
        (1, 1, "up", 1), (1, 15, "up", 15), (15, 15, "up", 15), (16, 15, "up", 30),
        (7, 15, "nearest", 15), (22, 15, "nearest", 15), (23, 15, "nearest", 30),
        (45, 30, "nearest", 60), (44, 30, "nearest", 30), (90, 60, "up", 120),
    ],
)  # fmt: skip
def test_rounding(minutes: int, step: int, how: str, counted: int) -> None:
    assert effort.rounded(minutes, Effort(round_min=step, round=how)) == counted  # type: ignore[arg-type]


@given(st.integers(1, 44_640), st.integers(1, 480), st.sampled_from(["up", "nearest"]))
def test_rounding_moves_by_less_than_a_step(minutes: int, step: int, how: str) -> None:
    counted = effort.rounded(minutes, Effort(round_min=step, round=how))  # type: ignore[arg-type]
    assert counted % step == 0 and counted >= step
    assert abs(counted - minutes) < step
    assert how != "up" or counted >= minutes


def test_no_entries_are_no_time() -> None:
    none: list[Timed] = []
    assert effort.total(none, Effort(included_h=2)).over_min == 0
