"""What may stand in a profile. The JSON Schema for editors is made from these."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, Struct

# Patterns end in `$(?!\n)`: the very end both for Python, whose `$` lets a line break follow, and
# for the editors' ECMAScript, which does not know `\Z`.
Code = Annotated[
    str,
    Meta(
        pattern=r"^[A-Z][A-Z0-9]{1,7}$(?!\n)",
        description="2 to 8 capital letters and digits, a letter first",
    ),
]
Name = Annotated[
    str,
    Meta(
        pattern=r"^[^\x00-\x20\x7f][^\x00-\x1f\x7f]{0,99}$(?!\n)",
        description="a name of at most 100 characters on one line",
    ),
]
Language = Literal["en", "ru"]
SecretRef = Annotated[
    str,
    Meta(
        pattern=r"^(env:[A-Za-z_][A-Za-z0-9_]*|file:[^\0\n]+|command: ?[^\0\n ][^\0\n]*)$(?!\n)",
        description="env:NAME, file:PATH (relative to the workspace) or command:PROGRAM ARGUMENTS",
    ),
]
Hours = Annotated[float, Meta(gt=0, le=24 * 366)]
Percent = Annotated[float, Meta(gt=0, le=100)]
Level = Literal["low", "normal", "high", "critical"]
Match = Annotated[
    str,
    Meta(
        pattern=r"^(name|ip|mac|serial):.+$(?!\n)",
        description="name:, ip:, mac: or serial: and the value an audit sees",
    ),
]
Person = Annotated[
    str, Meta(pattern=r"\S", description="name, role and contact of the person who agreed")
]
Module = Literal["intrusive", "default-credentials", "external", "capture"]


class Client(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whose network it is: the code stands in ticket numbers, languages order the documents."""

    code: Code
    name: Name
    languages: Annotated[tuple[Language, ...], Meta(min_length=1)] = ("en",)
    zone: str = "UTC"


class Consent(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the client agreed to beyond looking: by module, named and dated."""

    module: Module
    by: Person
    date: date


class Scope(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What may be looked at, who allowed it and until when. Nothing else is sent a packet."""

    networks: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    authorised_by: str = ""
    expires: date | None = None
    consents: tuple[Consent, ...] = ()


class SnmpCredential(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An SNMP v2c community, tried in the order given."""

    community: SecretRef


class Audit(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How to look: pace, the ports beyond our own list, SNMP credentials, limits."""

    pace: Literal["gentle", "normal", "fast"] = "gentle"
    extra_ports: tuple[Annotated[int, Meta(ge=1, le=65535)], ...] = ()
    snmp: tuple[SnmpCredential, ...] = ()
    host_timeout_s: Annotated[float, Meta(gt=0, le=86400)] = 300.0


class Repository(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A restic repository: a local folder (relative to the workspace) and its password."""

    path: str
    password: SecretRef


class Job(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is backed up where; how old the last copy may be (rpo_h) and how long a restore may
    take (rto_h); which assets it protects.
    """

    repository: str
    paths: Annotated[tuple[str, ...], Meta(min_length=1)]
    exclude: tuple[str, ...] = ()
    rpo_h: Hours = 24.0
    rto_h: Hours = 4.0
    protects: tuple[Match, ...] = ()
    timeout_h: Hours = 12.0


class Backup(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Repositories, jobs, and how old the last proven restore may be."""

    repositories: Mapping[Name, Repository] = {}
    jobs: Mapping[Name, Job] = {}
    proof_days: Annotated[float, Meta(gt=0, le=3660)] = 30.0


class Monitor(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Thresholds of this machine's health and the systemd units that must run."""

    load_per_cpu: Annotated[float, Meta(gt=0)] = 2.0
    memory_percent: Percent = 90.0
    disk_percent: Percent = 90.0
    services: tuple[str, ...] = ()


class Sla(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How soon a ticket must be answered and done, in hours around the clock."""

    response_h: Hours
    resolve_h: Hours


class Tickets(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Service levels by priority."""

    sla: Mapping[Level, Sla] = {}


class AssetNote(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much an asset matters to the client; a ticket's priority follows."""

    match: Match
    importance: Level


class Profile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A client profile after its plan was merged in. `sha256` is of the files as read."""

    msptool: Literal[1]
    client: Client
    extends: str = ""
    scope: Scope = Scope()
    audit: Audit = Audit()
    backup: Backup = Backup()
    monitor: Monitor = Monitor()
    tickets: Tickets = Tickets()
    assets: tuple[AssetNote, ...] = ()
    schedule: Mapping[Literal["run", "audit", "backup", "verify", "monitor"], str] = {}
