"""What happened to a ticket: one frozen event a line, named by `event`. docs/formats-tickets.md.

An event never changes once written, but for a secret that is redacted; a new kind is a new struct
here. What a newer version wrote
and this one cannot read is kept as `Unknown`: the line stays, and only closing is refused.
`gc=False`: frozen values form no cycles, and thousands of them need not be walked.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal, TypeAlias, TypedDict

import msgspec
from msgspec import Meta, Struct

from msptool import ulid
from msptool.model import Instant, Privilege, Scalar, Severity, Subject, Words
from msptool.tickets import causal
from msptool.tickets.lifecycle import Importance, Level, Reason

FORMAT = 2  # 1 had no `after`, and fewer kinds; both are read for ever
MACHINE = "msptool"  # a person's name holds an "@"
Kind: TypeAlias = Literal["incident", "request", "change", "visit", "task"]
# A ULID; its letters are looked at by `decode`: a pattern takes a third of the time of reading.
Eid: TypeAlias = Annotated[str, Meta(min_length=26, max_length=26)]
_LAST_N = 2**53 - 1  # beyond it JSON readers lose digits; no honest history comes near
Lamport: TypeAlias = Annotated[int, Meta(ge=1, le=_LAST_N)]
Line: TypeAlias = Literal["L1", "L2", "L3"]
Tie: TypeAlias = Literal["relates", "blocks", "causes", "duplicates", "merged-into", "split-from"]
Billing: TypeAlias = Literal["included", "billable", "none"]
Work: TypeAlias = Literal["remote", "on-site", "travel"]
VisitStatus: TypeAlias = Literal["planned", "done", "cancelled"]
Sha256: TypeAlias = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
Cut: TypeAlias = tuple[Annotated[int, Meta(ge=0)], Annotated[int, Meta(ge=0)]]


class Event(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False, tag_field="event"):
    """Every event: its ULID, its place in logical time, who wrote it, and when by the wall clock.

    Order is (n, eid), never `at`: clocks of laptops differ. `after`: the last events its writer
    knew, so that two acts that knew nothing of each other can be told; a writer of format 1 left
    it out, and knew all of lower n.
    """

    eid: Eid
    n: Lamport
    by: str
    at: Instant
    after: tuple[Eid, ...] = ()


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
    """The first line. `about` for a finding; `priority` and `requester` for a person's request.

    `channel`: how it came (phone, mail, messenger, portal, monitoring …). `aliases`: what it is
    called elsewhere. `parent`: the ticket of the cause, where one fault brings many.
    """

    format: int
    ticket: str
    client: str
    kind: Kind
    title: str
    text: str = ""
    requester: str = ""
    channel: str = ""
    category: str = ""
    priority: Importance | None = None
    impact: Level | None = None
    urgency: Level | None = None
    line: Line = "L1"
    queue: str = ""
    assignee: str = ""
    tags: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    parent: str = ""
    checklist: tuple[str, ...] = ()
    about: About | None = None


class Set(Event, frozen=True, kw_only=True, gc=False, tag="set"):
    """Fields that took new values; names that a reader does not know are kept and passed over."""

    fields: Mapping[str, Scalar | tuple[str, ...]]
    run: str = ""


class Comment(Event, frozen=True, kw_only=True, gc=False, tag="comment"):
    """What someone said; `internal`: not for the client."""

    text: str
    internal: bool = False


class Resolved(Event, frozen=True, kw_only=True, gc=False, tag="resolved"):
    """A machine looked again and no longer found it. Only machines resolve.

    `duplicate_of`: two laptops had opened a ticket each for one finding, and the other stays.
    """

    seen: Sighting
    duplicate_of: str = ""


class Reopened(Event, frozen=True, kw_only=True, gc=False, tag="reopened"):
    """It is back: seen by a machine, with what the finding says now, or said by a person."""

    about: About | None = None
    text: str = ""


class Closed(Event, frozen=True, kw_only=True, gc=False, tag="closed"):
    """A person's last word. Only people close. `until`: when an accepted risk is due again."""

    reason: Reason
    text: str = ""
    duplicate_of: str = ""
    until: Instant | None = None


class Snoozed(Event, frozen=True, kw_only=True, gc=False, tag="snoozed"):
    """Nothing is to be done before then; at that time it is open again, without an event."""

    until: Instant
    text: str = ""


class Linked(Event, frozen=True, kw_only=True, gc=False, tag="linked"):
    """Two tickets have to do with each other; `gone` takes a link back."""

    to: str
    tie: Tie
    gone: bool = False


class Escalated(Event, frozen=True, kw_only=True, gc=False, tag="escalated"):
    """Handed to another line, with what the next one would ask for first."""

    line: Line
    symptom: str
    tried: str
    evidence: str
    assignee: str = ""


class Timed(Event, frozen=True, kw_only=True, gc=False, tag="time"):
    """Work done: minutes as worked, before any rounding of the plan."""

    minutes: Annotated[int, Meta(ge=1, le=60 * 24 * 31)]
    began_at: Instant
    billing: Billing = "included"
    work: Work = "remote"
    text: str = ""


class Visit(Event, frozen=True, kw_only=True, gc=False, tag="visit"):
    """A visit on site, planned or its outcome; `visit` is the eid of the first event of it."""

    visit: Eid
    starts_at: Instant
    ends_at: Instant
    engineer: str = ""
    place: str = ""
    status: VisitStatus = "planned"
    text: str = ""


class Attached(Event, frozen=True, kw_only=True, gc=False, tag="attached"):
    """A file, kept once under its SHA-256 in tickets/attachments."""

    sha256: Sha256
    name: str
    size_bytes: Annotated[int, Meta(ge=0)]


class Ticked(Event, frozen=True, kw_only=True, gc=False, tag="ticked"):
    """An item of the checklist (from 0) was done, or was not after all."""

    item: Annotated[int, Meta(ge=0)]
    done: bool = True


class Voided(Event, frozen=True, kw_only=True, gc=False, tag="voided"):
    """A time entry, visit or attachment was a mistake; it stays in the history."""

    of: Eid
    text: str = ""


class Redacted(Event, frozen=True, kw_only=True, gc=False, tag="redacted"):
    """A secret was taken out of an event: `cuts` are character ranges by place (`text`,
    `fields.title`), for good, also where a merge brings the old line back. See redaction.

    `sha256`: the attachment of that event was deleted for good, and `of` names where it hung.
    """

    of: Eid
    cuts: Mapping[str, tuple[Cut, ...]] = {}
    sha256: Sha256 | None = None
    text: str = ""


class Unknown(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """An event of a newer version: of what it says, only the envelope can be read."""

    event: str
    eid: Eid
    n: Lamport
    by: str
    at: Instant
    after: tuple[Eid, ...] = ()


Known: TypeAlias = (
    Opened
    | Set
    | Comment
    | Resolved
    | Reopened
    | Closed
    | Snoozed
    | Linked
    | Escalated
    | Timed
    | Visit
    | Attached
    | Ticked
    | Voided
    | Redacted
)
AnyEvent: TypeAlias = Known | Unknown

_LETTERS = ulid.ALPHABET.encode()
_known: msgspec.json.Decoder[Known] = msgspec.json.Decoder(Known)
_envelope: msgspec.json.Decoder[Unknown] = msgspec.json.Decoder(Unknown)


def encode(event: AnyEvent) -> bytes:
    """Return one event as JSON without a line break."""
    return msgspec.json.encode(event)


def decode(line: bytes) -> AnyEvent:
    """Return the event on a line; raise ValueError if it is none, not even an unknown one."""
    try:
        event = _either(line)
        if event.eid.encode().translate(None, _LETTERS):  # a third of what `strip` takes
            raise ValueError("the eid is no ULID")
        return event
    except (msgspec.DecodeError, RecursionError, UnicodeError) as error:
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
    after: tuple[str, ...]


@dataclass(frozen=True)
class Pen:
    """Who writes and when; fresh ids come from `eid`, so that tests can fix them."""

    by: str
    at: datetime
    eid: Callable[[], str] = ulid.new

    def mark(self, history: Sequence[AnyEvent] = ()) -> Mark:
        """Return the envelope of the event that follows a history, which is in order."""
        n = min(_LAST_N, max((event.n for event in history), default=0) + 1)
        return Mark(eid=self.eid(), n=n, by=self.by, at=self.at, after=causal.heads(history))
