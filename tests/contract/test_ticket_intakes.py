"""What every intake must do, whatever its format: be known by its beginning, survive anything."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from msptool.errors import UsageError
from msptool.tickets import intake
from tests.unit.tickets.intake.said import alert, machine, notice, result, sarif, scan, webhook

AT = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
GOOD = {
    "sarif": sarif(scan(result())),
    "alertmanager": webhook(alert()),
    "nagios": machine("PROBLEM", "DOWN"),
    "checkmk": notice("NOTIFY_", NOTIFICATIONTYPE="PROBLEM", HOSTNAME="srv1", HOSTSTATE="DOWN"),
}
SEAM = b'{"type":"finding","check":"X","subject":{"thing":"y"},"severity":"low"}\n'


def _take(name: str, data: bytes) -> None:
    try:
        taken = intake.take(name, data, "ACME", AT)
    except UsageError as error:
        assert "\n" not in error.message and len(error.message) < 400
        return
    for batch in taken.batches:
        assert batch.header is not None and batch.header.started_at <= AT
        for finding in batch.findings:
            said = (finding.check, finding.subject.thing, finding.subject.part)
            assert not any("\n" in text or len(text) > 600 for text in said)
    assert all(len(one.why) < 400 and "\n" not in one.why for one in taken.refused)


def test_there_is_an_example_of_every_format() -> None:
    assert set(GOOD) | {intake.SEAM} == set(intake.names())


@pytest.mark.parametrize("name", GOOD)
def test_it_is_recognised_by_its_beginning(name: str) -> None:
    data = GOOD[name]
    for said in (data, b"\xef\xbb\xbf" + data, b"\n  " + data):
        assert intake.recognise(said) == name
    if data.startswith(b"{"):
        pretty = json.dumps(json.loads(data), indent=4, sort_keys=True).encode()
        assert intake.recognise(pretty) == name


def test_our_own_lines_are_recognised() -> None:
    for said in (b"", SEAM, b'{"check":"X"}', b"garbage\n" + SEAM, b'{"subject":{},"check":"X"}'):
        assert intake.recognise(said) == intake.SEAM


@pytest.mark.parametrize("data", [b"hello", b"<xml/>", b"[1]", b"{}", b"{", b"\0" * 99, b"A=b\n"])
def test_what_is_none_of_them_is_refused(data: bytes) -> None:
    with pytest.raises(UsageError, match="cannot be told by its beginning"):
        intake.recognise(data)


@pytest.mark.parametrize("name", GOOD)
def test_one_finding_is_taken_and_the_same_bytes_make_the_same_run(name: str) -> None:
    taken = intake.take(name, GOOD[name], "ACME", AT)
    (batch,) = taken.batches
    assert len(batch.findings) == 1 and not taken.refused and batch.header is not None
    again = intake.take(name, GOOD[name], "ACME", AT).batches[0].header
    assert again is not None and again.run == batch.header.run
    failed = {(a.check, a.thing) for a in batch.attempts if a.outcome == "fail"}
    assert {(f.check, f.subject.thing) for f in batch.findings} == failed


@pytest.mark.parametrize("name", GOOD)
def test_torn_files_are_refused_or_read_but_never_break(name: str) -> None:
    data = GOOD[name]
    for end in range(0, len(data), max(1, len(data) // 60)):
        _take(name, data[:end])


@pytest.mark.parametrize("name", GOOD)
def test_too_large_is_refused(name: str) -> None:
    limit = intake.find(name).limit_bytes
    with pytest.raises(UsageError, match="larger than"):
        intake.take(name, b" " * (limit + 1), "ACME", AT)


@pytest.mark.parametrize("name", GOOD)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_changed_bytes_never_break_it(name: str, data: st.DataObject) -> None:
    good = bytearray(GOOD[name])
    for _ in range(data.draw(st.integers(1, 4))):
        good[data.draw(st.integers(0, len(good) - 1))] = data.draw(st.integers(0, 255))
    _take(name, bytes(good))


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3)
    ),
    max_leaves=8,
)


@pytest.mark.parametrize("name", ["sarif", "alertmanager"])
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_any_value_in_any_place_never_breaks_it(name: str, data: st.DataObject) -> None:
    document = json.loads(GOOD[name])
    places = list(_places(document))
    holder, key = data.draw(st.sampled_from(places))
    holder[key] = data.draw(_JSON)
    _take(name, json.dumps(document).encode())


def _places(value: Any) -> Any:
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    for key, below in list(inner):
        yield value, key
        if isinstance(below, dict | list):
            yield from _places(below)
