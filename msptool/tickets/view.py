"""A ticket as others see it: one flat record for `--json`, exporters and lists."""

from datetime import datetime

from msgspec import Struct

from msptool.model import Instant, Severity, Words
from msptool.tickets import lifecycle, sla
from msptool.tickets.events import Kind
from msptool.tickets.fold import Ticket
from msptool.tickets.lifecycle import Importance, Reason, State
from msptool.tickets.sla import Plan, Standing


class View(Struct, frozen=True, kw_only=True, gc=False, tag_field="type", tag="ticket"):
    """Every field is there in every record; what a ticket does not have is empty or null.

    `thing` is the id at opening, `run` and `evidence` are of the last time it became open.
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
    unknown: tuple[str, ...]


def of(ticket: Ticket, plan: Plan, now: datetime) -> View:
    """Return the record of a ticket, with its clocks as they stand now."""
    about, deadlines = ticket.about, sla.due(ticket, plan)
    return View(
        id=ticket.id,
        client=ticket.client,
        kind=ticket.kind,
        state=ticket.state,
        reason=ticket.reason,
        duplicate_of=ticket.duplicate_of,
        priority=ticket.priority,
        severity=about.severity if about else None,
        importance=about.importance if about else None,
        title=ticket.title,
        text=ticket.text,
        requester=ticket.requester,
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
        response_due_at=deadlines.response_at,
        resolve_due_at=deadlines.resolve_at,
        next_due_at=sla.next_due(ticket, deadlines),
        response=sla.response(ticket, deadlines, now),
        resolution=sla.resolution(ticket, deadlines, now),
        unknown=ticket.unknown,
    )


def urgency(view: View) -> tuple[bool, int, float, str]:
    """Return a sort key: active first, then priority, then the nearest deadline."""
    due = view.next_due_at or view.resolve_due_at or view.since
    rank = -lifecycle.LEVELS.index(view.priority)
    return view.state not in lifecycle.ACTIVE, rank, due.timestamp(), view.id
