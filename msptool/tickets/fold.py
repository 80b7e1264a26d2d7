"""Events become a ticket. Pure, and blind to the order and repetition of lines.

Events are sorted by (n, eid) and repeated eids count once, so two histories merged by git's union
driver give the same ticket on every laptop, whatever the order of the lines.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from msptool import model
from msptool.model import Words
from msptool.tickets import lifecycle
from msptool.tickets.events import (
    MACHINE,
    About,
    AnyEvent,
    Closed,
    Comment,
    Kind,
    Known,
    Opened,
    Reopened,
    Resolved,
    Set,
    Unknown,
    encode,
)
from msptool.tickets.lifecycle import Importance, Move, Reason, State


class Ticket(Struct, frozen=True, kw_only=True, gc=False):
    """A ticket as it stands. `history` is in order and holds every event once.

    `since` is when it last became open, `as_of` the latest time at which its state was known to
    be true: by the machine's time of looking, or by a person's clock. `unmoved` are the eids of
    events that asked for a move which had no effect.
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
    reason: Reason | None = None
    duplicate_of: str = ""
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    reopened: int = 0
    unknown: tuple[str, ...] = ()
    unmoved: tuple[str, ...] = ()

    @property
    def priority(self) -> Importance:
        """A person's word, else severity by importance."""
        if self.own_priority or self.about is None:
            return self.own_priority or "normal"
        return lifecycle.PRIORITY[self.about.severity][self.about.importance]

    @property
    def active(self) -> bool:
        """Whether someone has work to do."""
        return self.state in lifecycle.ACTIVE

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


def in_order(events: Iterable[AnyEvent]) -> tuple[AnyEvent, ...]:
    """Return events by (n, eid), each eid once.

    Should different events claim one eid, an opening wins, then the lower n, then the lesser
    bytes: a rule that does not depend on which was read first.
    """
    unique: dict[str, AnyEvent] = {}
    for event in events:
        known = unique.setdefault(event.eid, event)
        if known is not event and known != event:
            unique[event.eid] = min(known, event, key=_claim)
    return tuple(sorted(unique.values(), key=lambda event: (event.n, event.eid)))


def _claim(event: AnyEvent) -> tuple[bool, int, bytes]:
    return not isinstance(event, Opened), event.n, encode(event)


def fold(ident: str, events: Iterable[AnyEvent]) -> Ticket | None:
    """Return the ticket that events make; None if none of them opens it."""
    history = in_order(events)
    opening = next((event for event in history if isinstance(event, Opened)), None)
    if opening is None:
        return None
    ticket = _open(ident, opening, history)
    for event in history:
        if event is not opening:
            ticket = STEPS[type(event)](ticket, event)
    return ticket


def told_at(event: AnyEvent) -> datetime:
    """Return when what an event says of a ticket's state was so: by the look, else by the pen."""
    if isinstance(event, Resolved):
        return event.seen.seen_at
    about = event.about if isinstance(event, Opened | Reopened) else None
    return about.seen.seen_at if about else event.at


def _open(ident: str, event: Opened, history: tuple[AnyEvent, ...]) -> Ticket:
    about = event.about
    return Ticket(
        id=ident,
        client=event.client,
        kind=event.kind,
        title=event.title,
        text=event.text,
        requester=event.requester,
        about=about,
        own_priority=event.priority,
        state="open",
        opened_at=event.at,
        since=event.at,
        as_of=told_at(event),
        changed_at=max(event.at for event in history),
        history=history,
    )


def _opened_again(ticket: Ticket, event: Opened) -> Ticket:
    """Two laptops drew one id: the first in order stands, the other's line is without effect."""
    return replace(ticket, unmoved=(*ticket.unmoved, event.eid))


def _unknown(ticket: Ticket, event: Unknown) -> Ticket:
    return replace(ticket, unknown=(*ticket.unknown, event.event))


def _answered(ticket: Ticket, event: AnyEvent) -> Ticket:
    """Stop the response clock at the first thing a person does."""
    if ticket.answered_at is not None or event.by == MACHINE:
        return ticket
    return replace(ticket, answered_at=event.at)


def _set(ticket: Ticket, event: Set) -> Ticket:
    for name, value in event.fields.items():
        setter = SETTERS.get(name)
        if setter is not None and isinstance(value, str):
            ticket = setter(ticket, event, value)
    return _answered(ticket, event)


def _set_state(ticket: Ticket, event: Set, value: str) -> Ticket:
    move = lifecycle.ASKED.get(value)
    return _moved(ticket, event, move) if move else ticket


def _set_title(ticket: Ticket, _event: Set, value: str) -> Ticket:
    return replace(ticket, title=value)


def _set_requester(ticket: Ticket, _event: Set, value: str) -> Ticket:
    return replace(ticket, requester=value)


def _set_priority(ticket: Ticket, _event: Set, value: str) -> Ticket:
    level = value if value in lifecycle.LEVELS else ticket.own_priority
    return replace(ticket, own_priority=level)


def _set_severity(ticket: Ticket, _event: Set, value: str) -> Ticket:
    if ticket.about is None or value not in model.SEVERITIES:
        return ticket
    return replace(ticket, about=replace(ticket.about, severity=value))


def _set_importance(ticket: Ticket, _event: Set, value: str) -> Ticket:
    if ticket.about is None or value not in lifecycle.LEVELS:
        return ticket
    return replace(ticket, about=replace(ticket.about, importance=value))


def _resolved(ticket: Ticket, event: Resolved) -> Ticket:
    return _moved(ticket, event, "resolve", as_of=told_at(event))


def _closed(ticket: Ticket, event: Closed) -> Ticket:
    moved = _moved(ticket, event, "close", as_of=told_at(event))
    if moved.unmoved != ticket.unmoved:
        return moved
    return _answered(replace(moved, reason=event.reason, duplicate_of=event.duplicate_of), event)


def _reopened(ticket: Ticket, event: Reopened) -> Ticket:
    about = event.about
    moved = _moved(ticket, event, "reopen", as_of=told_at(event))
    if about is None or moved.unmoved != ticket.unmoved:
        return moved
    return replace(moved, about=about)


def _moved(ticket: Ticket, event: Known, move: Move, *, as_of: datetime | None = None) -> Ticket:
    state = lifecycle.after(ticket.state, move)
    if state is None:
        return replace(ticket, unmoved=(*ticket.unmoved, event.eid))
    known_at = max(ticket.as_of, as_of or ticket.as_of)
    if move == "reopen":
        return _back(replace(ticket, state=state, as_of=known_at), event.at)
    ended = ticket.ended_at or event.at if state not in lifecycle.ACTIVE else None
    return replace(ticket, state=state, as_of=known_at, ended_at=ended)


def _back(ticket: Ticket, at: datetime) -> Ticket:
    """Start the clocks anew and forget how it ended."""
    return replace(
        ticket,
        since=at,
        reason=None,
        duplicate_of="",
        answered_at=None,
        ended_at=None,
        reopened=ticket.reopened + 1,
    )


STEPS: Mapping[type, Callable[[Ticket, Any], Ticket]] = {
    Opened: _opened_again,
    Set: _set,
    Comment: _answered,
    Resolved: _resolved,
    Reopened: _reopened,
    Closed: _closed,
    Unknown: _unknown,
}
SETTERS: Mapping[str, Callable[[Ticket, Set, str], Ticket]] = {
    "state": _set_state,
    "title": _set_title,
    "requester": _set_requester,
    "priority": _set_priority,
    "severity": _set_severity,
    "importance": _set_importance,
}
