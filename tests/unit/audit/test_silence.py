"""No word is no pass: ports that fell silent, half a machine, ghosts in the ARP table."""

from pathlib import Path
from typing import Any

import pytest

from msptool.audit import court, look
from msptool.audit.asset import Asset, Certificate, Service
from msptool.audit.checks import Exhibit
from msptool.audit.discovery import ARP_TABLE
from msptool.audit.facts import Alive, Port
from msptool.judge import Undecided, Unsure, Violation
from tests.unit.audit.build import NOW, asset, logbook, said, service, spoken


def seen(*services: Service, before: tuple[Service, ...] = (), **fields: Any) -> Exhibit:
    previous = asset(services=before) if before else None
    return Exhibit(asset=asset(services=services, **fields), now=NOW, previous=previous)


def unsure(check: str, exhibit: Exhibit) -> list[str]:
    told = said(check, exhibit)
    assert all(isinstance(word, Unsure) for word in told), told
    return [word.part for word in told]


FTP = spoken(2100, "ftp", "220 ready")
BUSY = service(21, greeting="421 Too many connections", spoke=True)


def test_a_silent_or_busy_ftp_port_is_not_passed() -> None:
    assert unsure("SEC-011", seen(BUSY)) == ["tcp/21"]
    assert unsure("SEC-011", seen(service(2121))) == ["tcp/2121"]
    assert unsure("SEC-011", seen(service(2100), before=(FTP,))) == ["tcp/2100"]
    assert unsure("SEC-011", seen(service(2100), spoken(21, "ssh"))) == []
    assert unsure("SEC-011", seen(spoken(2100, "http"), before=(FTP,))) == []


def test_tls_without_a_certificate_is_not_passed() -> None:
    held = Exhibit(
        asset=asset(services=(service(8444), service(81))),
        now=NOW,
        previous=asset(certificates=(Certificate(port=8444),)),
    )
    assert unsure("SEC-007", held) == ["tcp/8444"]
    assert unsure("SEC-007", seen(service(443))) == ["tcp/443"]
    assert unsure("SEC-007", seen(service(3389, name="rdp", tls=True))) == ["tcp/3389"]
    assert unsure("SEC-007", seen(spoken(443, "http"), service(22))) == []


def test_a_release_is_unknown_where_ssh_is_silent_and_no_question_where_there_is_none() -> None:
    ssh = spoken(2222, "ssh", "SSH-2.0-OpenSSH_7.4p1 Debian-10+deb9u7")
    cases = {
        "no-answer": (seen(service(22)), seen(service(2222), before=(ssh,))),
        "not-applicable": (seen(), seen(spoken(22, "http"), before=(ssh,)), seen(service(80))),
    }
    for reason, exhibits in cases.items():
        for exhibit in exhibits:
            with pytest.raises(Undecided) as raised:
                said("SRV-002", exhibit)
            assert raised.value.reason == reason
    assert said("SRV-002", seen(spoken(22, "ssh", "SSH-2.0-dropbear"))) == []


V4, OTHER, V6, NEW6 = "192.0.2.7", "192.0.2.8", "2001:db8::7", "2001:db8::99"


@pytest.mark.parametrize(
    ("before", "now", "wide"),
    [
        ((V4,), (V4, V6), True),
        ((V4, V6), (V4, NEW6), True),  # a new one each day is no loss
        ((V4, V6), (V4,), False),
        ((V4, OTHER), (V4,), False),
        ((V4, V6), (V6,), False),
    ],
)
def test_half_of_a_machine_is_not_the_machine(
    before: tuple[str, ...], now: tuple[str, ...], wide: bool
) -> None:
    assert court._as_wide(asset(addresses=now), asset(addresses=before)) is wide


def test_what_was_on_the_other_half_is_unknown_and_what_is_here_is_found() -> None:
    before = asset(
        addresses=(V4, V6),
        services=(spoken(23, "telnet"), spoken(2424, "telnet"), FTP, spoken(80, "http")),
    )
    now = asset(addresses=(V4,), services=(spoken(80, "http"), spoken(2323, "telnet")))
    shown = Exhibit(asset=court._with_unseen(now, before), now=NOW, previous=before)
    assert unsure("SEC-011", shown) == [FTP.part]
    told = {word.part: type(word) for word in said("NET-001", shown)}
    assert told == {"tcp/23": Unsure, "tcp/2424": Unsure, "tcp/2323": Violation}
    whole = asset(addresses=(V4, NEW6))
    assert court._with_unseen(whole, before) == whole


NAMED = asset("A", aliases=("name:srv", "ip:192.0.2.7"))
NAMELESS = asset("B", aliases=("mac:a", "ip:192.0.2.8"))


@pytest.mark.parametrize(
    ("of", "matches", "told"),
    [
        (NAMED, {"name:srv"}, True),
        (NAMED, {"name:other"}, False),
        (NAMELESS, {"ip:192.0.2.8"}, True),
        (NAMELESS, {"name:srv"}, False),  # another bears it
        (NAMELESS, {"name:other"}, None),
        (NAMELESS, set(), False),
    ],
)
def test_a_server_without_a_name_may_be_the_one_that_a_job_protects(
    of: Asset, matches: set[str], told: bool | None
) -> None:
    borne = {*NAMED.aliases, *NAMELESS.aliases}
    assert court._is_protected(of, matches, borne) is told


def test_nobody_can_tell_whether_a_nameless_server_is_protected() -> None:
    with pytest.raises(Undecided, match="no-data"):
        said("BKP-001", Exhibit(asset=asset(), now=NOW, protected=None))


def test_the_arp_table_remembers_hosts_that_are_off(tmp_path: Path) -> None:
    def alive(address: str, source: str = ARP_TABLE) -> Alive:
        return Alive(address=address, at=NOW, source=source, mac="00:00:5e:00:53:01")

    port = Port(address=OTHER, at=NOW, source="nmap", proto="tcp", port=22, state="open")
    hosts = (alive(V4), alive(OTHER), alive("192.0.2.9"), alive("192.0.2.9", "nmap"))
    book = logbook(tmp_path, discover=hosts, ports=(port,))
    assert look.Looked(book).ghosts == {V4}
