"""Each fault is found and called what it is; ordinary edits are no alarm.

`make bench` draws many of each and asks the other tools too; here are a few of them each day.
"""

import random

import pytest

from tests.lab.conftest import FULL
from tests.lab.faults import alarms, matrix
from tests.lab.faults.matrix import FAULTS, Fault
from tests.lab.faults.stage import Stage

pytestmark = pytest.mark.lab
_EACH = 5 if FULL else 1
_FEW = ("data bit flipped", "SQLite torn")


def chosen() -> list[Fault]:
    return [fault for fault in FAULTS if FULL or fault.name in _FEW]


@pytest.mark.parametrize("number", range(_EACH))
@pytest.mark.parametrize("fault", chosen(), ids=lambda fault: fault.name)
def test_a_fault_is_found_and_rightly_called(sound: Stage, fault: Fault, number: int) -> None:
    case = matrix.tried_out(sound, fault, number, (), ())
    assert case.ours.right(fault), f"seed {sound.seed}: {case.ours}"


def test_ordinary_edits_are_no_alarm(sound: Stage) -> None:
    for edited in alarms.after(sound, 50 if FULL else 2):
        assert not edited.alarm, f"seed {sound.seed}, {edited.name}: {edited.alarm}"


def test_the_stage_is_the_same_by_seed_and_again_after_a_fault(sound: Stage) -> None:
    sound.fresh()
    before = {path: path.stat().st_mtime_ns for path in sound.site.source.rglob("*")}
    matrix.FAULTS[-1].inject(sound, random.Random(0))
    sound.fresh()
    assert {path: path.stat().st_mtime_ns for path in sound.site.source.rglob("*")} == before
    assert sound.msptool("verify").code == 0
