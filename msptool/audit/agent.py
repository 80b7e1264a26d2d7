"""Turn an SNMP agent's rows into what it says of itself. Pure; rows are untrusted."""

import re
from collections.abc import Mapping

from msptool.audit import mib
from msptool.audit.asset import Interface, Neighbour, Snmp, Supply, Ups
from msptool.audit.mib import Rows


def read(rows: Rows, *, communities: tuple[str, ...], complete: bool, evidence: str) -> Snmp:
    """Return all that the standard MIBs say in these rows."""
    uptime = mib.number(rows, mib.SYS_UPTIME)
    names = _interface_names(rows)
    return Snmp(
        communities=communities,
        descr=mib.text(rows, mib.SYS_DESCR),
        object_id=mib.identifier(rows, mib.SYS_OBJECT_ID),
        uptime_s=None if uptime is None else uptime / 100,
        complete=complete,
        interfaces=_interfaces(rows, names),
        neighbours=_neighbours(rows),
        stations=_stations(rows, names),
        ups=_ups(rows),
        supplies=_supplies(rows),
        evidence=evidence,
    )


def _interface_names(rows: Rows) -> dict[int, str]:
    """Return ifIndex to ifName, where it is empty or absent to ifDescr."""
    names: dict[int, str] = {}
    for column in (mib.IF_DESCR, mib.IF_NAME):
        for index, oid in mib.column(rows, column):
            names[index[0]] = mib.text(rows, oid) or names.get(index[0], "")
    return {index: name or f"ifIndex {index}" for index, name in names.items()}


def _interfaces(rows: Rows, names: Mapping[int, str]) -> tuple[Interface, ...]:
    return tuple(
        Interface(
            index=index,
            name=name,
            mac=mib.mac(mib.octets(rows.get(f"{mib.IF_MAC}.{index}"))),
            up=mib.number(rows, f"{mib.IF_OPER}.{index}") == 1,
            in_packets=_packets(rows, index),
            in_errors=mib.number(rows, f"{mib.IF_IN_ERRORS}.{index}"),
        )
        for index, name in sorted(names.items())
    )


# IANAifType-MIB: voiceEM to voiceOverIp are calls and lines, mpls is a layer on a port.
_NO_PORTS = frozenset({100, 101, 102, 103, 104, 166})
_NOT_PRESENT = 6  # ifOperStatus (RFC 2863): a place for a port or an aggregate without a member
_VIRTUAL = re.compile(r"virtual[ -]|voip-null|async\d|distributed virtual", re.IGNORECASE)


def present(rows: Rows) -> int:
    """Count the interfaces that are there: no empty places, calls, layers and templates."""
    indexes = {index[0] for index, _ in mib.column(rows, mib.IF_DESCR)}
    indexes = indexes or {index[0] for index, _ in mib.column(rows, mib.IF_NAME)}
    return sum(_is_present(rows, index) for index in indexes)


def _is_present(rows: Rows, index: int) -> bool:
    if mib.number(rows, f"{mib.IF_OPER}.{index}") == _NOT_PRESENT:
        return False
    if mib.number(rows, f"{mib.IF_TYPE}.{index}") in _NO_PORTS:
        return False
    name = mib.text(rows, f"{mib.IF_DESCR}.{index}")
    return not (_VIRTUAL.match(name) or "virtual interface" in name.lower())


def _packets(rows: Rows, index: int) -> int | None:
    """Return the 64-bit counter where there is one: 32 bits wrap in minutes on fast ports."""
    wide = mib.number(rows, f"{mib.IF_HC_IN_UCAST}.{index}")
    return mib.number(rows, f"{mib.IF_IN_UCAST}.{index}") if wide is None else wide


def _neighbours(rows: Rows) -> tuple[Neighbour, ...]:
    """Return LLDP's neighbours; the index is (time mark, local port number, row)."""
    local = _lldp_ports(rows, set(_interface_names(rows).values()))
    found = []
    for index, oid in mib.column(rows, mib.LLDP_REMOTE_CHASSIS):
        if len(index) != 3:
            continue
        tail = ".".join(map(str, index))
        chassis = mib.octets(rows.get(oid))
        found.append(
            Neighbour(
                port=local.get(index[1], f"port {index[1]}"),
                chassis=mib.mac(chassis) or chassis.decode("utf-8", "replace"),
                remote_port=_remote_port(rows, tail),
                name=mib.text(rows, f"{mib.LLDP_REMOTE_NAME}.{tail}"),
            )
        )
    return tuple(found)


def _remote_port(rows: Rows, tail: str) -> str:
    """Return the far port's id, its description where the id is a MAC (subtype 3).

    Six octets that are text are a name: many ports are called like "gi1/01", few MACs spell one.
    """
    ident = mib.octets(rows.get(f"{mib.LLDP_REMOTE_PORT}.{tail}"))
    try:
        text = ident.decode()
    except UnicodeDecodeError:
        text = ""
    if text and text.isprintable():
        return text
    return mib.text(rows, f"{mib.LLDP_REMOTE_PORT_DESCR}.{tail}") or mib.mac(ident)


def _lldp_ports(rows: Rows, names: set[str]) -> dict[int, str]:
    """Return LLDP's local port number to a name; the number is neither ifIndex nor bridge port.

    A port's id may be its MAC or a number; its description is then often the interface's name.
    """
    found = {}
    for index, oid in mib.column(rows, mib.LLDP_LOCAL_PORT_ID):
        ident = mib.text(rows, oid)
        described = mib.text(rows, f"{mib.LLDP_LOCAL_PORT_DESCR}.{index[0]}")
        found[index[0]] = described if ident not in names and described in names else ident
    return found


def _stations(rows: Rows, names: Mapping[int, str]) -> dict[str, str]:
    """Return MAC to the name of the port behind which a switch saw it.

    The table knows bridge ports; dot1dBasePortIfIndex maps them to interfaces: the numbers are
    equal on many switches and different on enough.
    """
    to_index = {
        index[0]: mib.number(rows, oid) for index, oid in mib.column(rows, mib.BASE_PORT_IFINDEX)
    }
    found = {}
    for column in (mib.FDB_PORT, mib.Q_FDB_PORT):
        for index, oid in mib.column(rows, column):
            port, station = mib.number(rows, oid), _station(index[-6:])
            if port and station:
                found[station] = names.get(to_index.get(port) or port, f"port {port}")
    return found


def _station(octets: tuple[int, ...]) -> str:
    """Return a learnt unicast MAC; not of groups, of VRRP, HSRP or GLBP (no machine's own)."""
    if len(octets) != 6 or any(octet > 255 for octet in octets) or octets[0] & 1:
        return ""
    found = mib.mac(bytes(octets))
    shared = ("00:00:5e:00:01", "00:00:5e:00:02", "00:00:0c:07:ac", "00:00:0c:9f:f", "00:07:b4")
    return "" if found.startswith(shared) else found


def _ups(rows: Rows) -> Ups | None:
    if not mib.has(rows, f"{mib.UPS}.2"):
        return None
    return Ups(
        battery=mib.number(rows, mib.UPS_BATTERY),
        on_battery_s=mib.number(rows, mib.UPS_SECONDS_ON),
        minutes=mib.number(rows, mib.UPS_MINUTES),
        charge_percent=mib.number(rows, mib.UPS_CHARGE),
    )


def _supplies(rows: Rows) -> tuple[Supply, ...]:
    found = []
    for index, oid in mib.column(rows, mib.SUPPLY_NAME):
        tail = ".".join(map(str, index))
        level = mib.number(rows, f"{mib.SUPPLY_LEVEL}.{tail}")
        maximum = mib.number(rows, f"{mib.SUPPLY_MAX}.{tail}")
        found.append(Supply(name=mib.text(rows, oid), level=level, maximum=maximum))
    return tuple(found)
