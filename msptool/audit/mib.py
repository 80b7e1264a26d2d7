"""What SNMP rows mean: the objects we ask for, by MIB, and typed readings of them. Pure.

Sources: SNMPv2-MIB (RFC 3418), IF-MIB (RFC 2863), BRIDGE-MIB (RFC 4188), Q-BRIDGE-MIB (RFC 4363),
LLDP-MIB (IEEE 802.1AB-2005), ENTITY-MIB (RFC 6933), Printer-MIB (RFC 3805), UPS-MIB (RFC 1628),
IP-MIB (RFC 4293), HOST-RESOURCES-MIB (RFC 2790), RMON2-MIB (RFC 4502), DOCS-CABLE-DEVICE-MIB
(RFC 4639).
"""

from collections.abc import Iterator, Mapping
from typing import TypeAlias

Rows: TypeAlias = Mapping[str, int | str]

SYS_DESCR = "1.3.6.1.2.1.1.1.0"
SYS_OBJECT_ID = "1.3.6.1.2.1.1.2.0"
SYS_UPTIME = "1.3.6.1.2.1.1.3.0"
SYS_NAME = "1.3.6.1.2.1.1.5.0"
SYS_SERVICES = "1.3.6.1.2.1.1.7.0"
ENTERPRISES = "1.3.6.1.4.1."

IF = "1.3.6.1.2.1.2.2.1"
IF_DESCR, IF_TYPE, IF_MAC, IF_OPER = f"{IF}.2", f"{IF}.3", f"{IF}.6", f"{IF}.8"
IF_IN_UCAST, IF_IN_ERRORS = f"{IF}.11", f"{IF}.14"
OWN_ADDRESS = "1.3.6.1.2.1.4.20.1.2"  # ipAdEntIfIndex: the index is an address of the agent's own
IFX = "1.3.6.1.2.1.31.1.1.1"
IF_NAME, IF_HC_IN_UCAST = f"{IFX}.1", f"{IFX}.7"

BASE_PORT_IFINDEX = "1.3.6.1.2.1.17.1.4.1.2"
FDB_PORT = "1.3.6.1.2.1.17.4.3.1.2"
Q_FDB_PORT = "1.3.6.1.2.1.17.7.1.2.2.1.2"

LLDP_LOCAL_PORT_ID = "1.0.8802.1.1.2.1.3.7.1.3"
LLDP_LOCAL_PORT_DESCR = "1.0.8802.1.1.2.1.3.7.1.4"
LLDP_REMOTE = "1.0.8802.1.1.2.1.4.1.1"
LLDP_REMOTE_CHASSIS, LLDP_REMOTE_PORT = f"{LLDP_REMOTE}.5", f"{LLDP_REMOTE}.7"
LLDP_REMOTE_PORT_DESCR, LLDP_REMOTE_NAME = f"{LLDP_REMOTE}.8", f"{LLDP_REMOTE}.9"

ENTITY = "1.3.6.1.2.1.47.1.1.1.1"
ENTITY_DESCR, ENTITY_IN, ENTITY_NAME = f"{ENTITY}.2", f"{ENTITY}.4", f"{ENTITY}.7"
ENTITY_CLASS, ENTITY_FIRMWARE, ENTITY_REVISION = f"{ENTITY}.5", f"{ENTITY}.9", f"{ENTITY}.10"
ENTITY_SERIAL, ENTITY_MAKER, ENTITY_MODEL = f"{ENTITY}.11", f"{ENTITY}.12", f"{ENTITY}.13"
CHASSIS, STACK = 3, 11

PRINTER_SERIAL = "1.3.6.1.2.1.43.5.1.1.17"
SUPPLY = "1.3.6.1.2.1.43.11.1.1"
SUPPLY_NAME, SUPPLY_MAX, SUPPLY_LEVEL = f"{SUPPLY}.6", f"{SUPPLY}.8", f"{SUPPLY}.9"

UPS = "1.3.6.1.2.1.33.1"
UPS_MAKER, UPS_MODEL, UPS_VERSION = f"{UPS}.1.1.0", f"{UPS}.1.2.0", f"{UPS}.1.3.0"
UPS_BATTERY, UPS_SECONDS_ON, UPS_MINUTES = f"{UPS}.2.1.0", f"{UPS}.2.2.0", f"{UPS}.2.3.0"
UPS_CHARGE = f"{UPS}.2.4.0"

HR_DEVICE_TYPE, HR_DEVICE_DESCR = "1.3.6.1.2.1.25.3.2.1.2", "1.3.6.1.2.1.25.3.2.1.3"
HR_PRINTER = "1.3.6.1.2.1.25.3.1.5"

PROBE_REVISION = "1.3.6.1.2.1.16.19.2"
DOCS_SERIAL, DOCS_VERSION = "1.3.6.1.2.1.69.1.1.4", "1.3.6.1.2.1.69.1.3.5"

# What is read here and by the witnesses, and no more: the columns of a table are asked together.
TABLES: tuple[tuple[str, ...], ...] = (
    (IF_DESCR, IF_TYPE, IF_MAC, IF_OPER, IF_IN_UCAST, IF_IN_ERRORS),
    (IF_NAME, IF_HC_IN_UCAST),
    (OWN_ADDRESS,),
    (BASE_PORT_IFINDEX,),
    (FDB_PORT,),
    (Q_FDB_PORT,),
    (LLDP_LOCAL_PORT_ID, LLDP_LOCAL_PORT_DESCR),
    (LLDP_REMOTE_CHASSIS, LLDP_REMOTE_PORT, LLDP_REMOTE_PORT_DESCR, LLDP_REMOTE_NAME),
    (ENTITY_DESCR, ENTITY_IN, ENTITY_CLASS, ENTITY_NAME, ENTITY_FIRMWARE, ENTITY_REVISION,
     ENTITY_SERIAL, ENTITY_MAKER, ENTITY_MODEL),
    (PRINTER_SERIAL,),
    (SUPPLY_NAME, SUPPLY_MAX, SUPPLY_LEVEL),
    (f"{UPS}.1", f"{UPS}.2"),
    (HR_DEVICE_TYPE, HR_DEVICE_DESCR),
    (PROBE_REVISION,),
    (DOCS_SERIAL, DOCS_VERSION),
)  # fmt: skip
SUBTREES = tuple(column for table in TABLES for column in table)


def text(rows: Rows, oid: str) -> str:
    """Return an octet string as text; "" where it is absent or of another type."""
    return _text(rows.get(oid))


def _text(value: int | str | None) -> str:
    return octets(value).decode("utf-8", "replace").strip("\0 \t\r\n")


def first(rows: Rows, oid: str) -> str:
    """Return what an object says, of a column its first row; numbers as text."""
    value = rows.get(oid)
    if value is None:
        value = next((rows[whole] for _, whole in column(rows, oid)), None)
    return str(value) if isinstance(value, int) else _text(value)


def octets(value: int | str | None) -> bytes:
    """Return the bytes of an octet string; b"" for all else."""
    return bytes.fromhex(value[2:]) if isinstance(value, str) and value.startswith("x:") else b""


def number(rows: Rows, oid: str) -> int | None:
    """Return an integer, None where it is absent or of another type."""
    value = rows.get(oid)
    return value if isinstance(value, int) else None


def identifier(rows: Rows, oid: str) -> str:
    """Return an object identifier, "" where it is absent or of another type."""
    value = rows.get(oid)
    return value[2:] if isinstance(value, str) and value.startswith("o:") else ""


def column(rows: Rows, oid: str) -> Iterator[tuple[tuple[int, ...], str]]:
    """Yield (index, whole OID) of a column's rows."""
    prefix = f"{oid}."
    for whole in rows:
        if whole.startswith(prefix):
            yield tuple(int(part) for part in whole[len(prefix) :].split(".")), whole


def mac(data: bytes) -> str:
    """Return six octets as aa:bb:cc:dd:ee:ff, those of a group, too; "" for other lengths and for
    all zeros.
    """
    return data.hex(":") if len(data) == 6 and any(data) else ""


def enterprise(rows: Rows) -> int | None:
    """Return the IANA enterprise number of sysObjectID; where a recording was made without it,
    the one number below which anything was answered.
    """
    oid = identifier(rows, SYS_OBJECT_ID)
    if oid:
        return int(oid[len(ENTERPRISES) :].split(".")[0]) if oid.startswith(ENTERPRISES) else None
    below = answered(rows)
    return below.pop() if len(below) == 1 else None


def answered(rows: Rows) -> set[int]:
    """Return the enterprise numbers below which anything was answered."""
    start = len(ENTERPRISES)
    oids = (oid for oid in rows if oid.startswith(ENTERPRISES))
    return {int(oid[start : oid.find(".", start)]) for oid in oids if "." in oid[start:]}


def has(rows: Rows, oid: str) -> bool:
    """Tell whether anything of a subtree was answered."""
    return any(whole == oid or whole.startswith(f"{oid}.") for whole in rows)
