"""One SNMP value as snmpd's pass_persist understands it, fixed or growing.

A growing value is `base + rate * uptime`, computed when it is asked for, from the wall clock: a
site that is started again goes on counting where time has brought it.
"""

from collections.abc import Iterable
from ipaddress import IPv4Address

from msgspec import Struct

from msptool.demo.draw import Draw

BITS32, BITS64 = 32, 64


class Record(Struct, frozen=True):
    """A value under its OID; `kind` is a type word of pass_persist, `value` text for it."""

    oid: str
    kind: str
    value: str


class Boot(Struct, frozen=True):
    """When a device last started: every `period_s`, counted from `phase_s` after 1970."""

    phase_s: int
    period_s: int

    def uptime_s(self, epoch_s: float) -> float:
        """Return how long it has been up."""
        return (epoch_s - self.phase_s) % self.period_s


def boot(seed: int, role: str) -> Boot:
    """Return a device's start; some weeks apart, so that no counter grows without end."""
    draw = Draw(seed, role)
    return Boot(draw.number("boot phase", 0, 10**7), 86400 * draw.number("boot period", 50, 120))


def octets(oid: str, data: bytes) -> Record:
    """Return bytes; over 1,365 of them snmpd cuts the value and ends a walk."""
    return Record(oid, "octet", data.hex(" ").upper())


def text(oid: str, words: str) -> Record:
    """Return text as UTF-8."""
    return octets(oid, words.encode())


def mac(oid: str, address: str) -> Record:
    """Return a MAC as six bytes."""
    return octets(oid, bytes.fromhex(address.replace(":", "")))


def integer(oid: str, value: int) -> Record:
    """Return an INTEGER."""
    return Record(oid, "integer", str(value))


def gauge(oid: str, value: int) -> Record:
    """Return a Gauge32."""
    return Record(oid, "gauge", str(value))


def object_id(oid: str, value: str) -> Record:
    """Return an OBJECT IDENTIFIER."""
    return Record(oid, "objectid", f".{value}")


def address(oid: str, value: str) -> Record:
    """Return an IpAddress."""
    return Record(oid, "ipaddress", str(IPv4Address(value)))


def ticks(oid: str, hundredths: int) -> Record:
    """Return fixed TimeTicks (1/100 s)."""
    return Record(oid, "timeticks", str(hundredths))


def uptime(oid: str) -> Record:
    """Return the time since the device's start, in 1/100 s."""
    return Record(oid, "timeticks", f"=0,100,{BITS32}")


def counter(oid: str, per_s: float, base: int = 0) -> Record:
    """Return a Counter32 that grows by so many a second, and wraps."""
    return Record(oid, "counter", f"={base},{per_s:.6f},{BITS32}")


def counter64(oid: str, per_s: float, base: int = 0) -> Record:
    """Return a Counter64 that grows by so many a second."""
    return Record(oid, "counter64", f"={base},{per_s:.6f},{BITS64}")


def lines(records: Iterable[Record], start: Boot) -> str:
    """Return the file that `programs/answer.py` reads; raise ValueError on an OID twice."""
    by_oid = {}
    for record in records:
        if record.oid in by_oid:
            raise ValueError(f"{record.oid} twice")
        by_oid[record.oid] = record
    body = (f"{record.oid}\t{record.kind}\t{record.value}" for record in by_oid.values())
    return "\n".join((f"{start.phase_s}\t{start.period_s}", *body, ""))
