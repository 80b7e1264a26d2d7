"""BRIDGE-MIB and Q-BRIDGE-MIB: which MAC was learnt on which port (RFC 4188, RFC 4363)."""

from collections.abc import Iterator

from msptool.demo.blueprint import Blueprint, Cable, Host, SwitchPlan
from msptool.demo.records.record import Record, integer, mac, text

_BRIDGE = "1.3.6.1.2.1.17"
_LEARNED, _SELF = 3, 4


def bridge(blueprint: Blueprint, host: Host, plan: SwitchPlan) -> Iterator[Record]:
    """Yield the base group, the port map and the forwarding table."""
    yield mac(f"{_BRIDGE}.1.1.0", host.mac)
    yield integer(f"{_BRIDGE}.1.2.0", plan.model.ports)
    yield integer(f"{_BRIDGE}.1.3.0", 2)
    for port in range(1, plan.model.ports + 1):
        number = port + plan.bridge_offset
        yield integer(f"{_BRIDGE}.1.4.1.1.{number}", number)
        yield integer(f"{_BRIDGE}.1.4.1.2.{number}", plan.if_index(port))
    learnt = dict(learnt_on(blueprint, host.role))
    yield from _q_bridge(host, plan, learnt) if plan.q_bridge else _plain(host, plan, learnt)


def learnt_on(blueprint: Blueprint, role: str) -> Iterator[tuple[str, int]]:
    """Yield each MAC of the network with the port where this switch sees it."""
    uplink = _uplink(blueprint, role)
    macs = {host.role: host.mac for host in blueprint.hosts} | {"laptop": blueprint.laptop.mac}
    for cable in blueprint.cables:
        port = cable.port if cable.switch == role else uplink
        if cable.end != role:
            yield macs[cable.end], port
        if cable.end == "gw" and blueprint.virtual_mac:
            yield blueprint.virtual_mac, port
        if cable.end == "pub":
            yield from ((phone, port) for phone in blueprint.wireless)
    if role != "sw1":
        yield macs["sw1"], uplink


def _uplink(blueprint: Blueprint, role: str) -> int:
    trunk: Cable = next(cable for cable in blueprint.cables if cable.end_port)
    return trunk.port if trunk.switch == role else trunk.end_port


def _plain(host: Host, plan: SwitchPlan, learnt: dict[str, int]) -> Iterator[Record]:
    table = f"{_BRIDGE}.4.3.1"
    for address, port, status in _rows(host, plan, learnt):
        row = _dotted(address)
        yield mac(f"{table}.1.{row}", address)
        yield integer(f"{table}.2.{row}", port)
        yield integer(f"{table}.3.{row}", status)


def _q_bridge(host: Host, plan: SwitchPlan, learnt: dict[str, int]) -> Iterator[Record]:
    """The table's index is the filtering database, which need not be the VLAN."""
    table = f"{_BRIDGE}.7.1.2.2.1"
    for address, port, status in _rows(host, plan, learnt):
        row = f"{plan.fdb_id}.{_dotted(address)}"
        yield integer(f"{table}.2.{row}", port)
        yield integer(f"{table}.3.{row}", status)
    yield integer(f"{_BRIDGE}.7.1.4.2.1.3.0.{plan.vlan}", plan.fdb_id)
    yield text(f"{_BRIDGE}.7.1.4.3.1.1.{plan.vlan}", f"VLAN{plan.vlan:04d}")
    for port in range(1, plan.model.ports + 1):
        yield integer(f"{_BRIDGE}.7.1.4.5.1.1.{port + plan.bridge_offset}", plan.vlan)


def _rows(host: Host, plan: SwitchPlan, learnt: dict[str, int]) -> Iterator[tuple[str, int, int]]:
    for address, port in learnt.items():
        yield address, port + plan.bridge_offset, _LEARNED
    yield host.mac, 0, _SELF


def _dotted(address: str) -> str:
    return ".".join(str(int(part, 16)) for part in address.split(":"))
