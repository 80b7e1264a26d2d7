"""A frame to a group address, taken apart as far as the announcement in it. Pure; untrusted.

Layouts: Ethernet (IEEE 802.3, clause 3), VLAN tags (802.1Q, 9.6), SNAP (RFC 1042), ARP (RFC 826),
IPv4 (RFC 791), IPv6 (RFC 8200), UDP (RFC 768), ICMPv6 (RFC 4443). The worker's kernel filter lets
the same through; this is the second look, of which a recording is read, too.
"""

import ipaddress
import struct
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

Protocol: TypeAlias = Literal[
    "lldp", "cdp", "stp", "arp", "nd", "ra", "dhcp", "dhcp-server", "mdns", "ssdp", "mndp"
]
MOST_BYTES = 2048
_TAGS = (0x8100, 0x88A8)
_SNAP: dict[bytes, Protocol] = {
    b"\xaa\xaa\x03\x00\x00\x0c\x20\x00": "cdp",
    b"\xaa\xaa\x03\x00\x00\x0c\x01\x0b": "stp",  # a spanning tree for each VLAN (PVST+)
}
_ICMP6: dict[int, Protocol] = {134: "ra", 135: "nd", 136: "nd"}
_UDP: dict[int, Protocol] = {
    67: "dhcp", 68: "dhcp-server", 5353: "mdns", 1900: "ssdp", 5678: "mndp",
}  # fmt: skip


@dataclass(frozen=True)
class Frame:
    """An announcement: who sent it, from which IP address ("" below IP), and its payload."""

    protocol: Protocol
    mac: str
    address: str
    payload: bytes


def split(raw: bytes) -> Frame | None:
    """Return the announcement in a frame; None where it holds none of ours, or is cut."""
    if not 14 < len(raw) <= MOST_BYTES or not raw[0] & 1 or raw[6] & 1:
        return None
    mac = raw[6:12].hex(":")
    kind, at = int.from_bytes(raw[12:14]), 14
    while kind in _TAGS and at <= 18:
        kind, at = int.from_bytes(raw[at + 2 : at + 4]), at + 4
    body = raw[at:]
    if kind <= 1500:
        return _without_type(mac, body[:kind])
    if kind == 0x88CC:
        return Frame("lldp", mac, "", body)
    if kind == 0x0806:
        return Frame("arp", mac, "", body[:28])
    if kind == 0x0800:
        return _ipv4(mac, body)
    return _ipv6(mac, body) if kind == 0x86DD else None


def _without_type(mac: str, body: bytes) -> Frame | None:
    if body[:3] == b"\x42\x42\x03":
        return Frame("stp", mac, "", body[3:])
    protocol = _SNAP.get(body[:8])
    return Frame(protocol, mac, "", body[8:]) if protocol else None


def _ipv4(mac: str, body: bytes) -> Frame | None:
    head = (body[0] & 15) * 4 if body else 0
    if len(body) < 20 or head < 20 or body[0] >> 4 != 4 or body[9] != 17:
        return None
    if int.from_bytes(body[6:8]) & 0x3FFF:  # a fragment: its rest is elsewhere
        return None
    total = int.from_bytes(body[2:4])
    return _udp(mac, str(ipaddress.IPv4Address(body[12:16])), body[head:total])


def _ipv6(mac: str, body: bytes) -> Frame | None:
    if len(body) < 48 or body[0] >> 4 != 6:
        return None
    address = str(ipaddress.IPv6Address(body[8:24]))
    rest = body[40 : 40 + int.from_bytes(body[4:6])]
    if body[6] == 17:
        return _udp(mac, address, rest)
    # What a router forwarded has a smaller hop limit: no neighbour said it (RFC 4861, 7.1).
    protocol = _ICMP6.get(rest[0]) if body[6] == 58 and body[7] == 255 and rest else None
    return Frame(protocol, mac, address, rest) if protocol else None


def _udp(mac: str, address: str, rest: bytes) -> Frame | None:
    if len(rest) <= 8:
        return None
    port, length = struct.unpack_from("!HH", rest, 2)
    protocol, payload = _UDP.get(port), rest[8:length]
    if protocol is None or not payload:
        return None
    if protocol == "mdns" and not (len(payload) > 2 and payload[2] & 0x80):
        return None  # a question tells what somebody looks for, not what he is
    if protocol == "ssdp" and payload[:4] != b"NOTI":
        return None
    return Frame(protocol, mac, address, payload)


def key(frame: Frame) -> bytes:
    """Return what makes two frames the same announcement: without counters, ids and ages."""
    own = f"{frame.protocol} {frame.mac} {frame.address} ".encode()
    return own + _lasting(frame.protocol, frame.payload)


def _lasting(protocol: Protocol, data: bytes) -> bytes:
    lasting = _LASTING.get(protocol)
    return lasting(data) if lasting else data


def _without(data: bytes, parts: Iterable[slice]) -> bytes:
    kept = bytearray(data)
    for part in parts:
        kept[part] = bytes(len(kept[part]))
    return bytes(kept)


_LASTING: Mapping[Protocol, Callable[[bytes], bytes]] = {
    "arp": lambda data: data[8:18],  # who asks, not for whom
    "nd": lambda data: data[:24] if data[:1] == b"\x88" else data[:1],  # likewise
    "stp": lambda data: data[:27],  # up to the port: the age of the message follows
    "dhcp": lambda data: _without(data, (slice(4, 10),)),  # transaction, seconds
    "dhcp-server": lambda data: _without(data, (slice(4, 10),)),
    "mdns": lambda data: data[2:],
    "mndp": lambda data: data[4:8],  # empty in a question; the uptime grows
}
