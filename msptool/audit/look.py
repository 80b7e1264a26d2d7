"""The probes of an audit, one after the other; each tells the next where to look."""

import ipaddress
from dataclasses import dataclass, replace

from msptool.audit import discovery, services, snmp
from msptool.audit.facts import Alive, Port
from msptool.audit.mission import Catch, Mission
from msptool.audit.scope import Address


@dataclass(frozen=True)
class Looked:
    """What the probes brought home, by probe."""

    hosts: Catch
    ports: Catch
    grabs: Catch
    agents: Catch

    def all(self) -> Catch:
        """Return everything together."""
        return self.hosts.plus(self.ports).plus(self.grabs).plus(self.agents)

    def troubles(self) -> tuple[str, ...]:
        """Return the probes that failed in part, with their reasons."""
        by_name = {
            "discovery": self.hosts, "ports": self.ports,
            "services": self.grabs, "snmp": self.agents,
        }  # fmt: skip
        return tuple(f"{name}: {c.trouble}" for name, c in by_name.items() if c.trouble)


def look(mission: Mission) -> Looked:
    """Run every probe; where nobody answers, the later ones have nothing to ask."""
    progress = mission.progress
    progress.step("discover", f"{len(mission.plan.addresses)} addresses")
    hosts = discovery.discover(mission)
    alive = _addresses(hosts)
    progress.done("discover", f"{len(alive)} answer")
    if not alive:  # an empty network is no finding: a cable or a wrong VLAN looks the same
        silent = replace(hosts, trouble=hosts.trouble or "no-answer")
        return Looked(silent, Catch(), Catch(), Catch())
    progress.step("ports", f"{len(alive)} addresses")
    ports = services.look_at_ports(mission, alive)
    ports = ports.plus(services.ask_udp(mission, alive))
    hosts = _without_ghosts(hosts, ports)
    open_ports = [fact for fact in ports.facts if isinstance(fact, Port)]
    progress.done("ports", f"{len(open_ports)} open")
    progress.step("services", f"{len(open_ports)} ports")
    grabs = services.grab(mission, open_ports)
    named = services.name_services(mission, open_ports, grabs.facts)
    progress.done("services", f"{len(grabs.facts)} asked")
    machines = _one_each(hosts)
    progress.step("snmp", f"{len(machines)} machines")
    agents = snmp.ask_snmp(mission, machines)
    progress.done("snmp", f"{len({fact.address for fact in agents.facts})} agents")
    return Looked(hosts, ports.plus(named), grabs, agents)


def _without_ghosts(hosts: Catch, ports: Catch) -> Catch:
    """Drop who only stands in the kernel's ARP table: it remembers machines that are off."""
    answered = {
        fact.address for fact in (*hosts.facts, *ports.facts) if fact.source != discovery.ARP_TABLE
    }
    return replace(hosts, facts=tuple(f for f in hosts.facts if f.address in answered))


def _one_each(hosts: Catch) -> list[Address]:
    """Return one address of each machine that shows one MAC under several, IPv4 first."""
    macs = {f.address: f.mac for f in hosts.facts if isinstance(f, Alive) and f.mac}
    kept: dict[str, Address] = {}
    for address in _addresses(hosts):
        kept.setdefault(macs.get(str(address), str(address)), address)
    return list(kept.values())


def _addresses(catch: Catch) -> list[Address]:
    return sorted(
        {ipaddress.ip_address(fact.address) for fact in catch.facts},
        key=lambda address: (address.version, int(address)),
    )
