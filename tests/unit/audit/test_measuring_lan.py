"""What an audit is measured with: the drawn LAN, its voices, the counter, the scorer."""

import os
import struct
from collections import Counter

import pytest

from msptool.audit import ports
from msptool.audit.probes import kerberos, smb, table
from msptool.audit.probes.probe import Ask
from tests.lab.audit.lan import plan
from tests.lab.audit.lan.inside.agent import Agent, coded, items, read_oid
from tests.lab.audit.lan.inside.counter import greatest, summary
from tests.lab.audit.lan.inside.frames import Sent, read
from tests.lab.audit.lan.score import score
from tests.lab.audit.lan.truth import FRAGILE, Host, Lan, Service
from tests.lab.audit.lan.voices.ntlm import der
from tests.lab.audit.lan.voices.voices import voice

QUESTIONS = (
    b"\r\n\r\n", b"GET / HTTP/1.0\r\n\r\n", b"\x00\x00", b"\xff" * 300, b"\x16\x03\x01",
    b"\x30\x05\x02\x01", b"\x80" * 40, b"\x05\x00\x0b" + bytes(40), b"$66\r\n", b"*1\r\n",
)  # fmt: skip
FLAGS = (
    (2, "tcp-syn"), (0x12, "tcp-syn"), (4, "tcp-rst"), (0x11, "tcp-fin"), (0x18, "tcp-data"),
    (16, "tcp-ack"),
)  # fmt: skip


@pytest.mark.parametrize("seed", range(1, 30 if os.environ.get("MSPTOOL_FULL") else 7))
def test_a_lan_is_what_the_bars_speak_of(seed: int) -> None:
    lan = plan.draw(seed)
    services = [service for _, service in lan.services()]
    assert len({host.address for host in lan.hosts}) == len({h.mac for h in lan.hosts}) == 60
    assert len(services) > 200
    assert Counter(host.drops for host in lan.hosts) == {"": 36, "ping": 12, "all": 12}
    assert all(len(host.services) == 1 for host in lan.hosts if host.drops == "all")
    assert sum(service.protocol == "redis" for service in services) >= 26
    assert sum(service.port == 9100 for service in services) == 7
    assert sum(service.port == 502 for service in services) == 4
    assert {service.port for service in services} <= ports.tcp().keys()
    assert not any(service.fragile and service.nameable for service in services)
    assert ports.FRAGILE <= FRAGILE


def test_stalling_hosts_change_nothing_else() -> None:
    spoilt, whole = plan.draw(5, stalls=6), plan.draw(5)
    assert {host.manner for host in spoilt.hosts} == {"", "stall", "drip"}
    ways = [[(h.address, h.mac, h.services) for h in lan.hosts] for lan in (spoilt, whole)]
    assert ways[0] == ways[1]


def test_every_voice_outlives_every_question() -> None:
    lan = plan.draw(3)
    for host, service in lan.services():
        for question in QUESTIONS:
            speaker = voice(host, service)
            for end in range(1, len(question) + 1):
                if speaker.hear(question[:end]) is not None:
                    break


def test_the_file_server_says_what_our_parser_reads() -> None:
    lan = plan.draw(3)
    host, service = next(p for p in lan.services() if p[1].port == 445)
    speaker = voice(host, service)
    negotiated, challenged = speaker.hear(smb.negotiate()), speaker.hear(smb.session_setup())
    assert negotiated is not None and challenged is not None
    told = smb.parse(negotiated.data + challenged.data)
    assert (told["name"], told["domain"]) == (service.words["name"], "OFFICE")
    assert told["build"].endswith("17763")


def asked_first(host: Host, service: Service) -> dict[str, bytes]:
    """Return what a voice says to its protocol's own question."""
    probe, speaker = table.TCP[service.port], voice(host, service)
    talk, said, greeting = probe.talk(host.address), b"", speaker.greeting
    step = next(talk, None)
    while isinstance(step, Ask):
        reply = speaker.hear(step.send) if step.send else None
        answer, greeting = greeting + (reply.data if reply else b""), b""
        said += answer
        try:
            step = talk.send(answer)
        except StopIteration:
            break
    return {probe.name: said}


def test_every_service_answers_its_own_question() -> None:
    known = {p: h for seed in (1, 2, 3) for p, h in _by_port(plan.draw(seed)).items()}
    assert {88, 111, 1723, 5060} <= known.keys()
    for host, service in known.values():
        ((name, said),) = asked_first(host, service).items()
        assert table.PARSERS[name](said), (service, said)


def _by_port(lan: Lan) -> dict[int, tuple[Host, Service]]:
    """Return services in clear on the ports of their protocols, which Redis is not on always."""
    return {
        service.port: (host, service)
        for host, service in lan.services()
        if service.nameable
        and not service.tls
        and service.port in table.TCP
        and (service.protocol != "redis" or service.port == 6379)
    }


def test_a_kdc_of_the_lan_gives_back_the_realm_it_was_asked_for() -> None:
    host, service = _by_port(plan.draw(3))[88]
    said = asked_first(host, service)
    assert kerberos.NOWHERE in said["kerberos"]
    assert table.beside(said) is None


@pytest.mark.parametrize(
    ("call", "status"),
    [((100000, 2, 0), 0), ((100000, 4, 4), 0), ((100000, 2, 9), 3), ((100000, 9, 0), 2),
     ((100003, 3, 0), 1)],
)  # fmt: skip
def test_the_portmapper_refuses_what_it_does_not_have(
    call: tuple[int, int, int], status: int
) -> None:
    speaker = voice(*_by_port(plan.draw(3))[111])
    asked = struct.pack(">IIII", 7, 0, 2, call[0]) + struct.pack(">II", *call[1:]) + bytes(16)
    reply = speaker.hear(struct.pack(">I", 0x80000000 | len(asked)) + asked)
    assert reply is not None
    assert struct.unpack_from(">II4xIII", reply.data, 4) == (7, 1, 0, 0, status)


def test_the_fullest_second_is_any_second() -> None:
    sent = [Sent(at, "192.0.2.7", "tcp-syn") for at in (0.0, 0.9, 1.0, 1.1, 1.89, 3.0)]
    assert greatest(sent) == {"count": 4, "at_s": 0.9, "kinds": {"tcp-syn": 4}}
    assert greatest([])["count"] == 0


def test_broadcast_counts_to_the_asked_and_multicast_to_the_sum() -> None:
    ask = bytes.fromhex("0001080006040001020000000001c0000201000000000000c0000207")
    asked = read(1.0, 0x0806, ask)
    group = read(  # an IPv6 header to ff02::, ICMPv6
        1.1, 0x86DD, bytes([0x60, 0, 0, 0, 0, 8, 58, 1]) + bytes(16) + b"\xff\x02" + bytes(14)
    )
    assert (asked.host, asked.kind, group.kind) == ("192.0.2.7", "arp-request", "icmpv6")
    told = summary([asked, group], "192.0.2.0/24", 0)
    assert told["sum"]["count"] == 2
    assert {host: most["count"] for host, most in told["hosts"].items()} == {"192.0.2.7": 1}


@pytest.mark.parametrize("flags,kind", FLAGS)
def test_segments_are_told_by_their_flags(flags: int, kind: str) -> None:
    head = bytes([0x45]) + bytes(8) + b"\x06" + bytes(6) + bytes([192, 0, 2, 9])
    assert read(0.0, 0x0800, head + bytes(13) + bytes([flags, 0])) == (0.0, "192.0.2.9", kind)


def _perfect(lan: Lan) -> dict[str, dict[int, str]]:
    return {h.address: {s.port: s.protocol for s in h.services} for h in lan.hosts}


def test_a_perfect_scan_scores_all() -> None:
    lan = plan.draw(4)
    told = score(lan, _perfect(lan))
    assert (told.missed, told.unnamed, told.misnamed, told.invented) == ((), (), (), ())
    assert told.names_share == 1.0


def test_what_is_missed_misnamed_and_invented_is_told() -> None:
    lan = plan.draw(4)
    found = _perfect(lan)
    (host, service), *_ = [p for p in lan.services() if p[1].protocol == "redis"]
    gone = next(h for h in lan.hosts if h is not host and h.drops == "all")
    del found[gone.address]
    found[host.address][service.port] = "mysql"
    found[host.address][4444] = ""
    told = score(lan, found)
    assert told.hosts == 59
    assert told.missed == (f"{gone.address} lone, drops all",)
    assert told.misnamed == (f"{host.address}:{service.port} redis, told mysql",)
    assert told.invented == (f"{host.address}:4444 ",)


def test_the_router_tells_its_arp_table_to_who_knows_its_community() -> None:
    lan = plan.draw(4, routed=True, router_snmp=True)
    agent = Agent(lan, lan.gateway)
    column: tuple[int, ...] = (1, 3, 6, 1, 2, 1, 4, 22, 1, 2)
    at = column
    found: dict[str, str] = {}
    while True:
        (at, value), *_ = _asked(agent, lan.community, 0xA1, at)
        if at[: len(column)] != column:
            break
        found[".".join(map(str, at[-4:]))] = value.hex(":")
    assert {host.address: host.mac for host in lan.hosts[1:]} == found
    assert agent.answer(_message("wrong", 0xA1, column)) == b""
    assert agent.answer(b"\x30\x82") == agent.answer(b"\xff" * 40) == b""


def test_bulk_asks_many_and_an_unknown_object_is_no_such() -> None:
    lan = plan.draw(4, routed=True, router_snmp=True)
    agent = Agent(lan, lan.gateway)
    assert len(_asked(agent, lan.community, 0xA5, (1, 3, 6, 1, 2, 1, 4), repeat=25)) == 25
    assert b"\x81\0" in agent.answer(_message(lan.community, 0xA0, (1, 3, 6, 1, 9, 9)))


def _message(community: str, kind: int, oid: tuple[int, ...], repeat: int = 0) -> bytes:
    """An SNMP v2c question for one object (RFC 3416, 3)."""
    binding = der(0x30, der(6, coded(oid)) + b"\x05\0")
    numbers = der(2, b"\x07") + der(2, b"\0") + der(2, bytes([repeat]))
    body = der(2, b"\x01") + der(4, community.encode()) + der(kind, numbers + der(0x30, binding))
    return der(0x30, body)


def _asked(
    agent: Agent, community: str, kind: int, oid: tuple[int, ...], repeat: int = 0
) -> list[tuple[tuple[int, ...], bytes]]:
    """Ask, and return the objects of the answer with their values."""
    (_, body), *_ = items(agent.answer(_message(community, kind, oid, repeat)))
    bindings = items(items(items(body)[2][1])[3][1])
    return [(read_oid(items(one)[0][1]), items(one)[1][1]) for _, one in bindings]
