"""The seam `msptool.report/1`: what one stage hands to the next, frozen and savable.

A report is a header, its records and an end. On disk they are `manifest.json` and one `.jsonl` a
kind; in a pipe each is one line with a `type`, header first, `end` (or `error`) last. A reader
ignores fields it does not know, so new fields keep `/1`; a changed meaning becomes `/2`.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal, TypeAlias

import msgspec
from msgspec import Meta, Struct

SCHEMA = "msptool.report/1"

Instant: TypeAlias = Annotated[datetime, Meta(tz=True)]
Scalar: TypeAlias = str | int | float | bool | None
Words: TypeAlias = Mapping[str, str]
Severity: TypeAlias = Literal["critical", "high", "medium", "low", "info"]
Outcome: TypeAlias = Literal["pass", "fail", "unknown", "skipped"]
Kind: TypeAlias = Literal["audit", "backup", "restore", "monitor"]
Privilege: TypeAlias = Literal["user", "root"]

SEVERITIES: tuple[Severity, ...] = ("critical", "high", "medium", "low", "info")
LANGUAGES = ("en", "ru")

# Why an attempt ended without a verdict. A closed list: a reason that is not here is a bug, since
# reports group, translate and count by it.
REASONS: Mapping[str, Words] = {
    "host-off": {"en": "the host did not answer", "ru": "узел не ответил"},
    "no-answer": {"en": "the service did not answer", "ru": "служба не ответила"},
    "no-snmp": {"en": "no SNMP answer", "ru": "нет ответа по SNMP"},
    "snmp-user": {
        "en": "the agent does not know the SNMP user",
        "ru": "агент не знает пользователя SNMP",
    },
    "snmp-auth-key": {
        "en": "wrong SNMP authentication password or method",
        "ru": "неверный пароль или метод аутентификации SNMP",
    },
    "snmp-privacy-key": {
        "en": "wrong SNMP privacy password or method",
        "ru": "неверный пароль или метод шифрования SNMP",
    },
    "snmp-level": {
        "en": "the agent does not offer this SNMP security level",
        "ru": "агент не поддерживает этот уровень защиты SNMP",
    },
    "snmp-refused": {
        "en": "the SNMP agent refuses to be read",
        "ru": "агент SNMP отказывает в чтении",
    },
    "not-asked": {"en": "it was not asked", "ru": "опрос не проводился"},
    "no-data": {"en": "the device does not give this value", "ru": "устройство не даёт значения"},
    "no-previous-run": {"en": "nothing to compare with yet", "ru": "пока не с чем сравнить"},
    "too-soon": {
        "en": "too little time or traffic since the last run",
        "ru": "с прошлого запуска прошло слишком мало времени или трафика",
    },
    "counter-reset": {"en": "the counters were reset", "ru": "счётчики были сброшены"},
    "partial": {"en": "only a part was read", "ru": "прочитана только часть"},
    "tool-missing": {"en": "a tool is missing", "ru": "не хватает программы"},
    "no-privilege": {"en": "a privilege is missing", "ru": "не хватает прав"},
    "no-consent": {"en": "the client's consent is missing", "ru": "нет согласия клиента"},
    "not-on-segment": {
        "en": "only a machine on that segment could tell",
        "ru": "видно только с машины в том же сегменте",
    },
    "not-configured": {"en": "not named in the profile", "ru": "не указано в профиле"},
    "not-applicable": {"en": "does not apply", "ru": "неприменимо"},
    "probe-failed": {"en": "the probe failed", "ru": "проба не удалась"},
    "timed-out": {"en": "the time limit ran out", "ru": "истёк лимит времени"},
    "check-crashed": {"en": "the check crashed", "ru": "проверка завершилась сбоем"},
    "unreadable": {"en": "the answer could not be read", "ru": "ответ не удалось разобрать"},
    "cut-short": {"en": "the run was cut short", "ru": "запуск был прерван"},
}


class Record(Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="type"):
    """What may stand on a line of a report; the tag says which."""


class Header(Record, frozen=True, kw_only=True, omit_defaults=False, tag="report"):
    """Who looked, from what authority, with which tools. `scope` are the networks as written."""

    schema: str = SCHEMA
    run: str
    client: str
    kind: Kind
    msptool: str
    tools: Mapping[str, str] = {}
    scope: tuple[str, ...] = ()
    scope_sha256: str = ""
    profile_sha256: str = ""
    vantage: str = ""
    privilege: Privilege = "user"
    started_at: Instant


class Rule(Record, frozen=True, kw_only=True, tag="rule"):
    """What a check is about, in every language. `message` is a template filled from facts.

    Rules travel with the findings, so that a later stage needs no register to word them.
    """

    check: str
    title: Words
    message: Words
    remedy: Words
    severity: Severity
    category: str
    standards: tuple[str, ...] = ()


class Thing(Record, frozen=True, kw_only=True, tag="thing"):
    """What a check speaks of: an asset, a backup job, a repository, a network, an agent.

    `facts` are what a reader wants to know of it at a glance (vendor, model, serial …).
    """

    id: str
    kind: str
    name: str
    aliases: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    importance: str = "normal"
    facts: Mapping[str, Scalar] = {}


class Link(Record, frozen=True, kw_only=True, tag="link"):
    """A cable or a neighbourhood, as `source` (lldp, fdb, arp) tells it; the map draws it."""

    a: str
    b: str
    a_port: str = ""
    b_port: str = ""
    source: str = ""


class Attempt(Record, frozen=True, kw_only=True, gc=False, tag="attempt"):
    """One check tried on one thing; `reason` is a key of REASONS unless it passed or failed.

    `unsure` are the parts that could not be judged, whatever came of the others.
    """

    check: str
    thing: str
    vantage: str = ""
    privilege: Privilege = "user"
    outcome: Outcome
    reason: str = ""
    unsure: tuple[str, ...] = ()


class Subject(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a finding is about: a part of a thing of a client."""

    client: str = ""
    thing: str
    part: str = ""


class Finding(Record, frozen=True, kw_only=True, tag="finding"):
    """A failed attempt's violation. `message` only where no rule travels along."""

    check: str
    subject: Subject
    severity: Severity
    facts: Mapping[str, Scalar] = {}
    evidence: tuple[str, ...] = ()
    seen_at: Instant | None = None
    message: str = ""


class Evidence(Record, frozen=True, kw_only=True, tag="evidence"):
    """The raw bytes behind facts: kept in the run at `path`, named by their hash."""

    sha256: str
    kind: str
    path: str
    source: str
    taken_at: Instant
    size_bytes: int
    redacted: bool = False


class End(Record, frozen=True, kw_only=True, tag="end"):
    """The last line of a whole report; without it the run was cut short."""

    ended_at: Instant
    complete: bool


class Failure(Record, frozen=True, kw_only=True, tag="error"):
    """Stands in place of `end` when the command failed."""

    code: str
    exit: int
    message: str
    file: str = ""
    line: int = 0
    column: int = 0
    key: str = ""
    nearest: tuple[str, ...] = ()


Line: TypeAlias = Header | Rule | Thing | Link | Attempt | Finding | Evidence | End | Failure


class Report(Struct, frozen=True, kw_only=True):
    """One run's outcome, whole."""

    header: Header
    end: End
    rules: tuple[Rule, ...] = ()
    things: tuple[Thing, ...] = ()
    links: tuple[Link, ...] = ()
    attempts: tuple[Attempt, ...] = ()
    findings: tuple[Finding, ...] = ()
    evidence: tuple[Evidence, ...] = ()

    def lines(self) -> tuple[Line, ...]:
        """Return every record in the order in which a pipe carries them."""
        return (self.header, *self.records(), self.end)

    def records(self) -> tuple[Line, ...]:
        """Return what lies between header and end."""
        return (
            *self.rules, *self.things, *self.links,
            *self.attempts, *self.findings, *self.evidence,
        )  # fmt: skip


def encode(line: Line) -> bytes:
    """Return one record as JSON without a line break."""
    return msgspec.json.encode(line)


_decoder: msgspec.json.Decoder[Line] = msgspec.json.Decoder(Line)


def decode(line: bytes) -> Line:
    """Return the record on a line; raise msgspec.DecodeError (also on a naive time)."""
    return _decoder.decode(line)


def fingerprint(check: str, subject: Subject) -> str:
    """Return what stays the same from run to run: never severity, message, address or time."""
    text = "\0".join((check, subject.client, subject.thing, subject.part))
    import hashlib

    return "f1" + hashlib.sha256(text.encode()).hexdigest()[:24]


_FIELD = re.compile(r"\{(\w+)\}")


def fill(template: str, facts: Mapping[str, Scalar]) -> str:
    """Fill `{name}` from facts; a name without a fact shows as "?".

    Not `str.format`: templates travel with reports, and must not reach into objects.
    """
    return _FIELD.sub(lambda found: _plain(facts.get(found[1])), template)


def _plain(value: Scalar) -> str:
    return "?" if value is None else str(value)


def schema() -> bytes:
    """Return the JSON Schema (2020-12) of one line of a report, indented."""
    return json_schema(Line, SCHEMA)


def json_schema(kind: object, title: str = "") -> bytes:
    """Return the JSON Schema (2020-12) of a type, for editors; indented."""
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    titled = {**head, **({"title": title} if title else {}), **msgspec.json.schema(kind)}
    return msgspec.json.format(msgspec.json.encode(titled), indent=2) + b"\n"
