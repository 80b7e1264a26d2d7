"""A KDC's errors: that it is one, and which realm is its own; no account is named.

Two questions, since every KDC gives back the realm that it was asked for: an AS-REQ without a
client, to which all answer; and a length with its high bit set, which no KDC understands and each
must refuse by name (RFC 4120, 7.2.2). MIT's refuses it in its own realm's. An AS-REQ without a
client is refused before any account is looked for: nobody's login fails.
Sources: RFC 4120, 5.4.1, 5.9.1, 7.2.2, 7.5.9.
"""

from collections.abc import Mapping

from msptool.audit.probes import asn1
from msptool.audit.probes.probe import Ask, Probe, asking, counted, text, told

# That no realm has: the top-level domain is reserved (RFC 2606).
NOWHERE = b"INVALID."
WRONG_REALM = "68"
_INTEGER, _STRING, _SEQUENCE, _ERROR = 2, 0x1B, 0x30, 0x7E
_FIVE, _KRB_ERROR = asn1.element(_INTEGER, b"\x05"), asn1.element(_INTEGER, b"\x1e")


def _question() -> bytes:
    """Return an AS-REQ: a ticket of nobody for a realm's own service, until long ago."""
    names = asn1.element(_SEQUENCE, *(asn1.element(_STRING, n) for n in (b"krbtgt", NOWHERE)))
    server = asn1.element(0xA0, asn1.element(_INTEGER, b"\x02")), asn1.element(0xA1, names)
    ciphers = (asn1.element(_INTEGER, bytes([kind])) for kind in (18, 17, 23))
    body = asn1.element(
        _SEQUENCE,
        asn1.element(0xA0, asn1.element(3, bytes(5))),
        asn1.element(0xA2, asn1.element(_STRING, NOWHERE)),
        asn1.element(0xA3, asn1.element(_SEQUENCE, *server)),
        asn1.element(0xA5, asn1.element(0x18, b"19700101000000Z")),
        asn1.element(0xA7, asn1.element(_INTEGER, b"\x4d\x53")),
        asn1.element(0xA8, asn1.element(_SEQUENCE, *ciphers)),
    )
    kind = asn1.element(0xA2, asn1.element(_INTEGER, b"\x0a"))
    parts = asn1.element(0xA1, _FIVE), kind, asn1.element(0xA4, body)
    asked = asn1.element(0x6A, asn1.element(_SEQUENCE, *parts))
    return len(asked).to_bytes(4, "big") + asked


def parse(said: bytes) -> Mapping[str, str]:
    """Return the code of an error, its words, and the KDC's own realm where it tells it."""
    fields = _fields(said)
    code = fields.get(0xA6)
    if fields.get(0xA0) != _FIVE or fields.get(0xA1) != _KRB_ERROR or code is None:
        return {}
    number = _inner(code, _INTEGER)
    if not 1 <= len(number) <= 4:
        return {}
    realm = _inner(fields.get(0xA9, b""), _STRING)
    return told(
        "kerberos",
        error=int.from_bytes(number, "big", signed=True),
        realm=text(realm) if realm != NOWHERE else None,
        text=text(_inner(fields.get(0xAB, b""), _STRING)),
    )


def _fields(said: bytes) -> dict[int, bytes]:
    """Return the fields of a whole KRB-ERROR by their tags; none of anything else."""
    size = int.from_bytes(said[:4], "big")
    if len(said) < 4 + size:
        return {}
    return dict(asn1.elements(_inner(_inner(said[4 : 4 + size], _ERROR), _SEQUENCE)))


def _inner(data: bytes, tag: int) -> bytes:
    """Return the contents of the first element, where it has that tag."""
    first = next(asn1.elements(data), None)
    return first.value if first is not None and first.tag == tag else b""


def keeps_its_realm(said: bytes) -> bool:
    """Tell whether a KDC answered without its realm, and may tell it if asked otherwise. Windows
    knows realms by their wrongness, and refuses a length without a word.
    """
    found = parse(said)
    return bool(found) and "realm" not in found and found["error"] != WRONG_REALM


_whole = counted(0, 4, plus=4)
PROBE = Probe("kerberos", parse, asking(Ask(_question(), _whole)))
REALM = Probe("kerberos-realm", parse, asking(Ask(b"\x80\0\0\0", _whole)))
