"""The ports we look at: what an engineer must know of in an office network, each with its reason.

nmap's top 1000 misses many of these (Proxmox, WinRM, Redis, 1C, Dahua …) and spends most of its
packets on ports no office has. The list is data: profiles/probes/ports.tsv.
"""

import functools
from collections.abc import Collection, Mapping
from typing import NamedTuple

from msptool import shipped
from msptool.errors import UsageError

_LAST = 65535


class Known(NamedTuple):
    """What usually listens on a port, and why we look there."""

    service: str
    reason: str


@functools.cache
def tcp() -> Mapping[int, Known]:
    """Return our list of TCP ports."""
    text = (shipped.folder("profiles") / "probes" / "ports.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if not line.startswith("#"))
    return {int(port): Known(service, reason) for port, service, reason in rows}


# What moves or measures, by IANA's registry and the makers' manuals; serial servers of Moxa pass
# all on.
CONTROLLERS: Mapping[int, str] = {
    102: "s7", 502: "modbus", 503: "modbus", 789: "red lion", 1089: "fieldbus",
    1090: "fieldbus", 1091: "fieldbus", 4001: "moxa serial", 4002: "moxa serial",
    4843: "opc ua tls", 5094: "hart-ip", 18246: "ge srtp", 34962: "profinet",
    34963: "profinet", 34964: "profinet", 1911: "niagara fox", 1962: "pcworx",
    2404: "iec-104", 2455: "codesys", 4840: "opc ua", 4911: "niagara fox tls",
    5006: "melsec", 5007: "melsec", 9600: "omron fins", 18245: "ge srtp", 20000: "dnp3",
    20547: "proconos", 44818: "ethernet/ip", 47808: "bacnet",
}  # fmt: skip
# What treats people.
MEDICAL: Mapping[int, str] = {
    104: "dicom", 2575: "hl7", 2761: "dicom", 2762: "dicom tls", 11112: "dicom",
}  # fmt: skip
_PRINTS_ALL = frozenset({515, *range(9100, 9108)})  # LPD, and printers' raw ports

# Devices behind these print, move, measure or treat what they are sent: no byte is ever written to
# them. (UDP's share of them is in no table of questions.)
FRAGILE = frozenset({*CONTROLLERS, *MEDICAL, *_PRINTS_ALL})

# Of printers and print servers: their further raw ports, on which some print whatever comes
# (nmap issues 2237 and 3174). Elsewhere other things listen there, and are asked.
PRINTS = _PRINTS_ALL | {631}
OF_PRINTERS = frozenset({9110, *range(9112, 9117), 9220, 9290, 9999})

# Services of a private protocol that answer nothing but it: asking them in every other costs a
# minute a port and gives no name, so the table's own word must do. They are only listened to; so is
# 10001, on which Lantronix' serial servers pass all bytes on.
SILENT = frozenset(
    {1540, 1541, 1545, 1550, *range(1560, 1592), 2500, 2501, *range(6160, 6191), 8291, 8728, 9392,
     9393, 9501, 10001, 10050, 10051, 34567, 37777}
)  # fmt: skip

# Ports where TLS speaks first.
TLS_FIRST = frozenset(
    {443, 444, 465, 636, 664, 853, 943, 981, 987, 990, 992, 993, 995, 2083, 2087, 2376, 3269,
     4343, 4443, 5001, 5061, 5358, 5480, 5671, 5986, 6380, 6443, 6514, 6516, 6547, 6697, 7002,
     7443, 8006, 8007, 8333, 8443, 8444, 8531, 8729, 8834, 8843, 8883, 9081, 9401, 9419, 9443,
     10250, 10443, 13000, 13291, 13299, 16993, 55443}
)  # fmt: skip


def wanted(extra: Collection[int], chosen: str = "") -> tuple[int, ...]:
    """Return the ports to look at, in order: our own and the profile's, or those that are chosen
    instead, as "22,80,8000-8100". Raises UsageError for words that name no ports.
    """
    if not chosen:
        return tuple(sorted({*tcp(), *extra}))
    return tuple(sorted({port for word in chosen.split(",") for port in _range(word.strip())}))


def _range(word: str) -> range:
    first, dash, last = word.partition("-")
    plain = first.isascii() and first.isdecimal() and (last.isdecimal() or not dash)
    low, high = (int(first), int(last or first)) if plain and len(word) <= 11 else (0, 0)
    if not 1 <= low <= high <= _LAST:
        raise UsageError(
            "usage.ports",
            f"{word!r} is no port between 1 and {_LAST}",
            hint="--ports 22,80,8000-8100; 1-65535 are all",
        )
    return range(low, high + 1)


def untouchable(open_ports: Collection[int]) -> frozenset[int]:
    """Return the ports of a host that must not be written to, by what else is open there."""
    return FRAGILE | OF_PRINTERS if PRINTS.intersection(open_ports) else FRAGILE
