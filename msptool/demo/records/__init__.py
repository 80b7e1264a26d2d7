"""What a device answers over SNMP: one file per MIB, put together by kind of device."""

from collections.abc import Iterator

from msptool.demo import verdicts
from msptool.demo.blueprint import Blueprint, Host
from msptool.demo.records.arp import neighbours
from msptool.demo.records.bridge import bridge
from msptool.demo.records.entity import entity
from msptool.demo.records.host_resources import host_resources
from msptool.demo.records.interfaces import (
    lan_index,
    management_index,
    of_host,
    of_switch,
    table,
)
from msptool.demo.records.lldp import lldp
from msptool.demo.records.printer import printer
from msptool.demo.records.record import Record, boot, lines, text
from msptool.demo.records.system import own_address, system
from msptool.demo.records.ups import ups


def answers(blueprint: Blueprint, host: Host) -> str:
    """Return the file from which the host's agent answers."""
    return lines(records(blueprint, host), boot(blueprint.seed, host.role))


def records(blueprint: Blueprint, host: Host) -> Iterator[Record]:
    """Yield everything a host's agent knows."""
    yield from system(host)
    yield from _vendor(host)
    if host.switch is not None:
        yield from table(list(of_switch(host, host.switch)))
        yield from own_address(host, management_index(host.switch))
        yield from bridge(blueprint, host, host.switch)
        yield from lldp(blueprint, host, host.switch)
    else:
        yield from table(list(of_host(blueprint.seed, host)))
        yield from own_address(host, lan_index(blueprint.seed, host.role))
    yield from _by_kind(blueprint, host)


def _by_kind(blueprint: Blueprint, host: Host) -> Iterator[Record]:
    if host.kind == "router":
        yield from neighbours(blueprint, host, lan_index(blueprint.seed, host.role))
    if host.kind == "printer":
        yield from printer(blueprint.seed, host)
    if host.kind in {"server", "nas"}:
        yield from host_resources(blueprint.seed, host)
    if host.ups is not None:
        yield from ups(blueprint.seed, host, host.ups)
    if host.model is not None and verdicts.entity(host):
        yield from entity(blueprint.seed, host, host.model)


def _vendor(host: Host) -> Iterator[Record]:
    """Yield the few values of the vendor's own MIB."""
    if host.model is None:
        return
    values = {"serial": host.serial, "version": host.version, "model": host.model.model}
    for oid, what in host.model.private:
        yield text(oid, values[what])
