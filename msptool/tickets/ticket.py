"""A ticket as it stands, and what follows from it alone."""

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from msptool import model
from msptool.model import Words
from msptool.tickets import lifecycle
from msptool.tickets.contested import Conflict
from msptool.tickets.events import About, AnyEvent, Attached, Kind, Line, Tie, Timed, Visit
from msptool.tickets.lifecycle import Importance, Level, Reason, State


class Span(Struct, frozen=True, gc=False):
    """From `at` a ticket was in a state, with a priority; `by` whom. `until`: of a snooze."""

    at: datetime
    state: State
    priority: Importance
    by: str
    until: datetime | None = None


class Item(Struct, frozen=True, gc=False):
    """A line of a checklist."""

    text: str
    done: bool = False


class Ticket(Struct, kw_only=True, gc=False):
    """A ticket as it stands; only `fold` changes one. `history` is in order, every event once.

    `since` is when it last became open, `as_of` the latest time at which its state was known to
    be true: by the machine's time of looking, or by a person's clock. `unmoved` are the eids of
    events that asked for a move which had no effect. `turns`: when machines resolved or reopened
    it. `clashed`: the id under which another laptop's ticket had been opened, too.
    """

    id: str
    client: str
    kind: Kind
    title: str
    text: str
    requester: str
    about: About | None
    own_priority: Importance | None
    state: State
    opened_at: datetime
    since: datetime
    as_of: datetime
    changed_at: datetime
    history: tuple[AnyEvent, ...]
    format: int = 1
    channel: str = ""
    category: str = ""
    impact: Level | None = None
    urgency: Level | None = None
    line: Line = "L1"
    queue: str = ""
    assignee: str = ""
    tags: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    parent: str = ""
    checklist: tuple[Item, ...] = ()
    snoozed_until: datetime | None = None
    reason: Reason | None = None
    accepted_until: datetime | None = None
    duplicate_of: str = ""
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    reopened: int = 0
    turns: tuple[datetime, ...] = ()
    spans: tuple[Span, ...] = ()
    links: tuple[tuple[Tie, str], ...] = ()
    times: tuple[Timed, ...] = ()
    visits: tuple[Visit, ...] = ()
    attachments: tuple[Attached, ...] = ()
    unknown: tuple[str, ...] = ()
    unmoved: tuple[str, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    clashed: str = ""

    @property
    def priority(self) -> Importance:
        """A person's word, else severity by importance, else impact by urgency."""
        if self.own_priority:
            return self.own_priority
        if self.about is not None:
            return lifecycle.PRIORITY[self.about.severity][self.about.importance]
        if self.impact and self.urgency:
            return lifecycle.URGENT[self.impact][self.urgency]
        return "normal"

    @property
    def active(self) -> bool:
        """Whether someone has work to do."""
        return self.state in lifecycle.ACTIVE

    def state_at(self, now: datetime) -> State:
        """Return the state at a time: a snooze that is over is none."""
        over = self.snoozed_until is not None and self.snoozed_until <= now
        return "open" if self.state == "snoozed" and over else self.state

    @property
    def fingerprint(self) -> str:
        """The fingerprint of the finding as it was when the ticket opened; "" without one."""
        return model.fingerprint(self.about.check, self.about.subject) if self.about else ""

    def words(self, which: str, languages: Iterable[str]) -> str:
        """Return title, message or remedy of the rule in the first language that has it."""
        return first(getattr(self.about, which), languages) if self.about else ""


def first(words: Words, languages: Iterable[str]) -> str:
    """Return words in the first of these languages that they have, else in any, else ""."""
    for language in languages:
        if words.get(language):
            return words[language]
    return next(iter(words.values()), "")
