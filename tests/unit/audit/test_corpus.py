"""Recorded real devices: what is identified, held against what another system says of them."""

from collections import Counter
from types import ModuleType

import pytest

from msptool.audit import replay
from tests.unit.audit import corpus

FIELDS = {"serial": "serial", "version": "version", "hardware": "model", "type": "type"}
# On the part `work`; on `check`, which no rule was written for, the mean.
BARS = {"version": 0.85, "hardware": 0.80, "type": 0.92, "interfaces": 0.92, "serial": 0.88}
CHECK_MEAN = 0.75


@pytest.fixture(scope="module")
def score() -> ModuleType:
    if not corpus.FOLDER.is_dir():
        pytest.skip("no corpus beside the project (../shared/corpus): identification is not scored")
    return corpus.scorer()


@pytest.fixture(scope="module")
def found() -> dict[str, replay.Identified]:
    return {one.name: one for one in map(replay.replay, replay.files([corpus.FOLDER / "snmp"]))}


def shares(score: ModuleType, found: dict[str, replay.Identified], part: str) -> dict[str, float]:
    hits: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    tests = {
        "serial": score.serial_ok,
        "version": score.version_ok,
        "hardware": score.model_ok,
        "type": score.type_ok,
        "interfaces": lambda want, got: str(want) == str(got),
    }
    for name, want in corpus.expected().items():
        for field, test in tests.items():
            if score.part_of(name) != part or field not in want:
                continue
            ok = test(want[field], getattr(found[name], FIELDS.get(field, field)))
            asked[field] += ok is not None
            hits[field] += bool(ok)
    return {field: hits[field] / asked[field] for field in tests}


def test_the_part_that_rules_were_written_with(
    score: ModuleType, found: dict[str, replay.Identified]
) -> None:
    told = shares(score, found, "work")
    assert {f: round(told[f], 3) for f, bar in BARS.items() if told[f] < bar} == {}


def test_the_part_that_nobody_looked_at(
    score: ModuleType, found: dict[str, replay.Identified]
) -> None:
    told = shares(score, found, "check")
    assert sum(told.values()) / len(told) >= CHECK_MEAN, told


def test_every_recording_can_be_read(found: dict[str, replay.Identified]) -> None:
    assert [one.name for one in found.values() if one.error] == []
