"""The git daemon: does it answer, and does it give its root away. Source: gitprotocol-pack.

One request for a repository at the root, of which nothing is fetched.
"""

import re
from collections.abc import Mapping

from msptool.audit.probes.probe import Ask, Probe, Talk, told


def talk(host: str) -> Talk:
    """Ask for the repository `/` in one packet line."""
    words = b"git-upload-pack /\0host=" + host.encode() + b"\0"
    yield Ask(b"%04x" % (len(words) + 4) + words, whole)


def whole(said: bytes) -> bool:
    """The first packet line has come, which counts its bytes in four hexadecimal digits."""
    return bool(re.match(rb"[0-9a-f]{4}", said)) and len(said) >= int(said[:4], 16)


def parse(said: bytes) -> Mapping[str, str]:
    """Return whether it refused or listed references."""
    if not whole(said):
        return {}
    line = said[4 : int(said[:4], 16)]
    if line.startswith(b"ERR "):
        return told("git", access="refused")
    return told("git", access="open") if re.match(rb"[0-9a-f]{40} [^\0]+\0", line) else {}


PROBE = Probe("git", parse, talk)
