"""Frames of tests: those recorded, and the parts that hand-made ones are put together from."""

import json
from pathlib import Path

from tests.cases import read_site

CASES = sorted((Path(read_site.__file__).parent / "heard").iterdir())
SENDER = bytes.fromhex("02005e100007")


def recorded(case: Path) -> bytes:
    return bytes.fromhex(json.loads((case / "answer.jsonl").read_text())["frame"])


def every() -> list[bytes]:
    return [recorded(case) for case in CASES]


def udp(port: int, payload: bytes, *, source: str = "c6336407") -> bytes:
    """Return a datagram from 198.51.100.7 to a group."""
    datagram = (
        port.to_bytes(2) + port.to_bytes(2) + (8 + len(payload)).to_bytes(2) + b"\0\0" + payload
    )
    head = b"\x45\0" + (20 + len(datagram)).to_bytes(2) + b"\0\0\0\0\x01\x11\0\0"
    packet = head + bytes.fromhex(source) + bytes.fromhex("e00000fb") + datagram
    return bytes.fromhex("01005e0000fb") + SENDER + b"\x08\0" + packet


def tlv(kind: int, value: bytes) -> bytes:
    """Return a TLV with two octets each of type and length."""
    return kind.to_bytes(2) + len(value).to_bytes(2) + value


def lldp_tlv(kind: int, value: bytes) -> bytes:
    return (kind << 9 | len(value)).to_bytes(2) + value
