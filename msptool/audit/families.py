"""Device families: what a maker's devices say where, as data in profiles/families/*.yaml.

A new family is a file of ten lines and no code. A family matches by what sysObjectID begins with,
by its enterprise number, or by an OID that only it answers (a NAS whose agent calls itself
net-snmp); `says` must be found in sysDescr as well. Of several that match, the one that knows the
device closest is taken: an OID that it shows, then the longest beginning, then `says`.
"""

import functools
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, TypeAlias

import msgspec
from msgspec import Meta, Struct

from msptool import model, shipped, yaml12
from msptool.audit import mib
from msptool.audit.mib import Rows
from msptool.errors import Place, ProfileError

# re keeps 512 patterns; families have more.
_pattern = functools.cache(re.compile)

SELF = "self."  # what a device's own sysObjectID stands for, where makers copy a MIB under each
Oid = Annotated[str, Meta(pattern=r"^(1|self)(\.\d+)+\Z")]


class Part(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An object of whose value a part is meant: the first group of `take`, or all that it meets.
    With `hex`, its octets are not text (an address of a card): they are told in hex digits.
    """

    oid: Oid
    take: str = ""
    hex: bool = False


Ask: TypeAlias = Oid | Part


class Family(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One family. `descr` is a pattern over sysDescr with groups model, version or serial;
    `model_in_serial` one over the serial, for makers whose serials begin with the model. `kinds`
    are patterns over model and sysDescr, for makers of several kinds of things; `os` is the name
    of its operating system. An OID without an instance stands for the first row of its column; one
    that begins with `self.` goes on from the device's sysObjectID.
    """

    vendor: str
    kind: str
    enterprises: tuple[int, ...] = ()
    objects: tuple[Oid, ...] = ()
    shows: tuple[Oid, ...] = ()
    says: str = ""
    model: tuple[Ask, ...] = ()
    serial: tuple[Ask, ...] = ()
    version: tuple[Ask, ...] = ()
    descr: str = ""
    model_in_serial: str = ""
    kinds: Mapping[str, str] = {}
    os: str = ""

    def oids(self) -> tuple[str, ...]:
        """Return the objects to ask an agent of this family for."""
        asks = (*self.model, *self.serial, *self.version)
        return (*self.shows, *(a if isinstance(a, str) else a.oid for a in asks))

    def answers(self, rows: Rows, field: str) -> Iterator[str]:
        """Yield the answers to "model", "serial" or "version", the best first."""
        yield from filter(None, (_answer(rows, ask) for ask in getattr(self, field)))
        if self.descr and f"(?P<{field}>" in self.descr:
            found = _pattern(self.descr).finditer(mib.text(rows, mib.SYS_DESCR))
            yield from filter(None, (match[field] for match in found))
        if field == "model" and self.model_in_serial:
            pattern = _pattern(self.model_in_serial)
            serials = map(pattern.match, self.answers(rows, "serial"))
            yield from (found["model"] for found in serials if found)

    def kind_of(self, rows: Rows, model: str) -> str:
        """Return what sort of thing a device of this model is."""
        text = f"{model}\n{mib.text(rows, mib.SYS_DESCR)}"
        return next((k for k, p in self.kinds.items() if _pattern(p).search(text)), self.kind)


def _answer(rows: Rows, ask: Ask) -> str:
    oid = ask if isinstance(ask, str) else ask.oid
    if oid.startswith(SELF):
        oid = f"{mib.identifier(rows, mib.SYS_OBJECT_ID)}.{oid.removeprefix(SELF)}"
    if isinstance(ask, str):
        return mib.first(rows, oid)
    said = _digits(rows, oid) if ask.hex else mib.first(rows, oid)
    if not ask.take:
        return said
    found = _pattern(ask.take).search(said)
    return (found[1] if found.lastindex else found[0]) if found else ""


def _digits(rows: Rows, oid: str) -> str:
    """Return the first octets of an object or a column that say something, in hex digits."""
    wholes = [oid] if oid in rows else [whole for _, whole in mib.column(rows, oid)]
    told = (mib.octets(rows[whole]) for whole in wholes)
    return next((octets.hex().upper() for octets in told if any(octets)), "")


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
        asks = (*family.model, *family.serial, *family.version)
        takes = (ask.take for ask in asks if isinstance(ask, Part))
        texts = (family.descr, family.model_in_serial, family.says, *family.kinds.values(), *takes)
        for pattern in texts:
            _pattern(pattern)
    except (msgspec.ValidationError, re.error) as error:
        raise ProfileError("family.value", str(error), place=Place(file)) from error
    return family


def find(rows: Rows, families: Iterable[Family]) -> Family | None:
    """Return the family that knows an agent closest; None if none does."""
    agent = _Agent(rows)
    best: tuple[tuple[int, int, int], Family] | None = None
    for family in families:
        how = _closeness(agent, family)
        if how is not None and (best is None or how > best[0]):
            best = (how, family)
    return best[1] if best else None


class _Agent:
    """What hundreds of families ask of the same rows, read once."""

    def __init__(self, rows: Rows) -> None:
        self.descr = mib.text(rows, mib.SYS_DESCR)
        self.object_id = f"{mib.identifier(rows, mib.SYS_OBJECT_ID)}."
        self.enterprise = mib.enterprise(rows)
        self._rows = rows
        self._sorted = sorted(rows)

    def has(self, oid: str) -> bool:
        """As mib.has, by bisection."""
        below = f"{oid}."
        at = bisect_left(self._sorted, below)
        return oid in self._rows or (at < len(self._sorted) and self._sorted[at].startswith(below))


def _closeness(agent: _Agent, family: Family) -> tuple[int, int, int] | None:
    """Return how close a family knows an agent; None where it does not match. A maker's family
    that shows itself elsewhere is still of its maker: its vendor's name holds.
    """
    says = bool(family.says)
    if says and not _pattern(family.says).search(agent.descr):
        return None
    met = (len(oid) for oid in family.objects if agent.object_id.startswith(f"{oid}."))
    begins = max(met, default=0)
    if any(map(agent.has, family.shows)):
        return 3, begins, says
    if begins:
        return 2, begins, says
    if agent.enterprise in family.enterprises:
        return (0 if family.shows else 1), says, 0
    return (1, says, 0) if says and not (family.objects or family.enterprises) else None


def questions(families: Iterable[Family]) -> dict[str, list[str]]:
    """Return which objects to ask agents for, by enterprise number; those of "" of every agent."""
    asked: dict[str, list[str]] = {"": [mib.SYS_SERVICES]}
    for family in families:
        begins = (oid.removeprefix(mib.ENTERPRISES).split(".")[0] for oid in family.objects)
        for number in {*map(str, family.enterprises), *begins}:
            asked.setdefault(number, []).extend(family.oids())
    return {number: list(dict.fromkeys(oids)) for number, oids in asked.items()}


def riddles(families: Iterable[Family]) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Return what to ask an agent whose number is of no maker (net-snmp's, Windows'): what shows a
    family, and what to ask where it does.
    """
    return [(family.shows, family.oids()) for family in families if family.shows]


def schema() -> bytes:
    """Return the JSON Schema (2020-12) of a family file, for editors; indented."""
    return model.json_schema(Family)
