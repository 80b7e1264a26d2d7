"""SSDP: what UPnP devices announce. Pure; untrusted.

Source: UPnP Device Architecture 1.1, 1.2.2 (NOTIFY with ssdp:alive). LOCATION is kept as said; it
is for a probe, which asks the gate, to follow or not.
"""

import re

from msptool.audit.heard import words

_MOST_LINES = 40
_UUID = re.compile(r"uuid:([0-9A-Za-z-]{1,64})", re.IGNORECASE)


def read(data: bytes) -> dict[str, str]:
    """Return what an announcement says; {} for one that takes leave or is none."""
    lines = data.split(b"\n", _MOST_LINES)
    if lines[0].split()[:2] != [b"NOTIFY", b"*"]:
        return {}
    headers: dict[bytes, str] = {}
    for line in lines[1:_MOST_LINES]:
        name, colon, value = line.partition(b":")
        if colon:
            headers.setdefault(name.strip().upper(), words.text(value))
    if headers.get(b"NTS", "").lower() != "ssdp:alive":
        return {}
    uuid = _UUID.match(headers.get(b"USN", ""))
    return words.said(
        {
            "type": headers.get(b"NT", ""),
            "uuid": uuid[1].lower() if uuid else "",
            "server": headers.get(b"SERVER", ""),
            "location": headers.get(b"LOCATION", ""),
        }
    )
