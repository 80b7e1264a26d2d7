"""Simulated agents on 127.x.y.z in one process: `python -m benchmarks.snmpfarm COUNT PORT LOSS ID`.

Each has a system group and 200 interfaces with sixteen columns of ifTable and ifXTable. Answers
are kept by question, as all agents are alike: what is measured is who asks. LOSS is the share of
requests, and again of answers, that get lost. Prints "ready", and lives until stdin closes.
"""

import random
import selectors
import socket
import sys
from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate
from typing import Any, NamedTuple

from msptool.audit.snmp import ber

INTERFACES = 200
COLUMNS = (
    *(f"1.3.6.1.2.1.2.2.1.{n}" for n in (2, 3, 5, 6, 7, 8, 10, 11, 14, 16, 17, 20)),
    *(f"1.3.6.1.2.1.31.1.1.1.{n}" for n in (1, 6, 7, 15)),
)
_TEXTS = {"1.3.6.1.2.1.2.2.1.2": "GigabitEthernet0/{}", "1.3.6.1.2.1.31.1.1.1.1": "Gi0/{}"}
_WIDE = ("1.3.6.1.2.1.31.1.1.1.6", "1.3.6.1.2.1.31.1.1.1.7")
_MOST_BYTES = 8000
_MAC = "1.3.6.1.2.1.2.2.1.6"


def addresses(count: int) -> list[str]:
    """Return the agents' addresses."""
    return [f"127.33.{n // 250}.{n % 250 + 1}" for n in range(count)]


def rows() -> list[tuple[str, bytes]]:
    """Return what an agent answers, by OID, as BER."""
    found = [
        ("1.3.6.1.2.1.1.1.0", ber.octets(b"a simulated switch")),
        ("1.3.6.1.2.1.1.2.0", ber.tlv(ber.OID, ber.oid("1.3.6.1.4.1.9.1.1208"))),
        ("1.3.6.1.2.1.1.3.0", ber.integer(123456, 0x43)),
        ("1.3.6.1.2.1.1.5.0", ber.octets(b"sim")),
    ]
    for column in COLUMNS:
        for n in range(1, INTERFACES + 1):
            found.append((f"{column}.{n}", _value(column, n)))
    return found


def _value(column: str, n: int) -> bytes:
    if column in _TEXTS:
        return ber.octets(_TEXTS[column].format(n).encode())
    if column == _MAC:
        return ber.octets(bytes((2, 0, 0, 0, 0, n)))
    if column in _WIDE:
        return ber.integer(10**12 + n, 0x46)
    return ber.integer(n * 1000, 0x41)


class Question(NamedTuple):
    """What was asked: version and community as they came, the PDU's tag and number, the objects."""

    head: bytes
    tag: int
    number: int
    oids: list[bytes]
    repetitions: int


def question(data: bytes) -> Question:
    """Read a datagram of version 1 or 2c."""
    message = ber.Reader(data).inside()
    head = ber.integer(message.integer()) + ber.octets(message.octets())
    return asked(message, head)


def asked(at: ber.Reader, head: bytes = b"") -> Question:
    """Read a PDU."""
    tag = at.tag()
    inside = at.inside(tag)
    number, _, repetitions = inside.integer(), inside.integer(), inside.integer()
    return Question(head, tag, number, _names(inside.inside()), repetitions)


def _names(listed: ber.Reader) -> list[bytes]:
    found = []
    while listed.tag() >= 0:
        one = listed.inside()
        _, begin, end = ber.element(one.data, one.at, one.end)
        found.append(one.data[begin:end])
    return found


def response(to: Question, varbinds: bytes, status: int = 0, index: int = 0) -> bytes:
    """Return an answer of version 1 or 2c."""
    return ber.sequence(to.head, pdu(to, varbinds, status, index))


def pdu(to: Question, varbinds: bytes, status: int = 0, index: int = 0, tag: int = 0xA2) -> bytes:
    """Return the PDU of an answer."""
    parts = (ber.integer(to.number), ber.integer(status), ber.integer(index))
    return ber.sequence(*parts, ber.sequence(varbinds), tag=tag)


class Agent:
    """Answers GET, GETNEXT and GETBULK from a table of OIDs and BER."""

    def __init__(self, table: Iterable[tuple[str, bytes]]) -> None:
        known = sorted((ber.arcs(ber.oid(name)), ber.oid(name), value) for name, value in table)
        self._keys = [key for key, _, _ in known]
        self._whole = [ber.sequence(ber.tlv(ber.OID, oid), value) for _, oid, value in known]
        self._known: dict[tuple[int, int, bytes], bytes] = {}

    def answer(self, data: bytes) -> bytes:
        """Return the answer to a datagram of version 2c."""
        it = question(data)
        return response(it, self.varbinds(it))

    def varbinds(self, it: Question) -> bytes:
        """Return the rows that are asked for, as many as fit."""
        key = (it.tag, it.repetitions, b"\0\0".join(it.oids))
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._found(it)
        return found

    def _found(self, it: Question) -> bytes:
        places = [bisect_right(self._keys, ber.arcs(oid)) for oid in it.oids]
        if it.tag == 0xA0:
            named = zip(it.oids, places, strict=True)
            return b"".join(self._exact(oid, at - 1) for oid, at in named)
        found: list[bytes] = []
        for n in range(it.repetitions if it.tag == 0xA5 else 1):
            found += (self._at(at + n, oid) for oid, at in zip(it.oids, places, strict=True))
        sizes = accumulate(map(len, found))
        return b"".join(one for one, size in zip(found, sizes, strict=True) if size < _MOST_BYTES)

    def _at(self, at: int, oid: bytes) -> bytes:
        if at < len(self._whole):
            return self._whole[at]
        return ber.sequence(ber.tlv(ber.OID, oid), b"\x82\x00")

    def _exact(self, oid: bytes, at: int) -> bytes:
        if at >= 0 and self._keys[at] == ber.arcs(oid):
            return self._whole[at]
        return ber.sequence(ber.tlv(ber.OID, oid), b"\x80\x00")


def main() -> None:
    """Answer until stdin closes."""
    count, port, loss, seed = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), sys.argv[4]
    chance = random.Random(seed)
    agent = Agent(rows())
    ready: Any = selectors.DefaultSelector()
    for address in addresses(count):
        one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        one.bind((address, port))
        one.setblocking(False)
        ready.register(one, selectors.EVENT_READ)
    ready.register(sys.stdin, selectors.EVENT_READ)
    print("ready", flush=True)
    while True:
        for key, _ in ready.select():
            if key.fileobj is sys.stdin:
                return
            data, sender = key.fileobj.recvfrom(65535)
            if loss and chance.random() < loss:
                continue
            reply = agent.answer(data)
            if not (loss and chance.random() < loss):
                key.fileobj.sendto(reply, sender)


if __name__ == "__main__":
    main()
