"""What happened by time, with its filters; the events of a store of several tickets."""

from datetime import timedelta

from msptool.tickets.acts import asking
from msptool.tickets.journal import Asked, Entry, Journal
from tests.unit.tickets.site import HOUR, T0, Site


def _log(site: Site, **asked: object) -> list[Entry]:
    with site.desk(to_write=False) as held:
        return list(Journal(held, Asked(**asked)).entries())  # type: ignore[arg-type]


def _story(site: Site) -> tuple[str, str]:
    first = site.act(asking.add, "one").id
    site.later()
    second = site.act(asking.add, "two", who="boris@laptop").id
    site.later()
    site.comment(first, "said", who="boris@laptop")
    site.later()
    site.close(second, reason="fixed")
    return first, second


def _told(entries: list[Entry]) -> list[tuple[str, str]]:
    return [(type(entry.event).__name__, entry.ticket) for entry in entries]


def test_all_tickets_by_time_the_newest_last(site: Site) -> None:
    one, two = _story(site)
    told = [("Opened", one), ("Opened", two), ("Comment", one), ("Closed", two)]
    entries = _log(site)
    assert _told(entries) == told
    assert [entry.at for entry in entries] == [T0 + HOUR * number for number in range(4)]
    for limit in range(1, 5):
        assert _told(_log(site, limit=limit)) == told[-limit:]


def test_filters(site: Site) -> None:
    one, two = _story(site)
    assert _told(_log(site, since=T0 + 2 * HOUR)) == [("Comment", one), ("Closed", two)]
    assert _told(_log(site, by="boris")) == [("Opened", two), ("Comment", one)]
    assert _told(_log(site, by="boris@laptop", limit=1)) == [("Comment", one)]
    assert _told(_log(site, by="bor")) == []
    assert _told(_log(site, ticket=one)) == [("Opened", one), ("Comment", one)]


def test_one_wrong_clock_moves_no_event_out_of_its_place(site: Site) -> None:
    one = site.act(asking.add, "one").id
    site.now = T0 + timedelta(days=400)
    site.comment(one, "a year ahead")
    site.now = T0 + HOUR
    site.comment(one, "now")
    site.later()
    two = site.act(asking.add, "two").id
    site.later()
    site.comment(one, "later")
    entries = _log(site)
    assert [entry.ticket for entry in entries] == [one, one, one, two, one]
    assert entries[1].at <= T0 + HOUR
    assert entries[1].event.at == T0 + timedelta(days=400)
    assert _told(_log(site, limit=2)) == _told(entries[-2:])


def test_a_ticket_that_cannot_be_read_hides_no_other(site: Site) -> None:
    one, two = _story(site)
    with site.desk(to_write=False) as held:
        path = held.path_of(one)
        made = Journal(held, Asked())
        path.rename(path.with_suffix(".gone"))  # after the index was brought up to date
        assert {entry.ticket for entry in made.entries()} == {two}
        assert [problem.path for problem in made.unreadable] == [path]
