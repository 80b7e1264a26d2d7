"""UPS-MIB (RFC 1628)."""

from collections.abc import Iterator

from msptool.demo.blueprint import Host, UpsState
from msptool.demo.draw import Draw
from msptool.demo.records.record import Record, gauge, integer, text

_UPS = "1.3.6.1.2.1.33.1"
_NORMAL, _LOW = 2, 3
_MAINS, _BATTERY = 3, 5


def ups(seed: int, host: Host, state: UpsState) -> Iterator[Record]:
    """Yield identity, battery, input and output."""
    draw = Draw(seed, host.role)
    if host.model is not None:
        yield text(f"{_UPS}.1.1.0", host.model.vendor)
        yield text(f"{_UPS}.1.2.0", host.model.model)
    yield text(f"{_UPS}.1.3.0", host.version)
    yield text(f"{_UPS}.1.4.0", host.version)
    yield text(f"{_UPS}.1.5.0", host.name)
    yield integer(f"{_UPS}.2.1.0", _LOW if state.low else _NORMAL)
    yield integer(f"{_UPS}.2.2.0", state.on_battery_s)
    yield integer(f"{_UPS}.2.3.0", state.minutes)
    yield integer(f"{_UPS}.2.4.0", state.charge)
    yield integer(f"{_UPS}.2.5.0", draw.number("decivolts", 480, 552))
    yield integer(f"{_UPS}.2.7.0", draw.number("degrees", 19, 38))
    yield integer(f"{_UPS}.3.3.1.3.1", 0 if state.on_battery_s else draw.number("volts", 210, 238))
    yield integer(f"{_UPS}.4.1.0", _BATTERY if state.on_battery_s else _MAINS)
    yield integer(f"{_UPS}.4.4.1.5.1", draw.number("load", 8, 85))
    yield gauge(f"{_UPS}.6.1.0", 1 if state.on_battery_s else 0)
