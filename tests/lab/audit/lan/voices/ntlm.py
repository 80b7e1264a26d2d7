"""What a Windows machine says of itself before a login: NTLM's challenge, in SMB2 and CredSSP.

MS-NLMP 2.2.1.2 and 2.2.2.1, MS-SMB2 2.2.3 to 2.2.6, MS-CIFS 2.2.4.52, MS-CSSP 2.2.1, RFC 1002.
"""

import struct

from tests.lab.audit.lan.voices.reply import HANG_UP, Reply, Voice, Words

_FLAGS = 0xE28A8215
_FILETIME = 0x01DC5F0000000000
_MORE_PROCESSING = 0xC0000016
_SMB2 = struct.Struct("<4sHHIHHIIQIIQ16s")


def challenge(name: str, domain: str) -> bytes:
    """Return NTLM's second message: names, DNS names, the build of Windows."""
    suffix = f"{domain.lower()}.example"
    told = ((2, domain), (1, name), (4, suffix), (3, f"{name.lower()}.{suffix}"), (5, suffix))
    pairs = b"".join(_pair(kind, text.encode("utf-16-le")) for kind, text in told)
    pairs += _pair(7, struct.pack("<Q", _FILETIME)) + bytes(4)
    target = domain.encode("utf-16-le")
    head = b"NTLMSSP\0" + struct.pack("<IHHII", 2, len(target), len(target), 56, _FLAGS)
    head += b"\x11\x22\x33\x44\x55\x66\x77\x88" + bytes(8)
    head += struct.pack("<HHI", len(pairs), len(pairs), 56 + len(target))
    return head + bytes([10, 0, *struct.pack("<H", 17763), 0, 0, 0, 15]) + target + pairs


def _pair(kind: int, value: bytes) -> bytes:
    return struct.pack("<HH", kind, len(value)) + value


def smb(words: Words) -> Voice:
    """Return Windows' file server: SMB2, and SMB1 where `old`; other words make it hang up."""

    def hear(said: bytes) -> Reply | None:
        if len(said) < 4:
            return None if said[:1] == b"\0" else HANG_UP
        if said[:1] != b"\0":
            return HANG_UP
        if len(said) < 4 + int.from_bytes(said[1:4], "big"):
            return None
        return _message(said[4:], words)

    return Voice(hear)


def netbios(words: Words) -> Voice:
    """The same behind NetBIOS's session request (RFC 1002, 4.3.2)."""
    inner = smb(words)

    def hear(said: bytes) -> Reply | None:
        if said[:1] == b"\x81":
            whole = len(said) >= 4 + int.from_bytes(said[2:4], "big")
            return Reply(b"\x82\0\0\0") if whole else None
        return inner.hear(said)

    return Voice(hear)


def _message(packet: bytes, words: Words) -> Reply:
    if packet[:4] == b"\xfeSMB" and len(packet) >= 64:
        command = struct.unpack_from("<H", packet, 12)[0]
        if command == 0:
            return Reply(_framed(_negotiated(packet, 0x0302)))
        if command == 1:
            return Reply(_framed(_challenged(packet, words)))
    if packet[:5] == b"\xffSMB\x72":
        if b"SMB 2." in packet:
            return Reply(_framed(_negotiated(bytes(64), 0x02FF)))
        if words.get("old"):
            return Reply(_framed(_old(words)))
    return HANG_UP


def _framed(packet: bytes) -> bytes:
    return struct.pack(">I", len(packet)) + packet


def _header(packet: bytes, command: int, status: int) -> bytes:
    number = struct.unpack_from("<Q", packet, 24)[0]
    session = 0x400000000019 if command else 0
    return _SMB2.pack(b"\xfeSMB", 64, 1, status, command, 1, 1, 0, number, 0xFEFF, 0, session,
                      bytes(16))  # fmt: skip


def _negotiated(packet: bytes, dialect: int) -> bytes:
    guid = bytes(range(0x40, 0x50))
    body = struct.pack("<HHHH16sIIIIQQHHI", 65, 1, dialect, 0, guid, 7, 0x800000, 0x800000,
                       0x800000, _FILETIME, 0, 128, 0, 0)  # fmt: skip
    return _header(packet, 0, 0) + body


def _challenged(packet: bytes, words: Words) -> bytes:
    token = challenge(words["name"], words["domain"])
    if b"NTLMSSP\0" in packet and not packet[88:].startswith(b"NTLMSSP\0"):
        told = der(0x30, der(0xA0, b"\x0a\x01\x01") + der(0xA2, der(0x04, token)))
        token = der(0xA1, told)
    body = struct.pack("<HHHH", 9, 0, 72, len(token))
    return _header(packet, 1, _MORE_PROCESSING) + body + token


def _old(words: Words) -> bytes:
    """SMB1's answer to NEGOTIATE, dialect 7 (NT LM 0.12), as Windows 7 to 10 gives it."""
    head = b"\xffSMB\x72" + bytes(4) + b"\x88\x01\x40" + bytes(12) + struct.pack(
        "<HHHH", 0, 0x0640, 0, 1)  # fmt: skip
    block = struct.pack("<HBHHIIIIQhB", 7, 3, 10, 1, 0x1104, 0x10000, 0, 0x1E3FC, _FILETIME, 0, 8)
    names = b"".join(words[key].encode("utf-16-le") + b"\0\0" for key in ("domain", "name"))
    data = bytes(range(1, 9)) + names
    return head + bytes([17]) + block + struct.pack("<H", len(data)) + data


def der(tag: int, body: bytes) -> bytes:
    """Return one element of DER."""
    size = len(body)
    if size < 128:
        return bytes([tag, size]) + body
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + body


def rdp(words: Words) -> Voice:
    """Remote desktop with NLA: X.224, TLS, CredSSP (MS-RDPBCGR 2.2.1.1 and 2.2.1.2)."""

    def hear(said: bytes) -> Reply | None:
        if said[:1] == b"\x30":  # CredSSP, behind TLS
            token = challenge(words["name"], words["domain"])
            told = der(0x30, der(0x30, der(0xA0, der(0x04, token))))
            return Reply(der(0x30, der(0xA0, b"\x02\x01\x06") + der(0xA1, told)))
        if said[:2] != b"\x03\0"[: len(said)]:
            return HANG_UP
        if len(said) < 4 or len(said) < struct.unpack_from(">H", said, 2)[0]:
            return None
        return _connected(said)

    return Voice(hear)


def _connected(said: bytes) -> Reply:
    wanted = said[-8:] if said[-8:-7] == b"\x01" and len(said) >= 19 else b""
    asked = struct.unpack_from("<I", wanted, 4)[0] if wanted else 0
    head = b"\x03\0\0\x13\x0e\xd0\0\0\x124\0"
    if asked & 3:
        chosen = 2 if asked & 2 else 1
        return Reply(head + b"\x02\x1f\x08\0" + struct.pack("<I", chosen), tls=True)
    return Reply(head + b"\x03\0\x08\0\x05\0\0\0", close=True)
