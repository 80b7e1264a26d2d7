"""Hear what devices announce to everyone on our segments. Sends nothing; needs raw sockets.

The kernel's filter lets through only frames to a group address that are LLDP, CDP, STP, ARP,
neighbour discovery, router advertisements, DHCP, answers of mDNS, SSDP's NOTIFY and MNDP: what is
meant for one station is never read. All groups are taken in by the interface's own setting; none
is joined, as that would send IGMP or MLD. (A switch that snoops on IGMP may keep SSDP from us.)

Reads one line of JSON orders: {"interfaces": [name], "seconds", "rate_pps", "most",
"most_a_sender"}; ends after these seconds, or with its stdin. Prints {"interface", "frame": hex}
for each announcement not heard before, {"lost": name} for an interface that cannot be opened, at
last {"done": true, "dropped": how many passed a limit}.
"""

import json
import os
import select
import socket
import struct
import time
from collections import Counter
from collections.abc import Iterable
from typing import Any

from msptool.audit.heard import frames
from msptool.audit.workers import stdin
from msptool.audit.workers.sieve import attach

# linux/if_packet.h; PACKET_MR_ALLMULTI: what is sent to groups, and not what is for others.
_SOL_PACKET, _ADD_MEMBERSHIP, _ALLMULTI = 263, 1, 2


def main() -> None:
    """Listen until the time is over or nobody wants to know any more."""
    orders = json.loads(_first_line())
    ears = _ears(orders["interfaces"])
    limits = Limits(
        rate_pps=int(orders["rate_pps"]),
        most=int(orders["most"]),
        most_a_sender=int(orders["most_a_sender"]),
    )
    _say(ready=sorted(ears.values()))
    end = time.monotonic() + float(orders["seconds"])
    while (left := end - time.monotonic()) > 0:
        ready = select.select([0, *(ear.fileno() for ear in ears)], [], [], left)[0]
        if 0 in ready and not os.read(0, 4096):
            break
        for ear, name in ears.items():
            if ear.fileno() in ready:
                _hear(ear, name, limits)
    _say(done=True, dropped=limits.dropped)


def _first_line() -> bytes:
    """Read a line byte by byte: the rest of stdin is for select to watch."""
    line = b""
    while (byte := os.read(0, 1)) not in (b"", b"\n"):
        line += byte
    return line


def _say(**record: Any) -> None:
    """Print a record; whoever reads is gone where that fails, and so are we."""
    try:
        stdin.tell(**record)
    except BrokenPipeError:
        os._exit(0)


def _ears(interfaces: Iterable[str]) -> dict[socket.socket, str]:
    """Open what can be opened; an interface that is gone meanwhile is told, and costs no other."""
    ears = {}
    for name in interfaces:
        try:
            ears[_ear(name)] = name
        except OSError as error:
            _say(lost=name, error=str(error))
    return ears


def _ear(interface: str) -> socket.socket:
    """Open a socket that gets nothing before its filter is in place."""
    ear = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
    attach(ear)
    ear.bind((interface, 3))  # ETH_P_ALL
    group = struct.pack("iHH8s", socket.if_nametoindex(interface), _ALLMULTI, 0, b"")
    ear.setsockopt(_SOL_PACKET, _ADD_MEMBERSHIP, group)
    ear.setblocking(False)
    return ear


def _hear(ear: socket.socket, interface: str, limits: "Limits") -> None:
    try:
        raw = ear.recv(frames.MOST_BYTES + 1)
    except OSError:  # the interface went down: it may come back
        time.sleep(0.05)
        return
    frame = frames.split(raw)
    if frame is not None and limits.let(frame, time.monotonic()):
        _say(interface=interface, frame=raw.hex())


class Limits:
    """Lets each announcement through once, and no more than the limits of a sender, a second
    and in all.
    """

    def __init__(self, *, rate_pps: int, most: int, most_a_sender: int) -> None:
        self.dropped = 0
        self._rate_pps, self._most, self._most_a_sender = rate_pps, most, most_a_sender
        self._heard: set[int] = set()
        self._by_sender: Counter[str] = Counter()
        self._second, self._in_second = 0, 0

    def let(self, frame: frames.Frame, now_s: float) -> bool:
        """Tell whether an announcement is new and within the limits."""
        key = hash(frames.key(frame))
        if key in self._heard:
            return False
        if int(now_s) != self._second:
            self._second, self._in_second = int(now_s), 0
        if (
            len(self._heard) >= self._most
            or self._in_second >= self._rate_pps
            or self._by_sender[frame.mac] >= self._most_a_sender
        ):
            self.dropped += 1
            return False
        self._heard.add(key)
        self._in_second += 1
        self._by_sender[frame.mac] += 1
        return True


if __name__ == "__main__":
    main()
