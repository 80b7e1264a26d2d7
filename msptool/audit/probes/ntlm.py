"""NTLM's first two messages, whatever carries them: the second names the machine that wrote it.

The first names nobody and no login follows, so none fails. Source: MS-NLMP 2.2.1.1, 2.2.1.2,
2.2.2.1, 2.2.2.10.
"""

import struct
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

_SIGNATURE = b"NTLMSSP\0"
_CHALLENGE = _SIGNATURE + b"\x02\0\0\0"
# Unicode, OEM, request target, NTLM, always sign, extended session security, version, 128, 56.
_FLAGS = 0xA2088207
# MsvAvNbComputerName, NbDomainName, DnsComputerName, DnsDomainName, DnsTreeName.
_PAIRS = {1: "name", 2: "domain", 3: "dns-name", 4: "dns-domain", 5: "forest"}
_CLOCK = 7
_1601 = datetime(1601, 1, 1, tzinfo=UTC)


def first() -> bytes:
    """Return NEGOTIATE_MESSAGE."""
    return _SIGNATURE + struct.pack("<II", 1, _FLAGS) + bytes(24)


def read(data: bytes) -> Mapping[str, str]:
    """Return what a CHALLENGE_MESSAGE somewhere in the data says; {} if there is none."""
    start = data.find(_CHALLENGE)
    if start < 0:
        return {}
    pairs = _pairs(data, start)
    said = {name: _text(pairs[kind]) for kind, name in _PAIRS.items() if kind in pairs}
    if len(pairs.get(_CLOCK, b"")) == 8:
        said["clock"] = moment(struct.unpack("<Q", pairs[_CLOCK])[0])
    said["build"] = _build(data, start)
    return {name: value for name, value in said.items() if value}


def moment(filetime: int) -> str:
    """Return a FILETIME (100 ns since 1601, MS-DTYP 2.3.3) as ISO 8601 to the second; "" if odd."""
    try:
        return (_1601 + timedelta(microseconds=filetime // 10)).isoformat(timespec="seconds")
    except OverflowError:
        return ""


def _pairs(data: bytes, start: int) -> dict[int, bytes]:
    """Return the whole AV_PAIRs of the target information: half a name is none."""
    if len(data) < start + 48:
        return {}
    length, _, offset = struct.unpack_from("<HHI", data, start + 40)
    info = data[start + offset : start + offset + length]
    found: dict[int, bytes] = {}
    at = 0
    while at + 4 <= len(info):
        kind, size = struct.unpack_from("<HH", info, at)
        if kind == 0 or at + 4 + size > len(info):
            break
        found.setdefault(kind, info[at + 4 : at + 4 + size])
        at += 4 + size
    return found


def _build(data: bytes, start: int) -> str:
    """VERSION: major, minor, build; Samba leaves the build 0 and says 6.1, which means nothing."""
    if len(data) < start + 56:
        return ""
    major, minor, build = struct.unpack_from("<BBH", data, start + 48)
    return f"{major}.{minor}.{build}" if build else ""


def _text(value: bytes) -> str:
    return value[:512].decode("utf-16-le", "replace").strip("\0 ")
