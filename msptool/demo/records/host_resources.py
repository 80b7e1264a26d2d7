"""HOST-RESOURCES-MIB: memory and disks of a server or NAS (RFC 2790)."""

from collections.abc import Iterator

from msptool.demo.blueprint import Host
from msptool.demo.draw import Draw
from msptool.demo.records.record import Record, gauge, integer, object_id, text, uptime

_HOST = "1.3.6.1.2.1.25"
_RAM, _FIXED_DISK = "2", "4"


def host_resources(seed: int, host: Host) -> Iterator[Record]:
    """Yield uptime, memory, and a system and a data volume."""
    draw = Draw(seed, host.role)
    memory_kib = draw.pick("memory", (4, 8, 16, 64)) * 1024 * 1024
    yield uptime(f"{_HOST}.1.1.0")
    yield gauge(f"{_HOST}.1.5.0", draw.number("users", 0, 3))
    yield gauge(f"{_HOST}.1.6.0", draw.number("processes", 90, 260))
    yield integer(f"{_HOST}.2.2.0", memory_kib)
    data = "/volume1" if host.kind == "nas" else "/srv"
    volumes = (("Physical memory", _RAM), ("/", _FIXED_DISK), (data, _FIXED_DISK))
    for index, (name, kind) in enumerate(volumes, start=1):
        blocks = (
            memory_kib // 4 if kind == _RAM else draw.number(f"size {name}", 2, 900) * 1_000_000
        )
        used = int(blocks * draw.real(f"used {name}", 0.2, 0.8))
        yield from _volume(index, name, kind, blocks, used)


def _volume(index: int, name: str, kind: str, blocks: int, used: int) -> Iterator[Record]:
    entry = f"{_HOST}.2.3.1"
    yield integer(f"{entry}.1.{index}", index)
    yield object_id(f"{entry}.2.{index}", f"{_HOST}.2.1.{kind}")
    yield text(f"{entry}.3.{index}", name)
    yield integer(f"{entry}.4.{index}", 4096)
    yield integer(f"{entry}.5.{index}", blocks)
    yield integer(f"{entry}.6.{index}", used)
