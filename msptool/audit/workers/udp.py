"""Ask UDP services one question each; only an answer says that a port is open.

Orders: {"questions": {port: hex}, "wait_s", "tries", "rate_pps"}. Prints {"address", "port",
"reply": hex} for each first answer from the address and port that were asked.
"""

import select
import socket
import time

from msptool.audit.workers import stdin

LIMIT_BYTES = 4096


def main() -> None:
    """Ask every question of every target that the gate let through."""
    targets, orders = stdin.read()
    questions = {int(port): bytes.fromhex(text) for port, text in orders["questions"].items()}
    sockets = {
        family: socket.socket(family, socket.SOCK_DGRAM)
        for family in {_family(target) for target in targets}
    }
    asked = {(target, port) for target in targets for port in questions}
    answered: set[tuple[str, int]] = set()
    for _ in range(int(orders["tries"])):
        for target, port in sorted(asked - answered):
            _send(sockets[_family(target)], target, port, questions[port])
            _listen(sockets, 1 / float(orders["rate_pps"]), asked, answered)
        _listen(sockets, float(orders["wait_s"]), asked, answered)


def _family(target: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in target else socket.AF_INET


def _send(through: socket.socket, target: str, port: int, question: bytes) -> None:
    try:
        through.sendto(question, (target, port))
    except OSError:  # no route, or an ICMP error to an earlier question: no answer either way
        return


def _listen(
    sockets: dict[socket.AddressFamily, socket.socket],
    seconds: float,
    asked: set[tuple[str, int]],
    answered: set[tuple[str, int]],
) -> None:
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        for ready in select.select(list(sockets.values()), [], [], left)[0]:
            try:
                data, source = ready.recvfrom(LIMIT_BYTES)
            except OSError:
                continue
            who = (str(source[0]), int(source[1]))
            if who in asked and who not in answered:
                answered.add(who)
                stdin.tell(address=who[0], port=who[1], reply=data.hex())


if __name__ == "__main__":
    main()
