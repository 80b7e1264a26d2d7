"""What may stand in a profile. The JSON Schema for editors is made from these."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from msptool.profile.promises import Calendar, Effort, Hours
from msptool.profile.promises import Sla as Sla  # noqa: PLC0414 - taken from here, too

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
Percent = Annotated[float, Meta(gt=0, le=100)]
Days = Annotated[float, Meta(gt=0, le=3660)]
Count = Annotated[int, Meta(ge=0, le=10_000)]
Port = Annotated[int, Meta(ge=1, le=65535)]
Host = Annotated[
    str,
    Meta(
        pattern=r"^[A-Za-z0-9_\[][A-Za-z0-9_.:%\]-]*$(?!\n)",
        description="a host name or an address",
    ),
]
Argv = Annotated[
    tuple[Annotated[str, Meta(pattern=r"^[^\0]+$(?!\n)")], ...],
    Meta(min_length=1, description="a program and its arguments, one a word; never a shell line"),
]
Tag = Annotated[
    str,
    Meta(
        pattern=r"^[^\x00-\x20\x7f,=]{1,100}$(?!\n)",
        description="a word without comma, blank or =",
    ),
]
Level = Literal["low", "normal", "high", "critical"]
Moment = Annotated[datetime, Meta(tz=True, description="a time with its zone, ISO 8601")]
Pattern = Annotated[
    str,
    Meta(
        pattern=r"^[^\x00-\x1f\x7f]{1,100}$(?!\n)",
        description="a name or an alias, * and ? stand for any characters",
    ),
]
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


SnmpAuth = Literal["MD5", "SHA", "SHA-224", "SHA-256", "SHA-384", "SHA-512"]
SnmpPriv = Literal["DES", "AES", "AES-192", "AES-256", "AES-192-C", "AES-256-C"]


class SnmpCredential(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An SNMP credential, tried in the order given: a `community` (2c, and 1 where that stays
    without an answer, unless `version` says which) or a version 3 `user`, with its methods and
    passwords. `networks`: where it is tried; everywhere, if empty.
    """

    community: SecretRef | None = None
    version: Literal["1", "2c"] | None = None
    user: Annotated[str, Meta(pattern=r"^[^\x00-\x1f\x7f]{0,32}$(?!\n)")] = ""
    auth: SnmpAuth | None = None
    auth_password: SecretRef | None = None
    priv: SnmpPriv | None = None
    priv_password: SecretRef | None = None
    context: Annotated[str, Meta(pattern=r"^[^\x00-\x1f\x7f]{0,255}$(?!\n)")] = ""
    networks: tuple[str, ...] = ()


class DnsHint(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A name server inside the scope that is asked for the names of the scope's addresses.
    `transfer`: also try to get the whole `zone` from it.
    """

    server: Annotated[str, Meta(description="the address of a name server inside the scope")]
    zone: Annotated[
        str,
        Meta(
            pattern=r"^([A-Za-z0-9_-]{1,63}(\.[A-Za-z0-9_-]{1,63})*\.?)?$(?!\n)",
            description="a domain like office.example",
        ),
    ] = ""
    transfer: bool = False


class HintSource(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who may know of machines that a sweep misses: exactly one of `dhcp` (a file of leases of ISC
    dhcpd, dnsmasq, Kea, Windows or RouterOS, relative to the workspace) and `dns`.
    """

    dhcp: Annotated[str, Meta(pattern=r"^[^\0\n]*$(?!\n)")] = ""
    dns: DnsHint | None = None


class Audit(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How to look: pace, the ports beyond our own list, SNMP credentials, limits; `hints` of where
    machines are.
    """

    pace: Literal["gentle", "normal", "fast"] = "gentle"
    extra_ports: tuple[Annotated[int, Meta(ge=1, le=65535)], ...] = ()
    snmp: tuple[SnmpCredential, ...] = ()
    host_timeout_s: Annotated[float, Meta(gt=0, le=86400)] = 300.0
    hints: tuple[HintSource, ...] = ()


class Sftp(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A folder on an SSH server. Without `identity` ssh uses its own keys; `known_hosts` is the
    file that must name the server (by default ssh's own).
    """

    host: Host
    path: str
    user: Annotated[str, Meta(pattern=r"^([A-Za-z0-9_][A-Za-z0-9_.-]*)?$(?!\n)")] = ""
    port: Port = 22
    identity: str = ""
    known_hosts: str = ""


class Rest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A REST server (rest-server, rclone): its URL without user and password; `ca` is the file of
    the certificate authority that it must show.
    """

    url: Annotated[
        str,
        Meta(
            pattern=r"^https?://[^\s/@?#]+(/[^\s@?#]*)?$(?!\n)",
            description="http(s)://HOST:PORT/PATH, without user and password",
        ),
    ]
    user: str = ""
    password: SecretRef | None = None
    ca: str = ""


class Repository(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A restic repository and its password: exactly one of `path` (a local folder, relative to
    the workspace), `sftp` and `rest`. `append_only`: nothing can be deleted there with this
    access; that is tried, not believed.
    """

    password: SecretRef
    path: str = ""
    sftp: Sftp | None = None
    rest: Rest | None = None
    append_only: bool = False


class Postgresql(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A database that pg_dump streams into restic; without `host` by the local socket."""

    database: Annotated[str, Meta(pattern=r"^[^\x00-\x1f\x7f=]+$(?!\n)")]
    host: Annotated[str, Meta(pattern=r"^[^\x00-\x1f\x7f,]*$(?!\n)")] = ""
    port: Port = 5432
    user: str = ""
    password: SecretRef | None = None


class Command(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A program whose output is backed up as one file of this name."""

    argv: Argv
    file: Annotated[str, Meta(pattern=r"^(?!\.\.?$)[^/\x00-\x1f\x7f\\]+$(?!\n)")]


class Limits(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much of the machine and the line a job may take; 0 KiB/s is without a limit."""

    nice: Annotated[int, Meta(ge=0, le=19)] = 0
    ionice: Literal["none", "best-effort", "idle"] = "none"
    upload_kib_s: Annotated[int, Meta(ge=0)] = 0
    download_kib_s: Annotated[int, Meta(ge=0)] = 0


class Hooks(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Programs around a job, as lists of words: before it, after it went well, after it failed.
    A `before` that fails keeps the job from running.
    """

    before: tuple[Argv, ...] = ()
    after: tuple[Argv, ...] = ()
    failed: tuple[Argv, ...] = ()
    timeout_s: Annotated[float, Meta(gt=0, le=86400)] = 600.0


class Expect(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a backup of this job must at least and may at most hold, and how much of it may change
    from one to the next.
    """

    min_files: Annotated[int, Meta(ge=0)] | None = None
    max_files: Annotated[int, Meta(ge=0)] | None = None
    min_bytes: Annotated[int, Meta(ge=0)] | None = None
    max_bytes: Annotated[int, Meta(ge=0)] | None = None
    change_percent: Percent | None = None


class Keep(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which proven snapshots `backup forget` keeps: the last N, and the newest of each of the
    last N hours, days, weeks, months, years that have one.
    """

    last: Count = 0
    hourly: Count = 0
    daily: Count = 0
    weekly: Count = 0
    monthly: Count = 0
    yearly: Count = 0


class Probe(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A custom meaning probe: a program that is run on each restored file of this pattern, whose
    path is appended to its words. It passes with exit code 0.
    """

    match: str
    argv: Argv
    timeout_s: Annotated[float, Meta(gt=0, le=86400)] = 60.0


class Job(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is backed up where: exactly one of `paths` (folders and files), `sqlite` (database
    files, by online backup), `postgresql` and `command`. How old the last copy may be (rpo_h) and
    how long a restore may take (rto_h); which assets it protects.
    """

    repository: str
    paths: tuple[str, ...] = ()
    sqlite: tuple[str, ...] = ()
    postgresql: Postgresql | None = None
    command: Command | None = None
    exclude: tuple[str, ...] = ()
    tags: tuple[Tag, ...] = ()
    limits: Limits = Limits()
    hooks: Hooks = Hooks()
    expect: Expect = Expect()
    keep: Keep = Keep()
    probes: tuple[Probe, ...] = ()
    rpo_h: Hours = 24.0
    rto_h: Hours = 4.0
    protects: tuple[Match, ...] = ()
    timeout_h: Hours = 12.0


class Verify(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How `backup verify` picks without --level: a full proof where the last one is older than
    full_days, or where it costs next to nothing; else a sample, so that within full_days every
    file is proven, and within packs_days every pack is read. budget_min: the minutes for a job.
    """

    full_days: Days = 7.0
    packs_days: Annotated[int, Meta(ge=1, le=256)] = 30
    budget_min: Annotated[float, Meta(gt=0)] = 60.0
    small_mib: Annotated[int, Meta(ge=0)] = 512


class Backup(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Repositories, jobs, and how old the last proven restore may be."""

    repositories: Mapping[Name, Repository] = {}
    jobs: Mapping[Name, Job] = {}
    proof_days: Days = 30.0
    verify: Verify = Verify()


class Monitor(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Thresholds of this machine's health and the systemd units that must run."""

    load_per_cpu: Annotated[float, Meta(gt=0)] = 2.0
    memory_percent: Percent = 90.0
    disk_percent: Percent = 90.0
    services: tuple[str, ...] = ()


class Flapping(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """So many machine-made resolutions and returns within so many hours: the ticket stays open."""

    turns: Annotated[int, Meta(ge=2, le=32)] = 4
    within_h: Hours = 24.0


class Policy(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How findings become tickets. A fault that is back within so many days reopens its ticket,
    later it gets a new one; so many new findings of one check, or behind one machine that is down,
    come under one ticket (0: never).
    """

    reopen_within_days: Days = 30.0
    flapping: Flapping = Flapping()
    group_at: Annotated[int, Meta(ge=0, le=1000)] = 10


class Maintenance(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Works on some machines, by name or alias, * for all: once, or in hours of every week
    (`sat 22:00 - sun 04:00`, in the client's time zone), from starts_at until ends_at if these are
    given too. What begins then opens no ticket.
    """

    match: Annotated[tuple[Pattern, ...], Meta(min_length=1)] = ("*",)
    starts_at: Moment | None = None
    ends_at: Moment | None = None
    weekly: str = ""
    reason: str = ""


ViewName = Annotated[
    str,
    Meta(
        pattern=r"^[a-z][a-z0-9-]{0,31}$(?!\n)",
        description="the name of a saved view: small letters, digits, -",
    ),
]
ViewText = Annotated[
    str,
    Meta(
        pattern=r"^[^\x00-\x1f\x7f]{1,500}$(?!\n)",
        description='filters as one types them: prio:>=high "two words" @mine',
    ),
]


Step = Annotated[
    str,
    Meta(
        pattern=r"^[^\x00-\x1f\x7f]{1,500}$(?!\n)",
        description="a line of at most 500 characters",
    ),
]
TicketKind = Literal["incident", "request", "change", "visit", "task"]
SupportLine = Literal["L1", "L2", "L3"]


class Assignment(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """To whom a new ticket goes: `queue`, `assignee`, `line`, if each condition that is given has
    a pattern that fits. Of several rules that fit, the first that names a queue gives the queue,
    and so on.
    """

    category: tuple[Pattern, ...] = ()
    channel: tuple[Pattern, ...] = ()
    check: tuple[Pattern, ...] = ()
    thing: tuple[Pattern, ...] = ()
    priority: tuple[Level, ...] = ()
    type: tuple[TicketKind, ...] = ()
    queue: str = ""
    assignee: str = ""
    line: SupportLine | None = None


class TicketTemplate(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a ticket of `tickets add --template` begins with; the command line has the last word."""

    title: str = ""
    text: str = ""
    type: TicketKind = "request"
    category: str = ""
    priority: Level | None = None
    line: SupportLine | None = None
    queue: str = ""
    checklist: tuple[Step, ...] = ()


class Tickets(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Service levels by priority, in whose working time, which states stop their clocks, and of
    what share of the time a warning comes; how worked time is counted; how findings become
    tickets, and when works are under way. `views`: filters with a name, for `list @name`;
    `assign`: to whom new tickets go; `templates`: what they begin with.
    """

    sla: Mapping[Level, Sla] = {}
    calendar: Calendar = Calendar()
    pauses: tuple[Literal["waiting", "snoozed"], ...] = ("waiting",)
    warn_at: Annotated[float, Meta(gt=0, lt=1)] = 0.8
    time: Effort = Effort()
    policy: Policy = Policy()
    views: Mapping[ViewName, ViewText] = {}
    maintenance: tuple[Maintenance, ...] = ()
    assign: tuple[Assignment, ...] = ()
    templates: Mapping[Name, TicketTemplate] = {}
    attachment_mib: Annotated[int, Meta(ge=1, le=4096)] = 100


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
    schedule: Mapping[Literal["run", "audit", "backup", "verify", "forget", "monitor"], str] = {}
