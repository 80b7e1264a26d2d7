"""Hostile and broken agents, and a few sound ones, in one process on loopback addresses:
`python -m tests.lab.audit.hostile_agents PORT`. Lives until stdin closes.

Their sources: RESEARCH of what agents did to gufo-snmp and pysnmp; decision 0052 has the list.
"""

import itertools
import selectors
import socket
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from benchmarks.snmpfarm import Agent, Question, asked, pdu, question, response
from msptool.audit.snmp import ber, codec, secure
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


def _varbind(oid: bytes, value: bytes) -> bytes:
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
        yield 0, response(it, b"".join(_varbind(*row) for row in self._rows(it))), False


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
                response(it, b"".join(_varbind(o, b"\5\0") for o in it.oids), self._status, 1),
                False,
            )


class OtherObject(Behaviour):
    """GET is answered with something else."""

    def get(self, it: Question) -> Iterator[Reply]:
        rows = (
            _varbind(ber.oid(f"1.3.6.1.9.{n}"), ber.octets(FOREIGN)) for n, _ in enumerate(it.oids)
        )
        yield 0, response(it, b"".join(rows)), False


class OtherAddress(Behaviour):
    """A right answer from a wrong address, before one from the right address."""

    def walk(self, it: Question) -> Iterator[Reply]:
        rows = (_varbind(oid, ber.octets(FOREIGN)) for oid, _ in endless(it))
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


# SNMP v3


_STATS = "1.3.6.1.6.3.15.1.1."


class Secure(Behaviour):
    """A version 3 agent that does what is right."""

    def __init__(self) -> None:
        super().__init__()
        self.ident = bytes.fromhex("80001f88030200000000") + bytes([id(self) % 251])
        self.boots = 7
        self.began_s = time.monotonic() - 1000
        self.known = True

    def engine(self) -> secure.Engine:
        return secure.Engine(self.ident, self.boots, int(time.monotonic() - self.began_s))

    def keys(self) -> secure.Keys:
        return codec.keys_at(self.ident, USER)

    def replies(self, data: bytes) -> Iterator[Reply]:
        seen = secure.outer(data)
        if seen.engine.ident != self.ident:
            yield self.report(seen, 4, secure.NOBODY)
        elif not self.known or seen.user != USER.user.encode():
            yield self.report(seen, 3, secure.NOBODY)
        else:
            yield from self.let_in(data, seen)

    def let_in(self, data: bytes, seen: secure.Outer) -> Iterator[Reply]:
        keys = self.keys()
        if seen.flags != 3:
            yield self.report(seen, 1, secure.NOBODY)
            return
        secure._verify(data, seen, keys)
        if seen.engine.boots != self.boots or abs(seen.engine.time_s - self.engine().time_s) > 150:
            yield self.report(seen, 2, replace(keys, priv="", priv_key=b""))
            return
        inside = secure._decrypted(seen, keys).inside()
        inside.octets(), inside.octets()
        it = asked(inside)
        self.walked += it.tag != 0xA0
        yield self.answered(it, seen, keys)

    def answered(self, it: Question, seen: secure.Outer, keys: secure.Keys) -> Reply:
        return 0, self.sealed(pdu(it, SOUND.varbinds(it)), seen, keys), False

    def report(self, seen: secure.Outer, stat: int, keys: secure.Keys) -> Reply:
        it = Question(b"", 0xA0, seen.message_id, [], 0)
        row = _varbind(ber.oid(f"{_STATS}{stat}.0"), ber.integer(1, 0x41))
        return 0, self.sealed(pdu(it, row, tag=0xA8), seen, keys), False

    def sealed(self, inner: bytes, seen: secure.Outer, keys: secure.Keys) -> bytes:
        scoped = ber.sequence(ber.octets(self.ident), ber.octets(b""), inner)
        return secure.sealed(
            scoped, seen.message_id, time.monotonic_ns(), self.engine(), keys, reportable=False
        )


class UnknownUser(Secure):
    """Knows nobody."""

    def __init__(self) -> None:
        super().__init__()
        self.known = False


class WrongDigest(Secure):
    """Vouches with another key."""

    def answered(self, it: Question, seen: secure.Outer, keys: secure.Keys) -> Reply:
        return super().answered(it, seen, replace(keys, auth_key=b"x" * 32))


class WrongAuthKey(Secure):
    """Has another password for digests."""

    def let_in(self, data: bytes, seen: secure.Outer) -> Iterator[Reply]:
        yield self.report(seen, 5, secure.NOBODY)


class WrongPrivacyKey(Secure):
    """Has another password for the cipher: what it decrypts is noise, and it says nothing."""

    def let_in(self, data: bytes, seen: secure.Outer) -> Iterator[Reply]:
        if seen.flags & 2:
            return iter(())
        return super().let_in(data, seen)


class ClockGames(Secure):
    """Each time another time."""

    def let_in(self, data: bytes, seen: secure.Outer) -> Iterator[Reply]:
        self.began_s -= 10_000
        return super().let_in(data, seen)


class Stale(Secure):
    """Answers of an hour ago."""

    def answered(self, it: Question, seen: secure.Outer, keys: secure.Keys) -> Reply:
        self.began_s += 3600
        told = super().answered(it, seen, keys)
        self.began_s -= 3600
        return told


class NewEngine(Secure):
    """Restarts in the middle, with a new engine id."""

    def let_in(self, data: bytes, seen: secure.Outer) -> Iterator[Reply]:
        if self.walked == 4:
            self.walked, self.boots, self.began_s = 5, 1, time.monotonic()
            self.ident = self.ident[:-1] + bytes([self.ident[-1] ^ 1])
            return self.replies(data)
        return super().let_in(data, seen)


class BootsMore(Secure):
    """Restarts in the middle: the same engine, booted once more."""

    def let_in(self, data: bytes, seen: secure.Outer) -> Iterator[Reply]:
        if self.walked == 4:
            self.walked, self.boots, self.began_s = 5, 8, time.monotonic()
        return super().let_in(data, seen)


class ReportLoop(Secure):
    """Never knows the engine that it told."""

    def let_in(self, data: bytes, seen: secure.Outer) -> Iterator[Reply]:
        self.ident = self.ident[:-1] + bytes([self.ident[-1] ^ 1])
        return self.replies(data)


_DEEP = b"".join(b"\x30\x82" + (3 * n).to_bytes(2, "big") for n in range(3000, 0, -1))
# By name: the agent, and how reading it ends ("" for whole; None for no answer at all).
AGENTS: dict[str, tuple[Callable[[], Behaviour], str | None]] = {
    **{f"sound {n}": (Behaviour, "") for n in range(6)},
    "sound v3": (Secure, ""),
    "endless": (lambda: Walks(endless), "rows"),
    "equal": (lambda: Walks(equal), "not-increasing"),
    "decreasing": (lambda: Walks(decreasing), "not-increasing"),
    "strings of 60 kB": (lambda: Walks(long_strings), "bytes"),
    "2,500 rows": (lambda: Walks(crowd), "wrong-object"),
    "padded numbers": (lambda: Walks(padded), "garbled"),
    "outside": (lambda: Walks(outside), ""),
    "drip": (Drip, "seconds"),
    "another number": (lambda: Always(_renumbered), "other-question"),
    "another address": (OtherAddress, ""),
    "cut off": (lambda: Always(lambda right: right[:-9]), "garbled"),
    "bad length": (lambda: Always(lambda r: b"\x30\x84\xff\xff\xff\xff" + r[2:]), "garbled"),
    "nested": (lambda: Always(lambda _: _DEEP), "garbled"),
    "0xff": (lambda: Always(lambda _: b"\xff" * 200), "garbled"),
    "genErr": (lambda: Fails(5), "refused: genErr"),
    "tooBig": (lambda: Fails(1), "refused: tooBig"),
    "authorizationError": (lambda: Fails(16), "refused: authorizationError"),
    "stops": (lambda: Fails(-1), "lost"),
    "another object": (OtherObject, "wrong-object"),
    "silent": (Silent, None),
    "flood": (Flood, ""),
    "empty": (Empty, "wrong-object"),
    "another community": (lambda: Always(lambda r: r.replace(b"public", b"secret", 1)), "garbled"),
    "unknown user": (UnknownUser, "wrong-user"),
    "wrong digest": (WrongDigest, "unauthentic"),
    "wrong authentication key": (WrongAuthKey, "wrong-auth-key"),
    "wrong privacy key": (WrongPrivacyKey, "wrong-privacy-key"),
    "clock games": (ClockGames, "time-window"),
    "stale": (Stale, "stale"),
    "new engine": (NewEngine, ""),
    "boots + 1": (BootsMore, ""),
    "report loop": (ReportLoop, "restarted"),
}


def _renumbered(right: bytes) -> bytes:
    message = ber.Reader(right).inside()
    head = ber.integer(message.integer()) + ber.octets(message.octets())
    inside = message.inside(0xA2)
    number = inside.integer()
    rest = inside.data[inside.at : inside.end]
    return ber.sequence(head, ber.sequence(ber.integer(number ^ 1), rest, tag=0xA2))


def address(name: str) -> str:
    """Return where an agent is."""
    return f"127.34.0.{[*AGENTS].index(name) + 1}"


class Farm:
    """All agents on their sockets, and what they have yet to say."""

    def __init__(self, port: int) -> None:
        self.ready = selectors.DefaultSelector()
        self._later: list[tuple[float, Any, bytes, Any]] = []
        self._stranger = _bound("127.34.1.1", port)
        for name, (make, _) in AGENTS.items():
            self.ready.register(_bound(address(name), port), selectors.EVENT_READ, make())

    def run(self) -> None:
        """Answer until stdin closes."""
        self.ready.register(sys.stdin, selectors.EVENT_READ)
        while True:
            for key, _ in self.ready.select(0.02 if self._later else None):
                if key.fileobj is sys.stdin:
                    return
                self._heard(key.fileobj, key.data)
            self._say_what_is_due()

    def _heard(self, one: Any, agent: Behaviour) -> None:
        data, sender = one.recvfrom(65535)
        try:
            for after_s, reply, elsewhere in agent.replies(data):
                where = self._stranger if elsewhere else one
                if after_s:
                    self._later.append((time.monotonic() + after_s, where, reply, sender))
                else:
                    where.sendto(reply, sender)
        except (ber.Malformed, secure.Unauthentic, IndexError, OSError):
            pass  # of another version: an agent drops it

    def _say_what_is_due(self) -> None:
        now = time.monotonic()
        due = [one for one in self._later if one[0] <= now]
        self._later = [one for one in self._later if one[0] > now]
        for _, where, reply, sender in due:
            where.sendto(reply, sender)


def _bound(where: str, port: int) -> socket.socket:
    one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    one.bind((where, port))
    return one


if __name__ == "__main__":
    farm = Farm(int(sys.argv[1]))
    print("ready", flush=True)
    farm.run()
