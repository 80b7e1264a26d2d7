"""A UPS daemon's version and its UPSs (Network UPS Tools). Source: RFC 9271, 4."""

import re
from collections.abc import Mapping

from msptool.audit.probes.probe import Ask, Probe, Talk, ended, listed, text, told


def talk(host: str) -> Talk:
    """Ask for the version and the list; neither needs a login, and neither changes anything."""
    if (yield Ask(b"VER\n", ended(b"\n"))):
        yield Ask(b"LIST UPS\n", ended(b"END LIST UPS\n"))


def parse(said: bytes) -> Mapping[str, str]:
    """Return the version, and the UPSs with their descriptions."""
    version = re.match(rb"Network UPS Tools upsd ([\w.+-]{1,40})[^\n]{0,200}\n", said)
    if version is None:
        return {}
    listing = re.findall(rb'^UPS ([\w-]{1,60}) "([^"\n]{0,100})"\n', said, re.MULTILINE)
    shown = [f"{text(name)} ({text(about)})" for name, about in listing[:20]]
    return told("nut", product="Network UPS Tools", version=version[1], ups=listed(shown))


PROBE = Probe("nut", parse, talk)
