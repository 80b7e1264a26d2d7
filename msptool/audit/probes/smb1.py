"""SMB 1, asked only of what does not speak SMB 2: Windows XP and 2003, old NAS and copiers.

NEGOTIATE and the first message of a login, as in SMB 2; the answer names the system as well.
Sources: MS-CIFS 2.2.3.1, 2.2.4.52, 2.2.4.53; MS-SMB 2.2.4.5.2, 2.2.4.6.
"""

import struct
import uuid
from collections.abc import Iterator, Mapping

from msptool.audit.probes import ntlm
from msptool.audit.probes.probe import Ask, Probe, Talk, counted, told

_MAGIC = b"\xffSMB"
_NEGOTIATE, _SESSION_SETUP = 0x72, 0x73
# Long names, extended security, NT status, Unicode.
_FLAGS2 = 0xC801
_EXTENDED = 0x80000000
_WHOLE = counted(1, 3, plus=4)
_HEAD = 4 + 32


def _framed(command: int, words: bytes, data: bytes) -> bytes:
    header = struct.pack(
        "<4sBIBHH8sHHHHH", _MAGIC, command, 0, 0x18, _FLAGS2, 0, bytes(8), 0, 0, 77, 0, 1
    )
    body = bytes([len(words) // 2]) + words + struct.pack("<H", len(data)) + data
    return struct.pack(">I", len(header + body)) + header + body


def talk(host: str) -> Talk:
    """Agree on the one dialect, and ask who is there."""
    said = yield Ask(_framed(_NEGOTIATE, b"", b"\x02NT LM 0.12\0"), _WHOLE)
    agreed = dict(_packets(said)).get(_NEGOTIATE, b"")
    if _capabilities(agreed) & _EXTENDED:
        token = ntlm.first()
        words = struct.pack("<BBHHHHIHII", 0xFF, 0, 0, 4356, 10, 1, 0, len(token), 0, 0x800000D4)
        yield Ask(_framed(_SESSION_SETUP, words, token + bytes(5)), _WHOLE)


def _packets(said: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the whole packets, without their frame, and their commands."""
    at = 0
    while at + _HEAD <= len(said):
        size = int.from_bytes(said[at + 1 : at + 4], "big")
        packet = said[at + 4 : at + 4 + size]
        if len(packet) < size or packet[:4] != _MAGIC:
            return
        yield packet[4], packet
        at += 4 + size


def _capabilities(agreed: bytes) -> int:
    """Return the server's capabilities; 0 for an answer that is not of NT LM 0.12."""
    if len(agreed) < 32 + 1 + 34 + 2 or agreed[32] != 17:
        return 0
    return int.from_bytes(agreed[52:56], "little")


def parse(said: bytes) -> Mapping[str, str]:
    """Return signing, clock, GUID; names by NTLM, or as the negotiation tells them."""
    packets = dict(_packets(said))
    agreed = packets.get(_NEGOTIATE, b"")
    if len(agreed) < 32 + 1 + 34 + 2 or agreed[32] != 17:
        return {}
    mode, clock = agreed[35], struct.unpack_from("<Q", agreed, 56)[0]
    extended = bool(_capabilities(agreed) & _EXTENDED)
    data = agreed[69 : 69 + int.from_bytes(agreed[67:69], "little")]
    values = told(
        "smb",
        dialect="1",
        signing="required" if mode & 8 else "optional",
        guid=str(uuid.UUID(bytes_le=data[:16]))
        if extended and any(data[:16]) and len(data) > 15
        else "",
        clock=ntlm.moment(clock) if clock else "",
    )
    named = (
        _by_ntlm(packets.get(_SESSION_SETUP, b"")) if extended else _by_negotiation(agreed, data)
    )
    return values | {key: value for key, value in named.items() if value}


def _by_negotiation(agreed: bytes, data: bytes) -> dict[str, str]:
    """After the challenge: the domain and the server, in Unicode."""
    size = agreed[66]
    parts = _unicode(data[size:])
    return dict(zip(("domain", "name"), parts, strict=False))


def _by_ntlm(answer: bytes) -> dict[str, str]:
    """What the challenge says, and behind it the system and its LAN manager."""
    values = {key: value for key, value in ntlm.read(answer).items() if key != "clock"}
    if len(answer) < 43 or answer[32] != 4:
        return values
    blob = int.from_bytes(answer[39:41], "little")
    at = 43 + blob
    parts = _unicode(answer[at + at % 2 : 43 + int.from_bytes(answer[41:43], "little")])
    return values | dict(zip(("system", "product"), parts, strict=False))


def _unicode(data: bytes) -> list[str]:
    """Return the whole strings, each ended by a zero; at most four."""
    found: list[str] = []
    at = 0
    for end in range(0, len(data) - 1, 2):
        if data[end : end + 2] == b"\0\0" and len(found) < 4:
            found.append(data[at:end][:400].decode("utf-16-le", "replace"))
            at = end + 2
    return found


PROBE = Probe("smb1", parse, talk)
