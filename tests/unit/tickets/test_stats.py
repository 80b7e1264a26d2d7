"""Figures, and the conflicts of two laptops."""

from datetime import timedelta

import pytest

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
