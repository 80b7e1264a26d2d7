"""Memcached's `version` (its doc/protocol.txt)."""

import re
from collections.abc import Mapping

from msptool.audit.probes.probe import Ask, Probe, Question, asking, ended, told

_UDP_HEADER = bytes.fromhex("4d53000000010000")  # request id, number 0 of 1, reserved


def parse(said: bytes) -> Mapping[str, str]:
    """Return the version of `VERSION x`."""
    found = re.match(rb"VERSION ([\w.+-]{1,40})\r\n", said)
    return told("memcached", product="memcached", version=found[1]) if found else {}


def datagram(said: bytes) -> Mapping[str, str]:
    """Return the version behind the header of UDP."""
    return parse(said[8:]) if said[:2] == _UDP_HEADER[:2] else {}


PROBE = Probe("memcached", parse, asking(Ask(b"version\r\n", ended(b"\r\n"))))
UDP = Question("memcached", _UDP_HEADER + b"version\r\n", datagram)
