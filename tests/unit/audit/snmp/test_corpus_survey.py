"""Recorded devices asked as agents: what the survey leaves out must cost no answer."""

import os
import statistics
from pathlib import Path

import pytest

from msptool.audit import recording, replay
from msptool.audit.mib import Rows
from msptool.audit.snmp import asking
from msptool.audit.snmp.talk import Limits
from tests.unit.audit import corpus
from tests.unit.audit.snmp.table import Table, surveyed

EACH = 1 if os.environ.get("MSPTOOL_FULL") else 12
MOST_BYTES = 1_000_000
FIELDS = (
    "vendor",
    "os",
    "model",
    "version",
    "serial",
    "type",
    "interfaces",
    "neighbours",
    "supplies",
)
MOST_LOST, MOST_QUESTIONS = 0.01, 12
UNBOUNDED = Limits(rows=10**6, bytes=1 << 30)


def recordings() -> list[Path]:
    if not corpus.FOLDER.is_dir():
        pytest.skip("no corpus beside the project (../shared/corpus): nothing to ask")
    score = corpus.scorer()
    known = [path for path in replay.files([corpus.FOLDER / "snmp"])
             if score.part_of(path.stem) == "work"]  # fmt: skip
    return [path for path in known[::EACH] if path.stat().st_size < MOST_BYTES]


def asked(rows: Rows) -> tuple[Rows, int]:
    agent = Table(rows)
    found = surveyed(agent, asking.orders([()], "fast"), UNBOUNDED)
    assert found.error in ("", "refused: noSuchObject")
    return found.rows, len(agent.asked)


def test_what_is_not_asked_for_costs_no_answer() -> None:
    questions, answers, lost = [], 0, []
    for path in recordings():
        rows = recording.read(path.read_bytes(), name=path.stem)
        told, count = asked(rows)
        questions.append(count)
        whole, ours = replay.identified(path.stem, rows), replay.identified(path.stem, told)
        for field in filter(lambda name: getattr(whole, name), FIELDS):
            answers += 1
            if getattr(whole, field) != getattr(ours, field):
                lost.append((path.stem, field, getattr(whole, field), getattr(ours, field)))
    assert len(lost) <= MOST_LOST * answers, lost
    assert statistics.median(questions) <= MOST_QUESTIONS
