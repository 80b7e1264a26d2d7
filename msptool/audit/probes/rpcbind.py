"""Sun RPC's DUMP: which programs a Unix machine offers; NFS among them. Source: RFC 1833, 5531."""

import struct
from collections.abc import Mapping

from msptool.audit.probes.probe import Ask, Probe, Question, asking, listed, told

_XID = 0x4D53
# A call of program 100000 (portmapper), version 2, procedure 4, without credentials.
_CALL = struct.pack(">IIIIIIIIII", _XID, 0, 2, 100000, 2, 4, 0, 0, 0, 0)
_NAMES = {
    100000: "rpcbind", 100003: "nfs", 100005: "mountd", 100021: "nlockmgr", 100024: "status",
    100004: "ypserv", 100007: "ypbind", 100011: "rquotad", 100227: "nfs_acl", 100068: "cmsd",
    100083: "ttdbserver", 391002: "fam", 300019: "amd", 395183: "vxi-11", 395180: "vxi-11",
}  # fmt: skip


def whole(said: bytes) -> bool:
    """The last fragment has come (RFC 5531, 11)."""
    return len(said) >= 4 and len(said) >= 4 + (int.from_bytes(said[:4], "big") & 0x7FFFFFFF)


def parse(said: bytes) -> Mapping[str, str]:
    """Return the programs of an answer that came in one fragment."""
    return datagram(said[4:]) if said[:1] == b"\x80" and whole(said) else {}


def datagram(said: bytes) -> Mapping[str, str]:
    """Return the programs, by name and version; of a list that ends."""
    if len(said) < 28 or struct.unpack_from(">IIIIII", said) != (_XID, 1, 0, 0, 0, 0):
        return {}
    found: set[tuple[int, int, int, int]] = set()
    at = 24
    for _ in range(500):
        if at + 4 > len(said):
            return {}
        if said[at : at + 4] == bytes(4):
            return told("rpcbind", programs=listed(_shown(found)))
        if at + 20 > len(said):
            return {}
        program, version, proto, port = struct.unpack_from(">IIII", said, at + 4)
        found.add((program, version, proto, port))
        at += 20
    return {}


def _shown(found: set[tuple[int, int, int, int]]) -> list[str]:
    return sorted(
        f"{_NAMES.get(program, program)} {version} {'tcp' if proto == 6 else 'udp'}/{port}"
        for program, version, proto, port in found
        if proto in (6, 17)
    )


PROBE = Probe(
    "rpcbind", parse, asking(Ask(struct.pack(">I", 0x80000000 | len(_CALL)) + _CALL, whole))
)
UDP = Question("rpcbind", _CALL, datagram)
