"""DNS messages (RFC 1035, 4): bounded, compression followed only backwards, so no loop turns."""

import struct
from collections.abc import Iterator
from typing import NamedTuple

PTR, TXT, SRV, A, AAAA = 12, 16, 33, 1, 28
_MOST_LABELS = 128
_MOST_RECORDS = 200


class Record(NamedTuple):
    """A resource record; `at` is where its data begins in the message."""

    name: str
    kind: int
    data: bytes
    at: int


def question(name: str, kind: int, *, ident: bytes = b"MS", cls: int = 1, flags: int = 0) -> bytes:
    """Return a message of one question."""
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split(".") if label)
    return (
        ident
        + struct.pack(">HHHHH", flags, 1, 0, 0, 0)
        + labels
        + struct.pack(">BHH", 0, kind, cls)
    )


def records(data: bytes) -> Iterator[Record]:
    """Yield the whole records after the questions, from all three sections."""
    if len(data) < 12:
        return
    asked, *counts = struct.unpack_from(">HHHH", data, 4)
    at = 12
    for _ in range(min(asked, 20)):
        _, at = name_at(data, at)
        at += 4
    for _ in range(min(sum(counts), _MOST_RECORDS)):
        name, at = name_at(data, at)
        if at + 10 > len(data):
            return
        kind, _, _, size = struct.unpack_from(">HHIH", data, at)
        at += 10
        if at + size > len(data):
            return
        yield Record(name, kind, data[at : at + size], at)
        at += size


def name_at(data: bytes, at: int) -> tuple[str, int]:
    """Return the name at a place and where it ends; the end of data if it is cut or loops."""
    labels: list[str] = []
    after = 0
    for _ in range(_MOST_LABELS):
        if at >= len(data):
            break
        size = data[at]
        if size & 0xC0 == 0xC0:
            target = int.from_bytes(data[at : at + 2], "big") & 0x3FFF
            after = after or at + 2
            if target >= at or at + 2 > len(data):
                break
            at = target
        elif size == 0:
            return ".".join(labels), after or at + 1
        elif size & 0xC0 or at + 1 + size > len(data):
            break
        else:
            labels.append(data[at + 1 : at + 1 + size].decode("utf-8", "replace"))
            at += 1 + size
    return "", len(data)


def strings(data: bytes) -> list[bytes]:
    """Return the whole character-strings of a TXT record (RFC 1035, 3.3.14)."""
    found, at = [], 0
    while at < len(data) and at + 1 + data[at] <= len(data):
        found.append(data[at + 1 : at + 1 + data[at]])
        at += 1 + data[at]
    return found
