"""Printer-MIB and HOST-RESOURCES of a printer (RFC 3805, RFC 2790)."""

from collections.abc import Iterator

from msptool.demo.blueprint import Host
from msptool.demo.draw import Draw
from msptool.demo.records.record import Record, counter, integer, object_id, octets, text

_PRINTER = "1.3.6.1.2.1.43"
_DEVICE = "1.3.6.1.2.1.25.3"
_IMPRESSIONS, _PERCENT_OF_PAGES = 7, 7


def printer(seed: int, host: Host) -> Iterator[Record]:
    """Yield the general group, page count, supplies and the device entry."""
    draw = Draw(seed, host.role)
    model = host.model.model if host.model else ""
    yield text(f"{_PRINTER}.5.1.1.16.1", host.name)
    yield text(f"{_PRINTER}.5.1.1.17.1", host.serial)
    yield integer(f"{_PRINTER}.10.2.1.3.1.1", _IMPRESSIONS)
    pages = draw.number("pages", 900, 240_000)
    yield counter(f"{_PRINTER}.10.2.1.4.1.1", 1 / 90, pages)
    yield from _supplies(host)
    yield object_id(f"{_DEVICE}.2.1.2.1", "1.3.6.1.2.1.25.3.1.5")
    yield text(f"{_DEVICE}.2.1.3.1", model)
    yield integer(f"{_DEVICE}.2.1.5.1", 2)
    yield integer(f"{_DEVICE}.5.1.1.1", 3)
    yield octets(f"{_DEVICE}.5.1.2.1", bytes([0]))


def _supplies(host: Host) -> Iterator[Record]:
    for index, supply in enumerate(host.supplies, start=1):
        entry, row = f"{_PRINTER}.11.1.1", f"1.{index}"
        yield integer(f"{entry}.3.{row}", index if supply.colour else 0)
        yield integer(f"{entry}.4.{row}", 3)
        yield integer(f"{entry}.5.{row}", supply.kind)
        yield text(f"{entry}.6.{row}", supply.description)
        yield integer(f"{entry}.7.{row}", _PERCENT_OF_PAGES)
        yield integer(f"{entry}.8.{row}", supply.capacity)
        yield integer(f"{entry}.9.{row}", supply.level)
        if supply.colour:
            yield text(f"{_PRINTER}.12.1.1.4.{row}", supply.colour)
