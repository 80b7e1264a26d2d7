"""DNS: does it answer, and as what: `version.bind` (RFC 4892), which some keep to themselves.

The question is small and asks for nothing of others: no server asks on because of it.
"""

import struct
from collections.abc import Mapping

from msptool.audit import dnswire
from msptool.audit.probes.probe import Ask, Probe, Question, asking, counted, told

_IDENT = 0x4D53
_CHAOS = 3
_NAME = dnswire.spelt("version.bind")
_ASK = dnswire.question(_IDENT, dnswire.TXT, _NAME, cls=_CHAOS)
_PRODUCTS = ("dnsmasq", "unbound", "PowerDNS", "Knot", "NSD", "Microsoft")


def parse(said: bytes) -> Mapping[str, str]:
    """Return the version of an answer to our number; a refusal is an answer, too."""
    message = dnswire.read(said)
    if message is None or message.ident != _IDENT or not message.flags & dnswire.RESPONSE:
        return {}
    words = [
        word
        for record in message.records
        if record.kind == dnswire.TXT and dnswire.same(record.owner, _NAME)
        for word in record.strings
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
