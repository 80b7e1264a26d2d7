"""Figures, and the conflicts of two laptops."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest

from msptool.errors import UsageError
from msptool.tickets import disputes, stats
from msptool.tickets.acts import asking, changing, ending, working
from tests.unit.tickets.site import HOUR, T0, Site


def _lines(site: Site, by: stats.By = "priority", *, days: float = 30) -> dict[str, stats.Line]:
    with site.desk(to_write=False) as held:
        found = stats.tallies(held, by, site.now - timedelta(days=days), site.now)
    return {line.value if line.by else "whole": line for line in stats.lines(by, [found])}


@pytest.fixture
def desk(site: Site) -> Site:
    late = site.act(asking.add, "late", priority="high", category="mail")
    site.act(asking.add, "fresh", priority="normal")
    site.later(30)
    site.act(working.work, late.id, 45)
    site.close(late.id, reason="fixed")
    site.later(1)
    return site


def test_figures_by_priority(desk: Site) -> None:
    found = _lines(desk)
    assert list(found) == ["high", "normal", "whole"]
    high = found["high"]
    assert (high.opened, high.closed, high.open, high.age_h) == (1, 1, 0, None)
    assert (high.response_met, high.response_missed) == (0, 1)
    assert (high.resolve_met, high.resolve_missed) == (0, 1)
    assert high.hours == 0.75
    assert found["normal"].age_h == found["normal"].oldest_h == 31.0
    assert found["whole"].opened == 2 and found["whole"].open == 1


def test_only_what_happened_since_counts(desk: Site) -> None:
    desk.later(24 * 10)
    found = _lines(desk, days=5)["whole"]
    assert (found.opened, found.closed, found.hours, found.open) == (0, 0, 0.0, 1)


@pytest.mark.parametrize("by", stats.BYS)
def test_every_grouping_adds_up(desk: Site, by: stats.By) -> None:
    found = _lines(desk, by)
    groups = [line for name, line in found.items() if name != "whole"]
    assert sum(line.opened for line in groups) == found["whole"].opened == 2


def test_clients_are_added_up(desk: Site) -> None:
    with desk.desk(to_write=False) as held:
        found = stats.tallies(held, "client", T0, desk.now)
    (client, whole) = stats.lines("client", [found, found])
    assert (client.value, client.opened, whole.opened, whole.hours) == ("ACME", 4, 4, 1.5)


def test_a_conflict_says_what_stands_what_lost_and_how_to_settle_it(site: Site) -> None:
    ident = site.act(asking.add, "printer").id
    (path,) = site.workspace.tickets.glob("??/*.jsonl")
    before = path.read_bytes()
    site.act(changing.edit, ident, {"assignee": "anna", "category": "mail"}, who="anna@a")
    hers = path.read_bytes()
    path.write_bytes(before)
    site.act(changing.edit, ident, {"assignee": "boris", "category": "mail"}, who="boris@b")
    path.write_bytes(path.read_bytes() + hers.splitlines()[-1] + b"\n")
    (one,) = disputes.of(site.read(ident))
    assert (one.field, one.settle, len(one.lost)) == ("assignee", "assign", 1)
    assert {one.stands.value, one.lost[0].value} == {"anna", "boris"}
    assert one.stands.by.startswith(one.stands.value)
    site.now += HOUR
    site.act(changing.edit, ident, {"assignee": "carl"}, who="carl@c")
    assert list(disputes.of(site.read(ident))) == []


def test_a_closing_against_a_snooze_is_told_in_words(site: Site) -> None:
    ident = site.act(asking.add, "printer").id
    (path,) = site.workspace.tickets.glob("??/*.jsonl")
    before = path.read_bytes()
    site.close(ident, reason="fixed")
    closed = path.read_bytes().splitlines()[-1]
    path.write_bytes(before)
    site.act(ending.snooze, ident, site.now + HOUR, who="boris@b")
    path.write_bytes(path.read_bytes() + closed + b"\n")
    (one,) = disputes.of(site.read(ident))
    assert one.field == "state" and one.settle == "close"
    assert {one.stands.value, one.lost[0].value} == {"closed fixed", "snoozed 2026-11-02T09:00:00Z"}


def _both(site: Site, ident: str, *acts: Callable[[str], object]) -> None:
    """Let two laptops act on one ticket, each without knowing of the other, and merge."""
    (path,) = site.workspace.tickets.glob("??/*.jsonl")
    before = path.read_bytes()
    lines = []
    for who, act in zip(("anna@a", "boris@b"), acts, strict=True):
        path.write_bytes(before)
        act(who)
        lines += path.read_bytes().removeprefix(before).splitlines(keepends=True)
    path.write_bytes(before + b"".join(lines))
    assert site.read(ident).conflicts


def test_what_stands_is_kept_by_saying_it_again(site: Site) -> None:
    ident = site.act(asking.add, "printer").id
    set_to = partial(site.act, changing.edit, ident)
    _both(
        site, ident,
        lambda who: set_to({"assignee": "anna", "priority": "high"}, who=who),
        lambda who: set_to({"assignee": "boris", "priority": "low"}, who=who),
    )  # fmt: skip
    stands = site.read(ident)
    set_to({"assignee": stands.assignee, "priority": stands.own_priority})
    settled = site.read(ident)
    assert (settled.assignee, settled.conflicts) == (stands.assignee, ())
    with pytest.raises(UsageError, match="is so already"):
        set_to({"assignee": stands.assignee})


def test_a_state_that_stands_is_kept_by_saying_it_again(site: Site) -> None:
    ident = site.act(asking.add, "printer").id
    _both(
        site, ident,
        lambda who: site.act(ending.close, ident, reason="fixed", who=who),
        lambda who: site.act(changing.edit, ident, {"state": "waiting"}, who=who),
    )  # fmt: skip
    stands = site.read(ident)
    (told,) = disputes.of(stands)
    if stands.state == "closed":
        with pytest.raises(UsageError, match="is closed"):  # not what stands
            site.close(ident, reason="wont-fix", text="no")
        assert told.settle == "close"
        site.close(ident, reason="fixed")
    else:
        assert told.settle == "status"
        site.act(changing.edit, ident, {"state": "waiting"})
    settled = site.read(ident)
    assert (settled.state, settled.reason) == (stands.state, stands.reason)
    assert settled.conflicts == ()


def test_a_closing_that_stands_is_kept_by_closing_again(site: Site) -> None:
    ident = site.act(asking.add, "printer").id
    site.close(ident, reason="fixed")
    _both(
        site, ident,
        lambda who: site.act(ending.reopen, ident, who=who),
        lambda who: [
            site.act(ending.reopen, ident, who=who),
            site.act(ending.close, ident, reason="wont-fix", text="no", who=who),
        ],
    )  # fmt: skip
    assert site.read(ident).reason == "wont-fix"
    with pytest.raises(UsageError, match="is closed"):  # not what stands
        site.close(ident, reason="fixed")
    site.close(ident, reason="wont-fix", text="still not")
    settled = site.read(ident)
    assert (settled.state, settled.reason, settled.conflicts) == ("closed", "wont-fix", ())
    assert settled.reopened == 1
