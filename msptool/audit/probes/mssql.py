"""Microsoft SQL Server: version by PRELOGIN, instances by its browser. No login.

Sources: MS-TDS 2.2.6.5 and 2.2.3 (header), MC-SQLR 2.2.2 (CLNT_UCAST_EX on UDP 1434).
"""

import struct
from collections.abc import Iterator, Mapping

from msptool.audit.probes.probe import Ask, Probe, Question, asking, counted, listed, told

_VERSION, _ENCRYPTION, _INSTANCE, _END = 0, 1, 2, 0xFF
_PRELOGIN, _RESPONSE = 0x12, 0x04
# VERSION and ENCRYPTION (0: off), each with its place and size.
_BODY = struct.pack(">BHHBHHB", _VERSION, 11, 6, _ENCRYPTION, 17, 1, _END) + bytes(6) + b"\0"
_ASK = struct.pack(">BBHHBB", _PRELOGIN, 1, 8 + len(_BODY), 0, 0, 0) + _BODY
_NAMES = {
    8: "2000", 9: "2005", 10: "2008", 11: "2012", 12: "2014", 13: "2016", 14: "2017", 15: "2019",
    16: "2022", 17: "2025",
}  # fmt: skip


def parse(said: bytes) -> Mapping[str, str]:
    """Return the version of a whole PRELOGIN response."""
    if len(said) < 8 or said[0] != _RESPONSE or len(said) < int.from_bytes(said[2:4], "big"):
        return {}
    options = dict(_options(said[8:]))
    version = options.get(_VERSION, b"")
    if len(version) < 4:
        return {}
    major, minor, build = struct.unpack_from(">BBH", version)
    return told(
        "mssql",
        product=f"Microsoft SQL Server {_NAMES.get(major, '')}".strip(),
        version=f"{major}.{minor}.{build}",
        encryption={0: "off", 1: "on", 2: "none", 3: "required"}.get(
            options.get(_ENCRYPTION, b"\xff")[0]
        ),
    )


def _options(body: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the options that lie wholly inside."""
    for at in range(0, min(len(body), 200), 5):
        if body[at] == _END or at + 5 > len(body):
            return
        kind, offset, size = struct.unpack_from(">BHH", body, at)
        if size and offset + size <= len(body):
            yield kind, body[offset : offset + size]


PROBE = Probe("mssql", parse, asking(Ask(_ASK, counted(2, 2))))


def instances(said: bytes) -> Mapping[str, str]:
    """Return the instances that the browser lists: `Name;value;…;;` after its type and size."""
    size = int.from_bytes(said[1:3], "little")
    if said[:1] != b"\x05" or len(said) < 3 + size or not size:
        return {}
    read = [
        _fields(part) for part in said[3 : 3 + size].decode("ascii", "replace").split(";;")[:40]
    ]
    found = [one for one in read if one.get("InstanceName")]
    if not found:
        return {}
    return told(
        "ms-sql-m",
        name=found[0].get("ServerName"),
        version=found[0].get("Version"),
        instances=listed([f"{i['InstanceName']}:{i.get('tcp', '-')}" for i in found]),
    )


def _fields(words: str) -> Mapping[str, str]:
    parts = words.split(";")
    return dict(zip(parts[::2], parts[1::2], strict=False))


BROWSER = Question("ms-sql-m", b"\x03", instances)
