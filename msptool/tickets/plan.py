"""What a report changes in the tickets: pure, and careful not to call silence a mend.

- One ticket per fingerprint. It is computed anew over ids resolved through the identities, for
  findings and for what tickets remember, so an id learnt or joined later opens no second ticket.
  Where two laptops opened one each, the one that was opened first stays, and the machine resolves
  the other as its duplicate.
- A known finding writes nothing, unless it got worse.
- Resolved only by a *whole* report whose attempt of the same check on the same thing ended in pass
  or fail, from at least the vantage and privilege that opened the ticket, and names its part no
  more. Unknown, skipped and absent attempts resolve nothing.
- What is older than a ticket's last word changes nothing about its state; a word from the future,
  of a wrong clock, is none.
- The client's policy: a fault that is back long after it was resolved gets a ticket of its own,
  linked to the old one; of what comes and goes the ticket stays open, so that no more than so many
  turns fall into the policy's hours; what begins in a maintenance window is held, and opens a
  ticket if it is seen after the window; many new findings with one cause, or of one check, come
  under one ticket (see `grouping`).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from msptool import model
from msptool.model import SEVERITIES, Attempt, Finding, Subject
from msptool.profile.shape import Policy
from msptool.tickets import abouts, lifecycle, vantage
from msptool.tickets.batch import UNREACHABLE, Batch
from msptool.tickets.events import (
    FORMAT,
    Known,
    Linked,
    Opened,
    Pen,
    Reopened,
    Resolved,
    Set,
    Sighting,
)
from msptool.tickets.lifecycle import LEVELS, Answer
from msptool.tickets.look import Context, Held, Look
from msptool.tickets.ticket import first

_TITLE_LENGTH = 120  # of a message that stands in for a rule's title
What: TypeAlias = Literal[
    "opened", "reopened", "resolved", "raised", "joined", "seen", "held", "flapping"
]


@dataclass(frozen=True)
class Step:
    """One thing to do or to know: the events that it adds to a ticket."""

    what: What
    ticket: str
    events: tuple[Known, ...] = ()


@dataclass(frozen=True)
class Plan:
    """The steps, and for the receipt the fingerprints seen with their tickets."""

    steps: tuple[Step, ...]
    seen: Mapping[str, str]


def plan(batch: Batch, context: Context, pen: Pen, draw: Callable[[], str]) -> Plan:
    """Return what a batch changes; `draw` gives the ids of new tickets."""
    look = Look(batch, context, pen)
    steps: list[Step] = []
    seen: dict[str, str] = {}
    found = _distinct(batch, context)
    context.shelf.expect(found.keys())
    for key, finding in found.items():
        group = context.shelf.by_key(key)
        made = _seen(look, finding, group, draw) if group else [_opened(look, finding, draw)]
        steps += made
        if made[0].ticket:
            seen[key] = made[0].ticket
    active = context.shelf.active(look.attempts.keys()) if look.may_resolve else ()
    gone = (held for key, held in active if key not in seen)
    return Plan((*steps, *_resolved(look, gone)), seen)


def _distinct(batch: Batch, context: Context) -> Mapping[str, Finding]:
    """Return findings by fingerprint; of several with one fingerprint the worst."""
    found: dict[str, Finding] = {}
    for finding in batch.findings:
        key = context.key(finding.check, finding.subject)
        if key not in found or _worse(finding.severity, found[key].severity):
            found[key] = finding
    return found


def _worse(severity: model.Severity, than: model.Severity) -> bool:
    return SEVERITIES.index(severity) < SEVERITIES.index(than)


def _opened(
    look: Look, finding: Finding, draw: Callable[[], str], again: Held | None = None
) -> Step:
    """Open a ticket, linked to the old one where the fault is back after a long time."""
    about = abouts.about(look, finding)
    if look.is_maintained(finding, about.subject):
        return Step("held", again.id if again else "")
    ident = draw()
    part = f" ({about.subject.part})" if about.subject.part else ""
    loose = finding.message.partition("\n")[0][:_TITLE_LENGTH]
    words = first(about.title, look.context.languages) or loose or finding.check
    event = Opened(
        **look.pen.mark(),
        format=FORMAT,
        ticket=ident,
        client=look.context.client,
        kind="incident",
        channel="monitoring",
        title=f"{words}, {about.name}{part}",
        tags=(UNREACHABLE,) if finding.facts.get(UNREACHABLE) else (),
        about=about,
    )
    if again is None:
        return Step("opened", ident, (event,))
    link = Linked(**look.pen.mark((event,)), to=again.id, tie="relates")
    return Step("opened", ident, (event, link))


def _seen(look: Look, finding: Finding, group: list[Held], draw: Callable[[], str]) -> list[Step]:
    """Decide for the tickets of one fingerprint together: two laptops may have opened two."""
    active = [held for held in group if held.active]
    if active:
        return [_known(look, finding, active[0]), *_joined(look, active)]
    answers = {held.id: _answer(held, look) for held in group}
    quiet = next((held for held in group if answers[held.id] in ("known", "stays")), None)
    if quiet is not None:
        return [Step("seen", quiet.id)]
    held = min(group, key=lambda one: one.reason == "duplicate")
    if look.when(finding.seen_at) < max(map(look.last_word, group)):
        return [Step("seen", held.id)]
    ended_at = max(filter(None, map(_ended_at, group)), default=None)
    window = timedelta(days=look.context.policy.reopen_within_days)
    if ended_at is not None and look.pen.at - ended_at > window:
        return [_opened(look, finding, draw, again=held)]
    about = abouts.about(look, finding)
    if look.is_maintained(finding, about.subject):
        return [Step("held", held.id)]
    history = look.context.shelf.read(held.id).history
    return [Step("reopened", held.id, (Reopened(**look.pen.mark(history), about=about),))]


def _ended_at(held: Held) -> datetime | None:
    """Return when a ticket ended: an accepted risk ends with the time for which it was accepted."""
    times = [at for at in (held.ended_at, held.accepted_until) if at is not None]
    return max(times, default=None)


def _joined(look: Look, active: list[Held]) -> Iterator[Step]:
    """Resolve what two laptops opened both, but for the one that was opened first."""
    stays = min(active, key=lambda held: held.opening)
    for held in active:
        if held is stays:
            continue
        history = look.context.shelf.read(held.id).history
        seen = Sighting(seen_at=look.when(None), vantage=held.vantage, privilege=held.privilege)
        event = Resolved(**look.pen.mark(history), seen=seen, duplicate_of=stays.id)
        yield Step("joined", held.id, (event,))


def _answer(held: Held, look: Look, trail: frozenset[str] = frozenset()) -> Answer:
    """Return what a ticket does when seen again; a duplicate follows its original."""
    if held.accepted_until is not None and held.accepted_until <= look.pen.at:
        return "reopen"
    answer = lifecycle.seen_again(held.state, held.reason)
    if answer != "as-original" and not held.duplicate_of:
        return answer
    original = look.context.shelf.by_id(held.duplicate_of)
    if original is None or original.id in trail:
        return "reopen"
    return _answer(original, look, trail | {held.id})


def _known(look: Look, finding: Finding, held: Held) -> Step:
    """Write nothing, unless the finding or the importance of its thing went up."""
    fields: dict[str, model.Scalar | tuple[str, ...]] = {}
    if _worse(finding.severity, held.severity):
        fields["severity"] = finding.severity
    resolved = look.context.identities.resolve(finding.subject.thing)
    importance = look.importance(Subject(thing=resolved))
    if importance and LEVELS.index(importance) > LEVELS.index(held.importance):
        fields["importance"] = importance
    if not fields:
        return Step("seen", held.id)
    run = look.batch.header.run if look.batch.header else ""
    history = look.context.shelf.read(held.id).history
    return Step("raised", held.id, (Set(**look.pen.mark(history), fields=fields, run=run),))


def _resolved(look: Look, gone: Iterable[Held]) -> Iterator[Step]:
    """Yield a resolution for each active ticket that a whole report looked for in vain."""
    header = look.batch.header
    for held in gone:
        attempt = _good_look(look, held)
        if attempt is None:
            continue
        if is_flapping(held.turns, look.context.policy, look.pen.at):
            yield Step("flapping", held.id)
            continue
        sighting = Sighting(
            seen_at=look.when(None),
            run=header.run if header else "",
            vantage=look.vantage(attempt),
            privilege=attempt.privilege,
        )
        history = look.context.shelf.read(held.id).history
        yield Step("resolved", held.id, (Resolved(**look.pen.mark(history), seen=sighting),))


def is_flapping(turns: Iterable[datetime], policy: Policy, now: datetime) -> bool:
    """Tell whether machines resolved and reopened a ticket so often of late that it stays open."""
    flapping = policy.flapping
    since = now - timedelta(hours=flapping.within_h)
    return sum(since < at <= now for at in turns) >= flapping.turns


def _good_look(look: Look, held: Held) -> Attempt | None:
    """Return the attempt that shows a ticket's fault gone; None where nothing shows it.

    A fail that names no part of its thing at all contradicts itself and shows nothing; nor does
    an attempt that could not judge the ticket's own part.
    """
    context = look.context
    place = (held.check, context.identities.resolve(held.subject.thing))
    attempts = look.attempts.get(place, ())
    if not attempts or not held.active or held.id in context.seen_since:
        return None
    if look.when(None) < look.last_word(held):
        return None
    if not look.looked_at(place, held.subject.part):
        return None
    shown = {"pass", "fail"} if place in look.named else {"pass"}
    for attempt in attempts:
        judged = attempt.outcome in shown and held.subject.part not in attempt.unsure
        if judged and vantage.covers(
            look.vantage(attempt), attempt.privilege, held.vantage, held.privilege
        ):
            return attempt
    return None
