"""What is on the LAN: its plan and, at once, the truth that a scan is compared with."""

from collections.abc import Iterator, Mapping
from typing import Literal

from msgspec import Struct

from msptool.audit import ports

# What may never be asked: the product's list, and the best known of it by hand, lest it lose one.
FRAGILE = frozenset({*ports.FRAGILE, *range(9100, 9108), 515, 502, 102, 104, 2404, 11112, 20000,
                     44818})  # fmt: skip
Drops = Literal["", "ping", "all"]
# `stall`: accepts and never says a word; `drip`: says one byte a second.
Manner = Literal["", "stall", "drip"]


class Service(Struct, frozen=True, kw_only=True):
    """An open port. `protocol` is what speaks there, `voice` the responder that does.

    `nameable`: a real one greets, or answers a question of its protocol that harms nothing.
    """

    port: int
    protocol: str
    voice: str
    words: Mapping[str, str] = {}
    tls: bool = False
    nameable: bool = True

    @property
    def fragile(self) -> bool:
        """Whether no byte may be written to it."""
        return self.port in FRAGILE


class Host(Struct, frozen=True, kw_only=True):
    """A machine. `drops` "ping": echo requests; "all": everything but its one port."""

    name: str
    kind: str
    address: str
    mac: str
    services: tuple[Service, ...]
    drops: Drops = ""
    manner: Manner = ""
    udp: tuple[str, ...] = ()


class Lan(Struct, frozen=True, kw_only=True):
    """The whole network. The gateway is the first host; routed, it stands between."""

    seed: int
    network: str
    laptop: str
    laptop_mac: str
    routed: bool
    hosts: tuple[Host, ...]
    router_snmp: bool = False
    community: str = "public"

    @property
    def gateway(self) -> Host:
        """The router."""
        return self.hosts[0]

    def services(self) -> Iterator[tuple[Host, Service]]:
        """Yield every open TCP port with its host."""
        return ((host, service) for host in self.hosts for service in host.services)

    def nameable(self) -> dict[tuple[str, int], Service]:
        """Return by address and port what a scan must name: not what stalls or drips."""
        return {
            (host.address, service.port): service
            for host, service in self.services()
            if service.nameable and not service.fragile and not host.manner
        }
