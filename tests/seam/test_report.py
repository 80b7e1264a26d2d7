"""The seam `msptool.report/1`: what was written once is read for ever. Never edit the recorded
files; a report of a new shape is a new recording beside them.
"""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest

from msptool import model, runs
from msptool.model import End, Failure, Header, Line, Record, Report

HERE = Path(__file__).parent / "v1"
SCHEMA = Path(__file__).parents[2] / "docs" / "report-1.schema.json"
FOLDER = HERE / "01KB0M4Z00ABCDEFGHJKMNPQRS-audit"


def piped(name: str = "report.jsonl") -> list[bytes]:
    return (HERE / name).read_bytes().splitlines()


def collected() -> Report:
    head, *records, end = map(model.decode, piped())
    assert isinstance(head, Header) and isinstance(end, End)
    return runs.collect(head, end, records)


def test_the_recorded_run_loads_and_equals_the_recorded_pipe() -> None:
    assert runs.load(FOLDER) == collected()


def test_what_the_recording_says() -> None:
    report = runs.load(FOLDER)
    assert report.header.schema == "msptool.report/1"
    assert report.header.tools == {"nmap": "7.93"}
    assert report.end.ended_at - report.header.started_at == timedelta(minutes=4, seconds=31.25)
    assert report.header.started_at == datetime(2026, 11, 2, 8, tzinfo=UTC)
    assert [attempt.outcome for attempt in report.attempts] == [
        "fail",
        "pass",
        "unknown",
        "skipped",
    ]
    assert report.things[0].facts == {
        "vendor": "HP", "ports": 24, "uptime_s": 86400.5, "managed": True, "model": None,
    }  # fmt: skip
    finding, bare = report.findings
    assert (bare.subject.client, bare.seen_at) == ("", None)
    assert model.fingerprint(finding.check, finding.subject) == "f15c348f8208396e3736f10693"
    worded = model.fill(report.rules[0].message["ru"], finding.facts)
    assert worded == "порт 23 отвечает: <b>login:</b>"


def test_the_recording_holds_every_kind_of_record_and_every_field() -> None:
    """So that no field can change its meaning unseen."""
    lines = [json.loads(line) for line in (*piped(), *piped("failed.jsonl"))]
    for kind in Record.__subclasses__():
        tag = kind.__struct_config__.tag
        written = {key for line in lines if line["type"] == tag for key in line}
        fields = {field.encode_name for field in msgspec.structs.fields(kind)}
        assert written == fields | {"type"}, tag


def test_a_report_is_written_as_it_was_recorded() -> None:
    assert [model.encode(line) for line in collected().lines()] == piped()


def test_a_failed_command_ends_in_its_error() -> None:
    head, failure = map(model.decode, piped("failed.jsonl"))
    assert isinstance(head, Header) and isinstance(failure, Failure)
    assert (failure.exit, failure.nearest) == (2, ("networks",))


def validator() -> Any:
    schema = json.loads(SCHEMA.read_bytes())
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def test_the_published_schema_is_made_from_the_code() -> None:
    assert SCHEMA.read_bytes() == model.schema(), "run make docs"


@pytest.mark.parametrize("name", ["report.jsonl", "failed.jsonl"])
def test_the_recorded_lines_are_valid(name: str) -> None:
    for line in piped(name):
        validator().validate(json.loads(line))


@pytest.mark.parametrize(
    ("tag", "key", "value"),
    [
        ("report", "client", None), ("report", "kind", "guess"), ("report", "started_at", None),
        ("attempt", "outcome", "maybe"), ("finding", "severity", "urgent"),
        ("finding", "subject", {}), ("rule", "title", "words"), ("end", "complete", "yes"),
        ("thing", "type", "things"), ("evidence", "size_bytes", "1"),
    ],
)  # fmt: skip
def test_schema_and_reader_refuse_the_same_lines(tag: str, key: str, value: object) -> None:
    line = next(found for found in map(json.loads, piped()) if found["type"] == tag)
    line[key] = value
    if value is None:
        del line[key]
    assert not validator().is_valid(line)
    with pytest.raises(msgspec.DecodeError):
        model.decode(json.dumps(line).encode())


def test_fields_of_a_later_program_are_ignored_by_schema_and_reader() -> None:
    later: list[Line] = []
    for line in piped():
        told = {**json.loads(line), "later": [{"x": 1}]}
        validator().validate(told)
        later.append(model.decode(json.dumps(told).encode()))
    assert later == [model.decode(line) for line in piped()]
