from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msptool.backup.keeping import retention
from msptool.backup.keeping.retention import Plan, Policy, Reason, Sealed, State, depth
from msptool.profile.shape import Keep

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
MOSCOW, BERLIN = ZoneInfo("Europe/Moscow"), ZoneInfo("Europe/Berlin")


def daily(count: int, **changed: bool) -> list[Sealed]:
    """One a day, the newest "0"; `changed`: `_N=False` for an incomplete one."""
    return [
        Sealed(str(n), NOW - timedelta(days=n, hours=1), changed.get(f"_{n}", True))
        for n in range(count)
    ]


def planned(
    snapshots: list[Sealed], keep: Keep, *, proven: str = "0", odd: Collection[str] = (),
    suspected: Collection[Reason] = (),
) -> Plan:  # fmt: skip
    state = State(proven, suspected, odd)
    return retention.plan(snapshots, Policy(keep, UTC), state, NOW)


def test_days_weeks_and_the_last() -> None:
    plan = planned(daily(30), Keep(daily=7, weekly=3))
    kept = [line.snapshot for line in plan.lines if line.why]
    # 31 May 2026 is a Sunday: the weeks begin with "1" (Sunday), "8", "15".
    assert kept == ["0", "1", "2", "3", "4", "5", "6", "8"]
    assert set(plan.drop) == {str(n) for n in range(30)} - set(kept)


@pytest.mark.parametrize(
    ("snapshots", "state", "reason"),
    [
        (daily(9), {"proven": "1"}, "unproven"),
        (daily(9), {"proven": ""}, "unproven"),
        (daily(9, _0=False), {}, "incomplete"),
        (daily(9), {"odd": ["4"]}, "implausible"),
        (daily(9), {"suspected": ["vanished"]}, "vanished"),
        (daily(9), {"suspected": ["forged"]}, "forged"),
        (daily(9), {"suspected": ["unreadable"]}, "unreadable"),
        ([], {}, "no-backup"),
    ],
)
def test_nothing_goes_while(
    snapshots: list[Sealed], state: dict[str, object], reason: Reason
) -> None:
    plan = planned(snapshots, Keep(last=2), **state)  # type: ignore[arg-type]
    assert plan.held == (reason,) and plan.drop == ()
    assert set(retention.REASONS[reason]) == {"en", "ru"}


def test_an_old_proof_stays_until_there_is_a_newer_one() -> None:
    plan = planned(daily(9), Keep(last=2), proven="7")
    assert {line.snapshot: line.why for line in plan.lines}["7"] == ("proven",)
    assert plan.held == ("unproven",)


def test_without_a_policy_nothing_goes() -> None:
    plan = planned(daily(9), Keep())
    assert plan.due == () and {line.why[-1] for line in plan.lines} == {"no-policy"}


def test_an_incomplete_backup_takes_no_place_from_a_whole_one() -> None:
    """The later one of a day is incomplete; restic alone would keep that and drop the whole one."""
    day = NOW - timedelta(days=3)
    snapshots = [
        *daily(1),
        Sealed("whole", day, True),
        Sealed("half", day + timedelta(hours=2), False),
    ]
    plan = planned(snapshots, Keep(daily=2))
    assert {line.snapshot for line in plan.lines if line.why} == {"0", "whole", "half"}
    assert "whole" not in planned(snapshots, Keep(daily=2)).drop


def test_a_clock_that_ran_ahead_takes_no_place_and_is_not_the_newest() -> None:
    ahead = Sealed("ahead", NOW + timedelta(days=365))
    plan = planned([*daily(5), ahead], Keep(last=2))
    why = {line.snapshot: line.why for line in plan.lines}
    assert why["ahead"] == ("future",)
    assert plan.drop == ("2", "3", "4")


def hours(start: datetime, count: int) -> list[Sealed]:
    return [Sealed(f"{n:02}", start + timedelta(hours=n)) for n in range(count)]


def kept(snapshots: list[Sealed], keep: Keep, zone: ZoneInfo) -> list[str]:
    ordered = sorted(snapshots, key=lambda s: s.at, reverse=True)
    return sorted({ident for ident, _ in retention.selected(ordered, Policy(keep, zone))})


def test_the_hour_that_comes_twice_is_two_hours() -> None:
    start = datetime(2026, 10, 24, 22, tzinfo=UTC)  # Berlin: 00:00 to 05:00, 02:xx twice
    assert kept(hours(start, 6), Keep(hourly=6), BERLIN) == ["00", "01", "02", "03", "04", "05"]


def test_the_hour_that_is_not_there_is_no_gap() -> None:
    start = datetime(2026, 3, 28, 23, tzinfo=UTC)  # Berlin: 00:00, 01:00, 03:00, 04:00
    assert kept(hours(start, 4), Keep(hourly=4), BERLIN) == ["00", "01", "02", "03"]


@pytest.mark.parametrize(
    "night", [datetime(2026, 3, 26, 22, 30, tzinfo=UTC), datetime(2026, 10, 22, 22, 30, tzinfo=UTC)]
)
def test_days_are_the_clients_on_both_days_of_the_change(night: datetime) -> None:
    """Backed up at 22:30 UTC: 23:30 or 00:30 in Berlin, so that a day may have two or none."""
    nightly = [Sealed(f"{n:02}", night + timedelta(days=n)) for n in range(6)]
    days = {s.at.astimezone(BERLIN).date() for s in nightly}
    assert len(kept(nightly, Keep(daily=6), BERLIN)) >= len(days)
    assert kept(nightly, Keep(daily=100), BERLIN)[-1] == "05"


def test_the_day_begins_in_the_clients_zone() -> None:
    late = [
        Sealed("a", datetime(2026, 5, 1, 20, tzinfo=UTC)),
        Sealed("b", datetime(2026, 5, 1, 22, tzinfo=UTC)),
    ]
    assert kept(
        [*late, Sealed("c", datetime(2026, 5, 2, 9, tzinfo=UTC))], Keep(daily=2), MOSCOW
    ) == ["a", "c"]


TIMES = st.lists(st.integers(0, 24 * 900), unique=True, max_size=40)
KEEPS = st.builds(Keep, **{bucket: st.integers(0, 8) for bucket in Keep.__struct_fields__})


@given(TIMES, KEEPS, st.data())
def test_it_never_drops_what_it_must_keep(ages: list[int], keep: Keep, data: st.DataObject) -> None:
    snapshots = [
        Sealed(str(age), NOW - timedelta(hours=age), data.draw(st.booleans())) for age in ages
    ]
    proven = str(data.draw(st.sampled_from(ages))) if ages else ""
    plan = planned(snapshots, keep, proven=proven)
    newest = str(min(ages, default=-1))
    assert newest not in plan.due and proven not in plan.due
    if plan.drop:
        assert proven == newest and plan.held == ()
    whole = sorted((s for s in snapshots if s.complete), key=lambda s: s.at, reverse=True)
    wanted = [s.snapshot for s in whole[: keep.last]]
    wanted += _firsts([(s.at.date(), s.snapshot) for s in whole], keep.daily)
    wanted += _firsts([(s.at.year, s.snapshot) for s in whole], keep.yearly)
    assert not set(wanted) & set(plan.due)
    assert sorted(line.snapshot for line in plan.lines) == sorted(s.snapshot for s in snapshots)


def _firsts(newest_first: list[tuple[object, str]], room: int) -> list[str]:
    """Return the newest of each of the newest `room` days or years, worked out another way."""
    firsts: dict[object, str] = {}
    for key, ident in newest_first:
        firsts.setdefault(key, ident)
    return list(firsts.values())[:room]


@given(TIMES, KEEPS)
def test_dropping_what_may_go_lets_nothing_more_go(ages: list[int], keep: Keep) -> None:
    snapshots = [Sealed(str(age), NOW - timedelta(hours=age)) for age in ages]
    newest = str(min(ages, default=-1))
    plan = planned(snapshots, keep, proven=newest)
    left = [s for s in snapshots if s.snapshot not in plan.drop]
    assert planned(left, keep, proven=newest).drop == ()


@pytest.mark.parametrize(
    ("keep", "oldest_days", "began_days", "short"),
    [
        (Keep(daily=7), 6, 100, False),
        (Keep(daily=7), 3, 100, True),
        (Keep(daily=7), 3, 3, False),  # young
        (Keep(daily=7, monthly=12), 200, 400, True),
        (Keep(last=5), 0, 100, False),
        (Keep(), 0, 100, False),
        (Keep(daily=7), 0, 0, False),
    ],
)
def test_depth(keep: Keep, oldest_days: float, began_days: float, short: bool) -> None:
    oldest = Sealed("a", NOW - timedelta(days=oldest_days))
    assert depth([oldest], keep, NOW - timedelta(days=began_days), NOW).short is short


def test_depth_of_nothing() -> None:
    assert depth([], Keep(daily=7), NOW - timedelta(days=100), NOW).short
    assert not depth([], Keep(daily=7), None, NOW).short
