"""What a sent packet is and for whom: enough of Ethernet, ARP, IP, TCP to count it. Pure."""

import socket
from typing import NamedTuple

_IPV4, _ARP, _IPV6 = 0x0800, 0x0806, 0x86DD


class Sent(NamedTuple):
    """A packet: when (seconds since 1970), to which address, what it is."""

    at_s: float
    host: str
    kind: str


def read(at_s: float, protocol: int, body: bytes) -> Sent:
    """Read a packet from its network layer on; an ARP question counts to whom it asks for."""
    if protocol == _ARP and len(body) >= 28:
        kind = "arp-request" if body[7] == 1 else "arp-reply"
        return Sent(at_s, socket.inet_ntoa(body[24:28]), kind)
    if protocol == _IPV4 and len(body) >= 20:
        head = (body[0] & 15) * 4
        return Sent(at_s, socket.inet_ntoa(body[16:20]), _kind(body[9], body[head:]))
    if protocol == _IPV6 and len(body) >= 40:
        host = socket.inet_ntop(socket.AF_INET6, body[24:40])
        return Sent(at_s, host, _kind(body[6], body[40:]))
    return Sent(at_s, "", f"ethertype-{protocol:04x}")


def _kind(protocol: int, body: bytes) -> str:
    """Name the transport; a TCP segment by its flags (RFC 9293, 3.1)."""
    if protocol == 6 and len(body) >= 14:
        flags = body[13]
        for bit, name in ((4, "rst"), (1, "fin"), (2, "syn"), (8, "data")):
            if flags & bit:
                return f"tcp-{name}"
        return "tcp-ack"
    names = {1: "icmp", 17: "udp", 58: "icmpv6", 0: "hop-by-hop"}
    return names.get(protocol, f"ip-{protocol}")
