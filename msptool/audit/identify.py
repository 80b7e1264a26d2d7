"""From facts to assets: which addresses are one machine, and what it is. Pure but for minting.

Addresses join by MAC, and by a serial that the same maker's agent gives on both. One writer
merges; ids are minted in the workspace's identities, so a machine keeps its id over new leases,
names and later learnt serials.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from msptool.audit import agent, certificate, nameplate, spoken
from msptool.audit.asset import Asset, Certificate, Service
from msptool.audit.asset import Snmp as Agent
from msptool.audit.facts import Alive, AnyFact, Grab, Port, Snmp, Told
from msptool.audit.families import shipped_families
from msptool.audit.nameplate import Nameplate
from msptool.identity import Identities
from msptool.profile.shape import AssetNote


@dataclass(frozen=True)
class _Machine:
    """The facts of one machine, before it has a name."""

    addresses: tuple[str, ...]
    facts: tuple[AnyFact, ...]
    plate: Nameplate


def merge(
    facts: Sequence[AnyFact],
    identities: Identities,
    notes: Sequence[AssetNote],
    seen_at: datetime,
    *,
    ports_known: frozenset[str],
) -> list[Asset]:
    """Return the assets behind the facts, by name; mints ids for new ones.

    `ports_known` are the addresses whose ports were looked at to the end.
    """
    machines = _machines(facts)
    assets = [_asset(m, identities, notes, seen_at, ports_known) for m in machines]
    return sorted(assets, key=lambda asset: (asset.name, asset.id))


def _machines(facts: Sequence[AnyFact]) -> list[_Machine]:
    by_address: dict[str, list[AnyFact]] = defaultdict(list)
    for fact in facts:
        by_address[fact.address].append(fact)
    alive = [a for a, known in by_address.items() if any(isinstance(f, Alive) for f in known)]
    plates = {address: _plate(by_address[address]) for address in alive}
    keys = {address: _keys(by_address[address], plates[address]) for address in alive}
    return [
        _Machine(
            tuple(addresses),
            tuple(fact for address in addresses for fact in by_address[address]),
            next((plates[a] for a in addresses if plates[a] != Nameplate()), Nameplate()),
        )
        for addresses in _joined(sorted(alive, key=_by_number), keys)
    ]


def _joined(addresses: Sequence[str], keys: Mapping[str, frozenset[str]]) -> list[list[str]]:
    """Return the addresses in groups that share a key, also by way of a third; each in order."""
    groups: list[tuple[set[str], list[str]]] = []
    for address in addresses:
        mine, members = set(keys[address]), [address]
        for group in [g for g in groups if g[0] & mine]:
            groups.remove(group)
            mine |= group[0]
            members = [*group[1], *members]
        groups.append((mine, members))
    return [sorted(members, key=_by_number) for _, members in groups]


def _by_number(address: str) -> tuple[int, bytes]:
    import ipaddress

    number = ipaddress.ip_address(address)
    return number.version, number.packed


def _keys(facts: Iterable[AnyFact], plate: Nameplate) -> frozenset[str]:
    """Return what makes two addresses one machine: a MAC, or a serial of the same maker."""
    keys = {f"mac:{fact.mac}" for fact in facts if isinstance(fact, Alive) and fact.mac}
    if plate.serial and plate.vendor:
        keys.add(f"serial:{plate.vendor}/{plate.serial}")
    return frozenset(keys)


def _plate(facts: Iterable[AnyFact]) -> Nameplate:
    answers = [fact for fact in facts if isinstance(fact, Snmp) and fact.rows]
    return nameplate.read(answers[0].rows, shipped_families()) if answers else Nameplate()


def _asset(
    machine: _Machine,
    identities: Identities,
    notes: Sequence[AssetNote],
    seen_at: datetime,
    ports_known: frozenset[str],
) -> Asset:
    services = _services(machine)
    snmp = _agent(machine)
    macs = sorted({f.mac for f in machine.facts if isinstance(f, Alive) and f.mac})
    name = machine.plate.name or spoken.name(services)
    aliases = _aliases(machine, macs, name)
    kind = machine.plate.kind or spoken.kind(services)
    return Asset(
        id=identities.mint(aliases),
        kind=kind,
        name=name or machine.addresses[0],
        seen_at=seen_at,
        addresses=machine.addresses,
        macs=tuple(macs),
        aliases=tuple(aliases),
        vendor=machine.plate.vendor,
        model=machine.plate.model,
        version=machine.plate.version,
        serial=machine.plate.serial,
        importance=_importance(aliases, notes),
        ports_known=ports_known.issuperset(machine.addresses),
        services=services,
        certificates=_certificates(machine),
        snmp=snmp,
    )


def _aliases(machine: _Machine, macs: Sequence[str], name: str) -> list[str]:
    """Return the names that lead back to this machine. A MAC with the local bit is no identity
    by itself (RFC 7042: randomised, or copied with a container), but better than an address.
    """
    plate = machine.plate
    strong = [f"serial:{plate.vendor}/{plate.serial}"] if plate.serial and plate.vendor else []
    strong += [f"mac:{mac}" for mac in macs]
    weak = [f"name:{name}"] if name else []
    return [*strong, *weak, *(f"ip:{address}" for address in machine.addresses)]


def _importance(aliases: Iterable[str], notes: Sequence[AssetNote]) -> str:
    known = {alias.lower() for alias in aliases}
    bare = {f"serial:{a.partition('/')[2]}" for a in known if a.startswith("serial:")}
    return next((n.importance for n in notes if n.match.lower() in known | bare), "normal")


def _services(machine: _Machine) -> tuple[Service, ...]:
    """Return open ports once each, with what was said there; IPv4 and IPv6 say the same."""
    grabs = {(f.address, f.port): f for f in machine.facts if isinstance(f, Grab)}
    told = [fact for fact in machine.facts if isinstance(fact, Told)]
    found: dict[tuple[str, int], Service] = {}
    for fact in machine.facts:
        if isinstance(fact, Port) and fact.state == "open":
            grab = grabs.get((fact.address, fact.port)) if fact.proto == "tcp" else None
            service = spoken.service(fact, grab, told)
            known = found.get((fact.proto, fact.port))
            if known is None or (service.spoke, bool(service.name)) > (
                known.spoke,
                bool(known.name),
            ):
                found[fact.proto, fact.port] = service
    for fact in machine.facts:
        if isinstance(fact, Snmp) and fact.rows:
            found["udp", 161] = Service(
                address=fact.address,
                proto="udp",
                port=161,
                name="snmp",
                spoke=True,
                evidence=fact.evidence,
            )
    return tuple(found[key] for key in sorted(found))


def _certificates(machine: _Machine) -> tuple[Certificate, ...]:
    found = {
        fact.port: certificate.parse(
            bytes.fromhex(fact.certificate), port=fact.port, evidence=fact.evidence
        )
        for fact in machine.facts
        if isinstance(fact, Grab) and fact.certificate
    }
    return tuple(found[port] for port in sorted(found))


def _agent(machine: _Machine) -> Agent | None:
    answers = [fact for fact in machine.facts if isinstance(fact, Snmp) and fact.rows]
    if not answers:
        return None
    fullest = max(answers, key=lambda fact: len(fact.rows))
    return agent.read(
        fullest.rows,
        communities=tuple(dict.fromkeys(fact.community for fact in answers)),
        complete=fullest.complete,
        evidence=fullest.evidence,
    )
