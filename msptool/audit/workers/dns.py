"""Ask one name server, which the client's scope holds, what names it has for addresses.

The target is the server; the addresses that are asked about get nothing. Questions are without
recursion, so the server asks nobody else. Orders: {"addresses": [ADDRESS], "zone": "" or a name to
transfer, "rate_pps", "tries", "wait_s", "most": packets in all}. Prints {"address", "name"} once a
pair, at last {"done": true, "asked", "answered", "refused", "left": addresses not asked}.
"""

import secrets
import select
import socket
import struct
import time
from collections.abc import Iterator
from typing import Any

from msptool.audit import dnswire
from msptool.audit.workers import stdin

_PORT = 53
_LIMIT_BYTES = 4096
_MOST_REFUSALS = 50  # a resolver refuses what it does not know, and may know the next one
_TRANSFER_BYTES, _TRANSFER_S, _TRANSFER_ROWS = 8 << 20, 20.0, 50_000


def main() -> None:
    """Transfer the zone if so ordered, then ask for each address."""
    (server,), orders = stdin.read()
    told: set[tuple[str, str]] = set()
    if orders.get("zone"):
        for address, name in transfer(server, dnswire.spelt(orders["zone"])):
            _tell(told, address, name)
    asker = Asker(server, orders)
    asker.run(told)
    stdin.tell(
        done=True,
        asked=asker.asked,
        answered=asker.answered,
        refused=asker.refused,
        left=asker.left,
    )


def _tell(told: set[tuple[str, str]], address: str, name: str) -> None:
    if (address, name) not in told:
        told.add((address, name))
        stdin.tell(address=address, name=name)


class Asker:
    """Asks one question after the other, and again those that were not answered."""

    def __init__(self, server: str, orders: dict[str, Any]) -> None:
        self.asked = self.answered = self.refused = self.left = 0
        self._orders = orders
        self._pause_s = 1 / float(orders["rate_pps"])
        self._waiting: dict[int, str] = {}
        family = socket.AF_INET6 if ":" in server else socket.AF_INET
        self._socket = socket.socket(family, socket.SOCK_DGRAM)
        self._socket.connect((server, _PORT))  # the kernel drops what others send

    def run(self, told: set[tuple[str, str]]) -> None:
        """Ask for every address; stop at the limit, or where the server only ever refuses."""
        left = list(self._orders["addresses"])
        for _ in range(int(self._orders["tries"])):
            self._round(left, told)
            self._listen(float(self._orders["wait_s"]), told)
            left = list(self._waiting.values())
            self._waiting.clear()

    def _round(self, addresses: list[str], told: set[tuple[str, str]]) -> None:
        for number, address in enumerate(addresses):
            hopeless = self.refused >= _MOST_REFUSALS and not told
            if self.asked >= int(self._orders["most"]) or hopeless:
                self.left += len(addresses) - number
                return
            self._ask(address)
            self._listen(self._pause_s, told)

    def _ask(self, address: str) -> None:
        ident = secrets.randbelow(1 << 16)
        while ident in self._waiting:
            ident = secrets.randbelow(1 << 16)
        self._waiting[ident] = address
        self.asked += 1
        try:
            self._socket.send(dnswire.question(ident, dnswire.PTR, dnswire.reverse(address)))
        except OSError:  # an ICMP error to an earlier question: no answer either way
            return

    def _listen(self, seconds: float, told: set[tuple[str, str]]) -> None:
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if not select.select([self._socket], [], [], left)[0]:
                return
            try:
                data = self._socket.recv(_LIMIT_BYTES)
            except OSError:
                continue
            self._take(data, told)

    def _take(self, data: bytes, told: set[tuple[str, str]]) -> None:
        message = dnswire.read(data)
        address = self._waiting.get(message.ident) if message else None
        if message is None or address is None or not answers(message, address):
            return
        del self._waiting[message.ident]
        self.answered += 1
        self.refused += message.code == 5
        for name in names(message, address):
            _tell(told, address, name)


def answers(message: dnswire.Message, address: str) -> bool:
    """Tell whether a message is a response to our question about an address."""
    asked = message.questions[0] if message.questions else ((), 0)
    return (
        bool(message.flags & dnswire.RESPONSE)
        and asked[1] == dnswire.PTR
        and dnswire.same(asked[0], dnswire.reverse(address))
    )


def names(message: dnswire.Message, address: str) -> list[str]:
    """Return the names that a response has for an address: of its own records, not of others."""
    owner = dnswire.reverse(address)
    found = (
        dnswire.dotted(record.name)
        for record in message.records
        if record.kind == dnswire.PTR and record.name and dnswire.same(record.owner, owner)
    )
    return list(dict.fromkeys(found))


def transfer(server: str, zone: dnswire.Name) -> Iterator[tuple[str, str]]:
    """Yield (address, name) of a zone that the server lets us have (RFC 5936); else nothing."""
    end = time.monotonic() + _TRANSFER_S
    try:
        with socket.create_connection((server, _PORT), timeout=5) as line:
            line.settimeout(5)
            asked = dnswire.question(secrets.randbelow(1 << 16), dnswire.AXFR, zone)
            line.sendall(struct.pack("!H", len(asked)) + asked)
            yield from _zone(_messages(line, end))
    except OSError:  # refused, or silent: the questions one by one remain
        return


def _messages(line: socket.socket, end: float) -> Iterator[bytes]:
    taken = 0
    while taken < _TRANSFER_BYTES and time.monotonic() < end:
        size = int.from_bytes(_exactly(line, 2, end))
        taken += size
        yield _exactly(line, size, end)


def _exactly(line: socket.socket, size: int, end: float) -> bytes:
    data = b""
    while len(data) < size:
        if time.monotonic() > end:
            raise TimeoutError
        piece = line.recv(size - len(data))
        if not piece:
            raise ConnectionError("the server hung up")
        data += piece
    return data


def _zone(messages: Iterator[bytes]) -> Iterator[tuple[str, str]]:
    """Yield the addresses between the first SOA and the last (RFC 5936, 2.2)."""
    starts = rows = 0
    for data in messages:
        message = dnswire.read(data)
        if message is None or message.code or not message.records:
            return
        for record in message.records:
            rows += 1
            starts += record.kind == dnswire.SOA
            if record.address:
                yield record.address, dnswire.dotted(record.owner)
        if starts >= 2 or rows > _TRANSFER_ROWS:
            return


if __name__ == "__main__":
    main()
