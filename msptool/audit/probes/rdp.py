"""RDP: which security it wants, its certificate, and the machine's name by CredSSP's NTLM.

One question each, and no login. Sources: MS-RDPBCGR 2.2.1.1, 2.2.1.2; MS-CSSP 2.2.1.
"""

import struct
from collections.abc import Mapping

from msptool.audit.probes import asn1, ntlm
from msptool.audit.probes.probe import Ask, Probe, Shield, Talk, counted, told

_SSL, _HYBRID, _HYBRID_EX = 1, 2, 8
_CHOSEN = {0: "rdp", _SSL: "tls", _HYBRID: "nla", _HYBRID_EX: "nla-ex"}
_RESPONSE, _FAILURE = 2, 3
# TPKT (RFC 1006, 6), X.224 connection request, and the offer of TLS and CredSSP.
_REQUEST = bytes.fromhex("030000130ee00000000000") + struct.pack("<BBHI", 1, 0, 8, _SSL | _HYBRID)


def credssp() -> bytes:
    """Return TSRequest, version 2, with one negotiation token."""
    token = asn1.element(0xA0, asn1.element(0x04, ntlm.first()))
    tokens = asn1.element(0xA1, asn1.element(0x30, asn1.element(0x30, token)))
    return asn1.element(0x30, asn1.element(0xA0, asn1.element(0x02, b"\x02")), tokens)


def talk(host: str) -> Talk:
    """Negotiate, look at the certificate, and where CredSSP was chosen ask for its challenge."""
    said = yield Ask(_REQUEST, counted(2, 2))
    if _chosen(said) in (_SSL, _HYBRID, _HYBRID_EX):
        certificate = yield Shield()
        if certificate and _chosen(said) != _SSL:
            yield Ask(credssp(), asn1.is_whole)


def _chosen(said: bytes) -> int | None:
    """Return the protocol that was chosen; 0 is RDP's own; None where nothing says."""
    if len(said) < 11 or said[:1] != b"\x03" or said[5] & 0xF0 != 0xD0:
        return None
    if len(said) < int.from_bytes(said[2:4], "big"):
        return None
    if len(said) < 19 or said[11] not in (_RESPONSE, _FAILURE):
        return 0
    return struct.unpack_from("<I", said, 15)[0] if said[11] == _RESPONSE else _SSL << 8


def parse(said: bytes) -> Mapping[str, str]:
    """Return the security layer, and what the challenge tells."""
    chosen = _chosen(said)
    if chosen is None:
        return {}
    values = told("rdp", security=_CHOSEN.get(chosen, "other"))
    return values | {key: value for key, value in ntlm.read(said[11:]).items() if key != "clock"}


PROBE = Probe("rdp", parse, talk)
