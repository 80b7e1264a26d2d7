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


# Devices behind these print, move, measure or treat what they are sent: no byte is ever written to
# them. Printers' raw ports and LPD; Siemens S7, Modbus, Crimson, Foundation Fieldbus, Niagara Fox,
# PCWorx, IEC 104, CODESYS, OPC UA, MELSEC, HART-IP, FINS, GE SRTP, DNP3, ProConOS, PROFINET,
# EtherNet/IP, BACnet; DICOM and HL7; serial servers of Moxa, which pass all on.
# (UDP's share of them is in no table of questions.)
FRAGILE = frozenset(
    {102, 104, 502, 503, 515, 789, 1089, 1090, 1091, 1911, 1962, 2404, 2455, 2575, 2761, 2762,
     4001, 4002, 4840, 4843, 4911, 5006, 5007, 5094, 9600, 11112, 18245, 18246, 20000,
     20547, 34962, 34963, 34964, 44818, 47808, *range(9100, 9108)}
)  # fmt: skip

# Of printers and print servers: their further raw ports, on which some print whatever comes
# (nmap issues 2237 and 3174). Elsewhere other things listen there, and are asked.
PRINTS = frozenset({515, 631, *range(9100, 9108)})
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
