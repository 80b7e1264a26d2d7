"""BER, as far as SNMP needs it (X.690; RFC 3417, 8): definite lengths, small tags. Pure.

An OID is kept as its content octets: two are the same object exactly if their octets are, and
what lies below a subtree begins with the subtree's octets.
"""

import functools
from collections.abc import Iterable

INTEGER, OCTETS, NULL, OID, SEQUENCE = 0x02, 0x04, 0x05, 0x06, 0x30
MOST_ARCS = 128  # RFC 3416, 3: of an object's name
MOST_ARC = 0xFFFF_FFFF
_MOST_NAME = 5 * MOST_ARCS  # octets


class Malformed(ValueError):
    """Bytes that are no BER, or BER that SNMP does not allow."""


def tlv(tag: int, content: bytes) -> bytes:
    """Return one element."""
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content


def sequence(*parts: bytes, tag: int = SEQUENCE) -> bytes:
    """Return a constructed element."""
    return tlv(tag, b"".join(parts))


def integer(number: int, tag: int = INTEGER) -> bytes:
    """Return a whole number in as few octets as hold it."""
    return tlv(tag, number.to_bytes(number.bit_length() // 8 + 1, "big", signed=True))


def octets(data: bytes) -> bytes:
    """Return an octet string."""
    return tlv(OCTETS, data)


def element(data: bytes, at: int, end: int) -> tuple[int, int, int]:
    """Return (tag, begin, end) of the content of the element at a place; raise Malformed."""
    if at + 2 > end:
        raise Malformed("cut off")
    size, begin = data[at + 1], at + 2
    if size & 0x80:
        count = size & 0x7F
        if not 1 <= count <= 4 or begin + count > end:
            raise Malformed("length")
        size = int.from_bytes(data[begin : begin + count], "big")
        begin += count
    if begin + size > end:
        raise Malformed("cut off")
    return data[at], begin, begin + size


class Reader:
    """Elements one after the other, each with the tag that must stand there."""

    def __init__(self, data: bytes, begin: int = 0, end: int | None = None) -> None:
        self.data = data
        self.at = begin
        self.end = len(data) if end is None else end

    def _next(self, tag: int) -> tuple[int, int]:
        found, begin, end = element(self.data, self.at, self.end)
        if found != tag:
            raise Malformed(f"tag {found:#x}, not {tag:#x}")
        self.at = end
        return begin, end

    def integer(self) -> int:
        """Return a whole number of at most 64 bits."""
        begin, end = self._next(INTEGER)
        return whole(self.data[begin:end])

    def octets(self) -> bytes:
        """Return an octet string."""
        begin, end = self._next(OCTETS)
        return self.data[begin:end]

    def inside(self, tag: int = SEQUENCE) -> "Reader":
        """Return a reader of what a constructed element holds."""
        return Reader(self.data, *self._next(tag))

    def tag(self) -> int:
        """Return the tag that comes next; -1 at the end."""
        return self.data[self.at] if self.at < self.end else -1


def whole(content: bytes) -> int:
    """Return a signed whole number; raise Malformed for none, and beyond 64 bits and a sign."""
    if not 1 <= len(content) <= 9:
        raise Malformed("integer")
    return int.from_bytes(content, "big", signed=True)


def natural(content: bytes) -> int:
    """Return a number that has no sign; one that an agent writes as negative is what was meant."""
    if not 1 <= len(content) <= 9:
        raise Malformed("integer")
    return int.from_bytes(content, "big") & 0xFFFF_FFFF_FFFF_FFFF


def oid(text: str) -> bytes:
    """Return the octets of a dotted OID of two arcs or more; raise Malformed."""
    try:
        arcs = [int(part) for part in text.split(".")]
    except ValueError as error:
        raise Malformed(f"{text!r} is no OID") from error
    few = len(arcs) < 2 or len(arcs) > MOST_ARCS or arcs[0] > 2
    if few or not all(0 <= arc <= MOST_ARC for arc in arcs) or (arcs[0] < 2 and arcs[1] > 39):
        raise Malformed(f"{text!r} is no OID")
    return b"".join(map(_arc, (arcs[0] * 40 + arcs[1], *arcs[2:])))


def _arc(arc: int) -> bytes:
    if arc < 0x80:
        return bytes((arc,))
    groups = [arc & 0x7F]
    while arc := arc >> 7:
        groups.append(0x80 | arc & 0x7F)
    return bytes(reversed(groups))


def arcs(content: bytes) -> tuple[int, ...]:
    """Return the numbers behind an OID's octets; raise Malformed for what encodes none."""
    first, *rest = tail(content) if content else (-1,)
    if first < 0 or len(rest) + 2 > MOST_ARCS:
        raise Malformed("OID")
    top = min(first // 40, 2)
    return (top, first - 40 * top, *rest)


def tail(content: bytes) -> tuple[int, ...]:
    """Return the numbers of an OID's octets behind its first; raise Malformed."""
    if len(content) > _MOST_NAME:
        raise Malformed("OID: too long")
    if content.isascii():  # no octet goes on: each is a number
        return tuple(content)
    found: list[int] = []
    arc = 0
    begun = False
    for octet in content:
        if not begun and octet == 0x80:
            raise Malformed("OID: padded")  # X.690, 8.19.2: one number has one form
        arc = arc << 7 | octet & 0x7F
        begun = bool(octet & 0x80)
        if arc > MOST_ARC + 80:
            raise Malformed("OID: too large")
        if not begun:
            found.append(arc)
            arc = 0
    if begun:
        raise Malformed("OID: cut off")
    return tuple(found)


@functools.lru_cache(maxsize=8192)
def dotted(content: bytes) -> str:
    """Return an OID's octets as digits with dots; raise Malformed."""
    return ".".join(map(str, arcs(content)))


@functools.lru_cache(maxsize=8192)
def index(content: bytes) -> tuple[tuple[int, ...], str]:
    """Return what stands behind a known part of an OID, to be compared and to be written: all
    columns of a table, and the same table of all agents, share their indexes. Raise Malformed.
    """
    found = tail(content)
    return found, ".".join(map(str, found))


def below(content: bytes, subtree: bytes) -> bool:
    """Tell whether an object lies in a subtree; b"" is all there is."""
    return content.startswith(subtree) and content != subtree


def joined(oids: Iterable[bytes]) -> bytes:
    """Return a list of names without values, as a question has it."""
    return sequence(*(sequence(tlv(OID, one), b"\x05\x00") for one in oids))
