"""One cause, many findings: a ticket with children, and what becomes of it."""

from datetime import UTC

import msgspec
import pytest

from msptool.cli import list_words
from msptool.model import Finding, Link, Report, Thing
from msptool.profile.shape import Policy
from msptool.tickets import listing
from msptool.tickets.acts import asking, changing
from msptool.tickets.ticket import Ticket
from tests.unit.tickets.site import HOUR, PROFILE, T0, Site, attempt, finding, report

HOSTS = [f"pc{number:02}" for number in range(40)]


def silent(thing: str, check: str = "MON-001") -> Finding:
    """Return a finding that says: it does not answer."""
    found = finding(thing, "", check=check)
    return msgspec.structs.replace(found, facts={"unreachable": True})


def gone(at: float = 0, *more: Finding, links: bool = True, of: list[str] = HOSTS) -> Report:
    """Return a report of a switch that is down, and the machines behind it."""
    told = report(
        T0 + at * HOUR, silent("sw"), *map(silent, of), *more,
        things=tuple(Thing(id=t, kind="asset", name=t) for t in ("sw", *of)),
    )  # fmt: skip
    cables = tuple(Link(a="sw", b=host) for host in of) if links else ()
    return msgspec.structs.replace(told, links=cables)


def by_thing(site: Site) -> dict[str, Ticket]:
    return {t.about.subject.thing: t for t in site.all() if t.about}


def listed(site: Site) -> list[str]:
    with site.desk(to_write=False) as desk:
        wanted = listing.asked((), site.now, UTC, ended=False, children=False)
        return [row.id for row in listing.find(desk, wanted, site.now, limit=0).rows]


def back(at: float, *things: str) -> Report:
    passed = tuple(attempt("pass", thing, check="MON-001") for thing in things)
    return report(T0 + at * HOUR, attempts=passed)


def test_one_switch_down_forty_hosts_gone_is_one_ticket_with_children(site: Site) -> None:
    outcome = site.ingest(gone())
    tickets = by_thing(site)
    assert len(outcome.opened) == 41
    assert {tickets[host].parent for host in HOSTS} == {tickets["sw"].id}
    assert tickets["sw"].parent == ""
    assert listed(site) == [tickets["sw"].id]


def test_a_switch_that_is_silent_names_no_neighbours_so_earlier_runs_do(site: Site) -> None:
    site.commit(msgspec.structs.replace(gone(-5), findings=()))
    site.ingest(gone(links=False))
    tickets = by_thing(site)
    assert {tickets[host].parent for host in HOSTS} == {tickets["sw"].id}


def test_hosts_that_go_a_little_later_come_under_the_switch_too(site: Site) -> None:
    site.ingest(gone(of=HOSTS[:20]))
    site.ingest(gone(1))
    tickets = by_thing(site)
    assert len(site.all()) == 41
    assert {tickets[host].parent for host in HOSTS} == {tickets["sw"].id}


def test_without_a_map_many_of_one_check_come_under_a_ticket_of_their_own(site: Site) -> None:
    site.ingest(gone(links=False))
    (parent,) = {ticket.parent for ticket in by_thing(site).values()}
    assert listed(site) == [parent]
    whole = site.read(parent)
    assert whole.about is None and whole.priority == "high" and whole.title.endswith("(41)")


@pytest.mark.parametrize(("hosts", "parents"), [(8, 0), (9, 1)])
def test_few_are_not_grouped(site: Site, hosts: int, parents: int) -> None:
    site.ingest(gone(links=False, of=HOSTS[:hosts]))
    assert len(site.all()) == hosts + 1 + parents


def test_many_parts_of_one_machine_are_no_storm(site: Site) -> None:
    site.ingest(report(T0, *(finding(part=f"tcp/{n}") for n in range(30))))
    assert {ticket.parent for ticket in site.all()} == {""}


def test_a_policy_without_grouping_groups_nothing(site: Site) -> None:
    tickets = msgspec.structs.replace(PROFILE.tickets, policy=Policy(group_at=0))
    site.profile = msgspec.structs.replace(PROFILE, tickets=tickets)
    site.ingest(gone(0, finding("sw")))
    assert {ticket.parent for ticket in site.all()} == {""}


def test_what_else_is_wrong_on_a_silent_machine_comes_under_it_now_and_later(site: Site) -> None:
    site.ingest(gone(0, finding("pc01"), of=["pc01"], links=False))
    tickets = {t.about.check: t for t in site.all() if t.about and t.about.subject.thing == "pc01"}
    assert tickets["NET-001"].parent == tickets["MON-001"].id
    site.ingest(report(T0 + HOUR, finding("pc01", "tcp/80")))
    late = next(t for t in site.all() if t.about and t.about.subject.part == "tcp/80")
    assert late.parent == tickets["MON-001"].id


def test_two_neighbours_of_equal_standing_are_no_cause_of_each_other(site: Site) -> None:
    told = gone(of=["pc01"])
    site.ingest(msgspec.structs.replace(told, links=(Link(a="sw", b="pc01"), Link(a="sw", b="sw"))))
    assert {ticket.parent for ticket in site.all()} == {""}


def test_children_end_by_themselves_and_the_cause_by_itself(site: Site) -> None:
    site.ingest(gone(of=HOSTS[:12]))
    tickets = by_thing(site)
    outcome = site.ingest(back(1, "sw", *HOSTS[:10]))
    assert len(outcome.resolved) == 11
    left = [tickets[host].id for host in HOSTS[10:12]]
    # The cause is mended and two hosts still do not answer: nothing hides them any more.
    assert sorted(listed(site)) == sorted(left)


def test_the_ticket_of_a_storm_ends_with_its_last_child(site: Site) -> None:
    site.ingest(gone(links=False, of=HOSTS[:11]))
    (parent,) = {ticket.parent for ticket in by_thing(site).values()}
    assert parent not in site.ingest(back(1, "sw", *HOSTS[:10])).resolved
    assert site.read(parent).active
    assert parent in site.ingest(back(2, HOSTS[10])).resolved
    assert site.read(parent).state == "resolved"


def test_it_ends_too_when_a_person_closed_the_last_child(site: Site) -> None:
    site.ingest(gone(links=False, of=HOSTS[:11]))
    tickets = by_thing(site)
    site.ingest(back(1, "sw", *HOSTS[:10]))
    site.later()
    site.close(tickets[HOSTS[10]].id, reason="wont-fix", text="scrapped")
    outcome = site.ingest(report(site.now + HOUR, attempts=()))
    assert outcome.resolved == (tickets["sw"].parent,)


def test_it_comes_back_with_a_child(site: Site) -> None:
    site.ingest(gone(links=False, of=HOSTS[:11]))
    parent = by_thing(site)["sw"].parent
    site.ingest(back(1, "sw", *HOSTS[:11]))
    assert site.read(parent).state == "resolved"
    outcome = site.ingest(gone(2, links=False, of=HOSTS[:11]))
    assert parent in outcome.reopened and len(outcome.reopened) == 13
    assert listed(site) == [parent]
    again = site.ingest(back(3, "sw", *HOSTS[:11]))
    assert parent in again.resolved and listed(site) == []


def test_a_persons_ticket_with_children_is_never_resolved_by_a_machine(site: Site) -> None:
    asked = site.act(asking.add, "move the office")
    site.ingest(report(T0, finding()))
    found = next(t for t in site.all() if t.about)
    site.later()
    site.act(changing.edit, found.id, {"parent": asked.id})
    assert site.ingest(report(T0 + 5 * HOUR, attempts=(attempt("pass"),))).resolved == (found.id,)
    assert site.read(asked.id).active


def test_a_parent_that_a_person_would_not_fix_stays_closed_and_hides_nobody(site: Site) -> None:
    site.ingest(gone(links=False, of=HOSTS[:11]))
    parent = by_thing(site)["sw"].parent
    site.later()
    site.close(parent, reason="wont-fix", text="they are being replaced")
    assert len(listed(site)) == 12
    site.ingest(back(3, "sw", *HOSTS[:11]))
    site.ingest(gone(4, links=False, of=HOSTS[:11]))
    assert site.read(parent).state == "closed"
    assert len(listed(site)) == 12


def test_a_list_says_how_many_children_there_are(site: Site) -> None:
    site.ingest(gone())
    with site.desk(to_write=False) as desk:
        wanted = listing.asked((), site.now, UTC, ended=False, children=False)
        (row,) = listing.find(desk, wanted, site.now, limit=0).rows
    assert row.children == 40
    assert "+40" in list_words.table([row], site.now, clients=False)
