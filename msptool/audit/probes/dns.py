"""DNS: does it answer, and as what: `version.bind` (RFC 4892), which some keep to themselves.

The question is small and asks for nothing of others: no server asks on because of it.
"""

import struct
from collections.abc import Mapping

from msptool.audit.probes import dnswire
from msptool.audit.probes.probe import Ask, Probe, Question, asking, counted, told

_CHAOS = 3
_ASK = dnswire.question("version.bind", dnswire.TXT, cls=_CHAOS)
_PRODUCTS = ("dnsmasq", "unbound", "PowerDNS", "Knot", "NSD", "Microsoft")


def parse(said: bytes) -> Mapping[str, str]:
    """Return the version of an answer to our number; a refusal is an answer, too."""
    if len(said) < 12 or said[:2] != b"MS" or not said[2] & 0x80:
        return {}
    words = [
        word
        for record in dnswire.records(said)
        if record.kind == dnswire.TXT and record.name.lower() == "version.bind"
        for word in dnswire.strings(record.data)
    ]
    if not words:
        return told("domain")
    shown = words[0].decode("utf-8", "replace")
    product = next((p for p in _PRODUCTS if p.lower() in shown.lower()), "")
    bind = "BIND" if not product and shown[:2] == "9." else ""
    return told("domain", product=product or bind, version=shown)


def stream(said: bytes) -> Mapping[str, str]:
    """Return the same of an answer by TCP, which tells its size first (RFC 1035, 4.2.2)."""
    size = int.from_bytes(said[:2], "big")
    return parse(said[2 : 2 + size]) if len(said) >= 2 + size and size else {}


PROBE = Probe(
    "domain", stream, asking(Ask(struct.pack(">H", len(_ASK)) + _ASK, counted(0, 2, plus=2)))
)
UDP = Question("domain", _ASK, parse)
