"""Mending: one fault less, nothing else moved, and back again."""

from datetime import date

import pytest

from msptool.demo import mending, verdicts
from msptool.demo.plan import blueprint
from msptool.demo.truth import Fault
from msptool.errors import UsageError

TODAY = date(2026, 11, 24)
MENDABLE = ["NET-001", "NET-002", "NET-006", "SEC-007", "SEC-011", "SRV-002", "SRV-016"]
NOW_S = 1_795_000_000.0


def planted(check: str) -> tuple[int, Fault]:
    for seed in range(1, 100):
        for fault in verdicts.faults(blueprint(seed, TODAY)):
            if fault.check == check:
                return seed, fault
    raise AssertionError(check)


@pytest.mark.parametrize("check", MENDABLE)
def test_one_fault_goes_and_comes_back(check: str) -> None:
    seed, fault = planted(check)
    whole = blueprint(seed, TODAY)
    mended = mending.mend(whole, check, fault.host, fault.part, NOW_S)
    assert set(verdicts.faults(whole)) - set(verdicts.faults(mended)) == {fault}
    assert set(verdicts.faults(mended)) <= set(verdicts.faults(whole))
    assert mending.restore(mended, whole, check, fault.host, fault.part) == whole


def test_mended_errors_stand_where_they_were() -> None:
    seed, fault = planted("NET-006")
    mended = mending.mend(blueprint(seed, TODAY), "NET-006", fault.host, fault.part, NOW_S)
    plan = mended.host(fault.host).switch
    assert plan is not None
    flow = next(flow for flow in plan.traffic if plan.if_name(flow.port) == fault.part)
    assert flow.errors_per_s == 0
    assert flow.errors_base > 0


def test_what_was_not_planted_is_refused() -> None:
    with pytest.raises(UsageError, match="not planted"):
        mending.mend(blueprint(1, TODAY), "NET-001", "gw", "tcp/23", NOW_S)


@pytest.mark.parametrize("check", ["NET-012", "BKP-001"])
def test_cabling_and_contracts_are_not_mended(check: str) -> None:
    seed, fault = planted(check)
    with pytest.raises(UsageError, match="not mended"):
        mending.mend(blueprint(seed, TODAY), check, fault.host, fault.part, NOW_S)
