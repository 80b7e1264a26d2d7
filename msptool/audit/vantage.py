"""Where we stand: which networks are on our own segments, and whether raw sockets are ours."""

import ipaddress
import socket
from dataclasses import dataclass

from msptool.audit.scope import Address, Network
from msptool.model import Privilege


@dataclass(frozen=True)
class Segment:
    """An interface of ours and the network on it."""

    interface: str
    address: Address
    network: Network
    mac: str


@dataclass(frozen=True)
class Vantage:
    """All our segments, and whether we may craft packets on them."""

    segments: tuple[Segment, ...]
    privilege: Privilege

    def segment_of(self, address: Address) -> Segment | None:
        """Return the segment an address is on, None where it is routed."""
        return next((s for s in self.segments if address in s.network), None)

    def name(self, networks: tuple[Network, ...]) -> str:
        """Return what findings remember: `segment:NETWORK`, or `routed`."""
        for segment in self.segments:
            if segment.network.version == 4 and any(segment.network.overlaps(n) for n in networks):
                return f"segment:{segment.network}"
        return "routed"


def look() -> Vantage:
    """Read our interfaces and try our privileges; sends nothing."""
    import psutil

    segments = []
    for interface, entries in psutil.net_if_addrs().items():
        mac = next((e.address for e in entries if e.family == psutil.AF_LINK), "")
        for entry in entries:
            segment = _segment(interface, mac.lower(), entry.address, entry.netmask)
            if segment is not None:
                segments.append(segment)
    return Vantage(tuple(segments), "root" if _raw_sockets() else "user")


def _segment(interface: str, mac: str, address: str, netmask: str | None) -> Segment | None:
    """Return a segment with neighbours on it; loopback and link-local ones have none of ours."""
    try:
        ours = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return None
    if netmask is None or ours.is_loopback or ours.is_link_local:
        return None
    bits = int(ipaddress.ip_address(netmask)).bit_count()
    network = ipaddress.ip_network(f"{ours}/{bits}", strict=False)
    return Segment(interface, ours, network, mac)


def _raw_sockets() -> bool:
    try:
        socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0).close()
    except OSError:
        return False
    return True
