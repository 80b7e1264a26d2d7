"""What a file server says before anybody logs in: names, signing, build. Pure.

The grab sends SMB2 NEGOTIATE and the first message of an NTLM login, and stops there: no login is
attempted, so none fails. Sources: MS-SMB2 2.2.3 to 2.2.6, MS-NLMP 2.2.1.1, 2.2.1.2, 2.2.2.1.
"""

import struct
from dataclasses import dataclass

_HEADER = struct.Struct("<4sHHIHHIIQIIQ16s")
_CHALLENGE = b"NTLMSSP\0\x02\0\0\0"
NEGOTIATE, SESSION_SETUP = 0, 1
# Unicode, OEM, request target, NTLM, always sign, extended session security, version, 128, 56.
_NTLM_FLAGS = 0xA2088207


def negotiate() -> bytes:
    """Return SMB2 NEGOTIATE for dialects 2.0.2 to 3.0.2."""
    dialects = (0x0202, 0x0210, 0x0300, 0x0302)
    body = struct.pack("<HHHHI16sQ", 36, len(dialects), 1, 0, 0, bytes(range(16)), 0)
    return _framed(NEGOTIATE, 0, body + struct.pack(f"<{len(dialects)}H", *dialects))


def session_setup() -> bytes:
    """Return SMB2 SESSION_SETUP with NTLM's first message, which names nobody."""
    token = b"NTLMSSP\0" + struct.pack("<II", 1, _NTLM_FLAGS) + bytes(24)
    body = struct.pack("<HBBIIHHQ", 25, 0, 1, 0, 0, 64 + 24, len(token), 0)
    return _framed(SESSION_SETUP, 1, body + token)


def _framed(command: int, message: int, body: bytes) -> bytes:
    header = _HEADER.pack(b"\xfeSMB", 64, 0, 0, command, 31, 0, 0, message, 0, 0, 0, bytes(16))
    packet = header + body
    return struct.pack(">I", len(packet)) + packet


@dataclass(frozen=True)
class Server:
    """What was said; "" and None where it was not."""

    name: str = ""
    domain: str = ""
    dns_name: str = ""
    build: int | None = None
    signing_required: bool | None = None


def parse(negotiated: bytes, challenged: bytes) -> Server:
    """Return what both answers say; untrusted, every length is checked against the data."""
    pairs = _pairs(challenged)
    return Server(
        name=_text(pairs.get(1)),
        domain=_text(pairs.get(2)),
        dns_name=_text(pairs.get(3)),
        build=_build(challenged),
        signing_required=_signing(negotiated),
    )


def _signing(data: bytes) -> bool | None:
    """SecurityMode of the NEGOTIATE response: bit 1, signing required."""
    if data[4:8] != b"\xfeSMB" or len(data) < 4 + 64 + 4:
        return None
    return bool(data[4 + 64 + 2] & 2)


def _pairs(data: bytes) -> dict[int, bytes]:
    """Return the whole AV_PAIRs of the challenge's target information: half a name is none."""
    start = data.find(_CHALLENGE)
    if start < 0 or len(data) < start + 48:
        return {}
    length, _, offset = struct.unpack_from("<HHI", data, start + 40)
    info = data[start + offset : start + offset + length]
    found, at = {}, 0
    while at + 4 <= len(info):
        kind, size = struct.unpack_from("<HH", info, at)
        if kind == 0 or at + 4 + size > len(info):
            break
        found[kind] = info[at + 4 : at + 4 + size]
        at += 4 + size
    return found


def _build(data: bytes) -> int | None:
    start = data.find(_CHALLENGE)
    if start < 0 or len(data) < start + 56:
        return None
    build = struct.unpack_from("<H", data, start + 50)[0]
    return build or None


def _text(value: bytes | None) -> str:
    return (value or b"").decode("utf-16-le", "replace").strip("\0 ")
