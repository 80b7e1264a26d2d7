"""Who is behind which port: links for the map, and what switches saw. Pure.

Order of trust: LLDP told by both ends, by one end, then a switch's table of MACs. A port with an
LLDP neighbour is an uplink, and so is one behind which another managed switch was seen: what a
switch sees through an uplink is not behind that port.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from msptool.audit.asset import Asset, Neighbour
from msptool.model import Link


@dataclass(frozen=True)
class EdgePort:
    """A port of a switch with no switch behind it that we know of, and the MACs seen there."""

    switch: str
    port: str
    stations: tuple[str, ...]


def edges(assets: Collection[Asset], before: Iterable[Asset]) -> list[EdgePort]:
    """Return the edge ports of all polled switches.

    `before` are the assets as they were last seen: a switch whose agent keeps silent this time is
    a switch still, and the port towards it an uplink.
    """
    known = chain(assets, before)
    switches = {mac for asset in known if _is_switch(asset) for mac in _own_macs(asset)}
    found = []
    for asset in assets:
        for port, stations in sorted(_by_port(asset).items()):
            uplink = any(neighbour.port == port for neighbour in _neighbours(asset))
            if not uplink and not stations & (switches - _own_macs(asset)):
                found.append(EdgePort(asset.id, port, tuple(sorted(stations))))
    return found


def links(assets: Collection[Asset], ports: Iterable[EdgePort]) -> tuple[Link, ...]:
    """Return each cable once: those LLDP tells, then those that MAC tables show."""
    found: dict[tuple[str, str], Link] = {}
    owners = _owners(assets)
    for link in (*_told(assets, owners), *_seen(ports, owners)):
        ends = (min(link.a, link.b), max(link.a, link.b))
        known = found.get(ends)
        if known is None or (known.source != "lldp" and link.source == "lldp"):
            found[ends] = link
    return tuple(found[ends] for ends in sorted(found))


def _told(assets: Collection[Asset], owners: Mapping[str, str]) -> Iterator[Link]:
    for asset in assets:
        for neighbour in _neighbours(asset):
            other = owners.get(neighbour.chassis) or owners.get(f"name:{neighbour.name}")
            if other and other != asset.id:
                yield Link(
                    a=asset.id,
                    a_port=neighbour.port,
                    b=other,
                    b_port=neighbour.remote_port,
                    source="lldp",
                )


def _seen(ports: Iterable[EdgePort], owners: Mapping[str, str]) -> Iterator[Link]:
    for port in ports:
        for station in port.stations:
            other = owners.get(station)
            if other and other != port.switch:
                yield Link(a=port.switch, a_port=port.port, b=other, source="fdb")


def _owners(assets: Collection[Asset]) -> dict[str, str]:
    """Return MAC or `name:NAME` to asset id; a name that two assets bear leads nowhere."""
    owners: dict[str, str] = {}
    for asset in assets:
        owners.update({mac: asset.id for mac in _own_macs(asset)})
        key = f"name:{asset.name}"
        owners[key] = "" if key in owners else asset.id
    return owners


def _own_macs(asset: Asset) -> set[str]:
    ports = asset.snmp.interfaces if asset.snmp else ()
    return {*asset.macs, *(port.mac for port in ports if port.mac)}


def _neighbours(asset: Asset) -> tuple[Neighbour, ...]:
    return asset.snmp.neighbours if asset.snmp else ()


def _is_switch(asset: Asset) -> bool:
    return bool(asset.snmp and asset.snmp.stations)


def _by_port(asset: Asset) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for station, port in (asset.snmp.stations if asset.snmp else {}).items():
        found[port].add(station)
    return found
