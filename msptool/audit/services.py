"""What listens, and what it says: nmap for the ports, our own few bytes for the names."""

import ipaddress
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from msptool import clock
from msptool.audit import nmap
from msptool.audit.facts import Alive, AnyFact, Grab, Port, Told
from msptool.audit.mission import Catch, Mission, by_family, scan_with_nmap, sha, work
from msptool.audit.ports import FRAGILE, SILENT, wanted
from msptool.audit.probes import read
from msptool.audit.scope import Address

# How long a connection and each answer may take, and all ports of one host together.
GRAB_TIMEOUT_S = {"gentle": 2.0, "normal": 1.5, "fast": 1.0}
GRAB_HOST_S = {"gentle": 240, "normal": 120, "fast": 60}
# Packets to and fro in any second, to one host and in all: what the gentle pace promises, less
# what the reckoning may err (0: as fast as it goes).
GRAB_PPS = {"gentle": (36, 950), "normal": (0, 0), "fast": (0, 0)}
# nmap asks all ports of a host at once in its protocols, and no option of its own slows that. The
# greatest second to one host: 20 ports gave 101 packets, 3 give 27 where all keep silent, and 34
# where each hangs up on every question; without the pause the next three add 14 to that.
ASKED_AT_ONCE = {"gentle": 3, "normal": 100, "fast": 100}
ASKING_PAUSE_S = {"gentle": 1.0, "normal": 0.0, "fast": 0.0}


def look_at_ports(mission: Mission, alive: Sequence[Address]) -> Catch:
    """Look at our ports of every host that is there."""
    catch = Catch()
    for family in by_family(alive):
        argv = nmap.ports_argv(
            mission.nmap,
            wanted(mission.orders.extra_ports),
            pace=mission.orders.pace,
            v6=family[0].version == 6,
            raw=mission.vantage.privilege == "root",
            host_timeout_s=mission.orders.host_timeout_s,
        )
        limit_s = 300 + mission.orders.host_timeout_s * (1 + len(family) / 64)
        scan, part = scan_with_nmap(mission, argv, family, timeout_s=limit_s)
        looked = frozenset(host.address for host in scan.hosts if host.looked)
        facts: tuple[AnyFact, ...] = (*_living(scan, sha(part)), *_ports(scan, sha(part)))
        catch = catch.plus(replace(part, facts=facts, looked=looked))
    return catch


def _living(scan: nmap.Scan, evidence: str) -> Iterator[Alive]:
    """Yield the hosts of which a port answered, be it to refuse."""
    for host in scan.hosts:
        if host.answered:
            yield Alive(address=host.address, at=clock.now(), source="nmap", evidence=evidence)


def _ports(scan: nmap.Scan, evidence: str, *, source: str = "nmap") -> Iterator[Port]:
    """Yield open ports; a name that nmap only looked up in its table is no name."""
    for host in scan.hosts:
        for seen in host.ports:
            if seen.state == "open":
                yield Port(
                    address=host.address,
                    at=clock.now(),
                    source=source,
                    evidence=evidence,
                    proto=seen.proto,
                    port=seen.port,
                    state=seen.state,
                    service=seen.service if source == "nmap-sV" else "",
                    product=seen.product,
                    version=seen.version,
                    tunnel=seen.tunnel,
                )


def grab(mission: Mission, ports: Iterable[Port]) -> Catch:
    """Ask every open TCP port but the fragile ones who it is."""
    open_ports = [p for p in ports if p.proto == "tcp"]
    if FRAGILE.issuperset(p.port for p in open_ports):
        return Catch()
    host_pps, all_pps = GRAB_PPS[mission.orders.pace]
    orders = {
        "services": [[p.address, p.port] for p in open_ports],
        "timeout_s": GRAB_TIMEOUT_S[mission.orders.pace],
        "host_limit_s": GRAB_HOST_S[mission.orders.pace],
        "parallel": 256,
        "host_pps": host_pps,
        "all_pps": all_pps,
    }
    targets = sorted({ipaddress.ip_address(p.address) for p in open_ports}, key=int)
    limit_s = (1 + len(targets) / 256) * (60 + GRAB_HOST_S[mission.orders.pace])
    records, catch = work(mission, "grab", targets, orders, timeout_s=limit_s)
    facts = tuple(_read(read.tcp, targets, records, sha(catch)))
    done = frozenset(r["address"] for r in records if r.get("done"))
    return replace(catch, facts=facts, looked=done)


def _read(
    reader: Callable[..., list[AnyFact]],
    targets: Iterable[Address],
    records: Sequence[Mapping[str, Any]],
    evidence: str,
) -> Iterator[AnyFact]:
    for target in targets:
        yield from reader(str(target), records, clock.now(), evidence)


def ask_udp(mission: Mission, hosts: Sequence[Address]) -> Catch:
    """Ask a few UDP services whether they are there; only an answer opens a port."""
    if not hosts:
        return Catch()
    host_pps, all_pps = GRAB_PPS[mission.orders.pace]
    orders = {"wait_s": 1.0, "tries": 2, "host_pps": host_pps, "all_pps": all_pps or 2000}
    records, catch = work(mission, "udp", hosts, orders, timeout_s=60 + len(hosts))
    return replace(catch, facts=tuple(_read(read.udp, hosts, records, sha(catch))))


def name_services(mission: Mission, ports: Iterable[Port], grabs: Iterable[AnyFact]) -> Catch:
    """Let nmap ask the ports that said nothing to us; hosts with fragile ports are spared."""
    pace = mission.orders.pace
    catch = Catch()
    for numbers, addresses in _shared(_mute(ports, grabs), ASKED_AT_ONCE[pace]).items():
        for family in by_family(addresses):
            if catch.evidence:
                time.sleep(ASKING_PAUSE_S[pace])
            argv = nmap.services_argv(mission.nmap, numbers, v6=family[0].version == 6)
            scan, part = scan_with_nmap(mission, argv, family, timeout_s=90 + 2 * len(family))
            facts = tuple(_ports(scan, sha(part), source="nmap-sV"))
            catch = catch.plus(replace(part, facts=facts))
    return catch


def _mute(ports: Iterable[Port], grabs: Iterable[AnyFact]) -> Mapping[str, Sequence[int]]:
    """Return by address the TCP ports that said nothing and may be asked, in order."""
    known = list(ports)
    spoken = {
        (fact.address, fact.port)
        for fact in grabs
        if isinstance(fact, Told) or (isinstance(fact, Grab) and _said(fact))
    }
    spoken |= {(address, 139) for address, port in spoken if port == 445}  # SMB's older door
    spoken |= {(p.address, p.port) for p in known if p.proto == "udp"}  # DNS answers on both
    spared = {p.address for p in known if p.port in FRAGILE}
    mute: dict[str, set[int]] = defaultdict(set)
    for port in known:
        silent = port.proto == "tcp" and (port.address, port.port) not in spoken
        if silent and port.address not in spared and port.port not in SILENT:
            mute[port.address].add(port.port)
    return {address: sorted(numbers) for address, numbers in mute.items()}


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
