"""Ports that stay unnamed after our own few bytes: nmap asks them, in its protocols.

What said something that nobody here knows is asked lightly (--version-light). What kept silent was
asked by us what nmap would ask lightly, too: a greeting, a line, a page, TLS; so it is asked the
port's own question only (--version-intensity 0; decision 0057).
"""

import ipaddress
import tempfile
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from msgspec import structs

from msptool.audit import nmap, nmap_xml
from msptool.audit.facts import AnyFact, Grab, Port, Told
from msptool.audit.journal import Journal
from msptool.audit.mission import Mission, by_family, first, lots, scan
from msptool.audit.ports import FRAGILE, SILENT
from msptool.audit.scope import Address
from msptool.audit.services import open_port

# nmap asks all ports of a host at once in its protocols, and no option of its own slows that. The
# greatest second to one host: 20 ports gave 101 packets, 3 give 27 where all keep silent, and 34
# where each hangs up on every question.
ASKED_AT_ONCE = {"gentle": 3, "normal": 100, "fast": 100}
# nmap connects to each port of a call at every host, at the gentle pace to eight a second, and it
# gives a host up after a minute.
MOST_PORTS = 150
LIGHT, OWN = ("--version-light",), ("--version-intensity", "0")
Ports = Mapping[str, Collection[int]]
# How long nmap waits for an answer: silence is what it spends its time on.
WAIT_MS = {"gentle": 1500, "normal": 1500, "fast": 1200}
# A host of which more than this share of the ports stays unnamed stalls or drips, as a rule.
SLOW = 0.5


def ask(
    mission: Mission,
    journal: Journal,
    ports: Ports,
    said: Iterable[AnyFact],
    *,
    spared: Collection[str],
    slow: bool,
) -> str:
    """Let nmap ask the ports that said nothing to us, but for hosts that are spared; return its
    trouble, for whoever ends the stage. Asked are either the hosts of which few ports were named,
    as they stall or drip, or all others, who must not wait for those.
    """
    silent, odd = sort_out(ports, said, spared=spared)
    wanted_of = {address for address in ports if _is_slow(address, ports, silent, odd) is slow}
    at_once = ASKED_AT_ONCE[mission.orders.pace]
    made = [
        (how, call)
        for how, wanted in ((LIGHT, odd), (OWN, silent))
        for call in calls(
            {address: n for address, n in wanted.items() if address in wanted_of}, ports, at_once
        )
    ]
    if not made:
        return ""
    with _questions(mission) as probes:
        return first([_call(mission, journal, call, how, probes) for how, call in made])


def _is_slow(address: str, ports: Ports, *unnamed: Ports) -> bool:
    left = sum(len(some.get(address, ())) for some in unnamed)
    return left > max(1, SLOW * len(ports[address]))


@contextmanager
def _questions(mission: Mission) -> Iterator[str]:
    """Yield a file of nmap's questions that waits less for answers; "" where there is none."""
    probes = nmap.probes_of(mission.nmap)
    if not probes:
        yield ""
        return
    with tempfile.NamedTemporaryFile(prefix="msptool-", suffix="-probes") as file:
        file.write(nmap.impatient(probes, WAIT_MS[mission.orders.pace]))
        file.flush()
        yield file.name


def sort_out(
    ports: Ports, said: Iterable[AnyFact], *, spared: Collection[str]
) -> tuple[dict[str, list[int]], dict[str, list[int]]]:
    """Return by address the TCP ports that kept silent, and those whose words nobody knew."""
    known: dict[str, set[int]] = defaultdict(set)
    spoke: dict[str, set[int]] = defaultdict(set)
    for fact in said:
        match fact:
            case Told() | Port(proto="udp"):  # DNS answers on both
                known[fact.address].add(fact.port)
            case Grab() if fact.greeting or fact.certificate or any(fact.answers.values()):
                spoke[fact.address].add(fact.port)
    silent, odd = {}, {}
    for address, numbers in ports.items():
        if address not in spared and not FRAGILE.intersection(numbers):
            left = set(numbers) - known[address] - SILENT
            silent[address] = sorted(left - spoke[address])
            odd[address] = sorted(left & spoke[address])
    return _filled(silent), _filled(odd)


def _filled(ports: dict[str, list[int]]) -> dict[str, list[int]]:
    return {address: numbers for address, numbers in ports.items() if numbers}


@dataclass
class Call:
    """One start of nmap: it asks each of its ports of every host that has it open."""

    ports: set[int] = field(default_factory=set)
    wanted: dict[str, list[int]] = field(default_factory=dict)

    def takes(self, address: str, numbers: Collection[int], ports: Ports, at_once: int) -> bool:
        """Tell whether no host would be asked more ports at once, were these asked too."""
        more = self.ports.union(numbers)
        hosts = (address,) if more == self.ports else (*self.wanted, address)
        return (
            address not in self.wanted
            and len(more) <= MOST_PORTS
            and all(len(more.intersection(ports[host])) <= at_once for host in hosts)
        )


def calls(wanted: Ports, ports: Ports, at_once: int) -> list[Call]:
    """Return as few calls as it takes, so that none asks more than `at_once` ports of a host:
    a port that another host has open and told is asked there again, and counts.
    """
    made: list[Call] = []
    for address, numbers in wanted.items():
        for some in lots(sorted(numbers), at_once):
            call = next((c for c in made if c.takes(address, some, ports, at_once)), None)
            if call is None:
                call = Call()
                made.append(call)
            call.ports.update(some)
            call.wanted[address] = list(some)
    return made


def _call(mission: Mission, journal: Journal, call: Call, how: tuple[str, ...], probes: str) -> str:
    troubles = []
    for family in by_family(map(ipaddress.ip_address, call.wanted)):
        v6 = family[0].version == 6
        argv = nmap.services_argv(
            mission.nmap,
            sorted(call.ports),
            v6=v6,
            pace=mission.orders.pace,
            how=how,
            probes=probes,
        )
        units = {_unit(address, call): address for address in family}
        limit_s = 90 + 2 * len(family)

        def read(seen: nmap_xml.HostSeen, at: datetime, evidence: str) -> Iterator[AnyFact]:
            return named(seen, at, evidence, call.wanted[seen.address])

        troubles.append(scan(mission, journal, argv, units, read, timeout_s=limit_s))
    return first(troubles)


def _unit(address: Address, call: Call) -> str:
    return f"{address} {','.join(map(str, call.wanted[str(address)]))}"


def named(
    seen: nmap_xml.HostSeen, at: datetime, evidence: str, wanted: Collection[int]
) -> Iterator[Port]:
    """Yield what nmap made of the ports that were asked for."""
    for port in seen.ports:
        if port.state == "open" and port.port in wanted:
            yield structs.replace(
                open_port(seen, port, at, evidence),
                source="nmap-sV",
                service=port.service,
                product=port.product,
                version=port.version,
                tunnel=port.tunnel,
            )
