"""MySQL and MariaDB greet with their version. Source: MySQL internals, Protocol::HandshakeV10."""

import re
from collections.abc import Mapping

from msptool.audit.probes.probe import Probe, counted, listening, told

_WHOLE = counted(0, 3, plus=4, little=True)


def parse(said: bytes) -> Mapping[str, str]:
    """Return version and plugin of a greeting that is one whole packet, number 0; or its refusal.

    Redis's `$66\\r\\n` has a 10 in the same place: so the count must fit, and the version be one.
    """
    if len(said) < 5 or said[3] != 0 or not _WHOLE(said):
        return {}
    body = said[4 : 4 + int.from_bytes(said[:3], "little")]
    if body[:1] == b"\xff" and len(body) > 3:
        refused = re.search(rb"(?:Host|Too many|is blocked|not allowed)[ -~]*", body[3:])
        return told("mysql", refused=refused[0]) if refused else {}
    greeting = re.match(rb"\x0a((?:5\.5\.5-)?\d{1,3}\.\d[ -~]{0,100})\0", body)
    if greeting is None:
        return {}
    version = greeting[1].removeprefix(b"5.5.5-")
    plugin = re.search(rb"([a-z0-9_]{8,40})\0\Z", body)
    product = "MariaDB" if b"mariadb" in version.lower() else "MySQL"
    return told("mysql", product=product, version=version, auth=plugin[1] if plugin else b"")


PROBE = Probe("mysql", parse, listening(_WHOLE))
