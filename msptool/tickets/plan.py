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

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal, Protocol, TypeAlias

from msptool import model
from msptool.identity import Identities
from msptool.model import (
    SEVERITIES,
    Attempt,
    Finding,
    Privilege,
    Rule,
    Severity,
    Subject,
    Thing,
    Words,
)
from msptool.profile.shape import Policy
from msptool.tickets import grouping, lifecycle, maintenance, vantage
from msptool.tickets.batch import Batch
from msptool.tickets.events import (
    FORMAT,
    About,
    Closed,
    Known,
    Linked,
    Opened,
    Pen,
    Reopened,
    Resolved,
    Set,
    Sighting,
)
from msptool.tickets.fold import Ticket, first, told_at
from msptool.tickets.lifecycle import LEVELS, Answer, Importance, Reason, State

_NEVER = datetime.min.replace(tzinfo=UTC)
_TITLE_LENGTH = 120  # of a message that stands in for a rule's title
What: TypeAlias = Literal[
    "opened", "reopened", "resolved", "raised", "joined", "seen", "held", "flapping"
]


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
    look = _Look(batch, context, pen)
    steps: list[Step] = []
    seen: dict[str, str] = {}
    for key, finding in _distinct(batch, context).items():
        group = context.shelf.by_key(key)
        made = _seen(look, finding, group, draw) if group else [_opened(look, finding, draw)]
        steps += made
        if made[0].ticket:
            seen[key] = made[0].ticket
    active = context.shelf.active(look.attempts.keys()) if look.may_resolve else ()
    gone = (held for key, held in active if key not in seen)
    return Plan((*steps, *_resolved(look, gone)), seen)


class _Look:
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

    def thing(self, subject: Subject) -> Thing | None:
        """Return what the report says of a thing."""
        return self.things.get(subject.thing)

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
        at, name = self.when(finding.seen_at), _name(self, subject)
        names = (subject.thing, name, *self.context.identities.aliases(subject.thing))
        return any(window.covers(names, at) for window in self.context.windows)


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
    look: _Look, finding: Finding, draw: Callable[[], str], again: Held | None = None
) -> Step:
    """Open a ticket, linked to the old one where the fault is back after a long time."""
    about = _about(look, finding)
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
        tags=(grouping.UNREACHABLE,) if finding.facts.get(grouping.UNREACHABLE) else (),
        about=about,
    )
    if again is None:
        return Step("opened", ident, (event,))
    link = Linked(**look.pen.mark((event,)), to=again.id, tie="relates")
    return Step("opened", ident, (event, link))


def _about(look: _Look, finding: Finding) -> About:
    context = look.context
    ident = context.identities.resolve(finding.subject.thing)
    subject = Subject(client=context.client, thing=ident, part=finding.subject.part)
    rule = look.batch.rules.get(finding.check)
    return About(
        check=finding.check,
        subject=subject,
        name=_name(look, subject),
        severity=finding.severity,
        importance=_importance(look, subject) or "normal",
        title=rule.title if rule else {},
        message=_message(rule, finding, context.languages),
        remedy=rule.remedy if rule else {},
        standards=rule.standards if rule else (),
        evidence=finding.evidence,
        proof_head=_proof_head(finding),
        proof_key=str(finding.facts.get("evidence_key") or ""),
        seen=_sighting(look, finding, ident),
    )


def _proof_head(finding: Finding) -> str:
    """Return the head of the signed proofs of the job that a finding is about; "" without one."""
    sequence, sha256 = (finding.facts.get(f"evidence_{name}") for name in ("seq", "head"))
    job = finding.subject.thing.removeprefix("job:")
    return f"{job}:{sequence}:{sha256}" if sequence and sha256 else ""


def _message(rule: Rule | None, finding: Finding, languages: tuple[str, ...]) -> Words:
    """Return the rule's message, filled; without a rule the finding's own, in no known language."""
    if rule is None:
        return dict.fromkeys(languages, finding.message)
    return {lang: model.fill(text, finding.facts) for lang, text in rule.message.items()}


def _name(look: _Look, subject: Subject) -> str:
    thing = look.thing(subject)
    if thing is not None:
        return thing.name or thing.id
    names = (a for a in look.context.identities.aliases(subject.thing) if a.startswith("name:"))
    return next(names, f"name:{subject.thing}").removeprefix("name:")


def _importance(look: _Look, subject: Subject) -> Importance | None:
    """Return how much a thing matters; None where neither report nor profile says."""
    thing = look.thing(subject)
    if thing is not None and thing.importance in LEVELS:
        return thing.importance
    return look.context.importance.get(subject.thing)


def _sighting(look: _Look, finding: Finding, ident: str) -> Sighting:
    header = look.batch.header
    tried = look.attempts.get((finding.check, ident), ())
    failed = next((attempt for attempt in tried if attempt.outcome == "fail"), None)
    from_header = header.privilege if header else "user"
    return Sighting(
        seen_at=look.when(finding.seen_at),
        run=header.run if header else "",
        vantage=look.vantage(failed) if failed else header.vantage if header else "",
        privilege=failed.privilege if failed else from_header,
    )


def _seen(look: _Look, finding: Finding, group: list[Held], draw: Callable[[], str]) -> list[Step]:
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
    about = _about(look, finding)
    if look.is_maintained(finding, about.subject):
        return [Step("held", held.id)]
    history = look.context.shelf.read(held.id).history
    return [Step("reopened", held.id, (Reopened(**look.pen.mark(history), about=about),))]


def _ended_at(held: Held) -> datetime | None:
    """Return when a ticket ended: an accepted risk ends with the time for which it was accepted."""
    times = [at for at in (held.ended_at, held.accepted_until) if at is not None]
    return max(times, default=None)


def _joined(look: _Look, active: list[Held]) -> Iterator[Step]:
    """Resolve what two laptops opened both, but for the one that was opened first."""
    stays = min(active, key=lambda held: held.opening)
    for held in active:
        if held is stays:
            continue
        history = look.context.shelf.read(held.id).history
        seen = Sighting(seen_at=look.when(None), vantage=held.vantage, privilege=held.privilege)
        event = Resolved(**look.pen.mark(history), seen=seen, duplicate_of=stays.id)
        yield Step("joined", held.id, (event,))


def _answer(held: Held, look: _Look, trail: frozenset[str] = frozenset()) -> Answer:
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


def _known(look: _Look, finding: Finding, held: Held) -> Step:
    """Write nothing, unless the finding or the importance of its thing went up."""
    fields: dict[str, model.Scalar | tuple[str, ...]] = {}
    if _worse(finding.severity, held.severity):
        fields["severity"] = finding.severity
    resolved = look.context.identities.resolve(finding.subject.thing)
    importance = _importance(look, Subject(thing=resolved))
    if importance and LEVELS.index(importance) > LEVELS.index(held.importance):
        fields["importance"] = importance
    if not fields:
        return Step("seen", held.id)
    run = look.batch.header.run if look.batch.header else ""
    history = look.context.shelf.read(held.id).history
    return Step("raised", held.id, (Set(**look.pen.mark(history), fields=fields, run=run),))


def _resolved(look: _Look, gone: Iterable[Held]) -> Iterator[Step]:
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


def _good_look(look: _Look, held: Held) -> Attempt | None:
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
    only = look.only.get(place)
    if only is not None and not {held.subject.part, held.subject.part.rpartition("#")[0]} & only:
        return None
    shown = {"pass", "fail"} if place in look.named else {"pass"}
    for attempt in attempts:
        judged = attempt.outcome in shown and held.subject.part not in attempt.unsure
        if judged and vantage.covers(
            look.vantage(attempt), attempt.privilege, held.vantage, held.privilege
        ):
            return attempt
    return None
