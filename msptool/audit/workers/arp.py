"""Ask a segment who is there: ARP for IPv4, echo to all nodes for IPv6. Needs raw sockets.

This program imports scapy (GPL-2.0-only) and nothing whose licence does not fit beside it.
Orders: {"interface", "source4", "source6", "mac", "learn6": bool, "rate_pps", "tries"}.
Prints {"address", "mac", "source"} once an address and MAC: two machines may answer for one.
"""

import select
import time
from socket import AF_INET6, inet_ntop, inet_pton
from typing import Any

from msptool.audit.workers import stdin

QUIET_S = 0.8
MOST_MACS = 8  # that are told of one address: a hostile one could go on for ever


def main() -> None:
    """Send the questions, slowly enough, and print whoever answers."""
    targets, orders = stdin.read()
    # The layers first: a socket opened before them knows no frames, and reads every one as rubbish.
    import scapy.layers.inet6
    import scapy.layers.l2  # noqa: F401
    from scapy.arch.linux import L2Socket

    socket = L2Socket(iface=orders["interface"], promisc=False)
    seen: dict[str, set[str]] = {}
    v4 = [target for target in targets if ":" not in target]
    v6 = [target for target in targets if ":" in target]
    for _ in range(int(orders["tries"])):
        asked = [t for t in (*v4, *v6) if t not in seen]
        questions = [_question(t, orders) for t in asked]
        if orders["learn6"]:
            questions.append(_all_nodes(orders))
        _ask(socket, questions, float(orders["rate_pps"]), seen)
        _listen(socket, QUIET_S, seen)


def _question(target: str, orders: dict[str, Any]) -> Any:
    from scapy.layers.inet6 import ICMPv6ND_NS, ICMPv6NDOptSrcLLAddr, IPv6
    from scapy.layers.l2 import ARP, Ether
    from scapy.utils6 import in6_getnsma, in6_getnsmac

    if ":" not in target:
        ask = ARP(op=1, hwsrc=orders["mac"], psrc=orders["source4"], pdst=target)
        return Ether(src=orders["mac"], dst="ff:ff:ff:ff:ff:ff") / ask
    group = in6_getnsma(inet_pton(AF_INET6, target))
    head = Ether(src=orders["mac"], dst=in6_getnsmac(group))
    body = IPv6(src=orders["source6"], dst=inet_ntop(AF_INET6, group), hlim=255)
    return head / body / ICMPv6ND_NS(tgt=target) / ICMPv6NDOptSrcLLAddr(lladdr=orders["mac"])


def _all_nodes(orders: dict[str, Any]) -> Any:
    """Return an echo request to ff02::1 (RFC 4291): every node of the segment answers."""
    from scapy.layers.inet6 import ICMPv6EchoRequest, IPv6
    from scapy.layers.l2 import Ether

    head = Ether(src=orders["mac"], dst="33:33:00:00:00:01")
    return head / IPv6(src=orders["source6"], dst="ff02::1", hlim=1) / ICMPv6EchoRequest(id=4011)


def _ask(socket: Any, questions: list[Any], rate_pps: float, seen: dict[str, set[str]]) -> None:
    for question in questions:
        socket.send(question)
        _listen(socket, 1 / rate_pps, seen)


def _listen(socket: Any, seconds: float, seen: dict[str, set[str]]) -> None:
    """Read answers for some seconds; print each address once with each MAC that answered."""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        if not select.select([socket], [], [], left)[0]:
            return
        packet = socket.recv()
        answer = _answer(packet) if packet is not None else None
        if answer is not None and _is_new(answer[0], answer[1], seen):
            stdin.tell(address=answer[0], mac=answer[1], source=answer[2])


def _is_new(address: str, mac: str, seen: dict[str, set[str]]) -> bool:
    """Note who answered; tell whether it is worth a line."""
    known = seen.setdefault(address, set())
    if mac in known or len(known) >= MOST_MACS:
        return False
    known.add(mac)
    return True


def _answer(packet: Any) -> tuple[str, str, str] | None:
    """Return (address, MAC, source) of an ARP reply, an echo reply or an advertisement."""
    from scapy.layers.inet6 import ICMPv6EchoReply, ICMPv6ND_NA, IPv6
    from scapy.layers.l2 import ARP, Ether

    if ARP in packet and packet[ARP].op == 2:
        return packet[ARP].psrc, packet[ARP].hwsrc.lower(), "arp"
    if ICMPv6EchoReply in packet:
        return packet[IPv6].src, packet[Ether].src.lower(), "nd"
    if ICMPv6ND_NA in packet:
        return packet[ICMPv6ND_NA].tgt, packet[Ether].src.lower(), "nd"
    return None


if __name__ == "__main__":
    main()
