"""Ask UDP services their questions, of all hosts; only an answer says that a port is open.

Orders: {"ports": [port, …], "wait_s", "tries", "host_pps", "all_pps"}. A round asks every host one
port, then the next; only hosts that let the round's time pass are asked again. Prints as it comes
{"address", "port", "said": {number: Latin-1}} with the datagrams from the address and port that
were asked, in "upnp" the description of a device that names one on itself; after a host's last
{"address", "done": true}. `msptool.audit.probes.read.udp` makes facts of them.
"""

import contextlib
import select
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from msptool.audit.ports import FRAGILE
from msptool.audit.probes import ssdp, table
from msptool.audit.workers import stdin
from msptool.audit.workers.call import call
from msptool.audit.workers.wire import Budget, Wire

LIMIT_BYTES = 16 * 1024
FETCH_TIMEOUT_S = 2.0
SSDP_PORT = 1900
MOST_ANSWERS = 8
# A question, and its answer or an ICMP error.
EXCHANGE = 2


@dataclass
class Round:
    """Whom we ask what, and what came back."""

    targets: list[str]
    ports: list[int]
    sockets: dict[int, socket.socket]
    answers: dict[tuple[str, int], list[bytes]] = field(default_factory=dict)


def main() -> None:
    """Ask every question of every target that the gate let through."""
    targets, orders = stdin.read()
    ports = [p for p in orders.get("ports", table.UDP) if p in table.UDP and p not in FRAGILE]
    families = {_family(target) for target in targets}
    sockets = {family: socket.socket(family, socket.SOCK_DGRAM) for family in families}
    for one in sockets.values():
        one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
    asked = Round(targets, ports, sockets)
    everyone = Budget(int(orders.get("all_pps", 0)))
    wires = {t: Wire(Budget(int(orders.get("host_pps", 0))), everyone) for t in targets}
    for _ in range(int(orders.get("tries", 2))):
        for port in ports:
            _ask_all(asked, port, wires)
        _listen(asked, float(orders.get("wait_s", 1.0)))
    for target in targets:
        _tell(asked, target, wires[target])


def _family(target: str) -> int:
    return socket.AF_INET6 if ":" in target else socket.AF_INET


def _ask_all(asked: Round, port: int, wires: Mapping[str, Wire]) -> None:
    datagrams = [question.datagram for question in table.UDP[port]]
    for target in asked.targets:
        if (target, port) in asked.answers:
            continue
        for datagram in datagrams:
            wires[target].spend(EXCHANGE)
            with contextlib.suppress(OSError):  # no route, or an ICMP error to an earlier question
                asked.sockets[_family(target)].sendto(datagram, (target, port))
            _listen(asked, 0.0)


def _listen(asked: Round, seconds: float) -> None:
    """Take what comes within a time; of 0.0, what is there."""
    end = time.monotonic() + seconds
    while True:
        ready = select.select([*asked.sockets.values()], [], [], max(end - time.monotonic(), 0))[0]
        for one in ready:
            try:
                data, source = one.recvfrom(LIMIT_BYTES)
            except OSError:
                continue
            who = (str(source[0]), int(source[1]))
            if who[0] in asked.targets and who[1] in asked.ports:
                known = asked.answers.setdefault(who, [])
                if len(known) < MOST_ANSWERS and data not in known:
                    known.append(data)
        if not ready and time.monotonic() >= end:
            return


def _tell(asked: Round, target: str, wire: Wire) -> None:
    for port in asked.ports:
        heard = asked.answers.get((target, port), [])
        if heard:
            said = {str(nth): words for nth, words in enumerate(heard)}
            said |= _described(heard, target, wire) if port == SSDP_PORT else {}
            shown = {key: value.decode("latin-1") for key, value in said.items()}
            stdin.tell(address=target, port=port, said=shown)
    stdin.tell(address=target, done=True)


def _described(heard: list[bytes], target: str, wire: Wire) -> dict[str, bytes]:
    """Fetch a UPnP device's description from itself: from nowhere else, from no fragile port."""
    places = (ssdp.place(ssdp.parse(words), target) for words in heard)
    place = next((one for one in places if one is not None and one[0] not in FRAGILE), None)
    if place is None:
        return {}
    port, path = place
    heard_there = call(target, port, ssdp.fetching(path), wire, timeout_s=FETCH_TIMEOUT_S)
    return {"upnp": heard_there.said["upnp"]} if "upnp" in heard_there.said else {}


if __name__ == "__main__":
    main()
