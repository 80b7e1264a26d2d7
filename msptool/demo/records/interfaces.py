"""IF-MIB and the error counters of EtherLike-MIB (RFC 2863, RFC 3635)."""

from collections.abc import Iterator

from msgspec import Struct

from msptool.demo.blueprint import Host, SwitchPlan, Traffic
from msptool.demo.draw import Draw
from msptool.demo.records.record import (
    Record,
    counter,
    counter64,
    gauge,
    integer,
    mac,
    text,
    ticks,
)

_IF = "1.3.6.1.2.1.2"
_IFX = "1.3.6.1.2.1.31.1.1.1"
_FCS_ERRORS = "1.3.6.1.2.1.10.7.2.1.3"
_ETHERNET, _VIRTUAL = 6, 53
_UP, _DOWN = 1, 2
_BYTES_A_PACKET = 640.0
_IDLE = Traffic(port=0, pps=0.0)


class Interface(Struct, frozen=True, kw_only=True):
    """One row; `flow` is what enters it."""

    index: int
    name: str
    descr: str
    mac: str
    flow: Traffic
    up: bool = True
    kind: int = _ETHERNET
    alias: str = ""


def of_switch(host: Host, plan: SwitchPlan) -> Iterator[Interface]:
    """Yield a row for each port and one for the management VLAN."""
    flows = {flow.port: flow for flow in plan.traffic}
    for port in range(1, plan.model.ports + 1):
        yield Interface(
            index=plan.if_index(port),
            name=plan.if_name(port),
            descr=plan.model.if_descr.format(n=port),
            mac=port_mac(host.mac, port),
            flow=flows.get(port, _IDLE),
            up=port in flows,
        )
    yield Interface(
        index=management_index(plan),
        name=f"Vlan{plan.vlan}",
        descr=f"Vlan{plan.vlan}",
        mac=host.mac,
        flow=Traffic(port=0, pps=3.0),
        kind=_VIRTUAL,
    )


def of_host(seed: int, host: Host) -> Iterator[Interface]:
    """Yield the network card, and for a router the one that looks outward."""
    draw = Draw(seed, host.role)
    index = lan_index(seed, host.role)
    name = _CARD.get(host.kind, "eth0")
    flow = Traffic(port=0, pps=draw.real("pps", 5, 400))
    yield Interface(index=index, name=name, descr=name, mac=host.mac, flow=flow)
    if host.kind == "router":
        outward = Traffic(port=0, pps=draw.real("wan pps", 50, 900))
        wan = port_mac(host.mac, 1)
        yield Interface(index=index + 1, name="wan", descr="wan", mac=wan, flow=outward)


def lan_index(seed: int, role: str) -> int:
    """Return the ifIndex of a host's network card."""
    return Draw(seed, role).number("ifindex", 1, 4)


def management_index(plan: SwitchPlan) -> int:
    """Return the ifIndex of a switch's management VLAN."""
    return plan.model.first_index + plan.model.ports + 100


def port_mac(base: str, port: int) -> str:
    """Return the MAC of a device's port: its own, counted on."""
    value = int(base.replace(":", ""), 16) + port
    return ":".join(f"{byte:02X}" for byte in value.to_bytes(6))


def table(rows: list[Interface]) -> Iterator[Record]:
    """Yield ifNumber, ifTable, ifXTable and the FCS errors."""
    yield integer(f"{_IF}.1.0", len(rows))
    for row in rows:
        yield from _if_entry(row)
        yield from _ifx_entry(row)
        yield counter(f"{_FCS_ERRORS}.{row.index}", row.flow.errors_per_s, row.flow.errors_base)


def _if_entry(row: Interface) -> Iterator[Record]:
    entry, at, flow = f"{_IF}.2.1", row.index, row.flow
    yield integer(f"{entry}.1.{at}", at)
    yield text(f"{entry}.2.{at}", row.descr)
    yield integer(f"{entry}.3.{at}", row.kind)
    yield integer(f"{entry}.4.{at}", 1500)
    yield gauge(f"{entry}.5.{at}", 1_000_000_000)
    yield mac(f"{entry}.6.{at}", row.mac)
    yield integer(f"{entry}.7.{at}", _UP)
    yield integer(f"{entry}.8.{at}", _UP if row.up else _DOWN)
    yield ticks(f"{entry}.9.{at}", 4200)
    yield counter(f"{entry}.10.{at}", flow.pps * _BYTES_A_PACKET)
    yield counter(f"{entry}.11.{at}", flow.pps)
    yield counter(f"{entry}.13.{at}", 0)
    yield counter(f"{entry}.14.{at}", flow.errors_per_s, flow.errors_base)
    yield counter(f"{entry}.16.{at}", flow.pps * _BYTES_A_PACKET / 2)
    yield counter(f"{entry}.17.{at}", flow.pps / 2)
    yield counter(f"{entry}.19.{at}", 0)
    yield counter(f"{entry}.20.{at}", 0)


def _ifx_entry(row: Interface) -> Iterator[Record]:
    at, flow = row.index, row.flow
    yield text(f"{_IFX}.1.{at}", row.name)
    yield counter(f"{_IFX}.2.{at}", flow.pps / 500)
    yield counter(f"{_IFX}.3.{at}", flow.pps / 900)
    yield counter64(f"{_IFX}.6.{at}", flow.pps * _BYTES_A_PACKET)
    yield counter64(f"{_IFX}.7.{at}", flow.pps)
    yield counter64(f"{_IFX}.10.{at}", flow.pps * _BYTES_A_PACKET / 2)
    yield counter64(f"{_IFX}.11.{at}", flow.pps / 2)
    yield gauge(f"{_IFX}.15.{at}", 1000)
    yield text(f"{_IFX}.18.{at}", row.alias)


_CARD = {"router": "ether1", "printer": "Embedded Ethernet", "ups": "eth0", "server": "ens18"}
