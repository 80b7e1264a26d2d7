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
_LEAST_FOR_SERIAL = 0.3
# Recordings are blanked by people: that the device answers is still worth telling.
_BLANKED = re.compile(r"<[a-z]+>\Z")
# What an agent's helper said instead of a model.
_ERROR = re.compile(r"such (?:file|object|instance)|not found|permission denied", re.IGNORECASE)
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


# A MAC whose maker's half alone is left: blanked, or never programmed.
_NO_MAC = re.compile(r"[0-9A-F]{6}0{6}")
_MAKERS_SHORTEST = 3  # signs; small makers count their devices
_SHORTEST = 4


def is_junk(serial: str, *, shortest: int = _SHORTEST) -> bool:
    """Tell whether a serial names no machine: a placeholder, one repeated sign, a MAC without its
    own half, under `shortest` signs.
    """
    plain = re.sub(r"[^0-9A-Z]", "", serial.upper())
    too_plain = len(plain) < shortest or len(set(plain)) == 1
    return too_plain or plain in _JUNK or bool(_NO_MAC.fullmatch(plain))


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
    """Return who is believed most, by field. What anybody calls a serial is no model."""
    heard = list(told)
    serials = {one.value for one in heard if one.field == "serial"}
    best: dict[str, Said] = {}
    for one in heard:
        if one.field == "model" and one.value in serials:
            continue
        better = one.field not in best or one.belief > best[one.field].belief
        if better and is_plausible(one):
            best[one.field] = one
    return best


# What agents write before a serial, and FASTPATH switches without one: their MAC.
_LABEL = re.compile(
    r"(?:S/?N|serial(?: ?(?:number|num|no))?\.?|system mac(?: address)?)\s*[:=]\s*(?=\S)", re.I
)


_NAME_BEFORE = re.compile(r"\A(?:[A-Za-z][\w-]*\s+)+(?=\d)")


def _exact(said: Said) -> str:
    """Return an answer; of a serial with its label, the serial; of a sentence that tells a version,
    the version, unless a family, which knows what it takes, says so.
    """
    text = said.value.strip()
    if said.field == "serial":
        return _LABEL.sub("", text, count=1) if _LABEL.match(text) else text
    if said.field == "version" and said.belief < _BY_FAMILY and " " in text:
        found = re.search(r"\b(?:version:? |ver\.? ?|v)(\d[\w.()-]*)", text, re.IGNORECASE)
        return found[1].rstrip(".,") if found else _NAME_BEFORE.sub("", text)
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
        return _is_serial(said)
    if field == "version":
        return bool(re.search(r"\d", text))
    plain = re.sub(r"[^0-9A-Z]", "", text.upper())
    return bool(re.search(r"[A-Za-z]", text)) and plain not in _JUNK and not _ERROR.search(text)


def _is_serial(said: Said) -> bool:
    """A serial has a digit, or is one of letters alone; a witness who is hardly believed is not
    heard: none is better.
    """
    text, shortest = _exact(said), _SHORTEST if said.belief < _BY_FAMILY else _MAKERS_SHORTEST
    heard = said.belief >= _LEAST_FOR_SERIAL
    drawn = bool(re.search(r"\d", text)) or (
        bool(_NAMED_SERIAL.search(said.by)) and _is_drawn(text)
    )
    return heard and not is_junk(text, shortest=shortest) and drawn


# Who reads an object that is there for a serial, by its MIB or by its registered name.
_NAMED_SERIAL = re.compile(
    r"\AENTITY-MIB\Z|\APrinter-MIB\Z|\ADOCS-CABLE-DEVICE-MIB\Z|\Afamily |serial", re.IGNORECASE
)
_WORDS_INSIDE = re.compile(
    r"SERIAL|NUMBER|NUMMER|UNKNOWN|NONE|NULL|DEFAULT|TEST|EMPTY|OEM|STRING|SYSTEM|CHASSIS|MODEL|XXX"
    r"|SWITCH|ROUTER|SERVER|DEVICE"
)


def _is_drawn(text: str) -> bool:
    """Tell letters that were drawn from words: few vowels, or five consonants on end."""
    if not re.fullmatch(r"[A-Z]{8,20}", text) or _WORDS_INSIDE.search(text):
        return False
    vowels = sum(sign in "AEIOUY" for sign in text)
    unlike = vowels * 5 <= len(text) or bool(re.search(r"[^AEIOUY]{5}", text))
    return unlike and len(set(text)) * 2 > len(text)


def _vendor(rows: Rows, family: Family | None) -> str:
    number = mib.enterprise(rows)
    return (
        (family.vendor if family else "")
        or (tables.vendor(number) if number and number not in AGENTS else "")
        or mib.first(rows, mib.ENTITY_MAKER)
        or mib.text(rows, mib.UPS_MAKER)
    )
