"""A ticket as others see it: one flat record for `--json`, exporters and lists."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal, TypeAlias

from msgspec import Struct

from msptool.model import Instant, Severity, Words
from msptool.tickets import clocks
from msptool.tickets.clocks import Reckoner, Standing
from msptool.tickets.events import (
    AnyEvent,
    Billing,
    Closed,
    Comment,
    Escalated,
    Kind,
    Line,
    Opened,
    Reopened,
    Snoozed,
    Tie,
    Visit,
    VisitStatus,
    Voided,
    Work,
)
from msptool.tickets.lifecycle import Importance, Level, Reason, State
from msptool.tickets.ticket import Item, Ticket

Occasion: TypeAlias = Literal["comment", "closed", "reopened", "snoozed", "escalated"]


class Entry(Struct, frozen=True, kw_only=True, gc=False):
    """Time that was worked; `id` names it where it is to be taken back."""

    id: str
    by: str
    began_at: Instant
    minutes: int
    billing: Billing
    work: Work
    text: str


class Call(Struct, frozen=True, kw_only=True, gc=False):
    """A visit on site; `revision` grows with every change of it."""

    id: str
    starts_at: Instant
    ends_at: Instant
    engineer: str
    place: str
    status: VisitStatus
    text: str
    revision: int


class Said(Struct, frozen=True, kw_only=True, gc=False):
    """What someone said, and `on` what occasion; `internal`: not for the client."""

    id: str
    by: str
    at: Instant
    on: Occasion
    text: str
    internal: bool


class File(Struct, frozen=True, kw_only=True, gc=False):
    """What is attached."""

    id: str
    sha256: str
    name: str
    size_bytes: int


class View(Struct, frozen=True, kw_only=True, gc=False, tag_field="type", tag="ticket"):
    """Every field is there in every record; what a ticket does not have is empty or null.

    `thing` is the id at opening, `run` and `evidence` are of the last time it became open.
    `opening` names the ticket for ever, also where two laptops drew one id; `revision` grows with
    every event; `clashed`: an id that another laptop's ticket was opened under, too. `withdrawn`:
    visits that were a mistake, and may stand in a calendar.
    """

    id: str
    client: str
    kind: Kind
    state: State
    reason: Reason | None
    duplicate_of: str
    priority: Importance
    severity: Severity | None
    importance: Importance | None
    title: str
    text: str
    requester: str
    channel: str
    category: str
    impact: Level | None
    urgency: Level | None
    line: Line
    queue: str
    assignee: str
    tags: tuple[str, ...]
    aliases: tuple[str, ...]
    parent: str
    checklist: tuple[Item, ...]
    links: tuple[tuple[Tie, str], ...]
    check: str
    thing: str
    part: str
    name: str
    fingerprint: str
    message: Words
    remedy: Words
    standards: tuple[str, ...]
    run: str
    evidence: tuple[str, ...]
    proof_head: str
    proof_key: str
    opening: str
    revision: int
    opened_at: Instant
    since: Instant
    changed_at: Instant
    answered_at: Instant | None
    ended_at: Instant | None
    reopened: int
    response_due_at: Instant | None
    resolve_due_at: Instant | None
    next_due_at: Instant | None
    response: Standing
    resolution: Standing
    snoozed_until: Instant | None
    accepted_until: Instant | None
    times: tuple[Entry, ...]
    visits: tuple[Call, ...]
    withdrawn: tuple[Call, ...]
    said: tuple[Said, ...]
    attachments: tuple[File, ...]
    unknown: tuple[str, ...]
    conflicts: tuple[str, ...]
    clashed: str


def of(ticket: Ticket, reckoner: Reckoner, now: datetime) -> View:
    """Return the record of a ticket, with its clocks as they stand now."""
    about, reckoned = ticket.about, reckoner.clocks(ticket)
    return View(
        id=ticket.id,
        opening=next(event.eid for event in ticket.history if isinstance(event, Opened)),
        revision=len(ticket.history),
        client=ticket.client,
        kind=ticket.kind,
        state=ticket.state_at(now),
        reason=ticket.reason,
        duplicate_of=ticket.duplicate_of,
        priority=ticket.priority,
        severity=about.severity if about else None,
        importance=about.importance if about else None,
        title=ticket.title,
        text=ticket.text,
        requester=ticket.requester,
        channel=ticket.channel,
        category=ticket.category,
        impact=ticket.impact,
        urgency=ticket.urgency,
        line=ticket.line,
        queue=ticket.queue,
        assignee=ticket.assignee,
        tags=ticket.tags,
        aliases=ticket.aliases,
        parent=ticket.parent,
        checklist=ticket.checklist,
        links=ticket.links,
        check=about.check if about else "",
        thing=about.subject.thing if about else "",
        part=about.subject.part if about else "",
        name=about.name if about else "",
        fingerprint=ticket.fingerprint,
        message=about.message if about else {},
        remedy=about.remedy if about else {},
        standards=about.standards if about else (),
        run=about.seen.run if about else "",
        evidence=about.evidence if about else (),
        proof_head=about.proof_head if about else "",
        proof_key=about.proof_key if about else "",
        opened_at=ticket.opened_at,
        since=ticket.since,
        changed_at=ticket.changed_at,
        answered_at=ticket.answered_at,
        ended_at=ticket.ended_at,
        reopened=ticket.reopened,
        response_due_at=reckoned.response_due,
        resolve_due_at=reckoned.resolve_due,
        next_due_at=clocks.next_due(reckoned),
        response=clocks.response(reckoned, now),
        resolution=clocks.resolution(reckoned, now),
        snoozed_until=ticket.snoozed_until,
        accepted_until=ticket.accepted_until,
        times=tuple(
            Entry(id=t.eid, by=t.by, began_at=t.began_at, minutes=t.minutes, billing=t.billing,
                  work=t.work, text=t.text)
            for t in ticket.times
        ),
        visits=tuple(_call(visit, ticket) for visit in ticket.visits),
        withdrawn=_withdrawn(ticket),
        said=_said(ticket.history),
        attachments=tuple(
            File(id=a.eid, sha256=a.sha256, name=a.name, size_bytes=a.size_bytes)
            for a in ticket.attachments
        ),
        unknown=ticket.unknown,
        conflicts=tuple(conflict.field for conflict in ticket.conflicts),
        clashed=ticket.clashed,
    )  # fmt: skip


def names(view: View) -> tuple[str, ...]:
    """Return what else a ticket is called: its aliases, and the id that another has kept."""
    opened_as = (view.clashed,) if view.clashed not in ("", view.id) else ()
    return (*view.aliases, *opened_as)


def _call(visit: Visit, ticket: Ticket) -> Call:
    its = [e for e in ticket.history if isinstance(e, Visit) and e.visit == visit.visit]
    names = {visit.visit, *(event.eid for event in its)}
    voids = sum(isinstance(event, Voided) and event.of in names for event in ticket.history)
    return Call(
        id=visit.visit, starts_at=visit.starts_at, ends_at=visit.ends_at, engineer=visit.engineer,
        place=visit.place, status=visit.status, text=visit.text,
        revision=len(its) + voids,
    )  # fmt: skip


def _withdrawn(ticket: Ticket) -> tuple[Call, ...]:
    """Return the visits of the history that stand no more, as they last were."""
    last = {event.visit: event for event in ticket.history if isinstance(event, Visit)}
    kept = {visit.visit for visit in ticket.visits}
    return tuple(_call(visit, ticket) for name, visit in last.items() if name not in kept)


def _said(history: Sequence[AnyEvent]) -> tuple[Said, ...]:
    """Return all that was said: in a comment, or with what was done."""
    found = []
    for event in history:
        occasion = _OCCASIONS.get(type(event))
        text = _words(event) if occasion else ""
        if occasion and text:
            found.append(
                Said(id=event.eid, by=event.by, at=event.at, on=occasion, text=text,
                     internal=_is_internal(event))
            )  # fmt: skip
    return tuple(found)


def _words(event: AnyEvent) -> str:
    if isinstance(event, Escalated):
        return "\n".join(filter(None, (event.symptom, event.tried, event.evidence)))
    return str(getattr(event, "text", ""))


def _is_internal(event: AnyEvent) -> bool:
    """What is said on the way to the next line, or on laying a ticket by, is not the client's."""
    return isinstance(event, Escalated | Snoozed) or getattr(event, "internal", False)


_OCCASIONS: Mapping[type, Occasion] = {
    Comment: "comment",
    Closed: "closed",
    Reopened: "reopened",
    Snoozed: "snoozed",
    Escalated: "escalated",
}
