"""Two engineers, two clones, real git with `merge=union`: no conflict, nothing lost, one state."""

import os
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from msptool.tickets import people
from tests.unit.tickets.site import HOUR, T0, Site, attempt, finding, report

pytestmark = pytest.mark.lab
ATTRIBUTES = "tickets/**/*.jsonl merge=union\ntickets/receipts/*.json merge=union\n"


def _git(root: Path, *words: str) -> str:
    settings = {
        "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, "HOME": str(root),
        "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.invalid",
        "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.invalid",
    }  # fmt: skip
    done = subprocess.run(  # noqa: S603 - a fixed program and our own words
        ["git", "-C", str(root), *words],  # noqa: S607
        env=os.environ | settings,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _commit(site: Site, message: str) -> None:
    _git(site.root, "add", "tickets", ".gitattributes")
    _git(site.root, "commit", "-qm", message)


@pytest.fixture
def clones(tmp_path: Path) -> tuple[Site, Site]:
    """Return two clones of a store with one ticket."""
    first = Site(tmp_path / "anna")
    first.root.mkdir(mode=0o700)
    _git(first.root, "init", "-q", "-b", "main")
    (first.root / ".gitattributes").write_text(ATTRIBUTES)
    first.ingest(report(T0, finding()))
    _commit(first, "a store")
    _git(tmp_path, "clone", "-q", str(first.root), "boris")
    return first, Site(tmp_path / "boris", now=first.now)


def _merge_both_ways(anna: Site, boris: Site) -> None:
    """Each takes the other's state of before the merge."""
    for site, other in ((anna, boris), (boris, anna)):
        _git(site.root, "fetch", "-q", str(other.root), "main:theirs")
    for site in (anna, boris):
        _git(site.root, "merge", "-q", "--no-edit", "theirs")


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
    site.act(people.reopen, site.only().id)


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
    clones: tuple[Site, Site],
    ours: list[Callable[[Site], None]],
    theirs: list[Callable[[Site], None]],
    events: int,
) -> None:
    for site, acts in zip(clones, (ours, theirs), strict=True):
        for act in acts:
            act(site)
        _commit(site, "work")
    _merge_both_ways(*clones)
    anna, boris = (_states(site) for site in clones)
    assert anna == boris
    assert len(clones[0].only().history) == events


def test_one_finding_ticketed_on_both_laptops_stays_one_work(clones: tuple[Site, Site]) -> None:
    anna, boris = clones
    told = report(T0 + HOUR, finding(part="tcp/80"), attempts=())
    for site in clones:
        site.ingest(told)
        _commit(site, "both ingested one run")
    _merge_both_ways(anna, boris)
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


def test_a_second_merge_brings_nothing_new(clones: tuple[Site, Site]) -> None:
    anna, boris = clones
    for site, text in zip(clones, "ab", strict=True):
        _comment(text)(site)
        _commit(site, "work")
    _merge_both_ways(anna, boris)
    before = _states(anna)
    _git(anna.root, "pull", "-q", "--no-rebase", "--no-edit", str(boris.root), "main")
    assert _states(anna) == before == _states(boris)
    assert max(t.changed_at for t in anna.all()) <= anna.now + timedelta(hours=1)
