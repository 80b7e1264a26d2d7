"""What is asked and answered, whatever wraps it: PDUs (RFC 3416, 3; RFC 1157, 4) in BER. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from msptool.audit.snmp import ber
from msptool.audit.snmp.ber import Malformed, Reader

Kind: TypeAlias = Literal["get", "next", "bulk"]
# Name, tag of the value, its content: what has no name yet costs nothing.
Varbind: TypeAlias = tuple[bytes, int, bytes]

TAGS: dict[Kind, int] = {"get": 0xA0, "next": 0xA1, "bulk": 0xA5}
RESPONSE, REPORT = 0xA2, 0xA8
IP_ADDRESS, COUNTER, GAUGE, TICKS, OPAQUE, COUNTER64 = 0x40, 0x41, 0x42, 0x43, 0x44, 0x46
UNSIGNED = 0x47  # of RFC 1442, as a gauge
_NATURAL = frozenset({COUNTER, GAUGE, TICKS, COUNTER64, UNSIGNED})
UNSIGNED = 0x47  # of RFC 1442, as a gauge
_NATURAL = frozenset({COUNTER, GAUGE, TICKS, COUNTER64, UNSIGNED})
NO_OBJECT, NO_INSTANCE, END_OF_VIEW = 0x80, 0x81, 0x82
NOTHING = frozenset({ber.NULL, NO_OBJECT, NO_INSTANCE, END_OF_VIEW})

# RFC 3416, 3: error-status.
STATUS = (
    "noError", "tooBig", "noSuchName", "badValue", "readOnly", "genErr", "noAccess", "wrongType",
    "wrongLength", "wrongEncoding", "wrongValue", "noCreation", "inconsistentValue",
    "resourceUnavailable", "commitFailed", "undoFailed", "authorizationError", "notWritable",
    "inconsistentName",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pdu:
    """An answer. `status` is a word of STATUS; `index` counts from 1, 0 means none."""

    tag: int
    request_id: int
    status: str
    index: int
    varbinds: list[Varbind]


def question(kind: Kind, request_id: int, oids: Sequence[bytes], repetitions: int = 0) -> bytes:
    """Return a PDU that asks; of "bulk" every object is repeated."""
    return ber.sequence(
        ber.integer(request_id),
        ber.integer(0),
        ber.integer(repetitions if kind == "bulk" else 0),
        ber.joined(oids),
        tag=TAGS[kind],
    )


def read(reader: Reader) -> Pdu:
    """Read a response or a report; raise Malformed."""
    tag = reader.tag()
    if tag not in (RESPONSE, REPORT):
        raise Malformed("no answer")
    inside = reader.inside(tag)
    request_id, status, index = inside.integer(), inside.integer(), inside.integer()
    listed = inside.inside()
    word = STATUS[status] if 0 <= status < len(STATUS) else f"error {status}"
    return Pdu(tag, request_id, word, index, _varbinds(listed.data, listed.at, listed.end))


def _varbinds(data: bytes, at: int, end: int) -> list[Varbind]:
    """Read names and values. The short forms stand here once more: most are of no other."""
    found: list[Varbind] = []
    element = ber.element
    try:
        while at < end:
            if data[at] != 0x30:
                raise Malformed("varbind")
            if data[at + 1] < 0x80:
                at, close = at + 2, at + 2 + data[at + 1]
            else:
                _, at, close = element(data, at, end)
            if data[at] != 0x06:
                raise Malformed("name")
            if data[at + 1] < 0x80:
                begin, at = at + 2, at + 2 + data[at + 1]
            else:
                _, begin, at = element(data, at, close)
            tag = data[at]
            if data[at + 1] < 0x80:
                value, stop = at + 2, at + 2 + data[at + 1]
            else:
                _, value, stop = element(data, at, close)
            if stop != close or close > end:
                raise Malformed("varbind")
            found.append((data[begin:at], tag, data[value:stop]))
            at = close
    except IndexError as error:
        raise Malformed("cut off") from error
    return found


def plain(tag: int, content: bytes) -> int | str | None:
    """Return a value as facts keep it: a number, "x:HEX", "o:OID", "a:ADDRESS"; None for what is
    no value (NULL, noSuchObject and its like). Raise Malformed.
    """
    if tag == ber.OCTETS:
        return f"x:{content.hex()}"
    if tag == ber.INTEGER:
        return ber.whole(content)
    if tag in _NATURAL:
        return ber.natural(content)
    return _rarer(tag, content)


def _rarer(tag: int, content: bytes) -> str | None:
    if tag == ber.OID:
        return f"o:{ber.dotted(content)}" if content else "o:0.0"
    if tag == IP_ADDRESS and len(content) == 4:
        return "a:" + ".".join(map(str, content))
    return None if tag in NOTHING else f"x:{content.hex()}"  # Opaque, and what we do not know
