"""What stands in the network, a row an asset. Pure: facts as the audit gave them."""

from dataclasses import dataclass

from msptool.model import Severity, Thing
from msptool.report.index import Index
from msptool.report.network import kind, order


@dataclass(frozen=True)
class Row:
    """An asset; `ports` is None where the audit tells of none."""

    thing: Thing
    kind: str
    vendor: str
    model: str
    serial: str
    macs: tuple[str, ...]
    ports: tuple[str, ...] | None
    problems: int
    worst: Severity | None


def rows(index: Index) -> tuple[Row, ...]:
    """Return the assets in the order of network.ORDER."""
    return tuple(_row(index, thing) for thing in sorted(index.of_kind("asset"), key=order))


def _row(index: Index, thing: Thing) -> Row:
    findings = index.by_thing.get(thing.id, ())
    return Row(
        thing=thing,
        kind=kind(thing),
        vendor=_fact(thing, "vendor"),
        model=" ".join(filter(None, (_fact(thing, "model"), _fact(thing, "version")))),
        serial=_fact(thing, "serial"),
        macs=_list(thing, "mac"),
        ports=_list(thing, "ports") if "ports" in thing.facts else None,
        problems=len(findings),
        worst=findings[0].severity if findings else None,
    )


def _fact(thing: Thing, name: str) -> str:
    value = thing.facts.get(name)
    return "" if value is None else str(value)


def _list(thing: Thing, name: str) -> tuple[str, ...]:
    return tuple(part for part in _fact(thing, name).split(", ") if part)
