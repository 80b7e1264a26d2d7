"""LLDP-MIB: what a device says to its neighbours, and what they say to it (IEEE 802.1AB)."""

from collections.abc import Iterator

from msptool.demo.blueprint import Blueprint, Host, SwitchPlan
from msptool.demo.records.record import Record, integer, mac, object_id, octets, text

_LLDP = "1.0.8802.1.1.2.1"
_MAC_CHASSIS, _MAC_PORT, _IF_NAME_PORT = 4, 3, 5
_IPV4 = 1


def lldp(blueprint: Blueprint, host: Host, plan: SwitchPlan) -> Iterator[Record]:
    """Yield a switch's own data, its ports, and a neighbour for each cable that has one."""
    yield from _local(host)
    for port in range(1, plan.model.ports + 1):
        row = f"{_LLDP}.3.7.1"
        number = port + plan.lldp_offset
        yield integer(f"{row}.2.{number}", _IF_NAME_PORT)
        yield text(f"{row}.3.{number}", plan.if_name(port))
        yield text(f"{row}.4.{number}", plan.model.if_descr.format(n=port))
    for number, (port, neighbour, far_port) in enumerate(_neighbours(blueprint, host), start=1):
        yield from _remote(f"0.{port + plan.lldp_offset}.{number}", neighbour, far_port)


def _local(host: Host) -> Iterator[Record]:
    yield integer(f"{_LLDP}.3.1.0", _MAC_CHASSIS)
    yield mac(f"{_LLDP}.3.2.0", host.mac)
    yield text(f"{_LLDP}.3.3.0", host.name)
    yield text(f"{_LLDP}.3.4.0", host.descr)


def _neighbours(blueprint: Blueprint, host: Host) -> Iterator[tuple[int, Host, int]]:
    """Yield (own port, neighbour, its port if it is a switch) where the neighbour speaks."""
    for cable in blueprint.cables:
        if cable.end == host.role and cable.end_port:
            yield cable.end_port, blueprint.host(cable.switch), cable.port
        if cable.switch == host.role and cable.end != "laptop" and not cable.via:
            end = blueprint.host(cable.end)
            if end.lldp:
                yield cable.port, end, cable.end_port


def _remote(row: str, neighbour: Host, port: int) -> Iterator[Record]:
    entry = f"{_LLDP}.4.1.1"
    yield integer(f"{entry}.4.{row}", _MAC_CHASSIS)
    yield mac(f"{entry}.5.{row}", neighbour.mac)
    if neighbour.switch is None:
        yield integer(f"{entry}.6.{row}", _MAC_PORT)
        yield mac(f"{entry}.7.{row}", neighbour.mac)
        yield text(f"{entry}.8.{row}", "eth0")
    else:
        yield integer(f"{entry}.6.{row}", _IF_NAME_PORT)
        yield text(f"{entry}.7.{row}", neighbour.switch.if_name(port))
        yield text(f"{entry}.8.{row}", neighbour.switch.model.if_descr.format(n=port))
    yield text(f"{entry}.9.{row}", neighbour.name)
    yield text(f"{entry}.10.{row}", neighbour.descr)
    yield octets(f"{entry}.11.{row}", bytes([0x28, 0]))
    yield octets(f"{entry}.12.{row}", bytes([0x28 if neighbour.switch else 0x01, 0]))
    if neighbour.ip4:
        management = f"{row}.{_IPV4}.4.{neighbour.ip4}"
        yield integer(f"{_LLDP}.4.2.1.3.{management}", 2)
        yield integer(f"{_LLDP}.4.2.1.4.{management}", 1)
        yield object_id(f"{_LLDP}.4.2.1.5.{management}", "0.0")
