"""What people do: ask for something, say something, hand it on, work, close, reopen.

Each act reads, checks against the lifecycle and writes its events, on a desk that was opened to
write.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeAlias, TypedDict, Unpack

from msgspec.structs import replace

from msptool import clock
from msptool.errors import UsageError
from msptool.model import Scalar
from msptool.tickets import assign, contested, fold, lifecycle
from msptool.tickets.desk import Desk
from msptool.tickets.events import (
    FORMAT,
    AnyEvent,
    Billing,
    Closed,
    Comment,
    Escalated,
    Kind,
    Line,
    Linked,
    Opened,
    Pen,
    Reopened,
    Set,
    Snoozed,
    Ticked,
    Tie,
    Timed,
    Voided,
    Work,
)
from msptool.tickets.fold import Ticket
from msptool.tickets.lifecycle import Importance, Level, Reason

TEXT_BYTES = 256 << 10  # of one text; what is longer belongs into an attachment
MOST_MINUTES = 60 * 24 * 31
# What a person types for each move; a machine's move is closed by people.
_VERBS: Mapping[lifecycle.Move, str] = {
    "work": "status", "wait": "status", "release": "status", "snooze": "snooze",
    "resolve": "close", "close": "close", "reopen": "reopen",
}  # fmt: skip
LINES: tuple[Line, ...] = ("L1", "L2", "L3")
Value: TypeAlias = Scalar | tuple[str, ...]


class Asked(TypedDict, total=False):
    """What may be said of a new request; `kind` must be."""

    kind: Kind
    requester: str
    channel: str
    category: str
    priority: Importance | None
    impact: Level | None
    urgency: Level | None
    line: Line
    queue: str
    assignee: str
    tags: tuple[str, ...]
    aliases: tuple[str, ...]
    parent: str
    checklist: tuple[str, ...]


class Worked(TypedDict, total=False):
    """What may be said of time that was worked."""

    billing: Billing
    work: Work


def add(desk: Desk, title: str, *, pen: Pen, text: str = "", **said: Unpack[Asked]) -> Ticket:
    """Open a ticket for a person's request; raise UsageError without a title."""
    if not title.strip():
        raise UsageError("ticket.title", "a ticket needs a title")
    opened = Opened(
        **pen.mark(),
        format=FORMAT,
        ticket=desk.draw(),
        client=desk.client,
        title=clean(title, "title"),
        text=clean(text, "text"),
        **({"kind": "request"} | _cleaned(said)),
    )
    event = assign.opening(desk.profile.tickets.assign, opened)
    if "line" in said:  # L1, too, where it was said
        event = replace(event, line=said["line"])
    desk.write({event.ticket: (event,)})
    return desk.read(event.ticket)


def edit(desk: Desk, ident: str, fields: Mapping[str, Value], *, pen: Pen) -> Ticket:
    """Set fields of a ticket; those that have their value already are left out."""
    if fields.get("parent"):
        _require_no_circle(desk, ident, str(fields["parent"]))

    def changed(ticket: Ticket) -> Set:
        open_to = _contested(ticket)  # said again, what stands is settled
        new = {n: v for n, v in fields.items() if n in open_to or v != _said_now(ticket, n)}
        if not new:
            raise UsageError("ticket.same", f"{ident} is so already; nothing was written")
        return Set(**pen.mark(ticket.history), fields=_cleaned(new))

    return act(desk, ident, changed)


def _require_no_circle(desk: Desk, ident: str, parent: str) -> None:
    """Raise UsageError where a ticket would come under itself: lists show neither of them then."""
    above: list[str] = []
    while parent and parent not in above:
        if parent == ident:
            raise UsageError("ticket.link", f"{ident} cannot come under itself")
        above.append(parent)
        parent = desk.read(parent).parent if desk.path_of(parent).is_file() else ""


def _require_no_ring(desk: Desk, ident: str, other: Ticket) -> None:
    """Raise UsageError where each of two tickets would be the other's duplicate, and closed."""
    met: set[str] = set()
    while other.duplicate_of and other.id not in met:
        if other.duplicate_of == ident:
            raise UsageError(
                "ticket.link", f"{other.id} was closed as a duplicate of {ident}",
                hint=f"msptool tickets reopen {other.id}, or close {ident} with its own reason",
            )  # fmt: skip
        met.add(other.id)
        if not desk.path_of(other.duplicate_of).is_file():
            return
        other = desk.read(other.duplicate_of)


def _said_now(ticket: Ticket, name: str) -> object:
    """Return what was said of a field; "" of a priority that follows from other things."""
    return ticket.own_priority or "" if name == "priority" else getattr(ticket, name, None)


def comment(desk: Desk, ident: str, text: str, *, pen: Pen, internal: bool = False) -> Ticket:
    """Write down what someone said."""
    if not text.strip():
        raise UsageError("ticket.comment", "the comment is empty")
    said = clean(text, "comment")
    return act(desk, ident, lambda t: Comment(**pen.mark(t.history), text=said, internal=internal))


def close(
    desk: Desk,
    ident: str,
    reason: Reason,
    *,
    pen: Pen,
    text: str = "",
    duplicate_of: str = "",
    until: datetime | None = None,
) -> Ticket:
    """Say the last word; raise UsageError where it would not count or could hide something."""
    if reason in ("wont-fix", "accepted") and not text.strip():
        raise UsageError(
            "ticket.comment", "why will it not be fixed?", hint="say it with --comment"
        )
    if (reason == "duplicate") != bool(duplicate_of) or duplicate_of == ident:
        raise UsageError(
            "ticket.duplicate", "a duplicate is closed as one of another ticket",
            hint="msptool tickets close ID --reason duplicate --of OTHER-ID",
        )  # fmt: skip
    if (reason == "accepted") != (until is not None):
        raise UsageError(
            "ticket.until", "a risk is accepted until a day",
            hint="msptool tickets accept ID --until 2027-06-30 --comment WHY",
        )  # fmt: skip
    if until is not None and until <= pen.at:
        raise _past(until)
    if duplicate_of:
        _require_no_ring(desk, ident, desk.read(duplicate_of))

    def closed(ticket: Ticket) -> Closed:
        _require_understood(ticket)
        return Closed(
            **pen.mark(ticket.history), reason=reason, text=clean(text, "comment"),
            duplicate_of=duplicate_of, until=until,
        )  # fmt: skip

    return act(desk, ident, closed)


def reopen(desk: Desk, ident: str, *, pen: Pen, text: str = "") -> Ticket:
    """Take back a resolution or a closing."""
    said = clean(text, "comment")
    return act(desk, ident, lambda t: Reopened(**pen.mark(t.history), text=said))


def snooze(desk: Desk, ident: str, until: datetime, *, pen: Pen, text: str = "") -> Ticket:
    """Let a ticket rest until a time."""
    if until <= pen.at:
        raise _past(until)
    said = clean(text, "comment")
    return act(desk, ident, lambda t: Snoozed(**pen.mark(t.history), until=until, text=said))


def link(desk: Desk, ident: str, other: str, tie: Tie, *, pen: Pen, gone: bool = False) -> Ticket:
    """Say that two tickets have to do with each other, or no longer have."""
    if other == ident:
        raise UsageError("ticket.link", f"{ident} cannot be linked to itself")
    desk.read(other)

    def linked(ticket: Ticket) -> Linked:
        is_so = ((tie, other) in ticket.links) != gone
        if is_so and f"link {tie} {other}" not in _contested(ticket):
            raise UsageError("ticket.same", f"{ident} is so already; nothing was written")
        return Linked(**pen.mark(ticket.history), to=other, tie=tie, gone=gone)

    return act(desk, ident, linked)


def merge(desk: Desk, ident: str, into: str, *, pen: Pen) -> Ticket:
    """Close a ticket as part of another; what was said and worked in it stays there, one link away.

    A finding of it follows the other one from now on.
    """
    if ident == into:
        raise UsageError("ticket.link", f"{ident} cannot be merged into itself")
    whole = desk.read(into)
    _require_no_ring(desk, ident, whole)
    if whole.state not in lifecycle.ACTIVE:
        raise UsageError(
            "ticket.link", f"{into} is {whole.state}: nobody would look after both",
            hint=f"msptool tickets reopen {into}; or close with --reason duplicate",
        )  # fmt: skip

    def merged(ticket: Ticket) -> Sequence[AnyEvent]:
        _require_understood(ticket)
        tied = Linked(**pen.mark(ticket.history), to=into, tie="merged-into")
        closed = Closed(**pen.mark((*ticket.history, tied)), reason="duplicate", duplicate_of=into)
        return tied, closed

    return act(desk, ident, merged)


def split(desk: Desk, ident: str, title: str, *, pen: Pen, text: str = "") -> Ticket:
    """Open a ticket for a part of another's matter, with its people and its place."""
    whole = desk.read(ident)
    if not title.strip():
        raise UsageError("ticket.title", "a ticket needs a title")
    opening = Opened(
        **pen.mark(),
        format=FORMAT,
        ticket=desk.draw(),
        client=desk.client,
        kind=whole.kind,
        title=clean(title, "title"),
        text=clean(text, "text"),
        requester=whole.requester,
        channel=whole.channel,
        category=whole.category,
        priority=whole.priority,
        line=whole.line,
        queue=whole.queue,
        assignee=whole.assignee,
    )
    tied = Linked(**pen.mark((opening,)), to=ident, tie="split-from")
    desk.write({opening.ticket: (opening, tied)})
    return desk.read(opening.ticket)


def escalate(
    desk: Desk,
    ident: str,
    *,
    pen: Pen,
    symptom: str,
    tried: str,
    evidence: str,
    line: Line | None = None,
    assignee: str = "",
) -> Ticket:
    """Hand a ticket to the next line, with what it would ask for first: none of it may be empty."""
    asked = {"symptom": symptom, "tried": tried, "evidence": evidence}
    missing = ", ".join(name for name, said in asked.items() if not said.strip())
    if missing:
        raise UsageError(
            "ticket.escalate", f"the next line needs to know: {missing}",
            hint="--symptom what is seen, --tried what was done, --evidence what shows it",
        )  # fmt: skip

    def escalated(ticket: Ticket) -> Escalated:
        if ticket.state not in lifecycle.ACTIVE:
            raise _no_effect(ticket)
        nearest = LINES.index(ticket.line) + 1
        to = line or LINES[min(nearest, len(LINES) - 1)]
        if LINES.index(to) < nearest:
            raise UsageError("ticket.line", f"{ident} is with {ticket.line} already")
        return Escalated(
            **pen.mark(ticket.history), line=to, symptom=clean(symptom, "symptom"),
            tried=clean(tried, "tried"), evidence=clean(evidence, "evidence"),
            assignee=clean(assignee, "assignee"),
        )  # fmt: skip

    return act(desk, ident, escalated)


def work(
    desk: Desk,
    ident: str,
    minutes: int,
    *,
    pen: Pen,
    text: str = "",
    began_at: datetime | None = None,
    **said: Unpack[Worked],
) -> Ticket:
    """Write down time that was worked; it began as long before now, unless said otherwise."""
    if not 0 < minutes <= MOST_MINUTES:
        raise UsageError("ticket.minutes", f"{minutes} minutes of work cannot be")
    began = began_at or pen.at - timedelta(minutes=minutes)
    if began > pen.at:
        raise UsageError("ticket.began", f"{clock.iso(began)} is still to come")
    told = clean(text, "text")
    return act(
        desk,
        ident,
        lambda t: Timed(**pen.mark(t.history), minutes=minutes, began_at=began, text=told, **said),
    )


def void(desk: Desk, ident: str, eid: str, *, pen: Pen, text: str = "") -> Ticket:
    """Take back a time entry, a visit or an attachment; it stays in the history."""

    def voided(ticket: Ticket) -> Voided:
        able = (*ticket.times, *ticket.visits, *ticket.attachments)
        if not any(one.eid == eid for one in able):
            raise UsageError("ticket.entry", f"{ident} has no entry {eid[:40]!r} to take back")
        return Voided(**pen.mark(ticket.history), of=eid, text=clean(text, "text"))

    return act(desk, ident, voided)


def tick(desk: Desk, ident: str, item: int, *, pen: Pen, done: bool = True) -> Ticket:
    """Tick an item of the checklist, counted from 0."""

    def ticked(ticket: Ticket) -> Ticked:
        if not 0 <= item < len(ticket.checklist):
            raise UsageError("ticket.item", f"the checklist has {len(ticket.checklist)} items")
        return Ticked(**pen.mark(ticket.history), item=item, done=done)

    return act(desk, ident, ticked)


def act(desk: Desk, ident: str, make: Callable[[Ticket], AnyEvent | Sequence[AnyEvent]]) -> Ticket:
    """Write the events that `make` makes of the ticket as it is now; return what becomes of it.

    The caller opened the desk to write, so nobody else writes between the two.
    """
    ticket = desk.read(ident)
    made = make(ticket)
    events = tuple(made) if isinstance(made, Sequence) else (made,)
    became = fold.fold_all(ident, (*ticket.history, *events))[0]
    if len(became.unmoved) > len(ticket.unmoved) and not _settles(ticket, events):
        raise _no_effect(ticket)
    desk.write({ident: events})
    return became


def _contested(ticket: Ticket) -> frozenset[str]:
    return frozenset(conflict.field for conflict in ticket.conflicts)


def _settles(ticket: Ticket, events: Sequence[AnyEvent]) -> bool:
    """Return that the events say again what stands of a state on which nobody had the last word."""
    if "state" not in _contested(ticket):
        return False
    ended = ("closed", ticket.reason, ticket.duplicate_of)
    stands = ended if ticket.state == "closed" else ticket.state
    return all(dict(contested.wrote(event)).get("state") == stands for event in events)


def _no_effect(ticket: Ticket) -> UsageError:
    verbs = dict.fromkeys(_VERBS[move] for move in lifecycle.TRANSITIONS[ticket.state])
    return UsageError(
        "ticket.state",
        f"{ticket.id} is {ticket.state}; nothing was written",
        hint=f"what can be done then: msptool tickets {', '.join(verbs)}",
    )


def _past(until: datetime) -> UsageError:
    return UsageError("ticket.until", f"{clock.iso(until)} is over", hint="name a time to come")


def _require_understood(ticket: Ticket) -> None:
    if ticket.unknown:
        raise UsageError(
            "ticket.newer",
            f"{ticket.id} holds events of a newer msptool: {', '.join(ticket.unknown)}",
            hint="update msptool, then close it; everything else still works",
        )


def _cleaned(fields: Any) -> Any:
    return {
        name: clean(value, name)
        if isinstance(value, str)
        else tuple(clean(" ".join(one.split()), name) for one in value if one.strip())
        if isinstance(value, tuple)
        else value
        for name, value in fields.items()
    }


def clean(text: str, what: str) -> str:
    """Return text that is UTF-8: bytes of an argument that were not become escapes. Raises
    UsageError where it is longer than a ticket should carry.
    """
    data = text.encode(errors="backslashreplace")
    if len(data) > TEXT_BYTES:
        raise UsageError(
            "ticket.long", f"the {what} is longer than {TEXT_BYTES >> 10} KiB",
            hint="attach it as a file: msptool tickets attach ID FILE",
        )  # fmt: skip
    return data.decode()
