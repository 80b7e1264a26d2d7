"""Histories of two and three engineers on as many clones, drawn, and merged by real git.

However they meet: the same state on every clone, no conflict, nothing lost, and nothing readable
that one of them took out. Found histories are shrunk, and can be run again by what is printed.
"""

import itertools
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from msptool.tickets import events
from msptool.tickets.acts import asking, ending
from msptool.tickets.ticket import Ticket
from tests.lab.conftest import FULL
from tests.lab.tickets import acts, agree, clones
from tests.lab.tickets.acts import VERBS, Engineer
from tests.unit.tickets.site import T0, Site, finding, report

pytestmark = pytest.mark.lab
_NAMES = ("anna", "boris", "vera")
_ACTS = st.tuples(st.sampled_from(["ingest", *VERBS]), st.integers(0, 15), st.integers(0, 15))
_DAYS = st.lists(_ACTS, max_size=5)
# A laptop whose clock is wrong: by hours.
_CLOCKS = st.sampled_from([0, 0, 0, 1, -1, 24 * 365, -24 * 365])
_MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None  # these wait for no disk
Day = list[tuple[str, int, int]]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with a finding's ticket and a request, to be copied."""
    site = clones.init(tmp_path_factory.mktemp("histories") / "store")
    site.ingest(report(T0, finding()))
    site.act(asking.add, "a printer", text="mark-first-0-end", checklist=("a", "b"))
    clones.commit(site)
    return site.root


@contextmanager
def _engineers(store: Path, count: int, *, clashing: bool, off_h: int) -> Iterator[list[Engineer]]:
    with tempfile.TemporaryDirectory(dir=_MEMORY) as folder:
        made = []
        for name in _NAMES[:count]:
            root = Path(folder) / name
            shutil.copytree(store, root, ignore=shutil.ignore_patterns(".msptool"))
            site = Site(root, now=T0 + timedelta(hours=2))
            made.append(Engineer(name, site, clashing))
        made[-1].site.later(off_h)
        yield made


def _work(engineers: Sequence[Engineer], days: Sequence[Day]) -> None:
    for engineer, day in zip(engineers, days, strict=True):
        for act in day:
            engineer.do(*act)
        clones.commit(engineer.site)


def _check(engineers: Sequence[Engineer]) -> None:
    """Look at all clones when all have met."""
    written = {eid for engineer in engineers for eid in engineer.written}
    redacted = {mark for engineer in engineers for mark in engineer.redacted}
    first = _state(engineers[0].site)
    index, anew = agree.index_and_anew(engineers[0].site)
    assert index == anew
    assert all(_state(engineer.site) == first for engineer in engineers[1:])
    for engineer in engineers[1:]:
        assert agree.index_and_anew(engineer.site) == (index, index)
    eids = [event.eid for ticket in first.values() for event in ticket.history]
    assert len(eids) == len(set(eids))
    assert written <= set(eids)
    shown = str(index).encode() + b"".join(
        events.encode(event) for ticket in first.values() for event in ticket.history
    )
    assert not [mark for mark in redacted if mark.encode() in shown]
    for engineer in engineers:
        assert not any(b"<<<<<<<" in data for data in acts.files_of(engineer.site).values())


def _state(site: Site) -> dict[str, Ticket]:
    assert not site.problems()
    return {ticket.id: ticket for ticket in site.all()}


def _write_over(engineer: Engineer) -> None:
    """Write to every ticket: what was redacted and came back by a merge is gone from the files."""
    for ident in _state(engineer.site):
        engineer.site.comment(ident, "looked at")
    left = b"".join(acts.files_of(engineer.site).values())
    assert not [mark for mark in engineer.redacted if mark.encode() in left]


@settings(max_examples=500 if FULL else 10)
@given(
    days=st.lists(st.tuples(_DAYS, _DAYS), min_size=1, max_size=3),
    clashing=st.booleans(),
    off_h=_CLOCKS,
)
def test_two_clones(store: Path, days: list[tuple[Day, Day]], clashing: bool, off_h: int) -> None:
    with _engineers(store, 2, clashing=clashing, off_h=off_h) as pair:
        for day in days:
            _work(pair, day)
            clones.meet(*(engineer.site for engineer in pair))
        _check(pair)
        for engineer in pair:
            engineer.redacted |= {mark for one in pair for mark in one.redacted}
        _write_over(pair[0])


@settings(max_examples=100 if FULL else 2)
@given(
    days=st.lists(st.tuples(_DAYS, _DAYS, _DAYS), min_size=1, max_size=2),
    clashing=st.booleans(),
    off_h=_CLOCKS,
)
def test_three_clones_in_rotation(
    store: Path, days: list[tuple[Day, Day, Day]], clashing: bool, off_h: int
) -> None:
    with _engineers(store, 3, clashing=clashing, off_h=off_h) as three:
        for day in days:
            _work(three, day)
            clones.go_round([engineer.site for engineer in three])
        _check(three)


@pytest.mark.parametrize("order", list(itertools.permutations(("close", "reopen", "refuse"), 2)))
def test_what_two_did_to_one_ticket_offline_is_told(store: Path, order: tuple[str, str]) -> None:
    """One of them closed it, reopened it or refused it while the other did something else."""
    with _engineers(store, 2, clashing=False, off_h=0) as (anna, boris):
        ident = next(t.id for t in anna.site.all() if t.about is None)
        anna.site.close(ident, reason="fixed")
        clones.commit(anna.site)
        clones.pull(boris.site, anna.site)
        for engineer, verb in zip((anna, boris), order, strict=True):
            if verb != "reopen":
                engineer.site.act(ending.reopen, ident, who=f"{engineer.name}@desk")
                reason = "fixed" if verb == "close" else "wont-fix"
                engineer.site.close(ident, reason=reason, text="so", who=f"{engineer.name}@desk")
            else:
                engineer.site.act(ending.reopen, ident, who=f"{engineer.name}@desk")
            clones.commit(engineer.site)
        clones.meet(anna.site, boris.site)
        ticket = anna.site.read(ident)
        assert ticket == boris.site.read(ident)
        (conflict,) = ticket.conflicts
        by = {event.eid: event.by.partition("@")[0] for event in ticket.history}
        assert conflict.field == "state"
        told = {by[conflict.winner], *(by[eid] for eid in conflict.losers)}
        assert told == {"anna", "boris"}
