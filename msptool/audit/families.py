"""Device families: what a maker's devices say where, as data in profiles/families/*.yaml.

A new family is a file of ten lines and no code. A family matches by the enterprise number of
sysObjectID, or by an OID that only it answers (a NAS whose agent calls itself net-snmp).
"""

import functools
import re
from collections.abc import Iterable
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from msptool import shipped, yaml12
from msptool.audit import mib
from msptool.audit.mib import Rows
from msptool.errors import Place, ProfileError

Oid = Annotated[str, Meta(pattern=r"^1(\.\d+)+\Z")]


class Family(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One family. `descr` is a pattern over sysDescr with groups model, version or serial;
    `model_in_serial` one over the serial, for makers whose serials begin with the model.
    """

    vendor: str
    kind: str
    enterprises: tuple[int, ...] = ()
    shows: tuple[Oid, ...] = ()
    model: tuple[Oid, ...] = ()
    serial: tuple[Oid, ...] = ()
    version: tuple[Oid, ...] = ()
    descr: str = ""
    model_in_serial: str = ""

    def oids(self) -> tuple[str, ...]:
        """Return the objects to ask an agent of this family for."""
        return (*self.shows, *self.model, *self.serial, *self.version)

    def says(self, rows: Rows, field: str) -> str:
        """Return the first answer to "model", "serial" or "version"; "" if there is none."""
        answers = (mib.text(rows, oid) for oid in getattr(self, field))
        said = next((answer for answer in answers if answer), "") or self._in_descr(rows, field)
        if not said and field == "model" and self.model_in_serial:
            found = re.match(self.model_in_serial, self.says(rows, "serial"))
            said = found["model"] if found else ""
        return said

    def _in_descr(self, rows: Rows, field: str) -> str:
        if not self.descr or f"(?P<{field}>" not in self.descr:
            return ""
        found = re.finditer(self.descr, mib.text(rows, mib.SYS_DESCR))
        return next((match[field] for match in found if match[field]), "")


@functools.cache
def shipped_families() -> tuple[Family, ...]:
    """Read the families that ship with msptool; raise ProfileError with the file that is wrong."""
    folder = shipped.folder("profiles") / "families"
    return tuple(
        read(path.read_bytes(), file=f"families/{path.name}")
        for path in sorted(folder.glob("*.yaml"))
    )


def read(data: bytes, *, file: str) -> Family:
    """Read one family file; raise ProfileError that names file and key."""
    document = yaml12.load(data, file=file)
    try:
        family = msgspec.convert(document.data, Family)
        re.compile(family.descr)
        re.compile(family.model_in_serial)
    except (msgspec.ValidationError, re.error) as error:
        raise ProfileError("family.value", str(error), place=Place(file)) from error
    return family


def find(rows: Rows, families: Iterable[Family]) -> Family | None:
    """Return the family of an agent: one that shows itself before one of the maker's number."""
    known = list(families)
    number = mib.enterprise(rows)
    shown = (f for f in known if any(oid in rows for oid in f.shows))
    of_maker = (f for f in known if number in f.enterprises and not f.shows)
    return next(shown, None) or next(of_maker, None) or _last(known, number)


def _last(families: list[Family], number: int | None) -> Family | None:
    """Return the maker's family although it did not show itself, for its vendor's name."""
    return next((f for f in families if number in f.enterprises), None)


def questions(families: Iterable[Family]) -> dict[str, list[str]]:
    """Return which objects to ask agents for, by enterprise number; "" are for every agent."""
    asked: dict[str, list[str]] = {"": [mib.SYS_SERVICES]}
    for family in families:
        asked[""].extend(family.shows)
        if family.shows:
            asked[""].extend(family.oids())
        for number in family.enterprises:
            asked.setdefault(str(number), []).extend(family.oids())
    return {number: list(dict.fromkeys(oids)) for number, oids in asked.items()}
