"""What listens, and what it says: nmap for the ports, our own few bytes for the names."""

import ipaddress
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from msptool.audit import nmap, udp
from msptool.audit.facts import Alive, AnyFact, Grab, Port
from msptool.audit.journal import Journal
from msptool.audit.mission import Errand, Mission, Records, by_family, scan, work
from msptool.audit.ports import FRAGILE, SILENT, TLS_FIRST, wanted
from msptool.audit.scope import Address

GRAB_TIMEOUT_S = 2.0
# Hosts that one worker is told of: more would only fill memory.
TOGETHER = 1024
# A connection costs a host some ten packets: with this pause at most 40 in a second.
CONNECT_PAUSE_S = {"gentle": 0.25, "normal": 0.0, "fast": 0.0}
# nmap asks all ports of a host at once in its protocols, and no option of its own slows that. The
# greatest second to one host: 20 ports gave 101 packets, 3 give 27 where all keep silent, and 34
# where each hangs up on every question; without the pause the next three add 14 to that.
ASKED_AT_ONCE = {"gentle": 3, "normal": 100, "fast": 100}
ASKING_PAUSE_S = {"gentle": 1.0, "normal": 0.0, "fast": 0.0}


def look_at_ports(mission: Mission, journal: Journal, alive: Sequence[Address]) -> None:
    """Look at our ports of every host that is there."""
    troubles = [
        scan(
            mission,
            journal,
            _ports_argv(mission, v6=family[0].version == 6),
            {str(address): address for address in family},
            _ports,
            timeout_s=300 + mission.orders.host_timeout_s * (1 + len(family) / 64),
        )
        for family in by_family(alive)
    ]
    journal.end(next(filter(None, troubles), ""))


def _ports_argv(mission: Mission, *, v6: bool) -> list[str]:
    return nmap.ports_argv(
        mission.nmap,
        wanted(mission.orders.extra_ports),
        pace=mission.orders.pace,
        v6=v6,
        raw=mission.vantage.privilege == "root",
        host_timeout_s=mission.orders.host_timeout_s,
    )


def _ports(seen: nmap.HostSeen, at: datetime, evidence: str) -> Iterator[AnyFact]:
    """Yield that the host is there, where a port answered, be it to refuse; and its open ports."""
    if seen.answered:
        yield Alive(address=seen.address, at=at, source="nmap", evidence=evidence)
    yield from _open(seen, at, evidence, named=False)


def _named(seen: nmap.HostSeen, at: datetime, evidence: str) -> Iterator[AnyFact]:
    yield from _open(seen, at, evidence, named=True)


def _open(seen: nmap.HostSeen, at: datetime, evidence: str, *, named: bool) -> Iterator[Port]:
    """Yield open ports; a name that nmap only looked up in its table is no name."""
    for port in seen.ports:
        if port.state == "open":
            yield Port(
                address=seen.address,
                at=at,
                source="nmap-sV" if named else "nmap",
                evidence=evidence,
                proto=port.proto,
                port=port.port,
                state=port.state,
                service=port.service if named else "",
                product=port.product,
                version=port.version,
                tunnel=port.tunnel,
            )


def open_ports(facts: Iterable[AnyFact]) -> dict[str, list[int]]:
    """Return the open TCP ports of each address."""
    found: dict[str, list[int]] = defaultdict(list)
    for fact in facts:
        if isinstance(fact, Port) and fact.proto == "tcp":
            found[fact.address].append(fact.port)
    return found


def grab(mission: Mission, journal: Journal, ports: Mapping[str, Sequence[int]]) -> None:
    """Ask every open TCP port but the fragile ones who it is."""
    may = {a: [n for n in numbers if n not in FRAGILE] for a, numbers in ports.items()}
    hosts = [address for address, numbers in may.items() if numbers]
    troubles = []
    for at in range(0, len(hosts), TOGETHER):
        here = hosts[at : at + TOGETHER]
        orders = {
            "services": [[a, n, n in TLS_FIRST] for a in here for n in may[a]],
            "timeout_s": GRAB_TIMEOUT_S,
            "pause_s": CONNECT_PAUSE_S[mission.orders.pace],
            "parallel": 8 if mission.orders.pace == "gentle" else 32,
        }
        targets = [ipaddress.ip_address(address) for address in here]
        limit_s = 60 + 3 * GRAB_TIMEOUT_S * sum(len(may[a]) for a in here)
        errand = Errand("grab", targets, orders, read_grabs, limit_s)
        troubles.append(work(mission, journal, errand))
    journal.end(next(filter(None, troubles), ""))


def read_grabs(_address: str, records: Records, at: datetime, evidence: str) -> Iterator[AnyFact]:
    """Yield what each service of a host said."""
    for record in records:
        yield Grab(
            address=record["address"],
            at=at,
            source="grab",
            evidence=evidence,
            port=record["port"],
            greeting=record.get("greeting", ""),
            answers=record.get("answers", {}),
            certificate=record.get("certificate", ""),
            error=record.get("error", ""),
        )


def ask_udp(mission: Mission, journal: Journal, hosts: Sequence[Address]) -> None:
    """Ask a few UDP services whether they are there; only an answer opens a port."""
    orders = {
        "questions": {port: q.datagram.hex() for port, q in udp.QUESTIONS.items()},
        "wait_s": 1.0,
        "tries": 2,
        "rate_pps": 500,
    }
    limit_s = 30 + len(hosts) * len(udp.QUESTIONS) / 50
    journal.end(work(mission, journal, Errand("udp", hosts, orders, read_udp, limit_s)))


def read_udp(_address: str, records: Records, at: datetime, evidence: str) -> Iterator[AnyFact]:
    """Yield the UDP ports that answered as their service does."""
    for record in records:
        question = udp.QUESTIONS[record["port"]]
        if question.is_answer(bytes.fromhex(record["reply"])):
            yield Port(
                address=record["address"],
                at=at,
                source="udp",
                evidence=evidence,
                proto="udp",
                port=record["port"],
                state="open",
                service=question.service,
            )


def name_services(
    mission: Mission, journal: Journal, ports: Mapping[str, Sequence[int]], said: Iterable[AnyFact]
) -> None:
    """Let nmap ask the ports that said nothing to us; hosts with fragile ports are spared."""
    pace = mission.orders.pace
    troubles = []
    for numbers, addresses in _shared(_mute(ports, said), ASKED_AT_ONCE[pace]).items():
        for family in by_family(addresses):
            if journal.done:
                time.sleep(ASKING_PAUSE_S[pace])
            argv = nmap.services_argv(mission.nmap, numbers, v6=family[0].version == 6)
            units = {f"{address} {','.join(map(str, numbers))}": address for address in family}
            limit_s = 90 + 2 * len(family)
            troubles.append(scan(mission, journal, argv, units, _named, timeout_s=limit_s))
    journal.end(next(filter(None, troubles), ""))


def _mute(
    ports: Mapping[str, Sequence[int]], said: Iterable[AnyFact]
) -> Mapping[str, Sequence[int]]:
    """Return by address the TCP ports that said nothing and may be asked, in order."""
    spoken: dict[str, set[int]] = defaultdict(set)
    for fact in said:
        if isinstance(fact, Grab) and _said(fact):
            # SMB's older door says the same.
            spoken[fact.address] |= {fact.port, 139} if fact.port == 445 else {fact.port}
        elif isinstance(fact, Port) and fact.proto == "udp":  # DNS answers on both
            spoken[fact.address].add(fact.port)
    return {
        address: sorted(set(numbers) - spoken[address] - SILENT)
        for address, numbers in ports.items()
        if not FRAGILE.intersection(numbers)
    }


def _shared(
    mute: Mapping[str, Sequence[int]], at_once: int
) -> Mapping[tuple[int, ...], list[Address]]:
    """Return which ports to ask together, and of whom: nmap asks each of them of every host.

    No more than `at_once` of one host stand together.
    """
    shared: dict[tuple[int, ...], list[Address]] = defaultdict(list)
    for address, numbers in mute.items():
        for at in range(0, len(numbers), at_once):
            shared[tuple(numbers[at : at + at_once])].append(ipaddress.ip_address(address))
    return shared


def _said(fact: Grab) -> bool:
    return bool(fact.greeting or fact.certificate or any(fact.answers.values()))
