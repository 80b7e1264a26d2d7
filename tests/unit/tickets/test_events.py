import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from msptool.tickets import events
from tests.unit.tickets.histories import histories
from tests.unit.tickets.site import T0

LINE = b'{"event":"comment","eid":"%s","n":%s,"by":"a@b","at":"%s","text":"x"}'
EID, AT = b"0" * 26, b"2026-11-02T08:00:00Z"


@given(histories)
def test_every_event_reads_back(told: list[events.AnyEvent]) -> None:
    assert [events.decode(events.encode(event)) for event in told] == told


@given(st.binary(max_size=200))
def test_any_bytes_are_an_event_or_a_value_error(line: bytes) -> None:
    try:
        event = events.decode(line)
    except ValueError:
        return
    assert events.decode(events.encode(event)) == event


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"[]",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"event":"comment"}',
        LINE % (b"short", b"1", AT),
        LINE % (EID, b"0", AT),
        LINE % (EID, b"9007199254740993", AT),
        LINE % (EID, b"1", b"2026-11-02T08:00:00"),
        (LINE % (EID, b"1", AT)).replace(b'"x"', b'"\xff"').replace(b"a@b", b"\xfe"),
        b"<<<<<<< HEAD",
    ],
)
def test_what_is_no_event(line: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - that it is this class is the promise
        events.decode(line)


def test_a_newer_kind_and_a_newer_content_are_unknown_not_lost() -> None:
    newer = (LINE % (EID, b"3", AT)).replace(b'"comment"', b'"visited"')
    richer = (LINE % (EID, b"3", AT)).replace(b'"comment"', b'"closed"')
    for line, name in ((newer, "visited"), (richer, "closed")):
        event = events.decode(line)
        assert isinstance(event, events.Unknown)
        assert (event.event, event.n) == (name, 3)


def test_fields_of_a_newer_version_are_passed_over() -> None:
    line = (LINE % (EID, b"3", AT)).replace(b'"x"', b'"x","mood":{"deep":[1]}')
    assert events.decode(line) == events.decode(LINE % (EID, b"3", AT))


def test_a_pen_writes_what_follows() -> None:
    first = events.Comment(**events.Pen("a@b", T0).mark(), text="x")
    later = msgspec.structs.replace(first, n=7)
    assert (first.n, first.by, first.at) == (1, "a@b", T0)
    assert events.Pen("a@b", T0).mark([later, first])["n"] == 8
    last = msgspec.structs.replace(first, n=2**53 - 1)
    mark = events.Pen("a@b", T0).mark([last])
    assert events.decode(events.encode(events.Comment(**mark, text="y")))
