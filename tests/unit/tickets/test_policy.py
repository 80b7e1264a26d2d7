"""What the client's policy does with findings: windows, flapping, works, accepted risks."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from msptool.model import Thing
from msptool.profile.shape import Flapping, Maintenance, Policy
from msptool.tickets import plan
from msptool.tickets.acts import ending
from msptool.tickets.events import Linked
from tests.unit.tickets.site import HOUR, PROFILE, T0, Site, attempt, finding, report

DAY = 24 * HOUR
PASS = (attempt("pass"),)


def under(site: Site, policy: Policy | None = None, *works: Maintenance, zone: str = "UTC") -> None:
    tickets = msgspec.structs.replace(
        PROFILE.tickets, policy=policy or Policy(), maintenance=tuple(works)
    )
    client = msgspec.structs.replace(PROFILE.client, zone=zone)
    site.profile = msgspec.structs.replace(PROFILE, tickets=tickets, client=client)


def turn(site: Site, times: int, every: timedelta = HOUR) -> list[str]:
    """Let a fault go and come, so often; return what became of it each time."""
    found = []
    for _ in range(times):
        site.now += every
        gone = site.ingest(report(site.now, attempts=PASS))
        site.now += every
        back = site.ingest(report(site.now, finding()))
        found.append("held" if gone.flapping else "turned" if back.reopened else "?")
    return found


# Reopening.


@pytest.mark.parametrize(("days", "is_reopened"), [(1, True), (29.9, True), (30.1, False)])
def test_within_the_window_it_reopens_later_it_is_a_new_ticket(
    site: Site, days: float, is_reopened: bool
) -> None:
    site.ingest(report(T0, finding()))
    old = site.only().id
    site.ingest(report(T0 + HOUR, attempts=PASS))
    outcome = site.ingest(report(site.now + timedelta(days=days), finding()))
    assert bool(outcome.reopened) is is_reopened
    assert bool(outcome.opened) is not is_reopened
    if not is_reopened:
        (new,) = outcome.opened
        assert site.read(new).links == (("relates", old),)
        assert [type(event) for event in site.read(new).history][1] is Linked
        assert site.read(old).state == "resolved"


def test_the_new_ticket_goes_on_as_the_old_one_did(site: Site) -> None:
    under(site, Policy(reopen_within_days=1))
    site.ingest(report(T0, finding()))
    site.ingest(report(T0 + HOUR, attempts=PASS))
    (new,) = site.ingest(report(T0 + 9 * DAY, finding())).opened
    assert site.ingest(report(T0 + 10 * DAY, finding())).seen == (new,)
    assert site.ingest(report(T0 + 11 * DAY, attempts=PASS)).resolved == (new,)
    # Of several that ended the window counts from the last one.
    assert site.ingest(report(T0 + 11.5 * DAY, finding())).changed
    assert len(site.all()) == 2


def test_closed_as_fixed_and_back_late_is_a_new_ticket_too(site: Site) -> None:
    site.ingest(report(T0, finding()))
    site.later()
    site.close(site.only().id, reason="fixed")
    assert site.ingest(report(T0 + 40 * DAY, finding())).opened


def test_wont_fix_stays_closed_for_years_and_for_new_tickets(site: Site) -> None:
    under(site, Policy(reopen_within_days=1))
    site.ingest(report(T0, finding()))
    site.ingest(report(T0 + HOUR, attempts=PASS))
    (new,) = site.ingest(report(T0 + 9 * DAY, finding())).opened
    site.later()
    site.close(new, reason="wont-fix", text="the client will not pay")
    before = site.snapshot()
    for days in (10, 100, 1000):
        assert not site.ingest(report(T0 + days * DAY, finding(severity="critical"))).changed
    assert site.snapshot() == before


# Accepted risks.


def accepted(site: Site, days: float) -> str:
    site.ingest(report(T0, finding()))
    site.later()
    ident = site.only().id
    until = T0 + timedelta(days=days)
    site.close(ident, reason="accepted", text="until the new firewall", until=until)
    return ident


def test_an_accepted_risk_is_quiet_until_its_day_and_then_the_same_ticket_comes_back(
    site: Site,
) -> None:
    ident = accepted(site, 90)
    before = site.snapshot()
    for day in (1, 31, 89):
        assert not site.ingest(report(T0 + day * DAY, finding())).changed
    assert site.snapshot() == before
    outcome = site.ingest(report(T0 + 91 * DAY, finding()))
    assert outcome.reopened == (ident,)
    assert (site.only().state, site.only().accepted_until) == ("open", None)


def test_an_accepted_risk_that_is_gone_by_then_stays_closed(site: Site) -> None:
    ident = accepted(site, 90)
    assert not site.ingest(report(T0 + 91 * DAY, attempts=PASS)).changed
    assert site.read(ident).state == "closed"
    assert site.ingest(report(T0 + 300 * DAY, finding())).opened  # long after: a new one


# Snoozed.


def test_a_snoozed_ticket_is_known_and_may_resolve(site: Site) -> None:
    site.ingest(report(T0, finding()))
    site.later()
    ident = site.only().id
    site.act(ending.snooze, ident, T0 + 7 * DAY)
    before = site.snapshot()
    assert site.ingest(report(T0 + DAY, finding())).seen == (ident,)
    assert site.snapshot() == before
    assert site.read(ident).state_at(T0 + 8 * DAY) == "open"
    assert site.ingest(report(T0 + 2 * DAY, attempts=PASS)).resolved == (ident,)
    assert site.read(ident).snoozed_until is None


# Flapping.


def test_what_comes_and_goes_stays_open_after_so_many_turns(site: Site) -> None:
    under(site, Policy(flapping=Flapping(turns=4, within_h=24)))
    site.ingest(report(T0, finding()))
    assert turn(site, 6) == ["turned", "turned", "held", "held", "held", "held"]
    ticket = site.only()
    assert (ticket.state, len(ticket.turns)) == ("open", 4)


def test_when_it_has_been_quiet_it_resolves(site: Site) -> None:
    under(site, Policy(flapping=Flapping(turns=4, within_h=24)))
    site.ingest(report(T0, finding()))
    turn(site, 3)
    quiet = [site.ingest(report(site.now + 6 * HOUR, attempts=PASS)) for _ in range(5)]
    assert [bool(outcome.resolved) for outcome in quiet] == [False, False, False, True, False]


def test_slow_turns_are_no_flapping(site: Site) -> None:
    under(site, Policy(flapping=Flapping(turns=4, within_h=24)))
    site.ingest(report(T0, finding()))
    assert turn(site, 5, every=10 * HOUR) == ["turned"] * 5


def test_turns_of_the_future_count_for_nothing() -> None:
    policy = Policy(flapping=Flapping(turns=2, within_h=1))
    ahead = [T0 + timedelta(days=365), T0 + timedelta(days=366)]
    assert not plan.is_flapping(ahead, policy, T0)
    assert plan.is_flapping([T0, T0 - HOUR / 2], policy, T0)
    assert not plan.is_flapping([T0, T0 - HOUR], policy, T0)


def test_at_most_so_many_turns_fall_into_any_such_time(site: Site) -> None:
    under(site, Policy(flapping=Flapping(turns=4, within_h=24)))
    site.ingest(report(T0, finding()))
    turn(site, 16)
    turns = site.only().turns
    worst = max(sum(a <= b < a + DAY for b in turns) for a in turns)
    assert worst <= 5  # a return follows the fourth, which was a resolution


# Works.

ONCE = Maintenance(match=("sw-*",), starts_at=T0 - HOUR, ends_at=T0 + HOUR)


def test_what_begins_in_works_is_held_and_opens_if_it_outlasts_them(site: Site) -> None:
    under(site, None, ONCE)
    first = site.ingest(report(T0, finding()))
    assert (first.opened, first.held, site.all()) == ((), ("",), [])
    assert site.ingest(report(T0 + 2 * HOUR, finding())).opened


def test_what_is_gone_by_the_end_of_works_leaves_nothing(site: Site) -> None:
    under(site, None, ONCE)
    site.ingest(report(T0, finding()))
    assert not site.ingest(report(T0 + 2 * HOUR, attempts=PASS)).changed
    assert site.all() == []


def test_what_was_seen_in_works_is_held_however_late_the_report_comes(site: Site) -> None:
    under(site, None, ONCE)
    site.now = T0 + 5 * HOUR
    assert site.ingest(report(T0, finding())).held
    assert site.ingest(report(T0 - 2 * HOUR, finding())).opened


def test_a_known_ticket_is_not_touched_by_works_and_a_returning_one_is_held(site: Site) -> None:
    site.ingest(report(T0 - 5 * HOUR, finding()))
    site.ingest(report(T0 - 4 * HOUR, attempts=PASS))
    ident = site.only().id
    under(site, None, ONCE)
    assert site.ingest(report(T0, finding())).held == (ident,)
    assert site.read(ident).state == "resolved"
    assert site.ingest(report(T0 + 2 * HOUR, finding())).reopened == (ident,)


def test_works_on_other_machines_hold_nothing(site: Site) -> None:
    under(site, None, ONCE)
    things = (Thing(id="sw", kind="asset", name="sw-core"), Thing(id="pc", kind="asset", name="pc"))
    outcome = site.ingest(report(T0, finding("sw"), finding("pc"), things=things))
    assert (len(outcome.opened), len(outcome.held)) == (1, 1)


@pytest.mark.parametrize(
    ("pattern", "is_held"),
    [
        ("*", True), ("SW-CORE", True), ("192.0.2.7", True), ("ip:192.0.2.*", True),
        ("sw-?ore", True), ("name:sw-core", True), ("sw", False), ("[a-z]*", False),
        ("core", False),
    ],
)  # fmt: skip
def test_machines_are_named_by_name_or_alias(site: Site, pattern: str, is_held: bool) -> None:
    ident = site.learn("ip:192.0.2.7", "name:sw-core")
    under(site, None, Maintenance(match=(pattern,), ends_at=T0 + DAY))
    thing = Thing(id=ident, kind="asset", name="sw-core")
    assert bool(site.ingest(report(T0, finding(ident), things=(thing,))).held) is is_held


WEEKLY = "sat 22:00 - sun 04:00"
SATURDAY = T0 + timedelta(days=5)  # 2026-11-07 08:00 UTC


@pytest.mark.parametrize(
    ("zone", "at", "is_held"),
    [
        ("UTC", SATURDAY, False),
        ("UTC", SATURDAY + 14 * HOUR, True),
        ("UTC", SATURDAY + 19.9 * HOUR, True),
        ("UTC", SATURDAY + 20 * HOUR, False),
        ("Europe/Moscow", SATURDAY + 11 * HOUR, True),
        ("Europe/Moscow", SATURDAY + 17.5 * HOUR, False),
    ],
)
def test_weekly_works_go_by_the_clients_wall_clock(
    site: Site, zone: str, at: Any, is_held: bool
) -> None:
    under(site, None, Maintenance(weekly=WEEKLY), zone=zone)
    assert bool(site.ingest(report(at, finding())).held) is is_held


@pytest.mark.parametrize("day", [25, 29])  # October and March of 2026 and 2027: summer time
def test_weekly_works_keep_to_the_wall_clock_in_summer_and_winter(day: int) -> None:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from msptool.tickets.maintenance import windows

    berlin = ZoneInfo("Europe/Berlin")
    (window,) = windows([Maintenance(weekly="sun 01:30 - sun 04:00")], berlin)
    dates = {25: datetime(2026, 10, 25, tzinfo=berlin), 29: datetime(2027, 3, 28, tzinfo=berlin)}
    held = [
        window.covers(["x"], dates[day].replace(hour=hour)) for hour in range(6)
    ]  # fmt: skip
    assert held == [False, False, True, True, False, False]


def test_weekly_works_over_the_end_of_the_week_and_within_a_term(site: Site) -> None:
    over = Maintenance(weekly="sun 23:00-mon 09:00", ends_at=T0 + 3 * DAY)
    under(site, None, over)
    assert site.ingest(report(T0, finding())).held  # a Monday, 08:00
    assert site.ingest(report(T0 + 7 * DAY, finding())).opened
