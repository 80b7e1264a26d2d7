"""Read a device's nameplate from its SNMP rows: vendor, model, version, serial, kind. Pure.

Witnesses are asked in order of trust; no answer is better than a wrong one.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from msptool.audit import families, mib
from msptool.audit.families import Family
from msptool.audit.mib import Rows
from msptool.audit.vendors import BY_ENTERPRISE


@dataclass(frozen=True)
class Nameplate:
    """What a device says it is; "" where it does not say."""

    vendor: str = ""
    model: str = ""
    version: str = ""
    serial: str = ""
    name: str = ""
    kind: str = ""


# What makers leave where a serial should be; compared in upper case without punctuation.
_JUNK = frozenset(
    {
        "", "NA", "NONE", "NULL", "UNKNOWN", "EMPTY", "NOTSET", "NOTSPECIFIED", "NOTPRESENT",
        "NOTAVAILABLE", "NOTAPPLICABLE", "DEFAULTSTRING", "TOBEFILLEDBYOEM", "SYSTEMSERIALNUMBER",
        "CHASSISSERIALNUMBER", "BASEBOARDSERIALNUMBER", "SERIAL", "SERIALNO", "OEM", "INVALID",
        "OUTOFSPEC", "BADINDEX", "0123456789", "123456789", "1234567890", "12345678", "1234567",
    }
)  # fmt: skip


def is_junk(serial: str) -> bool:
    """Tell whether a serial names no machine: a placeholder, one repeated sign, under 4 signs."""
    plain = re.sub(r"[^0-9A-Z]", "", serial.upper())
    return plain in _JUNK or len(plain) < 4 or len(set(plain)) == 1


def read(rows: Rows, known: Iterable[Family]) -> Nameplate:
    """Return what the rows say: standard MIBs first, then what the family tells where."""
    chassis = _chassis(rows)
    family = families.find(rows, known)
    vendor = _vendor(rows, chassis, family)
    serial = _first(
        _entity(rows, chassis, mib.ENTITY_SERIAL),
        *(mib.text(rows, oid) for _, oid in mib.column(rows, mib.PRINTER_SERIAL)),
        family.says(rows, "serial") if family else "",
    )
    return Nameplate(
        vendor=vendor,
        model=_model(rows, chassis, family, vendor),
        version=_version(rows, chassis, family),
        serial="" if is_junk(serial) else serial,
        name=mib.text(rows, mib.SYS_NAME),
        kind=_kind(rows, family),
    )


def _first(*answers: str) -> str:
    return next((answer for answer in answers if answer), "")


def _chassis(rows: Rows) -> str:
    """Return the ENTITY-MIB index of the chassis; a stack's row only where nothing is better."""
    classes = {index: mib.number(rows, oid) for index, oid in mib.column(rows, mib.ENTITY_CLASS)}
    for wanted in (mib.CHASSIS, mib.STACK):
        for index, kind in sorted(classes.items()):
            if kind == wanted:
                return ".".join(map(str, index))
    return ""


def _entity(rows: Rows, chassis: str, column: str) -> str:
    return mib.text(rows, f"{column}.{chassis}") if chassis else ""


def _vendor(rows: Rows, chassis: str, family: Family | None) -> str:
    return _first(
        family.vendor if family else "",
        BY_ENTERPRISE.get(mib.enterprise(rows) or 0, ""),
        _entity(rows, chassis, mib.ENTITY_MAKER),
        mib.text(rows, mib.UPS_MAKER),
    )


def _model(rows: Rows, chassis: str, family: Family | None, vendor: str) -> str:
    model = _first(
        _entity(rows, chassis, mib.ENTITY_MODEL),
        family.says(rows, "model") if family else "",
        mib.text(rows, mib.UPS_MODEL),
        _printer(rows),
    )
    return re.sub(rf"^{re.escape(vendor)} ", "", model, flags=re.IGNORECASE) if vendor else model


def _printer(rows: Rows) -> str:
    """Return hrDeviceDescr of the device whose type is a printer (RFC 2790)."""
    for index, oid in mib.column(rows, mib.HR_DEVICE_TYPE):
        if mib.identifier(rows, oid) == f"{mib.HR_PRINTER}":
            return mib.text(rows, f"{mib.HR_DEVICE_DESCR}.{index[0]}")
    return ""


def _version(rows: Rows, chassis: str, family: Family | None) -> str:
    return _first(
        _entity(rows, chassis, mib.ENTITY_REVISION),
        (family.says(rows, "version") if family else "").removeprefix("DSM "),
        mib.text(rows, mib.UPS_VERSION),
        _in_descr(mib.text(rows, mib.SYS_DESCR)),
    )


def _in_descr(descr: str) -> str:
    """Return what follows the last word "Version" in sysDescr: the OS's comes first, if both."""
    found = re.findall(r"\bversion:?\s+v?(\d[\w.()-]*)", descr, re.IGNORECASE)
    return found[-1].rstrip(".,") if found else ""


def _kind(rows: Rows, family: Family | None) -> str:
    """Return what sort of thing it is: by the MIBs only such things answer, then by family."""
    if mib.has(rows, "1.3.6.1.2.1.43"):
        return "printer"
    if mib.has(rows, mib.UPS):
        return "power"
    enterprise = mib.enterprise(rows)
    if family is None and enterprise in (8072, 311):
        return "server"
    kind = family.kind if family else "network" if enterprise in BY_ENTERPRISE else ""
    return _network(rows) if kind == "network" else kind


def _network(rows: Rows) -> str:
    """Tell switches by their bridge table, routers by layer 3 in sysServices (RFC 3418)."""
    if mib.has(rows, mib.BASE_PORT_IFINDEX):
        return "switch"
    routes = (mib.number(rows, mib.SYS_SERVICES) or 0) & 0b100
    return "router" if routes else "network"
