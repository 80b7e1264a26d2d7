"""Two engineers, two clones, real git with `merge=union`: no conflict, nothing lost, one state."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from msptool import files
from msptool.tickets.acts import ending
from tests.lab.tickets import clones
from tests.unit.tickets.site import HOUR, T0, Site, attempt, finding, report

pytestmark = pytest.mark.lab


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Site, Site]:
    """Return two clones of a store with one ticket."""
    first = clones.init(tmp_path / "anna")
    first.ingest(report(T0, finding()))
    clones.commit(first, "a store")
    clones.git(tmp_path, "clone", "-q", str(first.root), "boris")
    return first, Site(tmp_path / "boris", now=first.now)


def _states(site: Site) -> dict[str, object]:
    assert not site.problems()
    return {ticket.id: ticket for ticket in site.all()}


def _comment(text: str) -> Callable[[Site], None]:
    def act(site: Site) -> None:
        site.later()
        site.comment(site.only().id, text, who="x@y")

    return act


def _close(reason: str) -> Callable[[Site], None]:
    return lambda site: _done(site.close(site.only().id, reason=reason, text="so"))


def _resolve(site: Site) -> None:
    site.ingest(report(site.later(), attempts=(attempt("pass"),)))


def _reopen(site: Site) -> None:
    site.act(ending.reopen, site.only().id)


def _done(_result: object) -> None:
    return None


@pytest.mark.parametrize(
    ("ours", "theirs", "events"),
    [
        ([_comment("a")], [_comment("b")], 3),
        ([_close("fixed")], [_close("wont-fix")], 3),
        ([_close("fixed"), _reopen, _comment("a")], [_resolve], 5),
        ([_comment("a")] * 5, [_close("fixed"), _reopen] * 2, 10),
        ([_resolve], [_resolve], 3),
    ],
    ids=["comments", "two reasons", "close and resolve", "long histories", "both resolve"],
)
def test_edits_of_one_ticket(
    pair: tuple[Site, Site],
    ours: list[Callable[[Site], None]],
    theirs: list[Callable[[Site], None]],
    events: int,
) -> None:
    for site, acts in zip(pair, (ours, theirs), strict=True):
        for act in acts:
            act(site)
        clones.commit(site, "work")
    clones.meet(*pair)
    anna, boris = (_states(site) for site in pair)
    assert anna == boris
    assert len(pair[0].only().history) == events


def test_one_finding_ticketed_on_both_laptops_stays_one_work(pair: tuple[Site, Site]) -> None:
    anna, boris = pair
    told = report(T0 + HOUR, finding(part="tcp/80"), attempts=())
    for site in pair:
        site.ingest(told)
        clones.commit(site, "both ingested one run")
    clones.meet(anna, boris)
    assert _states(anna) == _states(boris)
    twins = [t for t in anna.all() if t.about and t.about.subject.part == "tcp/80"]
    assert len(twins) == 2
    assert not anna.ingest(told).changed
    seen = anna.ingest(report(T0 + 2 * HOUR, finding(part="tcp/80"), attempts=()))
    first = min(twins, key=lambda ticket: ticket.history[0].eid)
    assert seen.touched == seen.joined == tuple(t.id for t in twins if t is not first)
    gone = anna.ingest(report(T0 + 3 * HOUR, attempts=(attempt("pass"),)))
    assert len(gone.resolved) == 2
    back = anna.ingest(report(T0 + 4 * HOUR, finding(part="tcp/80")))
    assert back.reopened == (first.id,)


def test_a_second_merge_brings_nothing_new(pair: tuple[Site, Site]) -> None:
    anna, boris = pair
    for site, text in zip(pair, "ab", strict=True):
        _comment(text)(site)
        clones.commit(site, "work")
    clones.meet(anna, boris)
    before = _states(anna)
    clones.pull(anna, boris)
    assert _states(anna) == before == _states(boris)
    assert max(t.changed_at for t in anna.all()) <= anna.now + timedelta(hours=1)


def test_what_a_kill_left_is_not_committed(pair: tuple[Site, Site]) -> None:
    anna = pair[0]
    (shard,) = anna.workspace.tickets.glob("??")
    (shard / files.TEMPORARY.replace("*", "0a1b")).write_bytes(b"half")
    clones.commit(anna)
    assert "0a1b" not in clones.git(anna.root, "ls-files")
