"""What sort of thing a device is: by the MIBs that only such things answer, by its family, by words
of sysDescr, and else by what its maker mostly makes. Pure but for reading what ships.
"""

import re

from msptool.audit import mib, tables
from msptool.audit.families import Family
from msptool.audit.mib import Rows
from msptool.audit.vendors import AGENTS

# All that anything may be called: families, makers, clues, open ports and SNMP say no other word.
KINDS = frozenset(
    {"router", "switch", "network", "firewall", "wireless", "server", "storage", "workstation",
     "printer", "power", "environment", "camera", "phone"}
)  # fmt: skip

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
    if mib.has(rows, mib.SUPPLY) or mib.first(rows, mib.PRINTER_SERIAL):
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
    if number in AGENTS:
        return "server"
    known = tables.makers().get(number or 0)
    return known.kind if known else ("network" if number else "")


def _network(rows: Rows) -> str:
    """Tell switches by their bridge table, routers by layer 3 in sysServices (RFC 3418)."""
    if mib.has(rows, mib.BASE_PORT_IFINDEX):
        return "switch"
    routes = (mib.number(rows, mib.SYS_SERVICES) or 0) & 0b100
    return "router" if routes else "network"
