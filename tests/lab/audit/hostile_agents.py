"""Hostile and broken agents of SNMP v1 and v2c, by what each does with a question."""

import itertools
from collections.abc import Callable, Iterator

from benchmarks.snmpfarm import Agent, Question, question, response
from msptool.audit.snmp import ber
from msptool.audit.snmp.engine import Credential

FOREIGN = b"FOREIGN"
USER = Credential(
    label="profile:2", version="3", user="reader", auth="SHA-256", priv="AES",
    auth_password="the digest's word", priv_password="the cipher's word",
)  # fmt: skip
COLUMNS = tuple(f"1.3.6.1.2.1.2.2.1.{n}" for n in (2, 3, 6, 8, 11, 14))
SECOND = "1.3.6.1.2.1.17.4.3.1.2"
INTERFACES = 120
Reply = tuple[float, bytes, bool]  # after how long, what, whether from another address


def table() -> list[tuple[str, bytes]]:
    """Return what a sound agent answers."""
    return [
        ("1.3.6.1.2.1.1.1.0", ber.octets(b"a sound agent")),
        ("1.3.6.1.2.1.1.2.0", ber.tlv(ber.OID, ber.oid("1.3.6.1.4.1.9.1.1"))),
        ("1.3.6.1.2.1.1.3.0", ber.integer(4711, 0x43)),
        ("1.3.6.1.2.1.1.5.0", ber.octets(b"sound")),
        *((f"{c}.{n}", ber.integer(n, 0x41)) for c in COLUMNS for n in range(1, INTERFACES + 1)),
        *((f"{SECOND}.0.1.2.3.4.{n}", ber.integer(n)) for n in range(1, 9)),
    ]


SOUND = Agent(table())


def varbind(oid: bytes, value: bytes) -> bytes:
    """Return an object and its value, as an answer has them."""
    return ber.sequence(ber.tlv(ber.OID, oid), value)


class Behaviour:
    """What an agent does: by default, what is right. `walked` counts its GETNEXT and GETBULK."""

    def __init__(self) -> None:
        self.walked = 0

    def replies(self, data: bytes) -> Iterator[Reply]:
        """Yield the answers to a datagram."""
        it = question(data)
        if it.tag == 0xA0:
            yield from self.get(it)
        else:
            self.walked += 1
            yield from self.walk(it)

    def get(self, it: Question) -> Iterator[Reply]:
        """Answer GET."""
        yield 0, response(it, SOUND.varbinds(it)), False

    def walk(self, it: Question) -> Iterator[Reply]:
        """Answer GETNEXT and GETBULK."""
        yield 0, response(it, SOUND.varbinds(it)), False


class Always(Behaviour):
    """Says the same thing to every question, made from a right answer."""

    def __init__(self, spoil: Callable[[bytes], bytes]) -> None:
        super().__init__()
        self._spoil = spoil

    def replies(self, data: bytes) -> Iterator[Reply]:
        yield 0, self._spoil(SOUND.answer(data)), False


class Walks(Behaviour):
    """Answers walks with OIDs and values of its own."""

    def __init__(self, rows: Callable[[Question], Iterator[tuple[bytes, bytes]]]) -> None:
        super().__init__()
        self._rows = rows

    def walk(self, it: Question) -> Iterator[Reply]:
        yield 0, response(it, b"".join(varbind(*row) for row in self._rows(it))), False


def endless(it: Question) -> Iterator[tuple[bytes, bytes]]:
    """One more, for ever."""
    for n in range(1, max(it.repetitions, 1) + 1):
        for oid in it.oids:
            arcs = ber.arcs(oid)
            last = arcs[10] + n if len(arcs) > 10 else n
            yield ber.oid(".".join(map(str, (*arcs[:10], last)))), ber.integer(1)


def equal(it: Question) -> Iterator[tuple[bytes, bytes]]:
    """What was asked for, again."""
    for _ in range(max(it.repetitions, 1)):
        for oid in it.oids:
            yield oid + (b"\1" if len(oid) < 10 else b""), ber.integer(1)


def decreasing(it: Question) -> Iterator[tuple[bytes, bytes]]:
    """Backwards."""
    for n in range(max(it.repetitions, 1)):
        for oid in it.oids:
            yield oid[:10] + bytes([100 - n]), ber.integer(1)


def long_strings(it: Question) -> Iterator[tuple[bytes, bytes]]:
    """60 kB a row, of which one fits."""
    if len(it.oids) == 1 or it.tag == 0xA5:
        yield next(endless(it))[0], ber.octets(b"A" * 60_000)
    else:
        yield from endless(it)


def crowd(it: Question) -> Iterator[tuple[bytes, bytes]]:
    """2,500 rows, whatever was asked for."""
    found = itertools.islice(endless(it._replace(repetitions=2500)), 2500)
    yield from ((oid, ber.octets(FOREIGN) if n >= 100 else v) for n, (oid, v) in enumerate(found))


def padded(it: Question) -> Iterator[tuple[bytes, bytes]]:
    """The same number written longer and longer."""
    for oid in it.oids * max(it.repetitions, 1):
        yield oid[:10] + b"\x80\x80\x01", ber.octets(FOREIGN)


def outside(it: Question) -> Iterator[tuple[bytes, bytes]]:
    """Rows of another subtree."""
    for n in range(max(it.repetitions, 1)):
        for _ in it.oids:
            yield ber.oid(f"1.3.6.1.9.9.{n + 1}"), ber.octets(FOREIGN)


class Drip(Behaviour):
    """A row in 0.8 seconds."""

    def walk(self, it: Question) -> Iterator[Reply]:
        one = it._replace(repetitions=1, oids=it.oids[:1] if it.tag == 0xA5 else it.oids)
        yield 0.8, response(it, SOUND.varbinds(one)), False


class Fails(Behaviour):
    """Refuses from the third walk on; `status` is a number of RFC 3416, -1 for silence."""

    def __init__(self, status: int) -> None:
        super().__init__()
        self._status = status

    def get(self, it: Question) -> Iterator[Reply]:
        if self.walked < 3 or self._status >= 0:
            yield from super().get(it)

    def walk(self, it: Question) -> Iterator[Reply]:
        if self.walked < 3:
            yield from super().walk(it)
        elif self._status >= 0:
            yield (
                0,
                response(it, b"".join(varbind(o, b"\5\0") for o in it.oids), self._status, 1),
                False,
            )


class OtherObject(Behaviour):
    """GET is answered with something else."""

    def get(self, it: Question) -> Iterator[Reply]:
        rows = (
            varbind(ber.oid(f"1.3.6.1.9.{n}"), ber.octets(FOREIGN)) for n, _ in enumerate(it.oids)
        )
        yield 0, response(it, b"".join(rows)), False


class OtherAddress(Behaviour):
    """A right answer from a wrong address, before one from the right address."""

    def walk(self, it: Question) -> Iterator[Reply]:
        rows = (varbind(oid, ber.octets(FOREIGN)) for oid, _ in endless(it))
        yield 0, response(it, b"".join(rows)), True
        yield 0.05, response(it, SOUND.varbinds(it)), False


class Silent(Behaviour):
    """Nothing."""

    def replies(self, data: bytes) -> Iterator[Reply]:
        return iter(())


class Flood(Behaviour):
    """A hundred bad answers and a good one."""

    def walk(self, it: Question) -> Iterator[Reply]:
        right = response(it, SOUND.varbinds(it))
        for n in range(100):
            yield 0, right[: 5 + n % 40], False
        yield 0, right, False


class Empty(Behaviour):
    """Answers without rows."""

    def walk(self, it: Question) -> Iterator[Reply]:
        yield 0, response(it, b""), False
