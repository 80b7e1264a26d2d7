"""The stages of an audit, one after the other; each tells the next where to look.

What a stage learnt is in its journal (see journal): a run that is cut goes on after the last host.
"""

import ipaddress
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Concatenate, ParamSpec

from msptool import clock
from msptool.audit import brought, discovery, listen, nameplate, names, services, spared, together
from msptool.audit.facts import Alive, AnyFact, Hint, Port, Snmp, Told
from msptool.audit.families import shipped_families
from msptool.audit.hints import collecting
from msptool.audit.journal import Journal, Logbook
from msptool.audit.mission import Mission, first
from msptool.audit.scope import Address
from msptool.audit.snmp import asking

# The stages that ask agents: of whom answered, of whom was hinted at, of whom only a port told.
AGENTS = ("snmp", "snmp-hinted", "snmp-late")
P = ParamSpec("P")


@dataclass(frozen=True)
class Looked:
    """What the stages brought home: facts on disk, what was looked at, what went wrong."""

    logbook: Logbook
    empty: bool = False

    @cached_property
    def ghosts(self) -> frozenset[str]:
        """Who only stands in the kernel's ARP table: it remembers machines that are off."""
        return _ghosts(self.logbook)

    def reason(self, addresses: Collection[str], *stages: str) -> str:
        """Return why some stages did not look at all of a machine; "" if they did."""
        opened = [self.logbook.stages[name] for name in stages if name in self.logbook.stages]
        told = [journal.done[a] for journal in opened for a in addresses if a in journal.done]
        return first(told or (journal.trouble for journal in opened))

    @cached_property
    def asked(self) -> frozenset[str]:
        """The addresses whose agents were asked."""
        return _asked(self.logbook)

    def looked_at(self, stage: str) -> frozenset[str]:
        """Return the addresses that a stage looked at to the end."""
        journal = self.logbook.stages.get(stage)
        done = journal.done if journal else {}
        return frozenset(unit for unit, trouble in done.items() if not trouble)

    def troubles(self) -> tuple[str, ...]:
        """Return the stages that failed in part, with their reasons."""
        told = dict(self.logbook.troubles())
        if self.empty:  # an empty network is no finding: a cable or a wrong VLAN looks the same
            told.setdefault("discover", "no-answer")
        return tuple(f"{stage}: {trouble}" for stage, trouble in told.items())


def look(mission: Mission) -> Looked:
    """Go through every stage; where nobody answers, the later ones have nothing to ask."""
    with (
        mission.logbook.stage("listen") as journal,
        listen.listening(mission, journal, at_least_s=listen.USUAL_S),
    ):
        _discover(mission)
        alive = _addresses(_met(mission.logbook))
        if not alive:
            return Looked(mission.logbook, empty=True)
        _look_at(mission, alive)
    return Looked(mission.logbook)


def _discover(mission: Mission) -> None:
    """Find who is there; ask agents of whom they know, and whoever is hinted at once more."""
    book = mission.logbook
    mission.progress.step("discover", f"{len(mission.plan.addresses)} addresses")
    _go_through(mission, "leases", brought.hints, mission.leases)
    _go_through(mission, "discover", discovery.discover)
    mission.progress.done("discover", f"{len(_addresses(_met(book)))} answer")
    _ask_agents(mission, "snmp", _one_each(_met(book), without=_ghosts(book)))
    _go_through(mission, "dns", _ask_name_servers)
    agents = (fact for fact in book.facts("snmp") if isinstance(fact, Snmp))
    hints = [fact for fact in book.facts("leases", "dns") if isinstance(fact, Hint)]
    hints += collecting.collect(mission.plan, clock.now(), snmp=agents)
    hinted = collecting.to_ask(hints, {fact.address for fact in _met(book)})
    _go_through(mission, "hinted", discovery.ask_again, hinted)
    _go_through(mission, "search", discovery.search, _silent(mission))
    found = [fact for fact in book.facts("hinted", "search") if isinstance(fact, Alive)]
    if found:
        mission.progress.done("search", f"{len(_addresses(found))} more answer")
    _ask_agents(mission, "snmp-hinted", _one_each(found, without=frozenset()))


def _ask_agents(mission: Mission, stage: str, machines: Sequence[Address]) -> None:
    mission.progress.step(stage, f"{len(machines)} machines")
    _go_through(mission, stage, asking.ask, machines)
    if machines:
        told = (fact for fact in mission.logbook.facts(stage) if isinstance(fact, Snmp))
        agents = {fact.address for fact in told if fact.rows}
        mission.progress.done("snmp", f"{len(agents)} agents")


def _ask_name_servers(mission: Mission, journal: Journal) -> None:
    """Ask the profile's name servers about all addresses, first those that nobody answered for."""
    asked: set[str] = set()
    for server in (hint.dns for hint in mission.orders.hints if hint.dns is not None):
        mission.progress.step("names", str(server.server))
        # Of one server's second zone only the transfer is left to ask for.
        again = server.server in asked
        about = [] if again else [*_silent(mission), *_addresses(_met(mission.logbook))]
        names.ask(mission, journal, about, server)
        asked.add(server.server)
    journal.end()


def _silent(mission: Mission) -> list[Address]:
    known = set(_addresses(_met(mission.logbook)))
    return [address for address in mission.plan.addresses if address not in known]


def _look_at(mission: Mission, alive: Sequence[Address]) -> None:
    """Look at the ports of all that are there, and ask whatever listens who it is."""
    book, progress = mission.logbook, mission.progress
    _rest(mission)
    progress.step("udp", f"{len(alive)} addresses")
    _go_through(mission, "udp", services.ask_udp, alive)  # its last second only listens
    progress.step("ports", f"{len(alive)} addresses")
    _go_through(mission, "ports", services.look_at_ports, alive)
    ports = services.open_ports(book.facts("ports"))
    _ask_agents(mission, "snmp-late", _late(book))
    count = sum(map(len, ports.values()))
    progress.done("ports", f"{count} open")
    spare = _spared(book, ports)
    _rest(mission)
    progress.step("services", f"{count} ports")
    with book.stage("services") as grabbed:
        _go_through(mission, "names", together.ask, grabbed, ports, spare)
    progress.done("services", f"{count} asked")


def _late(book: Logbook) -> list[Address]:
    """Return who turned out to be there by a port only, and whose agent nobody asked yet."""
    asked = _asked(book)
    late = (fact for fact in _met(book) if fact.source == discovery.ARP_TABLE)
    return [a for a in _one_each(late, without=_ghosts(book)) if str(a) not in asked]


def _asked(book: Logbook) -> frozenset[str]:
    return frozenset(
        unit for name in AGENTS if name in book.stages for unit in book.stages[name].done
    )


def _rest(mission: Mission) -> None:
    """Wait a second at the gentle pace: the last packets of one stage and the first of the next
    fell into one second, 41 of them to a host.
    """
    if mission.orders.pace == "gentle":
        time.sleep(1.0)


def _spared(book: Logbook, ports: Mapping[str, Sequence[int]]) -> dict[str, str]:
    """Return which hosts are spared, and by which witness we know what they are."""
    macs = {fact.address: fact.mac for fact in _met(book) if fact.mac}
    told: dict[str, list[Mapping[str, str]]] = defaultdict(list)
    udp: dict[str, list[int]] = defaultdict(list)
    kinds: dict[str, str] = {}
    for fact in book.facts("udp", *AGENTS):
        match fact:
            case Told():
                told[fact.address].append(fact.values)
            case Port():
                udp[fact.address].append(fact.port)
            case Snmp() if fact.rows:
                kinds[fact.address] = nameplate.read(fact.rows, shipped_families()).kind
    found = {
        address: spared.reason(
            mac=macs.get(address, ""),
            open_ports=(*ports.get(address, ()), *udp[address]),
            told=told[address],
            kind=kinds.get(address, ""),
        )
        for address in (ports.keys() | udp.keys() | kinds.keys())
    }
    return {address: why for address, why in found.items() if why}


def _met(book: Logbook) -> Iterator[Alive]:
    """Yield who answered before any port was looked at."""
    return (fact for fact in book.facts("discover", "hinted", "search") if isinstance(fact, Alive))


def _go_through(
    mission: Mission,
    name: str,
    do: Callable[Concatenate[Mission, Journal, P], None],
    *args: P.args,
    **more: P.kwargs,
) -> None:
    """Go through a stage, unless a run that goes on has come to its end before."""
    with mission.logbook.stage(name) as journal:
        if not journal.ended:
            do(mission, journal, *args, **more)


def _ghosts(book: Logbook) -> frozenset[str]:
    """Return who only stands in the kernel's ARP table: it remembers machines that are off."""
    named: set[str] = set()
    answered: set[str] = set()
    for fact in book.facts("discover", "hinted", "search", "ports", "udp"):
        (named if fact.source == discovery.ARP_TABLE else answered).add(fact.address)
    return frozenset(named - answered)


def _one_each(facts: Iterable[AnyFact], *, without: frozenset[str]) -> list[Address]:
    """Return one address of each machine that shows one MAC under several, IPv4 first."""
    known = [fact for fact in facts if fact.address not in without]
    macs = {f.address: f.mac for f in known if isinstance(f, Alive) and f.mac}
    kept: dict[str, Address] = {}
    for address in _addresses(known):
        kept.setdefault(macs.get(str(address), str(address)), address)
    return list(kept.values())


def _addresses(facts: Iterable[AnyFact]) -> list[Address]:
    return sorted(
        {ipaddress.ip_address(fact.address) for fact in facts},
        key=lambda address: (address.version, int(address)),
    )
