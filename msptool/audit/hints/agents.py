"""Addresses that agents know: their ARP tables, their own, and those of their neighbours. Pure.

Sources: IP-MIB (RFC 4293: ipNetToPhysicalTable, ipAddressTable; RFC 1213: ipNetToMediaTable,
ipAddrTable, atTable), INET-ADDRESS-MIB (RFC 4001: an address in an index stands behind its type
and length), LLDP-MIB (IEEE 802.1AB-2005: lldpRemManAddrTable), CISCO-CDP-MIB (cdpCacheTable).
"""

import ipaddress
from collections.abc import Iterator, Mapping, Sequence

from msptool.audit import mib
from msptool.audit.hints.leads import Lead, lead
from msptool.audit.mib import Rows

NET_TO_MEDIA = "1.3.6.1.2.1.4.22.1"
NET_TO_PHYSICAL = "1.3.6.1.2.1.4.35.1"
AT = "1.3.6.1.2.1.3.1.1.2"
ADDR = "1.3.6.1.2.1.4.20.1.1"
ADDRESS = "1.3.6.1.2.1.4.34.1.3"
LLDP_MANAGEMENT = "1.0.8802.1.1.2.1.4.2.1.3"
CDP = "1.3.6.1.4.1.9.9.23.1.2.1.1"
# What discovery wants to be asked beyond mib.TABLES: the columns of a table are asked together.
TABLES = (
    (f"{NET_TO_MEDIA}.2", f"{NET_TO_MEDIA}.4"),
    (f"{NET_TO_PHYSICAL}.4", f"{NET_TO_PHYSICAL}.6", f"{NET_TO_PHYSICAL}.7"),
    (AT,),
    (ADDR,),
    (ADDRESS,),
    (LLDP_MANAGEMENT,),
    (f"{CDP}.3", f"{CDP}.4", f"{CDP}.6"),
)
_INVALID = 2  # of ipNetToMediaType and ipNetToPhysicalType
_DEAD_STATES = (5, 7)  # ipNetToPhysicalState: invalid, incomplete
_LENGTHS = {4: 4, 16: 16, 8: 4, 20: 16}  # of an index; the long ones end in a zone


def leads(rows: Rows) -> Mapping[str, Sequence[Lead]]:
    """Return what an agent's rows tell, by source: snmp:arp, snmp:address, snmp:lldp, snmp:cdp."""
    return {
        "snmp:arp": [*_media(rows), *_physical(rows), *_translated(rows)],
        "snmp:address": [*_own(rows)],
        "snmp:lldp": [*_lldp(rows)],
        "snmp:cdp": [*_cdp(rows)],
    }


def _media(rows: Rows) -> Iterator[Lead]:
    """Index: ifIndex, four numbers of the address."""
    for index, oid in mib.column(rows, f"{NET_TO_MEDIA}.2"):
        kind = rows.get(f"{NET_TO_MEDIA}.4.{_joined(index)}")
        if len(index) == 5 and kind != _INVALID:
            yield from _lead(index[1:], mib.octets(rows[oid]))


def _physical(rows: Rows) -> Iterator[Lead]:
    """Index: ifIndex, type, length, the address."""
    for index, oid in mib.column(rows, f"{NET_TO_PHYSICAL}.4"):
        kind = rows.get(f"{NET_TO_PHYSICAL}.6.{_joined(index)}")
        state = rows.get(f"{NET_TO_PHYSICAL}.7.{_joined(index)}")
        if kind != _INVALID and state not in _DEAD_STATES:
            yield from _lead(_counted(index[2:]), mib.octets(rows[oid]))


def _translated(rows: Rows) -> Iterator[Lead]:
    """Index: ifIndex, 1 (an IP address), four numbers of it."""
    for index, oid in mib.column(rows, AT):
        if len(index) == 6 and index[1] == 1:
            yield from _lead(index[2:], mib.octets(rows[oid]))


def _own(rows: Rows) -> Iterator[Lead]:
    for index, _ in mib.column(rows, ADDR):
        if len(index) == 4:
            yield from _lead(index)
    for index, _ in mib.column(rows, ADDRESS):
        yield from _lead(_counted(index[1:]))


def _lldp(rows: Rows) -> Iterator[Lead]:
    """Index: time, local port, number, family (1 IPv4, 2 IPv6), length, the address."""
    for index, _ in mib.column(rows, LLDP_MANAGEMENT):
        if len(index) > 5 and index[3] in (1, 2):
            name = mib.text(rows, f"{mib.LLDP_REMOTE_NAME}.{_joined(index[:3])}")
            yield from _lead(_counted(index[4:]), name=name)


def _cdp(rows: Rows) -> Iterator[Lead]:
    """An address is an octet string here, of type 1 (IP) four of them."""
    for index, oid in mib.column(rows, f"{CDP}.4"):
        kind = rows.get(f"{CDP}.3.{_joined(index)}", 1)
        octets = mib.octets(rows[oid])
        if len(octets) == 16 or (kind == 1 and len(octets) == 4):
            name = mib.text(rows, f"{CDP}.6.{_joined(index)}")
            yield from _lead(tuple(octets), name=name)


def _lead(numbers: Sequence[int], octets: bytes = b"", name: str = "") -> Iterator[Lead]:
    if len(numbers) not in (4, 16) or not all(0 <= number < 256 for number in numbers):
        return
    found = lead(str(ipaddress.ip_address(bytes(numbers))), mib.mac(octets), name)
    if found is not None:
        yield found


def _counted(index: Sequence[int]) -> Sequence[int]:
    """Return the numbers of an address that stands behind its length; () for what is none."""
    length = index[0] if index else 0
    return index[1 : 1 + _LENGTHS[length]] if _LENGTHS.get(length) and len(index) > length else ()


def _joined(index: Sequence[int]) -> str:
    return ".".join(map(str, index))
