"""SMB before anybody logs in: dialect, signing, GUID, clock; names and build by NTLM.

NEGOTIATE and the first message of a login, and no more: no login is attempted, so none fails.
Sources: MS-SMB2 2.2.1 to 2.2.6, MS-NLMP. `*SMBSERVER` on 139 by RFC 1002, 4.3.
"""

import struct
import uuid
from collections.abc import Iterator, Mapping

from msptool.audit.probes import ntlm
from msptool.audit.probes.probe import Ask, Probe, Talk, asking, counted, told

_HEADER = struct.Struct("<4sHHIHHIIQIIQ16s")
_MAGIC = b"\xfeSMB"
NEGOTIATE, SESSION_SETUP = 0, 1
_DIALECTS = {0x0202: "2.0.2", 0x0210: "2.1", 0x0300: "3.0", 0x0302: "3.0.2", 0x0311: "3.1.1"}
_WHOLE = counted(1, 3, plus=4)  # RFC 1002 4.3.1, MS-SMB2 2.1


def negotiate() -> bytes:
    """Return NEGOTIATE for dialects 2.0.2 to 3.0.2 (3.1.1 would want a context more)."""
    dialects = (0x0202, 0x0210, 0x0300, 0x0302)
    body = struct.pack("<HHHHI16sQ", 36, len(dialects), 1, 0, 0, bytes(range(16)), 0)
    return _framed(NEGOTIATE, 0, body + struct.pack(f"<{len(dialects)}H", *dialects))


def session_setup() -> bytes:
    """Return SESSION_SETUP with NTLM's first message, which names nobody."""
    token = ntlm.first()
    body = struct.pack("<HBBIIHHQ", 25, 0, 1, 0, 0, 64 + 24, len(token), 0)
    return _framed(SESSION_SETUP, 1, body + token)


def _framed(command: int, message: int, body: bytes) -> bytes:
    header = _HEADER.pack(_MAGIC, 64, 0, 0, command, 31, 0, 0, message, 0, 0, 0, bytes(16))
    packet = header + body
    return struct.pack(">I", len(packet)) + packet


def talk(host: str) -> Talk:
    """Agree on a dialect, and ask who is there."""
    if (yield Ask(negotiate(), _WHOLE)):
        yield Ask(session_setup(), _WHOLE)


def parse(said: bytes) -> Mapping[str, str]:
    """Return what both answers say; every length is checked against the data."""
    packets = {command: packet for command, packet in _packets(said)}
    agreed = packets.get(NEGOTIATE, b"")
    if len(agreed) < 64 + 56:
        return {}
    mode, dialect = struct.unpack_from("<HH", agreed, 64 + 2)
    guid = agreed[64 + 8 : 64 + 24]
    now, booted = struct.unpack_from("<QQ", agreed, 64 + 40)
    said_by = ntlm.read(packets.get(SESSION_SETUP, b""))
    values = told(
        "smb",
        dialect=_DIALECTS.get(dialect, f"{dialect:#06x}"),
        signing="required" if mode & 2 else "optional",
        guid=str(uuid.UUID(bytes_le=guid)) if any(guid) else "",
        clock=ntlm.moment(now) if now else "",
        boot=ntlm.moment(booted) if booted else "",
    )
    return values | {key: value for key, value in said_by.items() if key != "clock"}


def _packets(said: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the whole packets and their commands."""
    at = 0
    while at + 4 + 64 <= len(said):
        size = int.from_bytes(said[at + 1 : at + 4], "big")
        packet = said[at + 4 : at + 4 + size]
        if len(packet) < size or packet[:4] != _MAGIC:
            return
        yield int.from_bytes(packet[12:14], "little"), packet
        at += 4 + size


PROBE = Probe("smb", parse, talk)


def _first_level(name: bytes) -> bytes:
    """A NetBIOS name in half-bytes (RFC 1001, 14.1)."""
    return b"\x20" + b"".join(bytes([65 + (c >> 4), 65 + (c & 15)]) for c in name.ljust(16)) + b"\0"


def session(said: bytes) -> Mapping[str, str]:
    """A positive, negative or retarget answer to a NetBIOS session request."""
    if said[:1] in (b"\x82", b"\x83", b"\x84") and len(said) >= 4 + int.from_bytes(
        said[2:4], "big"
    ):
        return told("netbios-ssn", session={0x82: "accepted", 0x83: "refused"}.get(said[0]))
    return {}


_NAMES = _first_level(b"*SMBSERVER") + _first_level(b"MSPTOOL")
SESSION = Probe(
    "netbios-ssn",
    session,
    asking(Ask(b"\x81\0" + struct.pack(">H", len(_NAMES)) + _NAMES, counted(2, 2, plus=4))),
)
