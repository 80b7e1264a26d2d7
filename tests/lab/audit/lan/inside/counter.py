"""Count every packet that leaves an interface: the greatest number in any one second, by host.

Output chains of inet and arp tables are blind to raw sockets, so this reads a packet socket: a
ring of TPACKET_V2 (linux/if_packet.h), large enough to lose none, and it says how many it lost.
`python -m …counter INTERFACE NETWORK`: prints "ready", and a JSON summary at the end of its input.
"""

import ctypes
import ipaddress
import json
import mmap
import os
import select
import socket
import struct
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from tests.lab.audit.lan.inside.frames import Sent, read

_SOL_PACKET, _RX_RING, _STATISTICS, _VERSION, _V2 = 263, 5, 6, 10, 1
_BLOCK, _BLOCKS, _FRAME = 1 << 16, 512, 160
_EACH = _BLOCK // _FRAME
_FRAMES = _EACH * _BLOCKS
_OURS, _OF_KERNEL = 1, 0  # tp_status: to be read by us, given back
_HEAD = struct.Struct("=IIIHHIIHH")
_ATTACH_FILTER, _OUTGOING = 26, 4
# Load the packet's type (SKF_AD_OFF + SKF_AD_PKTTYPE); keep what goes out; drop the rest.
_FILTER = ((0x30, 0, 0, 0xFFFFF004), (0x15, 0, 1, _OUTGOING), (0x06, 0, 0, 65535), (0x06, 0, 0, 0))


class Ring:
    """The packets that leave an interface, in a ring shared with the kernel."""

    def __init__(self, interface: str) -> None:
        self._socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
        self._attach()
        self._socket.setsockopt(_SOL_PACKET, _VERSION, _V2)
        size = struct.pack("IIII", _BLOCK, _BLOCKS, _FRAME, _FRAMES)
        self._socket.setsockopt(_SOL_PACKET, _RX_RING, size)
        self._map = mmap.mmap(self._socket.fileno(), _BLOCK * _BLOCKS)
        self._socket.bind((interface, 0x0003))  # ETH_P_ALL
        self._at = 0

    def _attach(self) -> None:
        code = b"".join(struct.pack("HBBI", *step) for step in _FILTER)
        kept = ctypes.create_string_buffer(code)
        program = struct.pack("HL", len(_FILTER), ctypes.addressof(kept))
        self._socket.setsockopt(socket.SOL_SOCKET, _ATTACH_FILTER, program)

    def fileno(self) -> int:
        return self._socket.fileno()

    def drain(self) -> Iterator[Sent]:
        """Yield what has come since."""
        while True:
            at = self._at // _EACH * _BLOCK + self._at % _EACH * _FRAME
            status, _, kept, mac, net, seconds, nanos, *_ = _HEAD.unpack_from(self._map, at)
            if not status & _OURS:
                return
            frame = self._map[at + mac : at + mac + min(kept, _FRAME - mac)]
            # struct sockaddr_ll stands behind the header: protocol, index, hatype.
            protocol, _, kind = struct.unpack_from("=HiH", self._map, at + 34)
            struct.pack_into("=I", self._map, at, _OF_KERNEL)
            self._at = (self._at + 1) % _FRAMES
            yield read(seconds + nanos / 1e9, socket.ntohs(protocol), frame[net - mac :])

    def lost(self) -> int:
        """Return how many packets found no room."""
        told = self._socket.getsockopt(_SOL_PACKET, _STATISTICS, 8)
        return int(struct.unpack("II", told)[1])


def greatest(sent: Sequence[Sent]) -> dict[str, Any]:
    """Return the fullest second of some packets: how many, when it began, which kinds.

    Any second, not those of the clock: each window begins with a packet.
    """
    first, begin, end = 0, 0, 0
    for last, one in enumerate(sent):
        while one.at_s - sent[first].at_s >= 1.0:
            first += 1
        if last + 1 - first > end - begin:
            begin, end = first, last + 1
    best = sent[begin:end]
    return {
        "count": len(best),
        "at_s": round(best[0].at_s - sent[0].at_s, 3) if best else 0.0,
        "kinds": dict(Counter(one.kind for one in best).most_common()),
    }


def summary(sent: list[Sent], network: str, lost: int) -> dict[str, Any]:
    """Return the greatest seconds, in sum and by host, and when each host had its last packet."""
    began_s = sent[0].at_s if sent else 0.0
    inside = ipaddress.ip_network(network)
    by_host: dict[str, list[Sent]] = defaultdict(list)
    for one in sent:
        if one.host and ipaddress.ip_address(one.host) in inside:
            by_host[one.host].append(one)
    # A host's window begins at its own first packet; told is when that is on the common clock.
    hosts = {}
    for address, its in by_host.items():
        told = greatest(its)
        told["at_s"] = round(told["at_s"] + its[0].at_s - began_s, 3)
        hosts[address] = told | {
            "sent": len(its),
            "last_s": round(its[-1].at_s - began_s, 3),
        }
    return {
        "sent": len(sent),
        "lost": lost,
        "sum": greatest(sent),
        "hosts": hosts,
        "kinds": dict(Counter(one.kind for one in sent).most_common()),
    }


def main() -> None:
    """Count until the input ends."""
    ring = Ring(sys.argv[1])
    sent: list[Sent] = []
    print("ready", flush=True)
    while not select.select([0], [], [], 0)[0] or os.read(0, 1):
        select.select([0, ring.fileno()], [], [], 0.5)
        sent += ring.drain()
    sent += ring.drain()
    print(json.dumps(summary(sent, sys.argv[2], ring.lost())), flush=True)


if __name__ == "__main__":
    main()
