"""Notifications of Nagios and Checkmk become tickets, through files and back."""

from datetime import timedelta

import pytest

from msptool.errors import UsageError
from tests.unit.tickets.intake.said import machine, notice, service
from tests.unit.tickets.site import T0, Site


def test_a_problem_opens_a_recovery_resolves_and_a_new_one_reopens(site: Site) -> None:
    opened = site.stream(service("PROBLEM", "CRITICAL"))
    ticket = site.only()
    assert opened.opened == (ticket.id,)
    assert ticket.title == "неполадка службы, srv1 (disk)"
    assert (ticket.priority, ticket.about and ticket.about.message["en"]) == (
        "high",
        "CRITICAL: 95% used",
    )
    site.later()
    assert not site.stream(service("PROBLEM", "WARNING")).changed
    site.later()
    assert site.stream(service("RECOVERY", "OK")).resolved == (ticket.id,)
    site.later()
    assert site.stream(service("PROBLEM", "WARNING")).reopened == (ticket.id,)


def test_a_recovery_resolves_that_service_alone(site: Site) -> None:
    site.stream(service("PROBLEM", "CRITICAL"))
    site.stream(service("PROBLEM", "CRITICAL", name="load"))
    site.stream(service("PROBLEM", "CRITICAL", host="srv2"))
    site.stream(machine("PROBLEM", "DOWN"))
    site.later()
    outcome = site.stream(service("RECOVERY", "OK"))
    assert [site.read(ident).title for ident in outcome.resolved] == [
        "неполадка службы, srv1 (disk)"
    ]
    assert not site.stream(machine("RECOVERY", "UP", host="srv3")).changed


@pytest.mark.parametrize(
    ("kind", "state", "did"),
    [
        ("ACKNOWLEDGEMENT", "CRITICAL", "opened"), ("CUSTOM", "WARNING", "opened"),
        ("FLAPPINGSTART", "CRITICAL", "opened"), ("FLAPPINGSTART", "OK", ""),
        ("FLAPPINGSTOP", "CRITICAL", "opened"), ("FLAPPINGSTOP", "OK", ""),
        ("DOWNTIMESTART", "CRITICAL", ""), ("DOWNTIMEEND", "CRITICAL", "opened"),
        ("DOWNTIMECANCELLED", "UNKNOWN", "opened"), ("ALERTHANDLER (WARNING)", "WARNING", ""),
        ("PROBLEM", "OK", ""),
    ],
)  # fmt: skip
def test_what_each_type_does_to_an_empty_store(site: Site, kind: str, state: str, did: str) -> None:
    outcome = site.stream(service(kind, state))
    assert (len(outcome.opened), outcome.refused) == (1 if did else 0, ())


@pytest.mark.parametrize(
    ("kind", "state", "resolves"),
    [
        ("FLAPPINGSTOP", "OK", True), ("FLAPPINGDISABLED", "OK", True), ("DOWNTIMEEND", "OK", True),
        ("FLAPPINGSTART", "OK", False), ("DOWNTIMESTART", "OK", False),
        ("ACKNOWLEDGEMENT", "CRITICAL", False), ("RECOVERY", "OK", True),
    ],
)  # fmt: skip
def test_what_each_type_does_to_an_open_ticket(
    site: Site, kind: str, state: str, resolves: bool
) -> None:
    site.stream(service("PROBLEM", "CRITICAL"))
    site.later()
    assert bool(site.stream(service(kind, state)).resolved) is resolves


def test_what_is_wrong_on_a_host_that_is_down_comes_under_it(site: Site) -> None:
    down = site.stream(machine("PROBLEM", "DOWN")).opened[0]
    assert site.read(down).tags == ("unreachable",)
    under = site.stream(service("PROBLEM", "CRITICAL", HOSTSTATE="DOWN")).opened[0]
    elsewhere = site.stream(service("PROBLEM", "CRITICAL", host="srv2")).opened[0]
    assert site.read(under).parent == down
    assert site.read(elsewhere).parent == ""
    site.later()
    assert site.stream(machine("RECOVERY", "UP")).resolved == (down,)
    later = site.stream(service("PROBLEM", "CRITICAL", name="load")).opened[0]
    assert site.read(later).parent == ""
    assert site.read(under).active


def test_checkmk_says_it_with_other_names(site: Site) -> None:
    said = {
        "WHAT": "SERVICE", "NOTIFICATIONTYPE": "PROBLEM", "HOSTNAME": "srv1", "SERVICEDESC": "CPU",
        "SERVICESTATE": "CRIT", "SERVICEOUTPUT": "load", "LONGSERVICEOUTPUT": "a\\nb",
    }  # fmt: skip
    site.stream(notice("NOTIFY_", **said))
    about = site.only().about
    assert about is not None
    assert (about.check, about.message["en"]) == ("checkmk/service", "CRIT: load\na\nb")
    host = said | {"WHAT": "HOST", "HOSTSTATE": "DOWN"}
    assert len(site.stream(notice("NOTIFY_", **host)).opened) == 1


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\0"])
def test_several_lines_and_endings_are_read(site: Site, end: bytes) -> None:
    said = service("PROBLEM", "CRITICAL", LONGSERVICEOUTPUT="first").replace(b"\n", end)
    site.stream(said)
    assert site.only().about is not None


def test_notifications_parted_by_an_empty_line_are_several(site: Site) -> None:
    long = service("PROBLEM", "CRITICAL", LONGSERVICEOUTPUT="one\n\ntwo\n\nA=3")
    outcome = site.stream(long + b"\n" + service("PROBLEM", "WARNING", name="load"))
    assert len(outcome.opened) == 2
    texts = [t.about.message["en"] for t in site.all() if t.about]
    assert any("two" in text for text in texts)


def test_nothing_else_of_the_environment_is_kept(site: Site) -> None:
    site.stream(service("PROBLEM", "CRITICAL"))
    assert not any(b"hunter2" in data for data in site.snapshot().values())


def test_the_monitors_time_counts_but_not_one_of_the_future(site: Site) -> None:
    late = service("PROBLEM", "CRITICAL", TIMET=str(int((T0 - timedelta(hours=2)).timestamp())))
    site.stream(late)
    assert site.only().as_of == T0 - timedelta(hours=2)
    site.stream(service("RECOVERY", "OK", TIMET=str(int((T0 - timedelta(hours=3)).timestamp()))))
    assert site.only().active
    site.stream(service("RECOVERY", "OK", TIMET="9" * 19))
    assert site.only().state == "resolved"


@pytest.mark.parametrize(
    "data",
    [
        service("ODD", "CRITICAL"), service("PROBLEM", "ODD"),
        service("PROBLEM", "CRITICAL", host=""),
    ],
    ids=["type", "state", "host"],
)  # fmt: skip
def test_a_notification_that_is_not_understood_is_told(site: Site, data: bytes) -> None:
    outcome = site.stream(data + b"\n" + service("PROBLEM", "WARNING", name="load"))
    assert [(one.line, one.part) for one in outcome.refused] == [(1, "notification")]
    assert len(outcome.opened) == 1


@pytest.mark.parametrize(
    "data", [b"PATH=/bin\n", b"\xff\xfe\x00", b"NAGIOS_X", b"NOTIFY_WHAT=HOST\n"]
)
def test_an_environment_without_a_notification_is_refused(site: Site, data: bytes) -> None:
    with pytest.raises(UsageError, match="no notification of Nagios"):
        site.stream(data, name="nagios")


def test_a_notification_without_a_type_is_told(site: Site) -> None:
    outcome = site.stream(notice(HOSTNAME="srv1", SERVICESTATE="CRITICAL"))
    assert [one.why for one in outcome.refused] == ["type '' is none we know"]


def test_no_receipt_is_left_of_single_messages(site: Site) -> None:
    assert site.stream(service("PROBLEM", "CRITICAL")).runs == ()
    assert not (site.workspace.tickets / "receipts").exists()
