"""The plan of a site: everything the planner decides, from which truth and programs follow."""

from datetime import date, datetime
from typing import Literal, TypeAlias

from msgspec import Struct

from msptool.demo.catalogue import Model, SwitchModel
from msptool.demo.truth import Kind


class Certificate(Struct, frozen=True, kw_only=True):
    """A TLS certificate to be made; `serial` seeds its key as well."""

    common_name: str
    not_before_at: datetime
    not_after_at: datetime
    key: bytes


class Ssh(Struct, frozen=True, kw_only=True, tag=True):
    """sshd. `addendum` ends its banner ("Debian-5+deb11u3"); "" ends it with the version."""

    port: int
    addendum: str
    key: bytes


class Telnet(Struct, frozen=True, kw_only=True, tag=True):
    """A real telnetd on port 23."""


class Talker(Struct, frozen=True, kw_only=True, tag=True):
    """Something that greets (or waits), answers the first bytes, and says no more."""

    port: int
    service: str
    greeting: str = ""
    reply: str = ""


class Ftp(Struct, frozen=True, kw_only=True, tag=True):
    """vsftpd; with or without anonymous login."""

    port: int
    anonymous: bool
    banner: str


class Web(Struct, frozen=True, kw_only=True, tag=True):
    """nginx with one page; TLS where there is a certificate."""

    port: int
    title: str
    certificate: Certificate | None = None


class Dns(Struct, frozen=True, kw_only=True, tag=True):
    """dnsmasq with the names of the site."""

    domain: str


class Smb(Struct, frozen=True, kw_only=True, tag=True):
    """smbd with one public share."""

    name: str
    workgroup: str
    comment: str


class Ipp(Struct, frozen=True, kw_only=True, tag=True):
    """A printer's IPP and status page on ports 631 and 80."""

    make_and_model: str


class Snmp(Struct, frozen=True, kw_only=True, tag=True):
    """snmpd that answers these communities with the device's records."""

    communities: tuple[str, ...]


Service: TypeAlias = Ssh | Telnet | Talker | Ftp | Web | Dns | Smb | Ipp | Snmp


class Traffic(Struct, frozen=True, kw_only=True):
    """What enters a port: packets and errors a second, and errors it began with."""

    port: int
    pps: float
    errors_per_s: float = 0.0
    errors_base: int = 0


class SwitchPlan(Struct, frozen=True, kw_only=True):
    """How a switch numbers things: port n has ifIndex first_index + n - 1, bridge port
    n + bridge_offset, LLDP port number n + lldp_offset; the FDB is Q-BRIDGE's or BRIDGE's.
    """

    model: SwitchModel
    bridge_offset: int
    lldp_offset: int
    q_bridge: bool
    vlan: int
    fdb_id: int
    traffic: tuple[Traffic, ...]

    def if_name(self, port: int) -> str:
        """Return a port's ifName."""
        return self.model.if_name.format(n=port)

    def if_index(self, port: int) -> int:
        """Return a port's ifIndex."""
        return self.model.first_index + port - 1


class UpsState(Struct, frozen=True, kw_only=True):
    """What the battery is doing; UPS-MIB's units: seconds, minutes, percent."""

    on_battery_s: int
    minutes: int
    charge: int
    low: bool = False


class Supply(Struct, frozen=True, kw_only=True):
    """A cartridge or drum and how much of it is left, in pages."""

    description: str
    colour: str
    capacity: int
    level: int
    kind: int


class Host(Struct, frozen=True, kw_only=True):
    """One host: `role` names it in the truth, `name` is what it calls itself."""

    role: str
    kind: Kind
    name: str
    mac: str
    ip4: str | None
    ip6: str | None
    services: tuple[Service, ...]
    model: Model | None = None
    serial: str = ""
    version: str = ""
    descr: str = ""
    release: int = 0
    drops_ping: bool = False
    lldp: bool = False
    switch: SwitchPlan | None = None
    ups: UpsState | None = None
    supplies: tuple[Supply, ...] = ()

    def snmp(self) -> Snmp | None:
        """Return its SNMP service, if it has one."""
        return next((s for s in self.services if isinstance(s, Snmp)), None)


class Cable(Struct, frozen=True, kw_only=True):
    """Who hangs on which port of which switch; `end_port` where the end is a switch too."""

    end: str
    switch: str
    port: int
    end_port: int = 0
    via: Literal["", "unmanaged"] = ""


class LaptopPlan(Struct, frozen=True, kw_only=True):
    """The engineer's laptop."""

    mac: str
    ip4: str
    ip6: str


class Blueprint(Struct, frozen=True, kw_only=True):
    """All of a site. `virtual_mac` (VRRP) shows on the gateway's port, `wireless` on that of the
    access point; neither is a host.
    """

    seed: int
    today: date
    network4: str
    network6: str
    domain: str
    laptop: LaptopPlan
    hosts: tuple[Host, ...]
    cables: tuple[Cable, ...]
    community: str
    user_key: bytes
    unprotected: tuple[str, ...]
    virtual_mac: str = ""
    wireless: tuple[str, ...] = ()

    def host(self, role: str) -> Host:
        """Return the host of that role; raise KeyError if there is none."""
        for host in self.hosts:
            if host.role == role:
                return host
        raise KeyError(role)

    def cable(self, role: str) -> Cable:
        """Return the cable at whose end a host hangs."""
        return next(cable for cable in self.cables if cable.end == role)
