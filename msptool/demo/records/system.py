"""SNMPv2-MIB and IP-MIB: who the device is, and its address (RFC 3418, RFC 4293)."""

from collections.abc import Iterator

from msptool.demo.blueprint import Blueprint, Host
from msptool.demo.records.record import Record, address, integer, object_id, text, uptime

_SYSTEM = "1.3.6.1.2.1.1"
_ADDRESSES = "1.3.6.1.2.1.4.20.1"
_NET_SNMP_LINUX = "1.3.6.1.4.1.8072.3.2.10"
# sysServices (RFC 3418): 2 bridge, 4 router, 64 + 8 host.
_SERVICES = {"router": 78, "switch": 2, "server": 72, "nas": 72}


def system(host: Host) -> Iterator[Record]:
    """Yield the system group."""
    yield text(f"{_SYSTEM}.1.0", host.descr)
    yield object_id(f"{_SYSTEM}.2.0", host.model.object_id if host.model else _NET_SNMP_LINUX)
    yield uptime(f"{_SYSTEM}.3.0")
    yield text(f"{_SYSTEM}.4.0", "helpdesk")
    yield text(f"{_SYSTEM}.5.0", host.name)
    yield text(f"{_SYSTEM}.6.0", "Серверная" if host.kind in {"switch", "ups"} else "Office")
    yield integer(f"{_SYSTEM}.7.0", _SERVICES.get(host.kind, 72))


def own_address(host: Host, if_index: int) -> Iterator[Record]:
    """Yield ipAddrTable with the one address the device has here."""
    if host.ip4 is None:
        return
    yield address(f"{_ADDRESSES}.1.{host.ip4}", host.ip4)
    yield integer(f"{_ADDRESSES}.2.{host.ip4}", if_index)
    yield address(f"{_ADDRESSES}.3.{host.ip4}", "255.255.255.0")


def ip4_macs(blueprint: Blueprint) -> dict[str, str]:
    """Return the MAC behind each IPv4 address of the network, the laptop's too."""
    found = {host.ip4: host.mac for host in blueprint.hosts if host.ip4}
    return {**found, blueprint.laptop.ip4: blueprint.laptop.mac}


def ip6_macs(blueprint: Blueprint) -> dict[str, str]:
    """Return the MAC behind each IPv6 address of the network, the laptop's too."""
    found = {host.ip6: host.mac for host in blueprint.hosts if host.ip6}
    return {**found, blueprint.laptop.ip6: blueprint.laptop.mac}
