"""ARP and IPv6 neighbour discovery: who has which address, and who offers to route. Pure.

Sources: RFC 826; RFC 5227 (a probe's sender address is zero); RFC 4861, 4.2 to 4.4, 4.6 (options);
RFC 8106 (DNS servers and search lists in router advertisements).
"""

import ipaddress
from collections.abc import Iterator

from msptool.audit import macs
from msptool.audit.heard import words


def arp(data: bytes) -> dict[str, str]:
    """Return the sender of an ARP packet for IPv4 on Ethernet; {} for a probe: it has none yet."""
    if len(data) < 28 or data[:6] != b"\0\1\x08\0\6\4" or data[6:8] not in (b"\0\1", b"\0\2"):
        return {}
    sender, owner = words.address(data[14:18]), macs.of(data[8:14])
    return {"address": sender, "owner": owner} if sender and owner else {}


def nd(data: bytes) -> dict[str, str]:
    """Return whom an advertisement (136) is about; of a solicitation (135) only who sent it."""
    if len(data) < 24 or data[0] not in (135, 136):
        return {}
    options = dict(_options(data[24:]))
    if data[0] == 135:
        return words.said({"owner": macs.of(options.get(1, b""))})
    return words.said(
        {
            "address": words.address(data[8:24]),
            "owner": macs.of(options.get(2, b"")),
            "router": "yes" if data[4] & 0x80 else "",
        }
    )


def router(data: bytes) -> dict[str, str]:
    """Return what a router advertisement (134) offers."""
    if len(data) < 16 or data[0] != 134:
        return {}
    prefixes, servers = [], []
    for kind, value in _options(data[16:]):
        if kind == 3 and len(value) >= 30 and value[0] <= 128:
            prefixes.append(f"{ipaddress.IPv6Address(value[14:30])}/{value[0]}")
        elif kind == 25:
            servers += [words.address(value[at : at + 16]) for at in range(6, len(value) - 15, 16)]
    return words.said(
        {
            "lifetime_s": str(int.from_bytes(data[6:8])),
            "managed": "yes" if data[5] & 0x80 else "no",
            "prefixes": words.listed(prefixes),
            "dns": words.listed(servers),
        }
    )


def _options(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield (type, value) of options: a type, a length in 8 octets that counts both."""
    at = 0
    while len(data) >= at + 8 and data[at + 1]:
        length = 8 * data[at + 1]
        if at + length > len(data):
            return
        yield data[at], data[at + 2 : at + length]
        at += length
