"""DHCP for IPv4: what clients tell of themselves, and who answers them. Pure; untrusted.

Sources: RFC 2131, 2 (layout); RFC 2132 (options); RFC 3396 (a long option in parts); RFC 4702
(option 81, a full name).
"""

from collections.abc import Mapping

from msptool.audit import macs
from msptool.audit.heard import words

_MAGIC = b"\x63\x82\x53\x63"
_TYPES = {
    1: "discover", 2: "offer", 3: "request", 4: "decline", 5: "ack", 6: "nak", 7: "release",
    8: "inform",
}  # fmt: skip
_FROM_SERVER = (2, 5, 6)


def read(data: bytes) -> dict[str, str]:
    """Return what a DHCP message says of its client or, if a server sent it, of the server."""
    if len(data) < 240 or data[236:240] != _MAGIC or data[1:3] != b"\1\6":
        return {}
    options = _options(data[240:])
    kind = options.get(53, b"\0")[0] if options.get(53) else 0
    if kind not in _TYPES or (data[0] == 2) != (kind in _FROM_SERVER):
        return {}
    message = {"message": _TYPES[kind]}
    told = _server(data, options) if data[0] == 2 else _client(data, options)
    return words.said(message | told)


def _client(data: bytes, options: Mapping[int, bytes]) -> dict[str, str]:
    return {
        "owner": macs.of(data[28:34]),
        "address": words.address(data[12:16]) or words.address(options.get(50, b"")),
        "name": words.text(options.get(12, b"")),
        "full-name": words.text(options.get(81, b"")[3:]),
        "class": words.text(options.get(60, b"")),
        "client-id": options.get(61, b"")[:64].hex(),
        # The order in which options are asked for tells operating systems apart.
        "asks": ",".join(str(number) for number in options.get(55, b"")),
        "relay": words.address(data[24:28]),
    }


def _server(data: bytes, options: Mapping[int, bytes]) -> dict[str, str]:
    lease = options.get(51, b"")
    return {
        "server": words.address(options.get(54, b"")),
        "router": words.listed(words.addresses(options.get(3, b""))),
        "dns": words.listed(words.addresses(options.get(6, b""))),
        "domain": words.text(options.get(15, b"")),
        "lease_s": str(int.from_bytes(lease)) if len(lease) == 4 else "",
        "boot-file": words.text(options.get(67, b"")),
        "client": macs.of(data[28:34]),
        "client-address": words.address(data[16:20]),
    }


def _options(data: bytes) -> dict[int, bytes]:
    """Return options by number: 0 is padding, 255 the end; a cut one ends it, too."""
    found: dict[int, bytes] = {}
    at = 0
    while at < len(data) and data[at] != 255:
        if data[at] == 0:
            at += 1
            continue
        length = data[at + 1] if at + 1 < len(data) else 0
        value = data[at + 2 : at + 2 + length]
        if at + 2 > len(data) or len(value) < length:
            break
        found[data[at]] = found.get(data[at], b"") + value
        at += 2 + length
    return found
