"""PPTP's first reply, which tells host and maker; no call follows. Source: RFC 2637, 2.1 and 2.2.

Both messages have one form: length, type, cookie, control type, version, capabilities (of the
reply: result and error before them), channels, firmware revision, host name, vendor string.
"""

import struct
from collections.abc import Mapping

from msptool.audit.probes.probe import Ask, Probe, asking, at_least, text, told

_SIZE, _COOKIE = 156, 0x1A2B3C4D
_REQUEST, _REPLY = 1, 2
_HEAD = struct.Struct(">HHIHH")
_REVISION = struct.Struct(">H")
_REVISION_AT, _HOST_AT, _VENDOR_AT = 26, 28, 92


def _question() -> bytes:
    """Return a Start-Control-Connection-Request of version 1.0, any framing and bearer."""
    able = struct.pack(">HHIIHH", 0x0100, 0, 3, 3, 0, 0)
    names = b"msptool".ljust(_VENDOR_AT - _HOST_AT, b"\0") + bytes(_SIZE - _VENDOR_AT)
    return _HEAD.pack(_SIZE, 1, _COOKIE, _REQUEST, 0) + able + names


def parse(said: bytes) -> Mapping[str, str]:
    """Return what a whole Start-Control-Connection-Reply tells, whether or not it grants any."""
    if len(said) < _SIZE or _HEAD.unpack_from(said)[:4] != (_SIZE, 1, _COOKIE, _REPLY):
        return {}
    (revision,) = _REVISION.unpack_from(said, _REVISION_AT)
    return told(
        "pptp",
        name=_string(said[_HOST_AT:_VENDOR_AT]),
        vendor=_string(said[_VENDOR_AT:_SIZE]),
        version=revision or None,
    )


def _string(field: bytes) -> str:
    """Return a field up to its first zero: what stands behind it is whatever lay in memory."""
    return text(field.partition(b"\0")[0])


PROBE = Probe("pptp", parse, asking(Ask(_question(), at_least(_SIZE))))
