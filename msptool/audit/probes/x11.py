"""X11: is the display open to anybody, and whose is it. One set-up, then we go.

Source: X Window System Protocol, 8 (Connection Setup).
"""

import struct
from collections.abc import Mapping

from msptool.audit.probes.probe import Ask, Probe, asking, told

_ASK = struct.pack("<BxHHHHxx", 0x6C, 11, 0, 0, 0)


def whole(said: bytes) -> bool:
    """Eight bytes, and as many words more as they say."""
    return len(said) >= 8 and len(said) >= 8 + 4 * int.from_bytes(said[6:8], "little")


def parse(said: bytes) -> Mapping[str, str]:
    """Return whether it let us in, and the server's vendor, or why not."""
    if len(said) < 8 or said[0] > 2 or said[2:4] != b"\x0b\0" or not whole(said):
        return {}
    if said[0] == 1 and len(said) >= 40:
        size = int.from_bytes(said[24:26], "little")
        vendor = said[40 : 40 + size]
        return told("x11", access="open", vendor_name=vendor if len(vendor) == size else b"")
    return told("x11", access="refused", reason=said[8 : 8 + said[1]])


PROBE = Probe("x11", parse, asking(Ask(_ASK, whole)))
