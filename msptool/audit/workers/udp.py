"""Ask UDP services their questions, of all hosts; only an answer says that a port is open.

Orders: {"ports": [port, …] (all of ours), "wait_s", "tries", "host_pps", "all_pps"}. A round asks
some hosts one port after the other; those that were silent are asked again. Prints {"address",
"port", "said": {number: Latin-1}} with the datagrams from the address and port that were asked, in
"upnp" the description of a device that names one on itself; after a host's last {"address",
"done": true}. `msptool.audit.probes.read.udp` makes facts of them.
"""

import contextlib
import select
import socket
import time
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
# So many hosts are asked together, and told, before the next are.
HOSTS_AT_ONCE = 256


@dataclass
class Round:
    """Whom we ask what, and what came back."""

    targets: dict[str, Wire]
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
    everyone = Budget(int(orders.get("all_pps", 0)))
    for first in range(0, len(targets), HOSTS_AT_ONCE):
        wires = {
            target: Wire(Budget(int(orders.get("host_pps", 0))), everyone)
            for target in targets[first : first + HOSTS_AT_ONCE]
        }
        _ask(Round(wires, ports, sockets), int(orders["tries"]), float(orders["wait_s"]))


def _ask(asked: Round, tries: int, wait_s: float) -> None:
    """Ask some hosts everything, the silent again, and tell what they said."""
    for _ in range(tries):
        for port in asked.ports:
            _ask_all(asked, port)
        _listen(asked, wait_s)
    for target, wire in asked.targets.items():
        _tell(asked, target, wire)


def _family(target: str) -> int:
    return socket.AF_INET6 if ":" in target else socket.AF_INET


def _ask_all(asked: Round, port: int) -> None:
    datagrams = [question.datagram for question in table.UDP[port]]
    for target, wire in asked.targets.items():
        if (target, port) in asked.answers:
            continue
        for datagram in datagrams:
            wire.spend(EXCHANGE)
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
