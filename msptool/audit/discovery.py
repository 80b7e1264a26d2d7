"""Who is there: ARP and neighbour discovery on our own segments, nmap beyond them."""

import ipaddress
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

from msptool import clock, runs
from msptool.audit import nmap, nmap_xml
from msptool.audit.facts import Alive
from msptool.audit.gauge import Gauge
from msptool.audit.journal import Journal
from msptool.audit.mission import Errand, Mission, Records, by_family, lots, run_nmap, sweep
from msptool.audit.scope import Address, Network
from msptool.audit.vantage import Segment

RATE_PPS = {"gentle": 500, "normal": 1000, "fast": 2000}
# Addresses asked together: a run that is cut asks no more than these again.
STRETCH = 4096
# The same where each address is asked many ports.
SEARCH_STRETCH = 256
# Packets that a search may take at a pace: some two minutes of them.
SEARCH_MOST = {"gentle": 130_000, "normal": 400_000, "fast": 2_000_000}
ARP_TABLE = "arp-table"


def discover(mission: Mission, journal: Journal) -> None:
    """Find who is there: ARP and neighbour discovery on our segments, nmap beyond them.

    All hosts of an IPv6 network can be learnt on its own segment only: elsewhere that is said.
    """
    ours = {segment.address for segment in mission.vantage.segments}
    left = [address for address in mission.plan.addresses if address not in ours]
    if mission.vantage.privilege == "root":
        for segment in mission.vantage.segments:
            here = [a for a in left if a in segment.network]
            for stretch in lots(here, STRETCH):
                _sweep(mission, journal, segment, stretch)
            if any(segment.network.overlaps(n) for n in mission.plan.learn):
                _learn(mission, journal, segment)
        _by_interface_id(mission, journal)
        left = [a for a in left if mission.vantage.segment_of(a) is None]
    for family in by_family(left):
        for stretch in lots(family, STRETCH):
            _ping(mission, journal, stretch)
    if mission.vantage.privilege == "user":
        _neighbour_table(mission, journal)
    journal.end(_unseen(mission))


def ask_again(mission: Mission, journal: Journal, hinted: Sequence[str]) -> None:
    """Ask one by one whom others know of, in more ways and more often than a whole network."""
    ours = {segment.address for segment in mission.vantage.segments}  # everybody's table has us
    addresses = [a for a in map(ipaddress.ip_address, hinted) if a not in ours]
    for segment in mission.vantage.segments if mission.vantage.privilege == "root" else ():
        here = [a for a in addresses if a in segment.network]
        if here:
            _sweep(mission, journal, segment, here)
            addresses = [a for a in addresses if a not in segment.network]
    for family in by_family(addresses):
        for stretch in lots(family, STRETCH):
            _ping(mission, journal, stretch, thorough=True)
    journal.end()


def search(mission: Mission, journal: Journal, silent: Sequence[Address]) -> None:
    """Look behind routers for hosts that drop all but a port or two: at each port of our list or,
    where that were too many packets for the pace, at those that most hosts have.

    Only an open port counts: some firewalls refuse in the name of addresses that nobody has.
    """
    away = [a for a in silent if mission.vantage.segment_of(a) is None and a.version == 4]
    pace = mission.orders.pace
    whole = mission.ports
    ports = whole if len(away) * len(whole) <= SEARCH_MOST[pace] else nmap.COMMON_PORTS
    for here in lots(away, SEARCH_STRETCH):
        _search(mission, journal, here, ports)
    journal.end()


def _search(
    mission: Mission, journal: Journal, here: Sequence[Address], ports: Sequence[int]
) -> None:
    raw = mission.vantage.privilege == "root"
    argv = nmap.search_argv(mission.nmap, ports, len(here), pace=mission.orders.pace, raw=raw)
    gauge = Gauge(mission.progress, journal.name, len(here))
    pps = nmap.search_pps(len(here), pace=mission.orders.pace)
    _find(
        mission,
        journal,
        argv,
        here,
        lambda seen: any(port.state == "open" for port in seen.ports),
        timeout_s=120 + 6 * len(here) * len(ports) / pps,
        tell=lambda percent: gauge.at(len(here) * percent / 100),
    )


def _find(
    mission: Mission,
    journal: Journal,
    argv: list[str],
    here: Sequence[Address],
    is_there: Callable[[nmap_xml.HostSeen], bool],
    *,
    timeout_s: float,
    tell: Callable[[float], None] = lambda _percent: None,
) -> None:
    """Let nmap look for hosts among a stretch of addresses: who is there is one unit."""
    unit = _stretch(here)
    if not journal.left([unit]):
        return
    found: list[Alive] = []

    def take(seen: nmap_xml.HostSeen, evidence: str) -> None:
        if is_there(seen):
            found.append(
                Alive(
                    address=seen.address,
                    mac=seen.mac,
                    at=clock.now(),
                    source="nmap",
                    evidence=evidence,
                )
            )

    trouble = run_nmap(mission, journal.name, argv, here, take, timeout_s=timeout_s, tell=tell)
    journal.add(unit, found, trouble)


def _stretch(here: Sequence[Address]) -> str:
    return f"{here[0]}-{here[-1]}"


def _unseen(mission: Mission) -> str:
    segments = mission.vantage.segments
    learn = mission.plan.learn
    away = any(not any(s.network.overlaps(n) for s in segments) for n in learn)
    return "not-on-segment" if away else ""


def _by_interface_id(mission: Mission, journal: Journal) -> None:
    """Ask for the IPv6 addresses that hosts would make of their MACs (RFC 4291, appendix A):
    a host that drops echo requests must still answer neighbour solicitations.
    """
    known = [fact for unit in journal.units() for fact in unit.facts]
    alive = {fact.address for fact in known}
    macs = {fact.mac for fact in known if isinstance(fact, Alive) and fact.mac}
    for segment in mission.vantage.segments:
        if segment.network.version != 6 or segment.network.prefixlen != 64:
            continue
        guesses = [_eui64(segment.network, mac) for mac in sorted(macs)]
        asked = [a for a in guesses if mission.plan.covers(a) and str(a) not in alive]
        if asked:
            _sweep(mission, journal, segment, asked, unit=f"interface-ids {segment.network}")


def _eui64(network: Network, mac: str) -> Address:
    octets = bytearray.fromhex(mac.replace(":", ""))
    octets[0] ^= 2
    return network.network_address + int.from_bytes(octets[:3] + b"\xff\xfe" + octets[3:])


def _learn(mission: Mission, journal: Journal, segment: Segment) -> None:
    """Ask all hosts of an IPv6 segment at once; those that answer beyond the scope are dropped."""
    here = _one_covered(mission, segment)
    if here:
        _sweep(mission, journal, segment, here, unit=f"all of {segment.network}", learn=True)


def _sweep(  # noqa: PLR0917
    mission: Mission,
    journal: Journal,
    segment: Segment,
    here: Sequence[Address],
    *,
    unit: str = "",
    learn: bool = False,
) -> None:
    """Ask some addresses of a segment; addresses it shows beyond the scope are dropped unseen."""
    others = [s for s in mission.vantage.segments if s.interface == segment.interface]
    source4 = next((str(s.address) for s in others if s.network.version == 4), "0.0.0.0")  # noqa: S104
    source6 = next((str(s.address) for s in others if s.network.version == 6), "::")
    orders = {
        "interface": segment.interface,
        "source4": source4,
        "source6": source6,
        "mac": segment.mac,
        "learn6": learn,
        "rate_pps": RATE_PPS[mission.orders.pace],
        "tries": 3 if learn else 2,
    }
    limit_s = 60 + 3 * len(here) / RATE_PPS[mission.orders.pace]
    unit = unit or _stretch(here)
    read = partial(_answers, mission)
    sweep(mission, journal, unit, Errand("arp", here, orders, read, limit_s))


def _answers(
    mission: Mission, _address: str, records: Records, at: datetime, evidence: str
) -> Iterator[Alive]:
    """Yield who answered on the segment."""
    ours = {s.address for s in mission.vantage.segments}
    for record in records:
        address, mac, source = (str(record.get(key, "")) for key in ("address", "mac", "source"))
        if source and _wanted(mission, address, ours):
            yield Alive(address=address, mac=mac, at=at, source=source, evidence=evidence)


def _one_covered(mission: Mission, segment: Segment) -> list[Address]:
    """Return one address to name to the gate where all hosts must be learnt: ours, or the first
    of the network that is not excluded.
    """
    learnt = [n for n in mission.plan.learn if segment.network.overlaps(n)]
    firsts = [network.network_address + number for network in learnt for number in (1, 2, 3)]
    return [a for a in (segment.address, *firsts) if mission.plan.covers(a)][:1]


def _wanted(mission: Mission, address: str, ours: set[Address]) -> bool:
    try:
        met = ipaddress.ip_address(address)
    except ValueError:
        return False
    return met not in ours and mission.plan.covers(met)


def _ping(
    mission: Mission, journal: Journal, targets: Sequence[Address], *, thorough: bool = False
) -> None:
    """Ping a stretch of addresses behind a router, in every way that nmap knows of."""
    argv = nmap.discovery_argv(
        mission.nmap,
        pace=mission.orders.pace,
        v6=targets[0].version == 6,
        raw=mission.vantage.privilege == "root",
        thorough=thorough,
    )
    limit_s = 120.0 + len(targets)
    _find(mission, journal, argv, targets, lambda seen: seen.up, timeout_s=limit_s)


def _neighbour_table(mission: Mission, journal: Journal) -> None:
    """Read the kernel's ARP table: whoever the pings made it resolve is there, answer or not.

    Columns of /proc/net/arp: address, type, flags (0x2 complete), MAC, mask, device.
    """
    table = Path("/proc/net/arp").read_bytes() if Path("/proc/net/arp").exists() else b""
    evidence = runs.record(mission.run, ARP_TABLE, "txt", table)
    ours = {segment.address for segment in mission.vantage.segments}
    facts = [
        Alive(
            address=words[0],
            mac=words[3].lower(),
            at=clock.now(),
            source=ARP_TABLE,
            evidence=evidence,
        )
        for words in (line.split() for line in table.decode(errors="replace").splitlines()[1:])
        if len(words) >= 4 and words[2] == "0x2" and _wanted(mission, words[0], ours)
    ]
    journal.add(ARP_TABLE, facts)
