"""What a report is built from: the newest runs joined with tickets. Saved as report.json.

`msptool.document/1`: like the seam, readers ignore fields they do not know, and a changed meaning
becomes `/2`.
"""

from collections.abc import Mapping
from datetime import date
from typing import Literal

import msgspec
from msgspec import Struct

from msptool.model import Instant, Kind, Report, Severity, Words
from msptool.profile.shape import Consent

SCHEMA = "msptool.document/1"
KINDS: tuple[Kind, ...] = ("audit", "backup", "restore", "monitor")

# Why a run is not, or not all, in the document: cut-short ended early, unfinished never ended
# (killed, or still going on), unreadable and changed no longer are what was written.
Trouble = Literal["cut-short", "unfinished", "unreadable", "changed"]
LOST: frozenset[Trouble] = frozenset({"unreadable", "changed"})


class Problem(Struct, frozen=True, kw_only=True):
    """A run that is newer than the one told of, and why it is not told of itself."""

    run: str
    trouble: Trouble


class Part(Struct, frozen=True, kw_only=True):
    """The newest complete run of a kind; `report` is None where there is none yet."""

    kind: Kind
    report: Report | None = None
    problems: tuple[Problem, ...] = ()


class Authority(Struct, frozen=True, kw_only=True):
    """Who allowed the look at what, as the profile says it now."""

    networks: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    authorised_by: str = ""
    expires: date | None = None
    consents: tuple[Consent, ...] = ()
    profile_sha256: str = ""
    scope_sha256: str = ""


class Promise(Struct, frozen=True, kw_only=True):
    """What the profile promises of a backup job, in hours."""

    job: str
    rpo_h: float
    rto_h: float


class Ticket(Struct, frozen=True, kw_only=True):
    """What a reader of the report wants to know of a ticket.

    `check`, `thing` (a minted id) and `part` say which finding opened it; "" for a request.
    """

    id: str
    title: str
    titles: Words = {}
    state: str
    reason: str = ""
    priority: str
    severity: Severity | None = None
    check: str = ""
    thing: str = ""
    part: str = ""
    name: str = ""
    opened_at: Instant
    due_at: Instant | None = None
    ended_at: Instant | None = None


class Document(Struct, frozen=True, kw_only=True):
    """Everything the formats draw on. `parts` holds every kind of run, in the order of KINDS.

    `zone` is the IANA name in which times are shown; `unreadable_tickets` counts lines and files.
    """

    schema: str = SCHEMA
    id: str
    built_at: Instant
    msptool: str
    client: str
    name: str
    zone: str = "UTC"
    languages: tuple[str, ...]
    authority: Authority = Authority()
    promises: tuple[Promise, ...] = ()
    parts: tuple[Part, ...]
    tickets: tuple[Ticket, ...] = ()
    unreadable_tickets: int = 0

    def reports(self) -> Mapping[Kind, Report]:
        """Return the reports that are there, by kind."""
        return {part.kind: part.report for part in self.parts if part.report is not None}


def encode(document: Document) -> bytes:
    """Return the document as JSON that people can read too."""
    return msgspec.json.format(msgspec.json.encode(document), indent=1)


_decoder: msgspec.json.Decoder[Document] = msgspec.json.Decoder(Document)


def decode(data: bytes) -> Document:
    """Return the document in JSON; raise msgspec.DecodeError where it is none."""
    return _decoder.decode(data)
