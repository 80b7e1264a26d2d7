"""Tables that ship with msptool: whose an enterprise number is, what a sysObjectID is called, and
what objects hold by the role of their registered name. Sources: profiles/tables/README.md.
"""

import functools
import gzip
import re
from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple, TypeAlias, get_args

import msgspec

from msptool import shipped, yaml12

Role: TypeAlias = Literal["model", "version", "serial"]
ROLES: tuple[Role, ...] = get_args(Role)
_LEGAL = re.compile(
    r"[,.]?\s+(?:inc|ltd|llc|gmbh|corp|corporation|co|company|limited|s\.?a|s\.?r\.?l|ag|bv|b\.v"
    r"|oy|ab|as|a/s|kg|plc|pty|international|technologies|technology|systems|networks|communications"
    r"|electronics|group)\b\.?,?.*\Z",
    re.IGNORECASE,
)


class Object(NamedTuple):
    """An object whose name tells its role; `part`: of a component, not of the device."""

    role: Role
    name: str
    part: bool


@functools.cache
def roles() -> Mapping[str, Object]:
    """Return objects by OID."""
    return {
        oid: Object(role, name, bool(part))
        for oid, role, name, part in _rows("mib-roles", 4)
        if role in ROLES
    }


@functools.cache
def products() -> Mapping[str, str]:
    """Return registered names by OID."""
    return {oid: name for oid, name in _rows("product-oids", 2)}


class Maker(NamedTuple):
    """Who stands behind an enterprise number, and what sort of things it makes."""

    name: str
    kind: str


@functools.cache
def makers() -> Mapping[int, Maker]:
    """Return the makers of profiles/makers.yaml by their enterprise numbers."""
    path = shipped.folder("profiles") / "makers.yaml"
    data = yaml12.load(path.read_bytes(), file=path.name).data
    known = msgspec.convert(data, dict[str, dict[str, list[int]]])
    return {
        number: Maker(name, kind)
        for kind, names in known.items()
        for name, numbers in names.items()
        for number in numbers
    }


def spared_maker(mac: str) -> Maker | None:
    """Return the maker of a MAC whose things are of one spared sort, and which; None for others.

    A prefix has 24, 28 or 36 bits; a MAC with the local bit is nobody's.
    """
    digits = mac.replace(":", "").lower()
    if not re.fullmatch("[0-9a-f][014589cd][0-9a-f]{10}", digits):
        return None
    blocks = _spared_blocks()
    return next((blocks[digits[:n]] for n in (9, 7, 6) if digits[:n] in blocks), None)


@functools.cache
def _spared_blocks() -> Mapping[str, Maker]:
    return {prefix: Maker(name, kind) for prefix, kind, name in _rows("spared-makers", 3)}


@functools.cache
def _organisations() -> Mapping[str, str]:
    return {number: name for number, name in _rows("enterprise-numbers", 2)}


def vendor(enterprise: int) -> str:
    """Return whose an enterprise number is, without the form of the company; "" if unknown."""
    if enterprise in makers():
        return makers()[enterprise].name
    name = _organisations().get(str(enterprise), "").strip()
    return _LEGAL.sub("", name).strip(' ,."') or name


def _rows(name: str, columns: int) -> Iterator[list[str]]:
    path = shipped.folder("profiles") / "tables" / f"{name}.tsv.gz"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("#"):
                continue
            cells = line.rstrip("\n").split("\t")
            yield [*cells, "", "", ""][:columns]
