"""Each check on what fires it, on its decoy, and on what it cannot tell."""

from datetime import timedelta
from typing import Any

import pytest

from msptool.audit.asset import Asset, Certificate, Interface, Snmp, Ups
from msptool.audit.checks import CHECKS, Exhibit
from msptool.audit.topology import EdgePort
from msptool.judge import Undecided, Unsure, Violation
from msptool.model import LANGUAGES, fill
from tests.unit.audit.build import NOW, asset, interface, said, service, spoken


def exhibit(of: Asset | None = None, **fields: Any) -> Exhibit:
    return Exhibit(**{"asset": of or asset(), "now": NOW, **fields})


def parts(check: str, shown: Exhibit) -> list[str]:
    return [word.part for word in said(check, shown) if isinstance(word, Violation)]


def unsure(check: str, shown: Exhibit) -> list[tuple[str, str]]:
    return [(word.part, word.reason) for word in said(check, shown) if isinstance(word, Unsure)]


def test_telnet_is_told_by_its_negotiation_not_by_its_port() -> None:
    services = (spoken(23, "telnet"), spoken(2323, "telnet"), spoken(24, "ssh"))
    assert parts("NET-001", exhibit(asset(services=services))) == ["tcp/23", "tcp/2323"]
    assert parts("NET-001", exhibit(asset(services=(spoken(23, ""),)))) == []


def test_words_before_the_negotiation_hide_no_telnet() -> None:
    late = spoken(2323, "", "Welcome\r\n\xff\xfd\x18")
    assert parts("NET-001", exhibit(asset(services=(late,)))) == ["tcp/2323"]
    russian = "Проверяю диск, меняю ленту".encode("cp1251").decode("latin-1")
    assert parts("NET-001", exhibit(asset(services=(spoken(2323, "", russian),)))) == []


def test_a_login_prompt_on_port_23_is_not_passed_and_another_protocol_is() -> None:
    prompt = spoken(23, "", "User Access Verification\r\n\r\nPassword: ")
    assert unsure("NET-001", exhibit(asset(services=(prompt,)))) == [("tcp/23", "unreadable")]
    assert said("NET-001", exhibit(asset(services=(spoken(23, "ssh"),)))) == []


def test_a_silent_port_23_is_not_passed() -> None:
    assert unsure("NET-001", exhibit(asset(services=(service(23),)))) == [("tcp/23", "no-answer")]


@pytest.mark.parametrize(
    ("answers", "fires"),
    [
        ({"ftp-user": "331 ok", "ftp-pass": "230 welcome"}, True),
        ({"ftp-user": "230 welcome"}, True),
        ({"ftp-user": "331 ok", "ftp-pass": "530 no"}, False),
        ({"ftp-user": "530 no"}, False),
    ],
)
def test_anonymous_ftp(answers: dict[str, str], fires: bool) -> None:
    shown = exhibit(asset(services=(spoken(21, "ftp", answers=answers),)))
    assert bool(parts("SEC-011", shown)) is fires


def test_ftp_that_hangs_up_is_unsure() -> None:
    shown = exhibit(asset(services=(spoken(21, "ftp", answers={"ftp-user": ""}),)))
    assert unsure("SEC-011", shown) == [("tcp/21", "no-answer")]


@pytest.mark.parametrize(
    ("days", "severity"), [(-1, "high"), (0, "medium"), (30, "medium"), (31, None)]
)
def test_certificate_dates(days: int, severity: str | None) -> None:
    seen = Certificate(port=443, subject="CN=x", not_after=NOW + timedelta(days=days, hours=1))
    words = said("SEC-007", exhibit(asset(certificates=(seen,))))
    assert [w.severity for w in words if isinstance(w, Violation)] == (
        [severity] if severity else []
    )


def test_an_unreadable_certificate_hides_no_expired_one() -> None:
    shown = exhibit(
        asset(
            certificates=(
                Certificate(port=443, error="ValueError"),
                Certificate(port=8443, not_after=NOW - timedelta(days=3)),
            )
        )
    )
    assert parts("SEC-007", shown) == ["tcp/8443"]
    assert unsure("SEC-007", shown) == [("tcp/443", "unreadable")]


def test_default_community_is_named_once() -> None:
    shown = exhibit(default_communities=("public", "private"))
    assert parts("NET-002", shown) == ["udp/161"]
    assert parts("NET-002", exhibit()) == []


def counters(errors: int, packets: int, *, uptime_s: float = 100.0) -> Asset:
    port = interface("Gi1", in_errors=errors, in_packets=packets)
    return asset(snmp=Snmp(interfaces=(port,), uptime_s=uptime_s))


@pytest.mark.parametrize(
    ("errors", "packets", "fires"),
    [(11, 10_000, True), (10, 10_000, False), (5, 10_000, False), (0, 10_000, False)],
)
def test_interface_errors_against_the_previous_run(errors: int, packets: int, fires: bool) -> None:
    before = counters(1_000, 50_000)
    now = counters(1_000 + errors, 50_000 + packets, uptime_s=200)
    assert bool(parts("NET-006", exhibit(now, previous=before))) is fires


def test_first_run_and_restart_are_unknown() -> None:
    now = counters(500, 900_000)
    for previous, reason in (
        (None, "no-previous-run"),
        (counters(1, 1, uptime_s=999), "counter-reset"),
    ):
        with pytest.raises(Undecided) as raised:
            said("NET-006", exhibit(now, previous=previous))
        assert raised.value.reason == reason


def test_too_little_traffic_on_a_port_with_errors_is_unsure() -> None:
    shown = exhibit(counters(7, 60, uptime_s=200), previous=counters(7, 10))
    assert unsure("NET-006", shown) == [("Gi1", "too-soon")]


@pytest.mark.parametrize(
    ("before", "now", "words"),
    [
        (7, None, [("Gi2", "no-data")]),
        (None, 7, [("Gi2", "no-previous-run")]),
        (None, None, []),
    ],
)
def test_a_counter_that_vanished_or_is_new_is_unsure(
    before: int | None, now: int | None, words: list[tuple[str, str]]
) -> None:
    def seen(errors: int | None, uptime_s: float, *others: Interface) -> Asset:
        port = interface("Gi2", in_errors=errors, in_packets=90_000)
        return asset(snmp=Snmp(interfaces=(port, *others), uptime_s=uptime_s))

    other = interface("Gi1", in_errors=0, in_packets=90_000)
    shown = exhibit(seen(now, 200, other), previous=seen(before, 100, other))
    assert unsure("NET-006", shown) == words
    if words:  # also where no other port counts
        assert unsure("NET-006", exhibit(seen(now, 200), previous=seen(before, 100))) == words


def test_several_machines_behind_an_edge_port() -> None:
    switch = asset(snmp=Snmp(stations={"aa": "Gi1"}))
    ports = (EdgePort("A", "Gi1", ("aa", "bb")), EdgePort("A", "Gi2", ("cc",)))
    assert parts("NET-012", exhibit(switch, edge_ports=ports)) == ["Gi1"]


@pytest.mark.parametrize(
    ("ups", "fires"),
    [
        (Ups(battery=2, on_battery_s=0, minutes=9, charge_percent=80), True),
        (Ups(battery=2, on_battery_s=5, minutes=40), True),
        (Ups(battery=3, minutes=40), True),
        (Ups(battery=2, on_battery_s=0, minutes=10), False),
        (Ups(minutes=11), False),
    ],
)
def test_ups(ups: Ups, fires: bool) -> None:
    assert parts("SRV-016", exhibit(asset(snmp=Snmp(ups=ups)))) == (["battery"] if fires else [])


@pytest.mark.parametrize("ups", [Ups(charge_percent=5), Ups(battery=1)])
def test_a_ups_without_values_is_unknown(ups: Ups) -> None:
    with pytest.raises(Undecided) as raised:
        said("SRV-016", exhibit(asset(snmp=Snmp(ups=ups))))
    assert raised.value.reason == "no-data"


@pytest.mark.parametrize(
    ("banner", "fires"),
    [
        ("SSH-2.0-OpenSSH_8.4p1 Debian-5+deb11u3", True),
        ("SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3", True),
        ("SSH-2.0-OpenSSH_10.0p2 Debian-7+deb13u1", False),
        ("SSH-2.0-OpenSSH_8.2p1 Ubuntu-4ubuntu0.5", True),
        ("SSH-2.0-OpenSSH_9.6p1 Ubuntu-3ubuntu13.5", False),
        ("SSH-2.0-OpenSSH_9.9", False),
        ("SSH-2.0-ROSSSH", False),
    ],
)
def test_linux_release_by_banner(banner: str, fires: bool) -> None:
    shown = exhibit(asset(services=(spoken(22, "ssh", banner),)))
    assert bool(parts("SRV-002", shown)) is fires


def test_servers_without_a_job() -> None:
    assert parts("BKP-001", exhibit(asset(kind="server"))) == [""]
    assert parts("BKP-001", exhibit(asset(kind="storage"), protected=True)) == []
    with pytest.raises(Undecided):
        said("BKP-001", exhibit(asset(kind="printer")))


@pytest.mark.parametrize("check", sorted(CHECKS.load()))
def test_rules_are_whole_in_every_language(check: str) -> None:
    rule = CHECKS.load()[check].rule
    for words in (rule.title, rule.message, rule.remedy):
        assert set(words) == set(LANGUAGES)
    assert "{" not in fill(rule.message["ru"], {})
