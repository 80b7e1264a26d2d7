"""Alerts become tickets, through files and back."""

from typing import Any

import pytest

from msptool.errors import UsageError
from msptool.model import Finding
from msptool.tickets.intake import alertmanager
from tests.unit.tickets.intake.said import alert, webhook
from tests.unit.tickets.site import T0, Site


def _findings(data: bytes) -> tuple[Finding, ...]:
    taken = alertmanager.take(data, "ACME", T0)
    return tuple(f for batch in taken.batches for f in batch.findings)


def _place(**labels: Any) -> tuple[str, str, str]:
    (finding,) = _findings(webhook(alert(**labels)))
    return finding.check, finding.subject.thing, finding.subject.part


def test_an_alert_is_a_check_on_a_machine(site: Site) -> None:
    outcome = site.stream(webhook(alert(mountpoint="/var")))
    ticket = site.only()
    assert outcome.opened == (ticket.id,)
    assert ticket.title == "DiskFull, srv1 (instance=srv1:9100,mountpoint=/var)"
    assert ticket.about is not None
    assert ticket.about.check == "alertmanager/DiskFull"
    assert ticket.about.subject.thing == "name:srv1"
    assert ticket.about.message == {"en": "disk is full"}
    assert ticket.channel == "monitoring"


def test_firing_again_is_known_resolved_resolves_and_firing_anew_reopens(site: Site) -> None:
    site.stream(webhook(alert()))
    before = site.snapshot()
    site.later(4)
    assert not site.stream(webhook(alert())).changed
    assert site.snapshot() == before
    site.later()
    assert site.stream(webhook(alert(status="resolved"))).resolved
    assert site.only().state == "resolved"
    site.later()
    assert site.stream(webhook(alert())).reopened == (site.only().id,)


def test_a_resolved_alert_resolves_its_own_part_alone(site: Site) -> None:
    site.stream(webhook(alert(mountpoint="/"), alert(mountpoint="/var"), alert("Down")))
    site.later()
    outcome = site.stream(webhook(alert(mountpoint="/var", status="resolved")))
    assert len(outcome.resolved) == 1
    assert site.read(outcome.resolved[0]).title.endswith("mountpoint=/var)")
    site.later()
    both = webhook(alert(mountpoint="/"), alert("Down", status="resolved"))
    assert len(site.stream(both).resolved) == 1


def test_of_one_part_that_fires_and_is_resolved_what_fires_counts(site: Site) -> None:
    one, other = alert(replica="a"), alert(replica="b", status="resolved")
    site.stream(webhook(one))
    site.later()
    assert not site.stream(webhook(one, other)).changed


def test_a_number_sign_in_a_label_resolves_no_other_part(site: Site) -> None:
    site.stream(webhook(alert(path="/"), alert(path="/#x")))
    site.later()
    outcome = site.stream(webhook(alert(path="/", status="resolved")))
    assert len(outcome.resolved) == 1
    assert "%23" not in site.read(outcome.resolved[0]).title


def test_an_alert_without_a_part_resolves_no_part(site: Site) -> None:
    site.stream(webhook(alert(instance="srv1"), alert(instance="srv1", path="/"), alert()))
    site.later()
    outcome = site.stream(webhook(alert(instance="srv1", status="resolved")))
    assert [site.read(ident).title for ident in outcome.resolved] == ["DiskFull, srv1"]


@pytest.mark.parametrize("label", ["severity", "value", "replica", "prometheus_replica", "pod_ip"])
def test_what_may_change_is_not_in_the_fingerprint(label: str) -> None:
    assert _place(**{label: "1"}) == _place(**{label: "2"})


def test_a_higher_severity_raises_the_ticket_it_has(site: Site) -> None:
    site.stream(webhook(alert()))
    site.later()
    outcome = site.stream(webhook(alert(severity="critical")))
    assert outcome.raised == (site.only().id,)
    assert site.only().priority == "critical"


@pytest.mark.parametrize(
    ("said", "severity"),
    [
        ("critical", "critical"), ("page", "critical"), ("ERROR", "high"), ("warning", "medium"),
        (" Info ", "info"), ("none", "info"), ("whatever", "medium"), (None, "medium"),
    ],
)  # fmt: skip
def test_severity_is_read_from_the_label(said: str | None, severity: str) -> None:
    (finding,) = _findings(webhook(alert(severity=said)))
    assert finding.severity == severity


@pytest.mark.parametrize(
    ("instance", "thing"),
    [
        ("srv1", "name:srv1"), ("SRV1:9100", "name:srv1"), ("192.0.2.7:9100", "ip:192.0.2.7"),
        ("[2001:db8::1]:9100", "ip:2001:db8::1"), ("2001:db8::1", "ip:2001:db8::1"),
        ("https://u:p@shop.example/x?y", "name:shop.example"),
    ],
)  # fmt: skip
def test_the_machine_is_found_in_the_labels(instance: str, thing: str) -> None:
    assert _place(instance=instance)[1] == thing


def test_two_programs_on_one_host_are_two_parts() -> None:
    assert _place(instance="srv1:8001") != _place(instance="srv1:8002")


def test_an_alert_without_a_host_is_about_its_group(site: Site) -> None:
    alone = alert(instance=None, cluster="eu", queue="mail")
    (finding,) = _findings(webhook(alone, groupLabels={"cluster": "eu", "alertname": "DiskFull"}))
    assert (finding.subject.thing, finding.subject.part) == ("alerts:cluster=eu", "queue=mail")
    site.stream(webhook(alone))
    assert site.only().title.startswith("DiskFull, ")


def test_alerts_that_were_left_out_are_told(site: Site) -> None:
    outcome = site.stream(webhook(alert(), truncatedAlerts=3))
    assert len(outcome.opened) == 1
    assert outcome.part_done is not None
    assert outcome.part_done.hint == "first: left out by max_alerts: 3"


def test_a_wrong_alert_spoils_no_other(site: Site) -> None:
    wrong: list[Any] = [
        {"status": "firing"},
        {**alert(), "status": "odd"},
        {**alert(), "labels": {"a": 1}},
        7,
    ]
    outcome = site.stream(webhook(*wrong, alert()))
    assert len(outcome.opened) == 1
    assert [(one.line, one.part) for one in outcome.refused] == [(n, "alert") for n in (1, 2, 3, 4)]


def test_many_machines_in_one_payload_come_under_one_ticket(site: Site) -> None:
    outcome = site.stream(webhook(*(alert("Down", instance=f"h{n}:9100") for n in range(12))))
    assert len(outcome.opened) == 13
    parents = {ticket.parent for ticket in site.all()} - {""}
    assert len(parents) == 1


@pytest.mark.parametrize(
    "data",
    [
        b"", b"[]", b"null", b'{"alerts": 7}', b'{"alerts": [', webhook(alert())[:-9],
        webhook(version="3"), b'{"alerts":' + b"[" * 100_000, b"\xff\xfe{}", b'{"alerts":[]}x',
    ],
)  # fmt: skip
def test_what_is_no_payload_is_refused_and_nothing_is_written(site: Site, data: bytes) -> None:
    with pytest.raises(UsageError, match="no webhook of Alertmanager"):
        site.stream(data, name="alertmanager")
    assert site.all() == []


def test_a_payload_without_alerts_is_nothing(site: Site) -> None:
    assert site.stream(webhook()) == type(site.stream(webhook()))()


def test_hostile_labels_stay_on_one_line_and_short(site: Site) -> None:
    evil = "\x1b]52;c;AAAA\x07\n[x](javascript:1) =cmd|' /C calc'!A0 {{7*7}} " + "é" * 5_000
    site.stream(webhook(alert(evil, instance=evil, evil=evil, notes={"summary": evil * 9})))
    ticket = site.only()
    assert ticket.about is not None
    assert not {"\n", "\x1b", "\x07"} & set(ticket.title + ticket.about.subject.part)
    assert len(ticket.title) < 900 and len(ticket.about.message["en"]) <= 4_000
