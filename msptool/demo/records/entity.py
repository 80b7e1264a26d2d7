"""ENTITY-MIB: the chassis with its model and serial, and parts that are not it (RFC 6933)."""

from collections.abc import Iterator

from msptool.demo.blueprint import Host
from msptool.demo.catalogue import Model
from msptool.demo.draw import Draw
from msptool.demo.records.record import Record, integer, text

_ENTITY = "1.3.6.1.2.1.47.1.1.1.1"
_CHASSIS, _POWER = 3, 6


def entity(seed: int, host: Host, model: Model) -> Iterator[Record]:
    """Yield a chassis row, and a power supply with a serial of its own."""
    draw = Draw(seed, host.role)
    chassis = draw.pick("chassis", (1, 1001, 67108992))
    yield from _row(chassis, _CHASSIS, 0, f"{model.vendor} {model.model}", "Chassis")
    yield text(f"{_ENTITY}.10.{chassis}", host.version)
    yield text(f"{_ENTITY}.11.{chassis}", host.serial)
    yield text(f"{_ENTITY}.12.{chassis}", model.vendor)
    yield text(f"{_ENTITY}.13.{chassis}", model.model)
    part = chassis + 4
    yield from _row(part, _POWER, chassis, "Power Supply 1", "PSU 1")
    yield text(f"{_ENTITY}.10.{part}", "")
    yield text(f"{_ENTITY}.11.{part}", draw.shape("power serial", "LIT####%%%%"))
    yield text(f"{_ENTITY}.12.{part}", model.vendor)
    yield text(f"{_ENTITY}.13.{part}", draw.shape("power model", "PWR-C@-###W"))


def _row(index: int, kind: int, inside: int, descr: str, name: str) -> Iterator[Record]:
    yield text(f"{_ENTITY}.2.{index}", descr)
    yield integer(f"{_ENTITY}.4.{index}", inside)
    yield integer(f"{_ENTITY}.5.{index}", kind)
    yield text(f"{_ENTITY}.7.{index}", name)
