"""What sort of thing a device is: by the MIBs that only such things answer, by its family, by words
of sysDescr, and else by what its maker mostly makes. Pure but for reading what ships.
"""

import functools
import re
from collections.abc import Mapping

import msgspec

from msptool import shipped, yaml12
from msptool.audit import mib, witness
from msptool.audit.families import Family
from msptool.audit.mib import Rows

PRINTER_MIB = "1.3.6.1.2.1.43"
_WORDS = (
    ("power", r"\b(?:UPS|PDU|rectifier|inverter|power (?:system|supply|distribution)|ATS)\b"),
    ("firewall", r"\b(?:firewall|UTM|security gateway|FortiGate|pfSense|OPNsense)\b"),
    ("wireless", r"\b(?:access point|wireless|WLAN|Wi-?Fi|802\.11\w*|radio link|microwave)\b"),
    ("environment", r"\b(?:temperature|humidity|environment\w*|sensor (?:gateway|hub))\b"),
    ("storage", r"\b(?:NAS|SAN|RAID|tape library|storage|disk array)\b"),
    ("printer", r"\b(?:printer|LaserJet|JetDirect|MFP|print server)\b"),
    ("network", r"\b(?:switch|router|gateway|OLT|DSLAM|multiplexer|modem)\b"),
    ("server", r"\b(?:BMC|iDRAC|iLO|IPMI|hypervisor|ESXi|Windows)\b"),
)


def of(rows: Rows, family: Family | None, model: str) -> str:
    """Return the kind; "" where nothing tells."""
    if mib.has(rows, f"{PRINTER_MIB}.11") or mib.first(rows, mib.PRINTER_SERIAL):
        return "printer"
    if family is not None and family.kind:
        kind = family.kind_of(rows, model)
    elif mib.has(rows, mib.UPS):
        return "power"
    else:
        kind = _told(rows) or _of_maker(rows)
    return _network(rows) if kind == "network" else kind


def _told(rows: Rows) -> str:
    text = mib.text(rows, mib.SYS_DESCR)
    return next((kind for kind, words in _WORDS if re.search(words, text, re.IGNORECASE)), "")


def _of_maker(rows: Rows) -> str:
    number = mib.enterprise(rows)
    if number in witness.AGENTS:
        return "server"
    known = _by_maker().get(number or 0, "")
    return known or ("network" if number else "")


@functools.cache
def _by_maker() -> Mapping[int, str]:
    path = shipped.folder("profiles") / "kinds.yaml"
    data = yaml12.load(path.read_bytes(), file=path.name).data
    known = msgspec.convert(data, dict[str, list[int]])
    return {number: kind for kind, numbers in known.items() for number in numbers}


def _network(rows: Rows) -> str:
    """Tell switches by their bridge table, routers by layer 3 in sysServices (RFC 3418)."""
    if mib.has(rows, mib.BASE_PORT_IFINDEX):
        return "switch"
    routes = (mib.number(rows, mib.SYS_SERVICES) or 0) & 0b100
    return "router" if routes else "network"
