"""A report beside what is known: the tickets of its findings, who is who, the client's policy."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

from msptool import model
from msptool.identity import Identities
from msptool.model import Attempt, Finding, Privilege, Severity, Subject
from msptool.profile.shape import Policy
from msptool.tickets import lifecycle, maintenance
from msptool.tickets.batch import Batch
from msptool.tickets.events import Closed, Opened, Pen, Reopened, Resolved
from msptool.tickets.fold import told_at
from msptool.tickets.lifecycle import LEVELS, Importance, Reason, State
from msptool.tickets.ticket import Ticket

_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Held:
    """What must be known of a ticket to decide about its finding; its history is read if need be.

    `opening` is the eid of its first event, `turns` are the latest times at which a machine
    resolved or reopened it.
    """

    id: str
    opening: str
    state: State
    reason: Reason | None
    accepted_until: datetime | None
    duplicate_of: str
    severity: Severity
    importance: Importance
    check: str
    subject: Subject
    vantage: str
    privilege: Privilege
    as_of: datetime
    ended_at: datetime | None
    turns: tuple[datetime, ...]

    @property
    def active(self) -> bool:
        """Whether someone has work to do."""
        return self.state in lifecycle.ACTIVE


class Shelf(Protocol):
    """Where tickets are looked up."""

    def expect(self, keys: Collection[str]) -> None:
        """Prepare to be asked for these fingerprints: many at once cost less than one by one."""

    def by_key(self, key: str) -> list[Held]:
        """Return the tickets of a fingerprint, in the order of opening."""

    def by_id(self, ident: str) -> Held | None:
        """Return any ticket; None where there is none."""

    def active(self, places: Collection[tuple[str, str]]) -> Iterable[tuple[str, Held]]:
        """Yield fingerprint and ticket of the findings with work to do of these checks on these
        things.
        """

    def read(self, ident: str) -> Ticket:
        """Return a whole ticket."""


@dataclass(frozen=True)
class Context:
    """What is known before the report: tickets, who is who, and the client's policy.

    `importance` by minted id, for things that a report does not bring along; `seen_since`: tickets
    whose finding a later run has seen already.
    """

    client: str
    languages: tuple[str, ...]
    identities: Identities
    shelf: Shelf
    importance: Mapping[str, Importance] = field(default_factory=dict)
    seen_since: frozenset[str] = frozenset()
    policy: Policy = Policy()
    windows: tuple[maintenance.Window, ...] = ()

    def key(self, check: str, subject: Subject) -> str:
        """Return the fingerprint over the id that the thing has now."""
        thing = self.identities.resolve(subject.thing)
        return model.fingerprint(check, Subject(client=self.client, thing=thing, part=subject.part))


class Look:
    """A batch with its records sorted by the ids that things have now."""

    def __init__(self, batch: Batch, context: Context, pen: Pen) -> None:
        self.batch, self.context, self.pen = batch, context, pen
        resolve = context.identities.resolve
        self.things = {resolve(thing.id): thing for thing in batch.things}
        self.attempts: dict[tuple[str, str], list[Attempt]] = defaultdict(list)
        for attempt in batch.attempts:
            self.attempts[attempt.check, resolve(attempt.thing)].append(attempt)
        self.named = {(f.check, resolve(f.subject.thing)) for f in batch.findings}
        self.only = {(check, resolve(thing)): p for (check, thing), p in batch.only.items()}

    @property
    def may_resolve(self) -> bool:
        """Whether silence about a finding may mean anything."""
        return self.batch.whole and self.batch.header is not None

    def looked_at(self, place: tuple[str, str], part: str) -> bool:
        """Tell whether an attempt of a check on a thing spoke of a part; see `Batch.only`."""
        only = self.only.get(place)
        whole, mark, _ = part.rpartition("#")
        return only is None or part in only or (mark != "" and whole in only)

    def vantage(self, attempt: Attempt) -> str:
        """Return an attempt's vantage, or that of its run."""
        return attempt.vantage or (self.batch.header.vantage if self.batch.header else "")

    def when(self, moment: datetime | None) -> datetime:
        """Return a time that is not in the future: a wrong clock must not outlast all others."""
        started = self.batch.header.started_at if self.batch.header else None
        return min(moment or started or self.pen.at, self.pen.at)

    def last_word(self, held: Held) -> datetime:
        """Return the latest time at which a ticket's state was known, of those not in the future:
        a laptop whose clock ran ahead must not have the last word until its time has come.
        """
        if held.as_of <= self.pen.at:
            return held.as_of
        ticket = self.context.shelf.read(held.id)
        told = (
            told_at(event)
            for event in ticket.history
            if isinstance(event, Opened | Resolved | Reopened | Closed)
            and event.eid not in ticket.unmoved
        )
        return max((at for at in told if at <= self.pen.at), default=_NEVER)

    def is_maintained(self, finding: Finding, subject: Subject) -> bool:
        """Tell whether a thing was being worked on when the finding was seen, however late the
        report comes.
        """
        if not self.context.windows:
            return False
        at, name = self.when(finding.seen_at), self.name(subject)
        names = (subject.thing, name, *self.context.identities.aliases(subject.thing))
        return any(window.covers(names, at) for window in self.context.windows)

    def name(self, subject: Subject) -> str:
        """Return what people call a thing."""
        thing = self.things.get(subject.thing)
        if thing is not None:
            return thing.name or thing.id
        aliases = self.context.identities.aliases(subject.thing)
        names = (alias for alias in aliases if alias.startswith("name:"))
        return next(names, f"name:{subject.thing}").removeprefix("name:")

    def importance(self, subject: Subject) -> Importance | None:
        """Return how much a thing matters; None where neither report nor profile says."""
        thing = self.things.get(subject.thing)
        if thing is not None and thing.importance in LEVELS:
            return thing.importance
        return self.context.importance.get(subject.thing)
