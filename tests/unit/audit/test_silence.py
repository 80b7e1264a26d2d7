"""No word is no pass: ports that fell silent, half a machine, ghosts in the ARP table."""

from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from msptool.audit import court, look
from msptool.audit.asset import Asset, Certificate, Service
from msptool.audit.checks import Exhibit
from msptool.audit.discovery import ARP_TABLE
from msptool.audit.facts import Alive, Port, Snmp
from msptool.audit.identify import build
from msptool.audit.snmp import reasons
from msptool.audit.snmp.engine import Credential
from msptool.judge import Undecided, Unsure, Violation
from msptool.model import REASONS
from msptool.profile.shape import Scope
from tests.unit.audit.build import NOW, asset, logbook, mission, said, service, spoken


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


CONSENT = Scope(networks=("192.0.2.0/24",), authorised_by="A. Client", expires=NOW.date())
OURS = Credential(label="profile:1", community="sesame", networks=("192.0.2.0/28",))


def lacks(folder: Path, snmp: Snmp | None = None, doubt: str = "", **fields: Any) -> dict[str, str]:
    """Return what a machine at V4 lacks; `fields` are the mission's. Its agent is asked at the
    stage `at`, if any.
    """
    stage = fields.pop("at", "snmp")
    book = logbook(folder)
    if stage:
        with book.stage(stage) as journal:
            journal.add(V4, [snmp] if snmp else [], doubt)
    given = {"communities": (OURS,), "try_defaults": True, **fields}
    sent = mission(book, CONSENT, NOW.date(), **given)
    facts = [snmp] if snmp else []
    unread = asset(addresses=(V4,), ports_known=True, unread=build._unread(facts))
    return dict(court._lacks(unread, sent, look.Looked(book)))


def agent(error: str) -> Snmp:
    return Snmp(address=V4, at=NOW, source="snmp", community="profile:1", error=error)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        ("wrong-user", "snmp-user"),
        ("wrong-auth-key", "snmp-auth-key"),
        ("wrong-privacy-key", "snmp-privacy-key"),
        ("unsupported-level", "snmp-level"),
        ("refused: noSuchObject", "snmp-refused"),
        ("garbled", "unreadable"),
        ("lost", "no-snmp"),
        ("OSError", "probe-failed"),
    ],
)
def test_an_agent_that_was_not_read_is_told_with_the_reason(
    tmp_path: Path, error: str, reason: str
) -> None:
    assert lacks(tmp_path, agent(error)) == {"snmp": reason}
    assert reason in REASONS


def test_every_reason_of_an_agent_is_one_that_reports_know() -> None:
    assert {reasons.gap(error) for error in reasons.REASONS} <= REASONS.keys()


@pytest.mark.parametrize("stage", look.AGENTS)
def test_a_question_that_failed_is_no_silence(tmp_path: Path, stage: str) -> None:
    both = dict.fromkeys(("snmp", "default-communities"), "probe-failed")
    assert lacks(tmp_path, doubt="probe-failed", at=stage) == both
    assert lacks(tmp_path / "silent", at=stage) == {"snmp": "no-snmp"}


def test_who_was_not_asked_has_not_kept_silent(tmp_path: Path) -> None:
    both = dict.fromkeys(("snmp", "default-communities"), "not-asked")
    assert lacks(tmp_path, at="") == both
    elsewhere = structs.replace(OURS, networks=("198.51.100.0/24",))
    told = lacks(tmp_path / "elsewhere", communities=(elsewhere,), try_defaults=False)
    assert told == {"snmp": "not-configured"}


def test_who_only_a_port_told_of_is_asked_for_its_agent_late(tmp_path: Path) -> None:
    def alive(address: str, source: str) -> Alive:
        return Alive(address=address, at=NOW, source=source, mac=f"02:00:00:00:00:{address[-1]}")

    hosts = (alive(V4, "nmap"), alive(OTHER, ARP_TABLE), alive("192.0.2.9", ARP_TABLE))
    port = Port(address=OTHER, at=NOW, source="nmap", proto="tcp", port=22, state="open")
    book = logbook(tmp_path, discover=hosts, ports=(port,))
    with book.stage("snmp") as journal:
        journal.add(V4, [])
    assert [str(address) for address in look._late(book)] == [OTHER]
