"""What listens, and what it says: nmap finds the ports, our own few bytes the names."""

import ipaddress
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from msptool.audit import nmap, nmap_xml, spared
from msptool.audit.facts import Alive, AnyFact, Port
from msptool.audit.journal import Journal
from msptool.audit.mission import (
    Errand,
    Mission,
    Records,
    Watch,
    by_family,
    first,
    lots,
    scan,
    work,
)
from msptool.audit.ports import FRAGILE
from msptool.audit.probes import read
from msptool.audit.scope import Address

# How long a connection and each answer may take, and all ports of one host together.
GRAB_TIMEOUT_S = {"gentle": 1.5, "normal": 1.5, "fast": 1.0}
GRAB_HOST_S = {"gentle": 240, "normal": 120, "fast": 60}
# Packets to and fro in any second, to one host and in all: what the gentle pace promises, less
# what the reckoning may err (0: as fast as it goes).
GRAB_PPS = {"gentle": (36, 950), "normal": (0, 0), "fast": (0, 0)}
GRAB_PARALLEL = 256
# Packets to and fro that a port takes: a page and what its maker keeps beside it, or four
# conversations of a silent one.
GRAB_PACKETS = 40
# Hosts that one worker is told of: more would only fill memory.
TOGETHER = 1024
LISTEN = frozenset({"greeting", "sip"})  # and at most a question that does nothing
# Ports of a host that are asked at once; one of whoever is spared.
PER_HOST = {"gentle": 1, "normal": 2, "fast": 4}
UDP_WAIT_S = {"gentle": 1.0, "normal": 1.0, "fast": 0.5}
# Questions and answers; nearly all questions get none.
UDP_PPS = {"gentle": 1800, "normal": 2000, "fast": 8000}


def look_at_ports(mission: Mission, journal: Journal, alive: Sequence[Address]) -> None:
    """Look at our ports of every host that is there."""
    troubles = [
        scan(
            mission,
            journal,
            _ports_argv(mission, v6=family[0].version == 6),
            {str(address): address for address in family},
            _ports,
            timeout_s=300 + _host_limit_s(mission) * (1 + len(family) / nmap.GROUP),
        )
        for family in by_family(alive)
    ]
    journal.end(first(troubles))


def _ports_argv(mission: Mission, *, v6: bool) -> list[str]:
    return nmap.ports_argv(
        mission.nmap,
        mission.ports,
        pace=mission.orders.pace,
        v6=v6,
        raw=mission.vantage.privilege == "root",
        host_timeout_s=_host_limit_s(mission),
    )


def _host_limit_s(mission: Mission) -> float:
    """Return how long a host may take: as the profile says, unless that many ports of a group of
    hosts, all of them silent, take longer at the pace.
    """
    pace = mission.orders.pace
    packets = nmap.GROUP * len(mission.ports) * nmap.TRIES[pace]
    return max(mission.orders.host_timeout_s, 60 + 1.25 * packets / nmap.LEAST_PPS[pace])


def _ports(seen: nmap_xml.HostSeen, at: datetime, evidence: str) -> Iterator[AnyFact]:
    """Yield that the host is there, where a port answered, be it to refuse; and its open ports."""
    if seen.answered:
        yield Alive(address=seen.address, at=at, source="nmap", evidence=evidence)
    yield from (open_port(seen, p, at, evidence) for p in seen.ports if p.state == "open")


def open_port(
    seen: nmap_xml.HostSeen, port: nmap_xml.PortSeen, at: datetime, evidence: str
) -> Port:
    """Return a port that nmap found, without a name: that is only looked up in nmap's table."""
    return Port(
        address=seen.address,
        at=at,
        source="nmap",
        evidence=evidence,
        proto=port.proto,
        port=port.port,
        state=port.state,
    )


def open_ports(facts: Iterable[AnyFact]) -> dict[str, list[int]]:
    """Return the open TCP ports of each address."""
    found: dict[str, list[int]] = defaultdict(list)
    for fact in facts:
        if isinstance(fact, Port) and fact.proto == "tcp":
            found[fact.address].append(fact.port)
    return found


def grab(
    mission: Mission,
    journal: Journal,
    ports: Mapping[str, Sequence[int]],
    *,
    spare: Collection[str],
    watch: Watch,
) -> None:
    """Ask every open TCP port but the fragile ones who it is; of hosts that are spared only the
    usual web ports are asked, and all others listened to.

    The worker is told of fragile ports, too: by them it knows a printer. `watch` hears of each.
    """
    pace = mission.orders.pace
    hosts = to_grab(ports)
    troubles = []
    for here in lots(hosts, TOGETHER):
        host_s = _grab_host_s(pace, sum(len(ports[address]) for address in here))
        orders = {
            "services": [
                [address, number, address in spare and _only_listen(number)]
                for address in here
                for number in ports[address]
            ],
            "timeout_s": GRAB_TIMEOUT_S[pace],
            "host_limit_s": host_s,
            "parallel": GRAB_PARALLEL,
            "per_host": PER_HOST[pace],
            "one_by_one": [address for address in here if address in spare],
            "host_pps": GRAB_PPS[pace][0],
            "all_pps": GRAB_PPS[pace][1],
        }
        targets = [ipaddress.ip_address(address) for address in here]
        limit_s = (1 + len(here) / GRAB_PARALLEL) * (60 + host_s)
        errand = Errand("grab", targets, orders, read.tcp, limit_s, doubt, watch, len(hosts))
        troubles.append(work(mission, journal, errand))
    journal.end(first(troubles))


def _grab_host_s(pace: str, ports: int) -> float:
    """Return how long one host may take, of some that have so many ports: those that are asked
    with it share the packets of the pace.
    """
    pps = GRAB_PPS[pace][1]
    return GRAB_HOST_S[pace] + (GRAB_PACKETS * ports / pps if pps else 0)


def to_grab(ports: Mapping[str, Sequence[int]]) -> list[str]:
    """Return the hosts that have a port which we may connect to."""
    return [a for a, numbers in ports.items() if not FRAGILE.issuperset(numbers)]


def _only_listen(port: int) -> bool:
    """Tell whether a port of a spared host is only listened to; a fragile one gets no connection,
    whatever is said of it here.
    """
    return bool(spared.questions(port)) and spared.questions(port) <= LISTEN


def doubt(records: Records) -> str:
    """Return why a host was not wholly asked: its time was over, or it takes no connection on any
    port that was open a minute ago.
    """
    if any(record.get("error") == "host-limit" for record in records):
        return "timed-out"
    gone = records and not any(record.get("met", True) for record in records)
    return "host-off" if gone else ""


def ask_udp(mission: Mission, journal: Journal, hosts: Sequence[Address]) -> None:
    """Ask a few UDP services whether they are there; only an answer opens a port."""
    pace = mission.orders.pace
    orders = {
        "wait_s": UDP_WAIT_S[pace],
        "tries": 2,
        "host_pps": GRAB_PPS[pace][0],
        "all_pps": UDP_PPS[pace],
    }
    errand = Errand("udp", hosts, orders, read.udp, 120.0 + 3 * len(hosts))
    journal.end(work(mission, journal, errand))
