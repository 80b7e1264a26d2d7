"""What happened to a ticket: one frozen event a line, named by `event`. docs/formats-tickets.md.

An event never changes once written; a new kind is a new struct here. What a newer version wrote
and this one cannot read is kept as `Unknown`: the line stays, and only closing is refused.
`gc=False`: frozen values form no cycles, and thousands of them need not be walked.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal, TypeAlias, TypedDict

import msgspec
from msgspec import Meta, Struct

from msptool import ulid
from msptool.model import Instant, Privilege, Scalar, Severity, Subject, Words
from msptool.tickets.lifecycle import Importance, Reason

FORMAT = 1
MACHINE = "msptool"  # a person's name holds an "@"
Kind: TypeAlias = Literal["incident", "request", "change", "visit", "task"]
Eid: TypeAlias = Annotated[str, Meta(pattern=rf"^[{ulid.ALPHABET}]{{26}}\Z")]
_LAST_N = 2**53 - 1  # beyond it JSON readers lose digits; no honest history comes near
Lamport: TypeAlias = Annotated[int, Meta(ge=1, le=_LAST_N)]


class Event(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False, tag_field="event"):
    """Every event: its ULID, its place in logical time, who wrote it, and when by the wall clock.

    Order is (n, eid), never `at`: clocks of laptops differ.
    """

    eid: Eid
    n: Lamport
    by: str
    at: Instant


class Sighting(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """From where something was seen, by which run and when; `run` is "" for a bare finding."""

    seen_at: Instant
    run: str = ""
    vantage: str = ""
    privilege: Privilege = "user"


class About(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """The finding that opened a ticket, with its rule's words: a reader needs no register.

    `proof_head` (JOB:NUMBER:SHA256) and `proof_key` (hex): of a backup job's last signed proof.
    """

    check: str
    subject: Subject
    name: str
    severity: Severity
    importance: Importance = "normal"
    title: Words = {}
    message: Words = {}
    remedy: Words = {}
    standards: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    proof_head: str = ""
    proof_key: str = ""
    seen: Sighting


class Opened(Event, frozen=True, kw_only=True, gc=False, tag="opened"):
    """The first line. `about` for a finding; `priority` and `requester` for a person's request."""

    format: int
    ticket: str
    client: str
    kind: Kind
    title: str
    text: str = ""
    requester: str = ""
    priority: Importance | None = None
    about: About | None = None


class Set(Event, frozen=True, kw_only=True, gc=False, tag="set"):
    """Fields that took new values; names that a reader does not know are kept and passed over."""

    fields: Mapping[str, Scalar | tuple[str, ...]]
    run: str = ""


class Comment(Event, frozen=True, kw_only=True, gc=False, tag="comment"):
    """What someone said."""

    text: str


class Resolved(Event, frozen=True, kw_only=True, gc=False, tag="resolved"):
    """A machine looked again and no longer found it. Only machines resolve."""

    seen: Sighting


class Reopened(Event, frozen=True, kw_only=True, gc=False, tag="reopened"):
    """It is back: seen by a machine, with what the finding says now, or said by a person."""

    about: About | None = None
    text: str = ""


class Closed(Event, frozen=True, kw_only=True, gc=False, tag="closed"):
    """A person's last word. Only people close."""

    reason: Reason
    text: str = ""
    duplicate_of: str = ""


class Unknown(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """An event of a newer version: of what it says, only the envelope can be read."""

    event: str
    eid: Eid
    n: Lamport
    by: str
    at: Instant


Known: TypeAlias = Opened | Set | Comment | Resolved | Reopened | Closed
AnyEvent: TypeAlias = Known | Unknown

_known: msgspec.json.Decoder[Known] = msgspec.json.Decoder(Known)
_envelope: msgspec.json.Decoder[Unknown] = msgspec.json.Decoder(Unknown)


def encode(event: AnyEvent) -> bytes:
    """Return one event as JSON without a line break."""
    return msgspec.json.encode(event)


def decode(line: bytes) -> AnyEvent:
    """Return the event on a line; raise ValueError if it is none, not even an unknown one."""
    try:
        return _either(line)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise ValueError(str(error)) from error


def _either(line: bytes) -> AnyEvent:
    try:
        return _known.decode(line)
    except msgspec.ValidationError:
        return _envelope.decode(line)


class Mark(TypedDict):
    """The envelope of a new event."""

    eid: str
    n: int
    by: str
    at: datetime


@dataclass(frozen=True)
class Pen:
    """Who writes and when; fresh ids come from `eid`, so that tests can fix them."""

    by: str
    at: datetime
    eid: Callable[[], str] = ulid.new

    def mark(self, history: Iterable[AnyEvent] = ()) -> Mark:
        """Return the envelope of the event that follows a history."""
        n = min(_LAST_N, max((event.n for event in history), default=0) + 1)
        return Mark(eid=self.eid(), n=n, by=self.by, at=self.at)
