"""An asset as an audit sees it: merged facts of one machine. Kept in the run as assets.jsonl."""

from collections.abc import Mapping

from msgspec import Struct

from msptool.model import Instant, Scalar, Thing


class Service(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An open port and what answers there; `spoke` is False where our grab got no word."""

    address: str
    proto: str
    port: int
    name: str = ""
    product: str = ""
    greeting: str = ""
    answers: Mapping[str, str] = {}
    tls: bool = False
    spoke: bool = False
    evidence: str = ""

    @property
    def part(self) -> str:
        """How findings name it: `tcp/23`."""
        return f"{self.proto}/{self.port}"


class Certificate(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A TLS certificate seen on a port; `error` where it could not be read."""

    port: int
    subject: str = ""
    issuer: str = ""
    not_before: Instant | None = None
    not_after: Instant | None = None
    sha256: str = ""
    error: str = ""
    evidence: str = ""


class Interface(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A network interface by SNMP. Counters as the agent gives them."""

    index: int
    name: str
    mac: str = ""
    up: bool = False
    in_packets: int | None = None
    in_errors: int | None = None


class Neighbour(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What LLDP says is at the other end of a port."""

    port: str
    chassis: str = ""
    remote_port: str = ""
    name: str = ""


class Ups(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A UPS by RFC 1628: battery 1 unknown, 2 normal, 3 low, 4 depleted."""

    battery: int | None = None
    on_battery_s: int | None = None
    minutes: int | None = None
    charge_percent: int | None = None


class Supply(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A printer's supply; level and maximum in the printer's own unit, negative: unknown."""

    name: str
    level: int | None = None
    maximum: int | None = None


class Snmp(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an agent told. `communities` are labels of where each came from."""

    communities: tuple[str, ...] = ()
    descr: str = ""
    object_id: str = ""
    uptime_s: float | None = None
    complete: bool = True
    interfaces: tuple[Interface, ...] = ()
    neighbours: tuple[Neighbour, ...] = ()
    stations: Mapping[str, str] = {}
    ups: Ups | None = None
    supplies: tuple[Supply, ...] = ()
    evidence: str = ""


class Shared(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An identifier that other live machines have too: `others` are some of their names, `count`
    how many they are (0: they are not seen now). `first` is True at the one that tells of it.
    """

    key: str
    others: tuple[str, ...] = ()
    count: int = 0
    first: bool = False


class Contested(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An address for which several MACs answered."""

    address: str
    macs: tuple[str, ...]
    evidence: tuple[str, ...] = ()


class Asset(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One machine. `seen_at` is when it last answered; an older one is a machine that is off.

    `unread`: why an agent that spoke was not read, a key of model.REASONS.
    """

    id: str
    kind: str
    name: str
    seen_at: Instant
    addresses: tuple[str, ...] = ()
    macs: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    vendor: str = ""
    model: str = ""
    version: str = ""
    serial: str = ""
    os: str = ""
    importance: str = "normal"
    ports_known: bool = False
    services: tuple[Service, ...] = ()
    certificates: tuple[Certificate, ...] = ()
    snmp: Snmp | None = None
    unread: str = ""
    shared: tuple[Shared, ...] = ()
    contested: tuple[Contested, ...] = ()

    def thing(self) -> Thing:
        """Return what the seam carries of it."""
        facts: dict[str, Scalar] = {
            "type": self.kind,
            "vendor": self.vendor,
            "model": self.model,
            "version": self.version,
            "serial": self.serial,
            "os": self.os,
            "mac": ", ".join(self.macs),
            "interfaces": len(self.snmp.interfaces) if self.snmp else None,
            "last_seen_at": self.seen_at.isoformat(),
        }
        told = {key: value for key, value in facts.items() if value not in ("", None)}
        if self.ports_known:  # no open port is news; a host that was not scanned has none to tell
            told["ports"] = ", ".join(service.part for service in self.services)
        return Thing(
            id=self.id,
            kind="asset",
            name=self.name,
            aliases=self.aliases,
            addresses=self.addresses,
            importance=self.importance,
            facts=told,
        )
