"""Events become a ticket. Pure, and blind to the order and repetition of lines.

Events are sorted by (n, eid) and repeated eids count once, so two histories merged by git's union
driver give the same ticket on every laptop, whatever the order of the lines. Times are those that
agree with that order (see `believed`).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from operator import lt
from typing import Any

from msgspec.structs import replace

from msptool import model
from msptool.tickets import believed, causal, clash, contested, lifecycle
from msptool.tickets.events import (
    MACHINE,
    AnyEvent,
    Attached,
    Closed,
    Comment,
    Escalated,
    Known,
    Linked,
    Opened,
    Redacted,
    Reopened,
    Resolved,
    Set,
    Snoozed,
    Ticked,
    Timed,
    Unknown,
    Visit,
    Voided,
    encode,
)
from msptool.tickets.lifecycle import Move
from msptool.tickets.ticket import Item, Span, Ticket


def in_order(events: Iterable[AnyEvent]) -> tuple[AnyEvent, ...]:
    """Return events by (n, eid), each eid once.

    Should different events claim one eid, an opening wins, then the lower n, then the lesser
    bytes: a rule that does not depend on which was read first.
    """
    events = tuple(events)
    order = [event.n for event in events]
    if all(map(lt, order, order[1:])) and len({event.eid for event in events}) == len(events):
        return events  # as in nearly every file
    unique: dict[str, AnyEvent] = {}
    for event in events:
        known = unique.setdefault(event.eid, event)
        if known is not event and known != event:
            unique[event.eid] = min(known, event, key=_claim)
    return tuple(sorted(unique.values(), key=lambda event: (event.n, event.eid)))


def _claim(event: AnyEvent) -> tuple[bool, int, bytes]:
    return not isinstance(event, Opened), event.n, encode(event)


def fold_all(ident: str, events: Iterable[AnyEvent]) -> list[Ticket]:
    """Return the tickets of one file: one, none where no event opens it, and several where laptops
    drew one id. The first in order keeps it; the others' ids follow from their openings.
    """
    history = in_order(events)
    openings = [event for event in history if type(event) is Opened]
    if len(openings) < 2:
        return [_folded(ident, openings[0], history)] if openings else []
    apart = clash.apart(history, openings)
    made = [_folded(clash.ident(ident, opening, openings), opening, its)
            for opening, its in zip(openings, apart, strict=True)]  # fmt: skip
    for ticket in made:
        ticket.clashed = ident
    return made


def fold(ident: str, events: Iterable[AnyEvent]) -> Ticket | None:
    """Return the ticket of this id that events make; None if none of them opens it."""
    return next((ticket for ticket in fold_all(ident, events) if ticket.id == ident), None)


def _folded(ident: str, opening: Opened, history: Sequence[AnyEvent]) -> Ticket:
    branched = causal.is_branched(history)
    times = _when(history, branched=branched)
    ticket = _open(ident, opening, history, times)
    for event, at in zip(history, times, strict=True):
        if event is not opening:
            STEPS[type(event)](ticket, event, at)
    if branched:
        ticket.conflicts = contested.conflicts(history)
    return ticket


def when(history: Sequence[AnyEvent]) -> Sequence[datetime]:
    """Return when each event of a history, which is in order, is believed to have happened."""
    return _when(history, branched=causal.is_branched(history))


def _when(history: Sequence[AnyEvent], *, branched: bool) -> Sequence[datetime]:
    stated = [event.at for event in history]
    # Of events that knew nothing of each other, and of format 1, the order tells nothing of time.
    in_turn = not branched and all([event.after for event in history[1:]])
    return believed.times(stated) if in_turn else stated


def told_at(event: AnyEvent) -> datetime:
    """Return when what an event says of a ticket's state was so: by the look, else by the pen."""
    if isinstance(event, Resolved):
        return event.seen.seen_at
    about = event.about if isinstance(event, Opened | Reopened) else None
    return about.seen.seen_at if about else event.at


def _open(
    ident: str, event: Opened, history: Sequence[AnyEvent], times: Sequence[datetime]
) -> Ticket:
    at = next(at for one, at in zip(history, times, strict=True) if one is event)
    ticket = Ticket(
        id=ident,
        client=event.client,
        kind=event.kind,
        title=event.title,
        text=event.text,
        requester=event.requester,
        about=event.about,
        own_priority=event.priority,
        state="open",
        opened_at=at,
        since=at,
        as_of=told_at(event),
        changed_at=max(times),
        history=tuple(history),
        format=event.format,
        channel=event.channel,
        category=event.category,
        impact=event.impact,
        urgency=event.urgency,
        line=event.line,
        queue=event.queue,
        assignee=event.assignee,
        tags=event.tags,
        aliases=event.aliases,
        parent=event.parent,
        checklist=tuple(map(Item, event.checklist)),
    )
    _mark(ticket, at, event.by)
    return ticket


def _mark(ticket: Ticket, at: datetime, by: str) -> None:
    """Begin a new span where state or priority changed."""
    state, priority, until = ticket.state, ticket.priority, ticket.snoozed_until
    last = ticket.spans[-1] if ticket.spans else None
    if last is None or last.state != state or last.priority != priority or last.until != until:
        ticket.spans = (*ticket.spans, Span(at, state, priority, by, until))


def _nothing(_ticket: Ticket, _event: AnyEvent, _at: datetime) -> None:
    """Do nothing: it is in the history, and was heeded before."""


def _unknown(ticket: Ticket, event: Unknown, _at: datetime) -> None:
    ticket.unknown = (*ticket.unknown, event.event)


def _answered(ticket: Ticket, event: AnyEvent, at: datetime) -> None:
    """Stop the response clock at the first thing a person does."""
    if ticket.answered_at is None and event.by != MACHINE:
        ticket.answered_at = at


def _set(ticket: Ticket, event: Set, at: datetime) -> None:
    for name, value in event.fields.items():
        setter = SETTERS.get(name)
        text = name in TEXTS and isinstance(value, str)
        texts = name in LISTS and isinstance(value, tuple)
        if text or texts or value in CHOICES.get(name, ()):
            setattr(ticket, name, value)
        elif setter is not None and isinstance(value, str):
            setter(ticket, event, value, at)
    _mark(ticket, at, event.by)
    _answered(ticket, event, at)


def _set_state(ticket: Ticket, event: Set, value: str, at: datetime) -> None:
    move = lifecycle.ASKED.get(value)
    if move:
        _moved(ticket, event, move, at)


def _set_priority(ticket: Ticket, _event: Set, value: str, _at: datetime) -> None:
    if value in lifecycle.LEVELS:
        ticket.own_priority = value
    elif not value:
        ticket.own_priority = None


def _set_severity(ticket: Ticket, _event: Set, value: str, _at: datetime) -> None:
    if ticket.about is not None and value in model.SEVERITIES:
        ticket.about = replace(ticket.about, severity=value)


def _set_importance(ticket: Ticket, _event: Set, value: str, _at: datetime) -> None:
    if ticket.about is not None and value in lifecycle.LEVELS:
        ticket.about = replace(ticket.about, importance=value)


def _said(ticket: Ticket, event: Comment, at: datetime) -> None:
    if not event.internal:  # the client was told nothing yet
        _answered(ticket, event, at)


def _resolved(ticket: Ticket, event: Resolved, at: datetime) -> None:
    if _moved(ticket, event, "resolve", at, as_of=told_at(event)):
        ticket.turns = (*ticket.turns, at)
        ticket.duplicate_of = event.duplicate_of


def _closed(ticket: Ticket, event: Closed, at: datetime) -> None:
    if _moved(ticket, event, "close", at, as_of=told_at(event)):
        ticket.reason, ticket.duplicate_of = event.reason, event.duplicate_of
        ticket.accepted_until = event.until if event.reason == "accepted" else None
        _answered(ticket, event, at)


def _reopened(ticket: Ticket, event: Reopened, at: datetime) -> None:
    if not _moved(ticket, event, "reopen", at, as_of=told_at(event)):
        return
    if event.about is not None:
        ticket.about = event.about
        ticket.turns = (*ticket.turns, at)
        _mark(ticket, at, event.by)


def _snoozed(ticket: Ticket, event: Snoozed, at: datetime) -> None:
    if lifecycle.after(ticket.state, "snooze") is not None:
        ticket.state, ticket.snoozed_until = "snoozed", event.until
        _mark(ticket, at, event.by)
    else:
        ticket.unmoved = (*ticket.unmoved, event.eid)
    _answered(ticket, event, at)


def _moved(
    ticket: Ticket, event: Known, move: Move, at: datetime, *, as_of: datetime | None = None
) -> bool:
    state = lifecycle.after(ticket.state, move)
    if state is None:
        ticket.unmoved = (*ticket.unmoved, event.eid)
        return False
    ticket.state, ticket.snoozed_until = state, None
    ticket.as_of = max(ticket.as_of, as_of or ticket.as_of)
    if move == "reopen":
        _back(ticket, at)
    elif state in lifecycle.ACTIVE:
        ticket.ended_at = None
    elif ticket.ended_at is None:
        ticket.ended_at = at
    _mark(ticket, at, event.by)
    return True


def _back(ticket: Ticket, at: datetime) -> None:
    """Start the clocks anew and forget how it ended."""
    ticket.since = at
    ticket.reason = ticket.accepted_until = ticket.answered_at = ticket.ended_at = None
    ticket.duplicate_of = ""
    ticket.reopened += 1


def _linked(ticket: Ticket, event: Linked, at: datetime) -> None:
    others = tuple(link for link in ticket.links if link != (event.tie, event.to))
    ticket.links = others if event.gone else (*others, (event.tie, event.to))
    _answered(ticket, event, at)


def _escalated(ticket: Ticket, event: Escalated, at: datetime) -> None:
    ticket.line, ticket.assignee = event.line, event.assignee
    _answered(ticket, event, at)


def _timed(ticket: Ticket, event: Timed, at: datetime) -> None:
    ticket.times = (*ticket.times, event)
    _answered(ticket, event, at)


def _visit(ticket: Ticket, event: Visit, at: datetime) -> None:
    ticket.visits = (*(v for v in ticket.visits if v.visit != event.visit), event)
    _answered(ticket, event, at)


def _attached(ticket: Ticket, event: Attached, _at: datetime) -> None:
    ticket.attachments = (*ticket.attachments, event)


def _ticked(ticket: Ticket, event: Ticked, at: datetime) -> None:
    if event.item < len(ticket.checklist):
        items = list(ticket.checklist)
        items[event.item] = Item(items[event.item].text, event.done)
        ticket.checklist = tuple(items)
    _answered(ticket, event, at)


def _voided(ticket: Ticket, event: Voided, _at: datetime) -> None:
    """Leave out what was a mistake, in whatever order the two came."""
    ticket.times = tuple(one for one in ticket.times if one.eid != event.of)
    ticket.visits = tuple(one for one in ticket.visits if event.of not in (one.eid, one.visit))
    ticket.attachments = tuple(one for one in ticket.attachments if one.eid != event.of)


def _redacted(ticket: Ticket, event: Redacted, _at: datetime) -> None:
    """Leave out an attachment that was deleted for good; texts were masked when they were read."""
    if event.sha256 is not None:
        ticket.attachments = tuple(one for one in ticket.attachments if one.eid != event.of)


STEPS: Mapping[type, Callable[[Ticket, Any, datetime], None]] = {
    Opened: _nothing,  # of another laptop's ticket: see fold_all
    Set: _set,
    Comment: _said,
    Resolved: _resolved,
    Reopened: _reopened,
    Closed: _closed,
    Snoozed: _snoozed,
    Linked: _linked,
    Escalated: _escalated,
    Timed: _timed,
    Visit: _visit,
    Attached: _attached,
    Ticked: _ticked,
    Voided: _voided,
    Redacted: _redacted,
    Unknown: _unknown,
}
# What `set` knows; of a field that is not here, or a value that is none of it, nothing comes.
TEXTS = frozenset(
    {"title", "text", "requester", "channel", "category", "queue", "assignee", "parent"}
)
LISTS = frozenset({"tags", "aliases"})
CHOICES: Mapping[str, Sequence[Any]] = {
    "impact": ("low", "medium", "high"),
    "urgency": ("low", "medium", "high"),
    "line": ("L1", "L2", "L3"),
    "kind": ("incident", "request", "change", "visit", "task"),
}
SETTERS: Mapping[str, Callable[[Ticket, Set, str, datetime], None]] = {
    "state": _set_state,
    "priority": _set_priority,
    "severity": _set_severity,
    "importance": _set_importance,
}
