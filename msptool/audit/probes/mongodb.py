"""MongoDB: `isMaster`, which old and new servers answer before a login; host name and set.

Source: MongoDB wire protocol (OP_QUERY 2004, OP_REPLY 1) and the BSON specification 1.1.
"""

import struct
from collections.abc import Iterator, Mapping

from msptool.audit.probes.probe import Ask, Probe, asking, counted, text, told

_OP_QUERY, _OP_REPLY = 2004, 1
_BSON = b"\x10isMaster\0\x01\0\0\0"
_QUERY = struct.pack("<I", 0) + b"admin.$cmd\0" + struct.pack("<ii", 0, -1)
_FIXED = {0x01: 8, 0x07: 12, 0x08: 1, 0x09: 8, 0x0A: 0, 0x10: 4, 0x11: 8, 0x12: 8}


def question() -> bytes:
    """Return the query."""
    body = _QUERY + struct.pack("<I", len(_BSON) + 5) + _BSON + b"\0"
    return struct.pack("<iiii", 16 + len(body), 0x4D53, 0, _OP_QUERY) + body


def parse(said: bytes) -> Mapping[str, str]:
    """Return what a reply to our number says of the server."""
    if len(said) < 41 or len(said) < int.from_bytes(said[:4], "little"):
        return {}
    _, _, asked, kind = struct.unpack_from("<iiii", said)
    if kind != _OP_REPLY or asked != 0x4D53:
        return {}
    read = dict(_fields(said[36:]))
    if not ({"ismaster", "maxWireVersion", "errmsg"} & read.keys()):
        return {}
    return told(
        "mongodb",
        name=read.get("me", "").rpartition(":")[0],
        set=read.get("setName"),
        wire=read.get("maxWireVersion"),
    )


def _fields(document: bytes) -> Iterator[tuple[str, str]]:
    """Yield the strings, numbers and truths of the outermost document, in order."""
    at = 4
    for _ in range(200):
        if at >= len(document) or document[at] == 0:
            return
        kind, end = document[at], document.find(b"\0", at + 1)
        if end < 0:
            return
        name, at = text(document[at + 1 : end]), end + 1
        size = _size(kind, document, at)
        if size is None or at + size > len(document):
            return
        yield name, _shown(kind, document[at : at + size])
        at += size


def _size(kind: int, document: bytes, at: int) -> int | None:
    if kind in _FIXED:
        return _FIXED[kind]
    count = int.from_bytes(document[at : at + 4], "little")
    return {0x02: 4 + count, 0x03: count, 0x04: count, 0x05: 5 + count}.get(kind) if count else None


def _shown(kind: int, value: bytes) -> str:
    if kind == 0x02:
        return text(value[4:])
    if kind in (0x10, 0x12):
        return str(int.from_bytes(value, "little", signed=True))
    return str(bool(value[0])).lower() if kind == 0x08 else ""


PROBE = Probe("mongodb", parse, asking(Ask(question(), counted(0, 4, little=True))))
