"""DNS messages: the few kinds of records we ask for or hear. Pure; untrusted.

Source: RFC 1035, 4.1 (message, compression); RFC 2782 (SRV); RFC 3596 (AAAA); RFC 6763, 6 (TXT).
A name's pointers must lead backwards, so that none can go round.
"""

import ipaddress
import struct
from dataclasses import dataclass
from typing import TypeAlias

A, NS, SOA, PTR, HINFO, TXT, AAAA, SRV, AXFR = 1, 2, 6, 12, 13, 16, 28, 33, 252
IN = 1
RESPONSE = 0x8000
_MOST_RECORDS = 1000
_MOST_NAME = 255

Name: TypeAlias = tuple[bytes, ...]


@dataclass(frozen=True)
class Record:
    """One record; of `data`, `name` is what PTR and SRV point to, `octets` all as it came."""

    owner: Name
    kind: int
    octets: bytes
    name: Name = ()

    @property
    def address(self) -> str:
        """The address of an A or AAAA record; "" of others."""
        lengths = {A: 4, AAAA: 16}
        fits = lengths.get(self.kind) == len(self.octets)
        return str(ipaddress.ip_address(self.octets)) if fits else ""

    @property
    def strings(self) -> list[bytes]:
        """The whole strings of a TXT or HINFO record, each behind its length."""
        found, at = [], 0
        while at < len(self.octets) and at + 1 + self.octets[at] <= len(self.octets):
            length = self.octets[at]
            found.append(self.octets[at + 1 : at + 1 + length])
            at += 1 + length
        return found


@dataclass(frozen=True)
class Message:
    """A message as far as it could be read; `whole` is False where it is cut or broken."""

    ident: int
    flags: int
    questions: tuple[tuple[Name, int], ...]
    records: tuple[Record, ...]
    whole: bool

    @property
    def code(self) -> int:
        """The response code (4.1.1): 0 no error, 3 no such name, 5 refused."""
        return self.flags & 15


class _Broken(ValueError):
    """What a reader meets where a message is cut or breaks a rule; never leaves this module."""


def read(data: bytes) -> Message | None:
    """Return a message; None where even its head is missing."""
    if len(data) < 12:
        return None
    ident, flags, asked, *counts = struct.unpack_from("!6H", data)
    questions: list[tuple[Name, int]] = []
    records: list[Record] = []
    at, whole = 12, True
    try:
        for _ in range(asked):
            name, at = _name(data, at)
            questions.append((name, int.from_bytes(_take(data, at, 4)[:2])))
            at += 4
        for _ in range(min(sum(counts), _MOST_RECORDS)):
            record, at = _record(data, at)
            records.append(record)
    except _Broken:
        whole = False
    return Message(ident, flags, tuple(questions), tuple(records), whole)


def question(ident: int, kind: int, *names: Name, cls: int = IN) -> bytes:
    """Return questions without recursion: the server is asked what it holds itself."""
    head = struct.pack("!6H", ident, 0, len(names), 0, 0, 0)
    return head + b"".join(_asked(name) + struct.pack("!HH", kind, cls) for name in names)


def _asked(name: Name) -> bytes:
    return b"".join(bytes([len(label)]) + label for label in name) + b"\0"


def reverse(address: str) -> Name:
    """Return the name whose PTR tells an address's name (RFC 1035, 3.5; RFC 3596, 2.5)."""
    return tuple(ipaddress.ip_address(address).reverse_pointer.encode().split(b"."))


def spelt(text: str) -> Name:
    """Return the labels of a dotted name; raise ValueError for what is none (RFC 1035, 2.3.4)."""
    labels = tuple(label.encode("idna") for label in text.rstrip(".").split("."))
    size = sum(len(label) + 1 for label in labels)
    if not all(0 < len(label) < 64 for label in labels) or size >= _MOST_NAME:
        raise ValueError(f"{text!r} is no domain name")
    return labels


def dotted(name: Name) -> str:
    """Return a name as text, without the dot at its end."""
    return ".".join(label.decode("utf-8", "replace") for label in name)


def same(one: Name, other: Name) -> bool:
    """Tell whether two names are the same: ASCII case does not count (RFC 4343)."""
    return [label.lower() for label in one] == [label.lower() for label in other]


def _take(data: bytes, at: int, length: int) -> bytes:
    if at + length > len(data):
        raise _Broken
    return data[at : at + length]


def _record(data: bytes, at: int) -> tuple[Record, int]:
    owner, at = _name(data, at)
    kind, _, _, length = struct.unpack("!HHIH", _take(data, at, 10))
    octets = _take(data, at + 10, length)
    points = {PTR: 0, NS: 0, SRV: 6}.get(kind)
    name = _name(data, at + 10 + points)[0] if points is not None and length > points else ()
    return Record(owner, kind, octets, name), at + 10 + length


def _name(data: bytes, at: int) -> tuple[Name, int]:
    """Return a name and where the bytes after it begin."""
    labels: list[bytes] = []
    end, size, limit = 0, 0, at
    while (length := _take(data, at, 1)[0]) != 0:
        if length & 0xC0 == 0xC0:
            end = end or at + 2
            at = int.from_bytes(_take(data, at, 2)) & 0x3FFF
            if at >= limit:
                raise _Broken
            limit = at
            continue
        label = _take(data, at + 1, length)
        size += length + 1
        if length > 63 or size > _MOST_NAME:
            raise _Broken
        labels.append(label)
        at += 1 + length
    return tuple(labels), end or at + 1
