"""Ubiquiti's discovery: MAC, firmware, name and model of a device, which answers anybody.

Source: the TLV types that RESEARCH of public descriptions gives: 01/02 addresses, 03 firmware,
0a uptime, 0b host name, 0c/14/15 model.
"""

from collections.abc import Iterator, Mapping

from msptool.audit.probes.probe import Question, told


def parse(said: bytes) -> Mapping[str, str]:
    """Return the whole values of an answer of version 1."""
    if len(said) < 4 or said[:2] not in (b"\x01\0", b"\x02\x06") or len(said) < 8:
        return {}
    size = int.from_bytes(said[2:4], "big")
    if len(said) < 4 + size:
        return {}
    read = dict(reversed(list(_values(said[4 : 4 + size]))))
    mac = read.get(1) or read.get(2, b"")[:6]
    if not read.keys() & {1, 2, 3, 0x0B, 0x14}:
        return {}
    return told(
        "ubiquiti",
        vendor="Ubiquiti",
        mac=mac.hex(":") if len(mac) == 6 else "",
        version=read.get(3),
        name=read.get(0x0B),
        model=read.get(0x14) or read.get(0x15) or read.get(0x0C),
        short_model=read.get(0x0C),
        uptime_s=int.from_bytes(read[0x0A], "big") if len(read.get(0x0A, b"")) == 4 else "",
    )


def _values(body: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 3 <= len(body):
        kind, size = body[at], int.from_bytes(body[at + 1 : at + 3], "big")
        if at + 3 + size > len(body):
            return
        yield kind, body[at + 3 : at + 3 + size]
        at += 3 + size


UDP = Question("ubiquiti", b"\x01\0\0\0", parse)
