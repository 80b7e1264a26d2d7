"""A Zabbix agent's version and host name, where it lets us ask; often it lets only its server.

Source: Zabbix manual, "Zabbix agent protocol": ZBXD, flags 1, length, value.
"""

import struct
from collections.abc import Mapping

from msptool.audit.probes.probe import Ask, Probe, Talk, counted, told

_WHOLE = counted(5, 4, plus=13, little=True)
_REFUSED = b"ZBX_NOTSUPPORTED"


def talk(host: str) -> Talk:
    """Ask for the version: one key a connection is all that the protocol allows."""
    key = b"agent.version"
    yield Ask(b"ZBXD\x01" + struct.pack("<Q", len(key)) + key, _WHOLE)


def parse(said: bytes) -> Mapping[str, str]:
    """Return the version of a whole answer."""
    if said[:5] != b"ZBXD\x01" or len(said) < 13 or not _WHOLE(said):
        return {}
    value = said[13 : 13 + int.from_bytes(said[5:9], "little")]
    version = b"" if value.startswith(_REFUSED) else value
    return told("zabbix-agent", product="Zabbix agent", version=version)


PROBE = Probe("zabbix-agent", parse, talk)
