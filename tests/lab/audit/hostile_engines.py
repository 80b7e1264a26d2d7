"""Hostile and broken agents of SNMP v3, by what each does with a question."""

import time
from collections.abc import Iterator
from dataclasses import replace

from benchmarks.snmpfarm import Question, asked, pdu
from msptool.audit.snmp import ber, codec, secure
from tests.lab.audit.hostile_agents import SOUND, USER, Behaviour, Reply, varbind

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
        row = varbind(ber.oid(f"{_STATS}{stat}.0"), ber.integer(1, 0x41))
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
