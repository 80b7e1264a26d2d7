"""Addresses: networks from documentation and benchmark space only, octets, MACs.

RFC 5737 (192.0.2.0/24, 198.51.100.0/24, 203.0.113.0/24), RFC 2544 (198.18.0.0/15), RFC 3849
(2001:db8::/32): nothing here can be anyone's network, should a packet ever get out.
"""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Network, IPv6Network

from msptool.demo.draw import Draw

_DOCUMENTATION = ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")


def network4(draw: Draw) -> IPv4Network:
    """Return a /24: a documentation network, or one of the 512 for benchmarks."""
    if draw.chance("documentation", 0.4):
        return IPv4Network(draw.pick("network4", _DOCUMENTATION))
    return IPv4Network((0xC6120000 + 256 * draw.number("network4", 0, 511), 24))


def network6(draw: Draw) -> IPv6Network:
    """Return a /64 of 2001:db8::/32."""
    subnet = draw.number("network6", 1, 2**32 - 1)
    return IPv6Network(((0x20010DB8 << 96) + (subnet << 64), 64))


def octets(seed: int, roles: Iterable[str]) -> dict[str, int]:
    """Return a last octet for each role; the gateway takes an end, as people do.

    Each role draws its own order, and takes the first that is free.
    """
    taken: dict[str, int] = {}
    for role in roles:
        wanted = Draw(seed, role).of("octet")
        first = [wanted.choice((1, 254))] if role == "gw" else []
        order = [*first, *wanted.sample(range(2, 254), 252)]
        taken[role] = next(octet for octet in order if octet not in taken.values())
    return taken


def mac(draw: Draw, ouis: Sequence[str]) -> str:
    """Return a MAC of one of the vendor's prefixes, in capitals."""
    tail = draw.data("mac", 3)
    return ":".join([draw.pick("oui", ouis), *(f"{byte:02X}" for byte in tail)])


def address6(draw: Draw, network: IPv6Network, mac_text: str, octet: int) -> str:
    """Return an address as people and stacks make them: numbered, EUI-64 or random."""
    way = draw.pick("way6", ("number", "eui64", "random"))
    if way == "number":
        return str(network[octet])
    if way == "eui64":
        return str(network[_eui64(mac_text)])
    return str(network[draw.number("address6", 2**48, 2**64 - 2)])


def _eui64(mac_text: str) -> int:
    """RFC 4291, appendix A: FF:FE in the middle, the universal bit turned."""
    raw = bytes.fromhex(mac_text.replace(":", ""))
    return int.from_bytes(bytes([raw[0] ^ 2]) + raw[1:3] + b"\xff\xfe" + raw[3:])
