"""Read a device's nameplate from its SNMP rows: vendor, model, version, serial, kind. Pure.

Each field is told by the witness that is believed most; no answer is better than a wrong one.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from msptool.audit import families, kinds, mib, systems, tables, witness
from msptool.audit.families import Family
from msptool.audit.mib import Rows
from msptool.audit.tables import ROLES
from msptool.audit.vendors import AGENTS
from msptool.audit.witness import Said

_BY_FAMILY = 0.95
# Recordings are blanked by people: that the device answers is still worth telling.
_BLANKED = re.compile(r"<[a-z]+>\Z")
_LONGEST = {"serial": 40, "version": 60, "model": 100}


@dataclass(frozen=True)
class Nameplate:
    """What a device says it is; "" where it does not say."""

    vendor: str = ""
    model: str = ""
    version: str = ""
    serial: str = ""
    name: str = ""
    kind: str = ""
    os: str = ""


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
    return plain in _JUNK or len(plain) < 4 or len(set(plain)) == 1 or "MAC" in serial


def read(rows: Rows, known: Iterable[Family]) -> Nameplate:
    """Return what the rows say, each field by the witness that is believed most."""
    family = families.find(rows, known)
    return judge(rows, family, hearing(rows, family))


def judge(rows: Rows, family: Family | None, told: Iterable[Said]) -> Nameplate:
    """Return the same of rows whose witnesses were heard already."""
    vendor = _vendor(rows, family)
    best = {field: _exact(said) for field, said in believed(told).items()}
    model = best.get("model", "")
    if vendor:
        model = re.sub(rf"^{re.escape(vendor)} ", "", model, flags=re.IGNORECASE)
    return Nameplate(
        vendor=vendor,
        model=model,
        version=best.get("version", ""),
        serial=best.get("serial", ""),
        name=mib.text(rows, mib.SYS_NAME),
        kind=kinds.of(rows, family, model),
        os=systems.of(rows, family),
    )


def believed(told: Iterable[Said]) -> dict[str, Said]:
    """Return the witness that is believed most, by field."""
    best: dict[str, Said] = {}
    for one in told:
        better = one.field not in best or one.belief > best[one.field].belief
        if better and is_plausible(one):
            best[one.field] = one
    return best


def _exact(said: Said) -> str:
    """Return an answer; of a sentence that tells a version, the version, unless a family, which
    knows what it takes, says so.
    """
    text = said.value.strip()
    if said.field == "version" and said.belief < _BY_FAMILY and " " in text:
        found = re.search(r"\b(?:version:? |ver\.? ?|v)(\d[\w.()-]*)", text, re.IGNORECASE)
        return found[1].rstrip(".,") if found else text
    return text


def hearing(rows: Rows, family: Family | None) -> Iterator[Said]:
    """Yield what all witnesses say, in no order of belief; what is empty is left out."""
    yield from (one for one in witness.all_of(rows) if one.value.strip())
    if family is None:
        return
    for field in ROLES:
        for answer in family.answers(rows, field):
            yield Said(field, answer, _BY_FAMILY, f"family {family.vendor}".strip())


def is_plausible(said: Said) -> bool:
    """Tell an answer from a placeholder or a text of another kind."""
    field, text = said.field, said.value.strip()
    if not text or len(text) > _LONGEST[field]:
        return False
    if _BLANKED.match(text):
        return True
    if field == "serial":
        return not is_junk(text) and bool(re.search(r"\d", text))
    if field == "version":
        return bool(re.search(r"\d", text))
    plain = re.sub(r"[^0-9A-Z]", "", text.upper())
    return bool(re.search(r"[A-Za-z]", text)) and plain not in _JUNK


def _vendor(rows: Rows, family: Family | None) -> str:
    number = mib.enterprise(rows)
    return (
        (family.vendor if family else "")
        or (tables.vendor(number) if number and number not in AGENTS else "")
        or mib.first(rows, mib.ENTITY_MAKER)
        or mib.text(rows, mib.UPS_MAKER)
    )
