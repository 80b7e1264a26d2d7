"""RTSP OPTIONS, and the realm in which DESCRIBE is refused: cameras. Source: RFC 2326, 10.1, 10.2.

Nothing is played. The realm of a camera is often its model or its name.
"""

import re
from collections.abc import Mapping

from msptool.audit.probes.probe import Ask, Probe, Talk, ended, lines, text, told


def talk(host: str) -> Talk:
    """Ask what it can do, and what it shows."""
    named = f"[{host}]" if ":" in host else host
    for number, verb in enumerate(("OPTIONS", "DESCRIBE"), 1):
        ask = f"{verb} rtsp://{named}/ RTSP/1.0\r\nCSeq: {number}\r\nUser-Agent: msptool\r\n\r\n"
        if not (yield Ask(ask.encode(), ended(b"\r\n\r\n"))):
            return


def parse(said: bytes) -> Mapping[str, str]:
    """Return server, verbs and realm."""
    if not re.match(rb"RTSP/1\.[01] \d{3}[^\r\n]{0,200}\r\n", said):
        return {}
    values: dict[str, str] = {}
    for line in lines(said)[:120]:
        name, _, value = line.partition(b":")
        key = text(name).lower()
        realm = re.search(rb'realm="([^"]{1,200})"', value)
        if key in ("server", "public"):
            values.setdefault(key, text(value))
        elif key == "www-authenticate" and realm:
            values.setdefault("realm", text(realm[1]))
    return told("rtsp", **values)


PROBE = Probe("rtsp", parse, talk)
