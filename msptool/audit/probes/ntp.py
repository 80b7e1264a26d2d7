"""NTP: stratum and source of a clock. Source: RFC 5905, 7.3."""

import struct
from collections.abc import Mapping

from msptool.audit.probes.probe import Question, told


def parse(said: bytes) -> Mapping[str, str]:
    """48 bytes of mode 4, server; the name of its source where that is one (stratum 1)."""
    if len(said) < 48 or said[0] & 7 != 4:
        return {}
    stratum = said[1]
    source = said[12:16] if stratum in (0, 1) else b""
    leap = {3: "unsynchronised"}.get(said[0] >> 6, "")
    return told("ntp", stratum=stratum, source=source, version=said[0] >> 3 & 7, leap=leap)


UDP = Question("ntp", struct.pack("B47x", 0x1B), parse)
