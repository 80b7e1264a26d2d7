from typing import get_args

import msgspec
import pytest

from msptool.errors import UsageError
from msptool.profile.shape import Assignment, Language, Tickets, TicketTemplate
from msptool.tickets import assign, templates
from msptool.tickets.acts import asking
from msptool.tickets.assign import Case
from tests.unit.tickets.site import HOUR, PROFILE, T0, Site, finding, report

CASE = Case(
    priority="high", kind="incident", category="printer", channel="phone", check="NET-001",
    things=("7K2", "sw-core", "name:core", "ip:192.0.2.1"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "fits"),
    [
        (Assignment(), True),
        (Assignment(category=("print*",)), True),
        (Assignment(category=("mail", "PRINTER")), True),
        (Assignment(category=("mail",)), False),
        (Assignment(check=("NET-*",), thing=("sw-*",)), True),
        (Assignment(check=("NET-*",), thing=("ap-*",)), False),
        (Assignment(thing=("core",)), True),
        (Assignment(thing=("192.0.2.*",)), True),
        (Assignment(channel=("mail",)), False),
        (Assignment(priority=("high", "critical")), True),
        (Assignment(priority=("low",)), False),
        (Assignment(type=("visit",)), False),
    ],
)
def test_a_rule_fits_by_every_condition_it_has(rule: Assignment, fits: bool) -> None:
    found = assign.place([msgspec.structs.replace(rule, queue="Q")], CASE)
    assert found == ({"queue": "Q"} if fits else {})


def test_the_first_rule_that_names_something_gives_it() -> None:
    rules = (
        Assignment(category=("mail",), assignee="boris"),
        Assignment(check=("NET-*",), queue="network"),
        Assignment(queue="desk", assignee="anna", line="L2"),
    )
    assert assign.place(rules, CASE) == {"queue": "network", "assignee": "anna", "line": "L2"}


def test_findings_go_where_the_rules_say_and_requests_too(site: Site) -> None:
    rules = (
        Assignment(check=("NET-001",), thing=("sw-core",), queue="network", line="L2"),
        Assignment(channel=("phone",), assignee="anna@desk"),
        Assignment(check=("NET-*",), line="L3"),
    )
    site.profile = msgspec.structs.replace(
        PROFILE, tickets=msgspec.structs.replace(PROFILE.tickets, assign=rules)
    )
    site.ingest(report(T0, finding()))
    found = site.only()
    assert (found.queue, found.line, found.assignee) == ("network", "L2", "")
    site.ingest(report(T0 + HOUR, *(finding(f"host{n}") for n in range(12))))
    (parent,) = (one for one in site.all() if not one.parent and one.about is None)
    assert (parent.queue, parent.line) == ("", "L3"), "a ticket for many goes by their check"
    asked = site.act(asking.add, "no mail", channel="phone")
    assert (asked.queue, asked.assignee) == ("", "anna@desk")
    assert site.act(asking.add, "x", channel="phone", assignee="bob").assignee == "bob"
    site.profile = msgspec.structs.replace(
        PROFILE, tickets=Tickets(assign=(Assignment(line="L3", queue="Q"),))
    )
    told = site.act(asking.add, "x", line="L1")
    assert (told.line, told.queue) == ("L1", "Q")


@pytest.mark.parametrize(
    "name", ["new-employee", "employee-leaves", "new-workstation", "onboarding-visit", "printer"]
)
def test_every_template_that_ships_says_the_same_in_every_language(name: str) -> None:
    one = templates.shipped_one(name)
    for said in (one.title, one.text, one.checklist):
        assert set(said) == set(get_args(Language))
    assert len({len(items) for items in one.checklist.values()}) == 1
    assert name in templates.names(PROFILE)
    assert templates.find(PROFILE, name).title == one.title["ru"]


def test_the_profiles_template_hides_one_of_ours_and_the_words_said_hide_both() -> None:
    own = TicketTemplate(title="Картридж", queue="склад", checklist=("заказать",))
    profile = msgspec.structs.replace(PROFILE, tickets=Tickets(templates={"printer": own}))
    assert templates.find(profile, "printer") is own
    begun = templates.begun(own, {"title": "Тонер", "queue": "", "tags": ("x",)})
    assert begun == {"title": "Тонер", "kind": "request", "queue": "склад",
                     "checklist": ("заказать",), "tags": ("x",)}  # fmt: skip
    with pytest.raises(UsageError, match="no template 'prnter'") as caught:
        templates.find(profile, "prnter")
    assert caught.value.nearest == ("printer",)
