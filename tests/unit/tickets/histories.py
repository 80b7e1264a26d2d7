"""Histories that honest and dishonest laptops might write, for hypothesis."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from msptool.model import SEVERITIES, Subject
from msptool.tickets import events
from msptool.tickets.events import AnyEvent
from msptool.tickets.lifecycle import LEVELS
from msptool.ulid import ALPHABET

_START = datetime(2026, 1, 1, tzinfo=UTC)
times = st.integers(0, 10_000).map(lambda minutes: _START + timedelta(minutes=minutes))
# Few eids and few n: repeated eids and equal n must happen often.
eids = st.text(ALPHABET[:7], min_size=2, max_size=2).map(lambda tail: "0" * 24 + tail)
lamports = st.integers(1, 12)
authors = st.sampled_from([events.MACHINE, "anna@a", "boris@b"])
sightings = st.builds(
    events.Sighting, seen_at=times, run=st.just(""), vantage=st.sampled_from(["", "routed"])
)
abouts = st.builds(
    events.About,
    check=st.just("NET-001"),
    subject=st.builds(Subject, thing=st.sampled_from("ab"), part=st.sampled_from("pq")),
    name=st.just("sw"),
    severity=st.sampled_from(SEVERITIES),
    importance=st.sampled_from(LEVELS),
    title=st.just({"en": "t"}),
    message=st.dictionaries(st.sampled_from(["en", "ru"]), st.text(max_size=5), max_size=2),
    remedy=st.just({}),
    standards=st.just(()),
    evidence=st.just(()),
    seen=sightings,
)
_envelope = {"eid": eids, "n": lamports, "by": authors, "at": times}
openings = st.builds(
    events.Opened,
    **_envelope,
    format=st.just(1),
    ticket=st.just("ACME-000000-0"),
    client=st.just("ACME"),
    kind=st.sampled_from(["incident", "request"]),
    title=st.text(max_size=5),
    text=st.text(max_size=5),
    requester=st.just(""),
    priority=st.none() | st.sampled_from(LEVELS),
    about=st.none() | abouts,
)
_fields = st.dictionaries(
    st.sampled_from(["state", "priority", "severity", "importance", "title", "tags"]),
    st.sampled_from(["open", "in_progress", "waiting", "closed", "low", "critical", "high", "x"])
    | st.none()
    | st.integers(-5, 5),
    max_size=3,
)
others: st.SearchStrategy[AnyEvent] = st.one_of(
    st.builds(events.Set, **_envelope, fields=_fields, run=st.just("")),
    st.builds(events.Comment, **_envelope, text=st.text(max_size=5)),
    st.builds(events.Resolved, **_envelope, seen=sightings),
    st.builds(events.Reopened, **_envelope, about=st.none() | abouts, text=st.just("")),
    st.builds(
        events.Closed,
        **_envelope,
        reason=st.sampled_from(["fixed", "wont-fix", "duplicate", "accepted"]),
        text=st.just(""),
        duplicate_of=st.just(""),
    ),
    st.builds(events.Unknown, **_envelope, event=st.just("visited")),
)
histories = st.tuples(openings, st.lists(others | openings, max_size=12)).map(
    lambda told: [told[0], *told[1]]
)
