"""The router's neighbours: ipNetToMediaTable and ipNetToPhysicalTable (RFC 4293)."""

from collections.abc import Iterator
from ipaddress import IPv6Address

from msptool.demo.blueprint import Blueprint, Host
from msptool.demo.records.record import Record, address, integer, mac
from msptool.demo.records.system import ip4_macs, ip6_macs

_MEDIA = "1.3.6.1.2.1.4.22.1"
_PHYSICAL = "1.3.6.1.2.1.4.35.1"
_DYNAMIC, _REACHABLE, _IPV6 = 3, 1, 2


def neighbours(blueprint: Blueprint, router: Host, if_index: int) -> Iterator[Record]:
    """Yield what the router has learnt of everybody but itself."""
    for ip4, owner in ip4_macs(blueprint).items():
        if ip4 != router.ip4:
            yield integer(f"{_MEDIA}.1.{if_index}.{ip4}", if_index)
            yield mac(f"{_MEDIA}.2.{if_index}.{ip4}", owner)
            yield address(f"{_MEDIA}.3.{if_index}.{ip4}", ip4)
            yield integer(f"{_MEDIA}.4.{if_index}.{ip4}", _DYNAMIC)
    for ip6, owner in ip6_macs(blueprint).items():
        if ip6 != router.ip6:
            row = f"{if_index}.{_IPV6}.16.{'.'.join(map(str, IPv6Address(ip6).packed))}"
            yield mac(f"{_PHYSICAL}.4.{row}", owner)
            yield integer(f"{_PHYSICAL}.6.{row}", _DYNAMIC)
            yield integer(f"{_PHYSICAL}.7.{row}", _REACHABLE)
