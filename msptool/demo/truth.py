"""The truth of a seed: what stands on the network, what is wrong with it, what cannot be seen.

Told by the planner before anything starts, so that tests compare a scan with it and never with
what a scan found. Hosts are named by their role ("gw", "sw1"); what they call themselves is
`identity.sysName`. A value is null where the device does not tell it.
"""

from datetime import date
from typing import Literal

import msgspec
from msgspec import Struct, field

Kind = Literal[
    "router", "switch", "printer", "ups", "nas", "server", "access-point", "workstation", "device"
]
Way = Literal["arp", "nd", "ping"]


class Port(Struct, frozen=True, kw_only=True):
    """An open port and what speaks there."""

    port: int
    proto: Literal["tcp", "udp"]
    service: str


class Identity(Struct, frozen=True, kw_only=True):
    """What the device says of itself over the network; null where it keeps silent."""

    vendor: str | None = None
    model: str | None = None
    serial: str | None = None
    sys_name: str | None = field(default=None, name="sysName")


class SnmpAccess(Struct, frozen=True, kw_only=True):
    """A community that is answered (v2c, UDP 161)."""

    community: str


class Host(Struct, frozen=True, kw_only=True):
    """One host. `found_by`: arp (IPv4), nd (answers ff02::1), ping (ICMP echo over IPv4)."""

    name: str
    kind: Kind
    ip4: str | None
    ip6: str | None
    mac: str
    found_by: tuple[Way, ...]
    ports: tuple[Port, ...]
    identity: Identity
    snmp: SnmpAccess | None


class Laptop(Struct, frozen=True, kw_only=True):
    """The engineer's own machine on the network."""

    address: str
    address6: str
    mac: str


class Link(Struct, frozen=True, kw_only=True):
    """A cable; a port is an ifName. `via` "unmanaged": through a switch that nothing shows."""

    a: str
    a_port: str
    b: str
    b_port: str
    via: Literal["", "unmanaged"] = ""


class Fault(Struct, frozen=True, kw_only=True):
    """What a check must find. `part`: "tcp/23", an ifName, "battery", or "" for all of it."""

    check: str
    host: str
    part: str


class Decoy(Struct, frozen=True, kw_only=True):
    """What a check must not find, and why it looks as if it should."""

    check: str
    host: str
    part: str
    why: str


class Unseen(Struct, frozen=True, kw_only=True):
    """What no scan from the laptop can show."""

    why: str


class Truth(Struct, frozen=True, kw_only=True):
    """All of it. `today` is the day for which dates (certificates, consents) were drawn."""

    seed: int
    today: date
    networks: tuple[str, ...]
    laptop: Laptop
    hosts: tuple[Host, ...]
    links: tuple[Link, ...]
    faults: tuple[Fault, ...]
    decoys: tuple[Decoy, ...]
    unseen: tuple[Unseen, ...]

    def host(self, name: str) -> Host:
        """Return the host of that role; raise KeyError if there is none."""
        for host in self.hosts:
            if host.name == name:
                return host
        raise KeyError(name)


def encode(truth: Truth) -> bytes:
    """Return the truth as indented JSON."""
    return msgspec.json.format(msgspec.json.encode(truth), indent=2) + b"\n"


def decode(text: bytes) -> Truth:
    """Read what `encode` wrote; raise msgspec.DecodeError."""
    return msgspec.json.decode(text, type=Truth)
