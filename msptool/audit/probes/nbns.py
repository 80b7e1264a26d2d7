"""NetBIOS node status: a Windows or Samba machine's names, its domain, its roles, its MAC.

Source: RFC 1002, 4.2.17 and 4.2.18; suffixes by MS-BRWS 2.1.1.
"""

from collections.abc import Mapping

from msptool.audit.probes.probe import Question, listed, text, told

# `*` in half-bytes, padded with zeros (RFC 1001, 14.1); class IN, type NBSTAT.
_ASK = b"MS" + bytes([0, 0, 0, 1] + [0] * 6) + b"\x20CK" + b"A" * 30 + b"\0\0\x21\0\x01"
_GROUP = 0x80
_ROLES = {
    (0x1B, False): "domain master browser", (0x1C, True): "domain controllers",
    (0x1D, False): "master browser", (0x20, False): "file server",
}  # fmt: skip


def parse(said: bytes) -> Mapping[str, str]:
    """Return the names of a response of type NBSTAT to our number; the MAC where it is one."""
    if len(said) < 57 or said[:2] != b"MS" or not said[2] & 0x80 or said[46:48] != b"\0\x21":
        return {}
    count = said[56]
    rows = [said[at : at + 18] for at in range(57, 57 + 18 * count, 18)]
    whole = [
        (text(row[:15]).rstrip(), row[15], bool(row[16] & _GROUP)) for row in rows if len(row) == 18
    ]
    after = 57 + 18 * count
    mac = said[after : after + 6]
    return told(
        "netbios-ns",
        name=next((n for n, suffix, group in whole if suffix == 0 and not group), ""),
        domain=next((n for n, suffix, group in whole if suffix == 0 and group), ""),
        roles=listed([_ROLES[s, g] for _, s, g in whole if (s, g) in _ROLES]),
        mac=mac.hex(":") if len(mac) == 6 and any(mac) else "",
    )


UDP = Question("netbios-ns", _ASK, parse)
