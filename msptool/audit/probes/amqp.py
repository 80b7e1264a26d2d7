"""AMQP 0-9-1: what the broker says of itself before any login. Source: AMQP 0-9-1, 4.2, 1.4.2.1."""

import re
import struct
from collections.abc import Mapping

from msptool.audit.probes.probe import Ask, Probe, asking, told


def whole(said: bytes) -> bool:
    """A frame: type, channel, size, payload, 0xCE; or another version's header."""
    if said[:4] == b"AMQP":
        return len(said) >= 8
    return len(said) >= 8 + int.from_bytes(said[3:7], "big")


def parse(said: bytes) -> Mapping[str, str]:
    """Return the server properties of Connection.Start."""
    if re.match(rb"AMQP[\0-\x03]\x01?\0?[\0-\x09]", said) and len(said) == 8:
        return told("amqp", version=".".join(str(part) for part in said[5:8]))
    if len(said) < 12 or not whole(said) or said[0] != 1:
        return {}
    size = int.from_bytes(said[3:7], "big")
    if said[7:11] != b"\0\x0a\0\x0a" or said[7 + size : 8 + size] != b"\xce":
        return {}
    payload = said[7 : 7 + size]
    keys = ("product", "version", "platform", "cluster_name")
    found = {key.replace("_", "-"): _property(payload, key) for key in keys}
    return told("amqp", **found)


def _property(payload: bytes, name: str) -> bytes:
    """Return a long string of a table: size, name, S, size, words."""
    mark = bytes([len(name)]) + name.encode() + b"S"
    at = payload.find(mark) + len(mark)
    if at < len(mark) or at + 4 > len(payload):
        return b""
    (size,) = struct.unpack_from(">I", payload, at)
    return payload[at + 4 : at + 4 + size] if size <= 500 else b""


PROBE = Probe("amqp", parse, asking(Ask(b"AMQP\0\0\x09\x01", whole)))
