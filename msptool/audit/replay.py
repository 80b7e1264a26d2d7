"""Identify devices from recordings of their SNMP answers: nothing is sent. One line a recording."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec import Struct

from msptool.audit import agent, families, nameplate, recording
from msptool.audit.mib import Rows
from msptool.audit.witness import Said
from msptool.errors import UsageError

MOST_BYTES = 256 * 1024 * 1024
SUFFIXES = (".snmprec", ".snmpwalk", ".walk", ".txt")


class Identified(Struct, frozen=True, kw_only=True, omit_defaults=False):
    """What a recording says of its device; "" where it does not say. `type` is the kind of device;
    `interfaces`, `neighbours`, `supplies` are counts. `error`: why it could not be read.
    """

    name: str
    vendor: str = ""
    os: str = ""
    model: str = ""
    version: str = ""
    serial: str = ""
    type: str = ""
    interfaces: int = 0
    neighbours: int = 0
    supplies: int = 0
    error: str = ""


def files(paths: Iterable[Path]) -> Iterator[Path]:
    """Yield recordings: files as they are named, of folders those with a known ending, by name."""
    for path in paths:
        if path.is_dir():
            yield from sorted(p for p in path.iterdir() if p.suffix in SUFFIXES and p.is_file())
        else:
            yield path


def hearing(path: Path) -> list[tuple[Said, str]]:
    """Return what each witness says of a recording, the most believed first, and what became of
    it: "taken", "" (another is believed more) or "refused" (a placeholder, no such thing). Raise
    UsageError for what cannot be read.
    """
    rows = _rows(path)
    family = families.find(rows, families.shipped_families())
    told = list(nameplate.hearing(rows, family))
    best = nameplate.believed(told)

    def state(one: Said) -> str:
        if one is best.get(one.field):
            return "taken"
        return "" if nameplate.is_plausible(one) else "refused"

    told.sort(key=lambda one: (one.field, -one.belief))
    return [(one, state(one)) for one in told]


def replay(path: Path) -> Identified:
    """Identify one recording; what cannot be read is told in `error`."""
    name = path.name.removesuffix(path.suffix) if path.suffix in SUFFIXES else path.name
    try:
        return identified(name, _rows(path))
    except UsageError as error:
        return Identified(name=name, error=error.message)


def _rows(path: Path) -> Rows:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise UsageError("audit.recording", f"{path.name}: larger than {MOST_BYTES >> 20} MiB")
        data = path.read_bytes()
    except OSError as error:
        raise UsageError("audit.recording", f"{path.name}: {error.strerror or error}") from error
    return recording.read(data, name=path.name)


def identified(name: str, rows: Rows) -> Identified:
    """Return what rows say."""
    known = families.shipped_families()
    plate = nameplate.read(rows, known)
    told = agent.read(rows, communities=(), complete=True, evidence="")
    return Identified(
        name=name,
        vendor=plate.vendor,
        os=plate.os,
        model=plate.model,
        version=plate.version,
        serial=plate.serial,
        type=plate.kind,
        interfaces=agent.present(rows),
        neighbours=len(told.neighbours),
        supplies=len(told.supplies),
    )
