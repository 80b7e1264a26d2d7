"""Witnesses of what a device is, in its SNMP rows: each says a field, and how far it is believed.

Nobody needs to know a device beforehand: the standard MIBs, sysDescr, and objects whose registered
name says that they hold a serial, a version or a model (mib-roles). Belief is between 0 and 1; how
much each witness is worth was measured over recordings of real devices (docs/decisions/0050).
"""

import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

from msptool.audit import looks, mib, tables
from msptool.audit.mib import Rows
from msptool.audit.tables import Role
from msptool.audit.vendors import AGENTS


class Said(NamedTuple):
    """What a witness says of a field. `by` names it for people."""

    field: Role
    value: str
    belief: float
    by: str


def all_of(rows: Rows) -> Iterator[Said]:
    """Yield what any witness says of a device."""
    yield from _entity(rows)
    yield from _standard(rows)
    yield from _roles(rows)
    yield from _product(rows)
    yield from _descr(rows)
    yield from (Said(*one, "by its look") for one in looks.all_of(rows))


# ENTITY-MIB (RFC 6933)

_NO_MODEL = re.compile(
    r"(?:stack|chassis|power unit|unit \d+|switch \d+|slot \d+|\d+|module)\Z", re.I
)


def _entity(rows: Rows) -> Iterator[Said]:
    """The chassis speaks for the device, else a stack, else the topmost row."""
    classes = {index: mib.number(rows, oid) for index, oid in mib.column(rows, mib.ENTITY_CLASS)}
    tops = {index for index, oid in mib.column(rows, mib.ENTITY_IN) if mib.number(rows, oid) == 0}
    known = sorted({*classes, *tops} or {i for i, _ in mib.column(rows, mib.ENTITY_SERIAL)})
    ranked = sorted(known, key=lambda i: (_rank(classes.get(i)), i not in tops, i))
    for place, index in enumerate(ranked[:40]):
        rank = _rank(classes.get(index))
        belief = (0.86, 0.8, 0.6, 0.45)[rank] - 0.01 * min(place, 10)
        tail = ".".join(map(str, index))

        def say(column: str, tail: str = tail) -> str:
            return mib.text(rows, f"{column}.{tail}")

        yield Said("serial", say(mib.ENTITY_SERIAL), belief, "ENTITY-MIB")
        yield Said("version", say(mib.ENTITY_REVISION), belief - 0.05, "ENTITY-MIB")
        yield Said("version", say(mib.ENTITY_FIRMWARE), belief - 0.25, "ENTITY-MIB firmware")
        for column, less in (
            (mib.ENTITY_MODEL, 0.0),
            (mib.ENTITY_DESCR, 0.35),
            (mib.ENTITY_NAME, 0.4),
        ):
            value = say(column)
            if not _NO_MODEL.match(value):
                yield Said("model", value, belief - less, "ENTITY-MIB")


def _rank(kind: int | None) -> int:
    return {mib.CHASSIS: 0, mib.STACK: 1, None: 2}.get(kind, 3)


# Printer-MIB, HOST-RESOURCES-MIB, UPS-MIB, RMON2


def _standard(rows: Rows) -> Iterator[Said]:
    for _, oid in mib.column(rows, mib.PRINTER_SERIAL):
        yield Said("serial", mib.text(rows, oid), 0.9, "Printer-MIB")
    queues = mib.enterprise(rows) in AGENTS  # a server lists the printers of its queues
    for index, oid in () if queues else mib.column(rows, mib.HR_DEVICE_TYPE):
        if mib.identifier(rows, oid) == mib.HR_PRINTER:
            value = mib.text(rows, f"{mib.HR_DEVICE_DESCR}.{index[0]}")
            yield Said("model", value, 0.8, "HOST-RESOURCES-MIB printer")
    yield Said("model", mib.text(rows, mib.UPS_MODEL), 0.84, "UPS-MIB")
    yield Said("version", mib.text(rows, f"{mib.UPS}.1.4.0"), 0.6, "UPS-MIB agent")
    yield Said("version", mib.text(rows, mib.UPS_VERSION), 0.62, "UPS-MIB")
    yield Said("version", mib.text(rows, f"{mib.PROBE_REVISION}.0"), 0.6, "RMON2-MIB")
    yield Said("serial", mib.text(rows, f"{mib.DOCS_SERIAL}.0"), 0.85, "DOCS-CABLE-DEVICE-MIB")
    yield Said("version", mib.text(rows, f"{mib.DOCS_VERSION}.0"), 0.7, "DOCS-CABLE-DEVICE-MIB")


# Objects by the role of their name

_COMPONENT = re.compile(
    r"sfp|xfp|transceiver|optic|psu|power(?!net)|fan|port|disk|drive|battery|bat[A-Z]|module|card"
    r"|slot|cable|antenna|modem|sim|imsi|imei|cpu|mem|dimm|sensor|probe|remote|neighb|peer|client"
    r"|license|licen|patch|boot|bios|loader|hard(?:ware)?|hw|fpga|cpld|bootrom|mib|protocol|proto"
    r"|snmp|schema|table|ldp|ospf|bgp|dot1|igmp|stp|rip|vrrp|ssl|ssh|tls|radius|dhcp|ntp|syslog"
    r"|backup|standby|previous|old|latest|new|available|upgrade|download|min|max|antivirus|virus"
    r"|signature|sig|db|database|engine|ips|url|java|tcl|kernel|major|minor",
    re.IGNORECASE,
)
_GOOD = {
    "serial": re.compile(r"chassis|system|sys|device|unit|product|board|equipment|serial", re.I),
    "version": re.compile(r"soft|firm|fw|sw|system|sys|image|os|running|current|active|app", re.I),
    "model": re.compile(r"model|product|device|system|sys|type|chassis", re.I),
}


def _roles(rows: Rows) -> Iterator[Said]:
    known = tables.roles()
    own = mib.enterprise(rows)
    counts: dict[str, int] = {}
    for whole in rows:
        if not whole.startswith(mib.ENTERPRISES):
            continue
        oid, tail = _object_of(whole, known)
        if not oid:
            continue
        value = mib.first(rows, whole)
        if not value:
            continue
        nth = counts[oid] = counts.get(oid, -1) + 1
        if nth > 3:
            continue
        thing = known[oid]
        belief = 0.6 + (0.08 if tail == "0" else -0.02 * nth)
        number = int(whole[len(mib.ENTERPRISES) :].split(".", 1)[0])
        belief += 0.06 if own in (number, *AGENTS) else -0.05
        belief -= 0.25 if thing.part else 0.0
        belief -= 0.2 if _COMPONENT.search(thing.name) else 0.0
        belief -= 0.5 if thing.role == "serial" and len(value) < _SHORT else 0.0
        belief += 0.05 if _GOOD[thing.role].search(thing.name) else 0.0
        yield Said(thing.role, value, belief, thing.name)


_LONGEST_INSTANCE = 5  # arcs that are looked past
_SHORT = 5  # signs: a shorter number by the name of serial mostly counts something


def _object_of(whole: str, known: Collection[str]) -> tuple[str, str]:
    """Return the object of which a row is an instance, and the instance; "" if none is known."""
    oid = whole
    for _ in range(_LONGEST_INSTANCE):
        oid = oid.rpartition(".")[0]
        if oid in known:
            return oid, whole[len(oid) + 1 :]
    return "", ""


# sysObjectID's registered name


def _product(rows: Rows) -> Iterator[Said]:
    oid = mib.identifier(rows, mib.SYS_OBJECT_ID)
    name = tables.products().get(oid, "")
    if name and re.search(r"\d", name) and mib.enterprise(rows) not in AGENTS:
        # jnxProductNameSRX240, arubaWiredSwitchJL658A: what the maker calls it stands last
        end = re.search(r"[A-Z]{1,6}\d\w*\Z", name)
        plain = end[0] if end else re.sub(r"^[a-z]+(?=[A-Z0-9])", "", name)
        yield Said("model", plain, 0.5, "sysObjectID")


# sysDescr

_NUMBER = r"v?(\d\w*(?:[.\-_]\w+|\([\w.]+\))+|\d+)"
_VERSIONS = (
    (re.compile(r"\bSW_REV:\s*([^;>\s]+)"), 0.8),
    (re.compile(rf"\bversion:?\s+{_NUMBER}", re.I), 0.66),
    (
        re.compile(
            rf"\b(?:firmware|fw|software|sw|release|rel|ver|revision|rev|image|build)\b[\s:.=/_v-]*(?:version|ver|rev|release)?[\s:.=]*{_NUMBER}",
            re.I,
        ),
        0.6,
    ),
    (re.compile(r"\bv\.?\s?(\d+(?:[.\-_]\w+)+)", re.I), 0.58),
    (re.compile(r"(?<![\w.])(\d+\.\d+(?:\.\w+)+(?:[-_]\w[\w.]*|\([\w.]+\))?)"), 0.5),
    (re.compile(r"(?<![\w.])(\d+\.\d+\w*)(?![\w.])"), 0.4),
)
# The version of what a box is built on is not its own, wherever it stands but at the beginning.
_BELOW = re.compile(r"(?<=\S)\s+(?:Linux|VxWorks|U-?Boot|CFE|kernel)[ ,v]+\d\S*", re.IGNORECASE)
_SERIALS = re.compile(
    r"(?:\bS/?N|\bserial(?:[ _-]?(?:no|number|num|#))?\.?)[\s:=#]+([A-Z0-9][A-Z0-9/-]{4,})", re.I
)
_MODELS = (
    (re.compile(r"\bMODEL:\s*([^;>)]+)"), 0.8),
    (re.compile(r"\bMN:\s?(\S+)"), 0.8),
    (re.compile(r"\b(?:model|product)(?: ?name)?[\s:=]+([\w./+-]+)", re.I), 0.6),
)


def _descr(rows: Rows) -> Iterator[Said]:
    text = mib.text(rows, mib.SYS_DESCR)
    kernel = re.match(r"Linux \S+ (\d\S+)", text)
    if kernel and mib.enterprise(rows) in AGENTS:
        belief = 0.3 if looks.makers(rows) else 0.55  # a maker's box has a version of its own
        yield Said("version", kernel[1], belief, "sysDescr, the kernel")
    # Of a maker's box that runs Linux, the kernel's version is not the box's.
    less = 0.4 if text.startswith("Linux ") and looks.makers(rows) else 0.0
    for pattern, belief in _VERSIONS:
        found = pattern.findall(_BELOW.sub("", text))
        if found:  # where an OS's comes first, the device's own is the last
            yield Said("version", found[-1].rstrip(".,"), belief - less, "sysDescr")
    # Of an APC card (MB: is its board) it is the card's, not the UPS'.
    for serial in _SERIALS.findall(text) if "(MB:" not in text else ():
        yield Said("serial", serial, 0.7, "sysDescr")
    for pattern, belief in _MODELS:
        found = pattern.findall(text)
        if found:
            yield Said("model", found[0].strip(), belief, "sysDescr")
    if mib.enterprise(rows) in AGENTS:
        return
    first = re.split(r"[\r\n,;|]", text, maxsplit=1)[0].strip()
    short = re.split(
        r"\s+(?:v\.?\d|version|ver\b|firmware|software|running|rev)", first, flags=re.I
    )[0]
    if 0 < len(short) <= 50:
        marked = bool(re.search(r"\d", short))
        yield Said("model", short, 0.45 if marked else 0.2, "sysDescr")
