"""What identity probes tell of vendor, model, version, serial, name, system and kind. Pure.

SNMP is believed before them where it says something; `spoken` may know more of single protocols.
"""

from collections.abc import Iterator
from typing import NamedTuple

from msptool.audit.facts import Told

_LONGEST = {"name": 255}
# (probe, key): what field it tells, and how far it is believed beside the others.
_TABLE: dict[tuple[str, str], tuple[str, float]] = {
    ("ntlm", "name"): ("name", 0.9), ("smb", "name"): ("name", 0.9),
    ("rdp", "name"): ("name", 0.9), ("nbns", "name"): ("name", 0.8),
    ("mdns", "name"): ("name", 0.7), ("wsd", "name"): ("name", 0.6),
    ("ssdp", "name"): ("name", 0.4), ("ipp", "name"): ("name", 0.4),
    ("redfish", "serial"): ("serial", 0.85), ("redfish", "model"): ("model", 0.85),
    ("redfish", "manufacturer"): ("vendor", 0.85), ("redfish", "vendor"): ("vendor", 0.8),
    ("redfish", "version"): ("version", 0.7),
    ("ipp", "serial"): ("serial", 0.8), ("ipp", "make_and_model"): ("model", 0.8),
    ("ipp", "firmware"): ("version", 0.7), ("ipp", "manufacturer"): ("vendor", 0.8),
    ("ssdp", "serial"): ("serial", 0.7), ("ssdp", "model"): ("model", 0.7),
    ("ssdp", "manufacturer"): ("vendor", 0.7), ("mdns", "model"): ("model", 0.6),
    ("wsd", "model"): ("model", 0.6), ("http", "model"): ("model", 0.5),
    ("http", "serial"): ("serial", 0.6), ("http", "version"): ("version", 0.5),
    ("http", "vendor"): ("vendor", 0.5), ("engine-id", "vendor"): ("vendor", 0.4),
    ("ssh", "os"): ("os", 0.5), ("smb", "os"): ("os", 0.6), ("ntlm", "os"): ("os", 0.6),
}  # fmt: skip


class Hint(NamedTuple):
    """What one probe says of one field, and how far it is believed, from 0 to 1."""

    field: str
    value: str
    probe: str
    confidence: float


def hints(told: Told) -> Iterator[Hint]:
    """Yield what a probe's answer tells; long values are cut."""
    for key, text in told.values.items():
        known = _TABLE.get((told.probe, key))
        value = str(text).strip()[: _LONGEST.get(key, 120)]
        if known and value:
            yield Hint(known[0], value, told.probe, known[1])
    if told.probe == "ipp":
        yield Hint("type", "printer", "ipp", 0.7)
    if told.probe == "redfish":
        yield Hint("type", "server", "redfish", 0.6)
