"""What a report changes in the tickets: pure, and careful not to call silence a mend.

- One ticket per fingerprint. It is computed anew over ids resolved through the identities, for
  findings and for what tickets remember, so an id learnt or joined later opens no second ticket.
- A known finding writes nothing, unless it got worse.
- Resolved only by a *whole* report whose attempt of the same check on the same thing ended in pass
  or fail, from at least the vantage and privilege that opened the ticket, and names its part no
  more. Unknown, skipped and absent attempts resolve nothing.
- What is older than a ticket's last word changes nothing about its state; a word from the future,
  of a wrong clock, is none.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal, TypeAlias

from msptool import model
from msptool.identity import Identities
from msptool.model import SEVERITIES, Attempt, Finding, Rule, Subject, Thing, Words
from msptool.tickets import lifecycle, vantage
from msptool.tickets.batch import Batch
from msptool.tickets.events import (
    FORMAT,
    About,
    Closed,
    Known,
    Opened,
    Pen,
    Reopened,
    Resolved,
    Set,
    Sighting,
)
from msptool.tickets.fold import Ticket, first, told_at
from msptool.tickets.lifecycle import LEVELS, Answer, Importance

_NEVER = datetime.min.replace(tzinfo=UTC)
_TITLE_LENGTH = 120  # of a message that stands in for a rule's title
What: TypeAlias = Literal["opened", "reopened", "resolved", "raised", "seen"]


@dataclass(frozen=True)
class Desk:
    """What is known before the report: tickets in order of opening, and who is who.

    `importance` by minted id, for things that a report does not bring along; `seen_since`: tickets
    whose finding a later run has seen already.
    """

    client: str
    languages: tuple[str, ...]
    identities: Identities
    tickets: Mapping[str, Ticket]
    importance: Mapping[str, Importance] = field(default_factory=dict)
    seen_since: frozenset[str] = frozenset()

    def key(self, check: str, subject: Subject) -> str:
        """Return the fingerprint over the id that the thing has now."""
        thing = self.identities.resolve(subject.thing)
        return model.fingerprint(check, Subject(client=self.client, thing=thing, part=subject.part))


@dataclass(frozen=True)
class Step:
    """One thing to do or to know: at most one event for a ticket."""

    what: What
    ticket: str
    event: Known | None = None


@dataclass(frozen=True)
class Plan:
    """The steps, and for the receipt the fingerprints seen with their tickets."""

    steps: tuple[Step, ...]
    seen: Mapping[str, str]


def plan(batch: Batch, desk: Desk, pen: Pen, draw: Callable[[], str]) -> Plan:
    """Return what a batch changes; `draw` gives the ids of new tickets."""
    look = _Look(batch, desk, pen)
    held: dict[str, list[Ticket]] = defaultdict(list)
    for ticket in desk.tickets.values():
        if ticket.about is not None:
            held[desk.key(ticket.about.check, ticket.about.subject)].append(ticket)
    steps: list[Step] = []
    seen: dict[str, str] = {}
    for key, finding in _distinct(batch, desk).items():
        group = held.get(key)
        step = _seen(look, finding, group) if group else _opened(look, finding, draw)
        steps.append(step)
        seen[key] = step.ticket
    gone = [ticket for key, group in held.items() if key not in seen for ticket in group]
    return Plan((*steps, *_resolved(look, gone)), seen)


class _Look:
    """A batch with its records sorted by the ids that things have now."""

    def __init__(self, batch: Batch, desk: Desk, pen: Pen) -> None:
        self.batch, self.desk, self.pen = batch, desk, pen
        resolve = desk.identities.resolve
        self.things = {resolve(thing.id): thing for thing in batch.things}
        self.attempts: dict[tuple[str, str], list[Attempt]] = defaultdict(list)
        for attempt in batch.attempts:
            self.attempts[attempt.check, resolve(attempt.thing)].append(attempt)
        self.named = {(f.check, resolve(f.subject.thing)) for f in batch.findings}

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

    def last_word(self, ticket: Ticket) -> datetime:
        """Return the latest time at which a ticket's state was known, of those not in the future:
        a laptop whose clock ran ahead must not have the last word until its time has come.
        """
        if ticket.as_of <= self.pen.at:
            return ticket.as_of
        told = (
            told_at(event)
            for event in ticket.history
            if isinstance(event, Opened | Resolved | Reopened | Closed)
            and event.eid not in ticket.unmoved
        )
        return max((at for at in told if at <= self.pen.at), default=_NEVER)


def _distinct(batch: Batch, desk: Desk) -> Mapping[str, Finding]:
    """Return findings by fingerprint; of several with one fingerprint the worst."""
    found: dict[str, Finding] = {}
    for finding in batch.findings:
        key = desk.key(finding.check, finding.subject)
        if key not in found or _worse(finding.severity, found[key].severity):
            found[key] = finding
    return found


def _worse(severity: model.Severity, than: model.Severity) -> bool:
    return SEVERITIES.index(severity) < SEVERITIES.index(than)


def _opened(look: _Look, finding: Finding, draw: Callable[[], str]) -> Step:
    about = _about(look, finding)
    ident = draw()
    part = f" ({about.subject.part})" if about.subject.part else ""
    loose = finding.message.partition("\n")[0][:_TITLE_LENGTH]
    words = first(about.title, look.desk.languages) or loose or finding.check
    event = Opened(
        **look.pen.mark(),
        format=FORMAT,
        ticket=ident,
        client=look.desk.client,
        kind="incident",
        title=f"{words}, {about.name}{part}",
        about=about,
    )
    return Step("opened", ident, event)


def _about(look: _Look, finding: Finding) -> About:
    desk = look.desk
    ident = desk.identities.resolve(finding.subject.thing)
    subject = Subject(client=desk.client, thing=ident, part=finding.subject.part)
    rule = look.batch.rules.get(finding.check)
    return About(
        check=finding.check,
        subject=subject,
        name=_name(look, subject),
        severity=finding.severity,
        importance=_importance(look, subject) or "normal",
        title=rule.title if rule else {},
        message=_message(rule, finding, desk.languages),
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
    names = (a for a in look.desk.identities.aliases(subject.thing) if a.startswith("name:"))
    return next(names, f"name:{subject.thing}").removeprefix("name:")


def _importance(look: _Look, subject: Subject) -> Importance | None:
    """Return how much a thing matters; None where neither report nor profile says."""
    thing = look.thing(subject)
    if thing is not None and thing.importance in LEVELS:
        return thing.importance
    return look.desk.importance.get(subject.thing)


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


def _seen(look: _Look, finding: Finding, group: list[Ticket]) -> Step:
    """Decide for the tickets of one fingerprint together: two laptops may have opened two."""
    answers = {ticket.id: _answer(ticket, look.desk.tickets) for ticket in group}
    active = next((ticket for ticket in group if ticket.active), None)
    if active is not None:
        return _known(look, finding, active)
    quiet = next((t for t, answer in answers.items() if answer in ("known", "stays")), None)
    if quiet is not None:
        return Step("seen", quiet)
    ticket = min(group, key=lambda t: t.reason == "duplicate")
    if look.when(finding.seen_at) < max(map(look.last_word, group)):
        return Step("seen", ticket.id)
    event = Reopened(**look.pen.mark(ticket.history), about=_about(look, finding))
    return Step("reopened", ticket.id, event)


def _answer(
    ticket: Ticket, tickets: Mapping[str, Ticket], trail: frozenset[str] = frozenset()
) -> Answer:
    """Return what a ticket does when seen again; a duplicate follows its original."""
    answer = lifecycle.seen_again(ticket.state, ticket.reason)
    original = tickets.get(ticket.duplicate_of)
    if answer != "as-original":
        return answer
    if original is None or original.id in trail:
        return "reopen"
    return _answer(original, tickets, trail | {ticket.id})


def _known(look: _Look, finding: Finding, ticket: Ticket) -> Step:
    """Write nothing, unless the finding or the importance of its thing went up."""
    about = ticket.about
    if about is None:
        return Step("seen", ticket.id)
    fields: dict[str, model.Scalar | tuple[str, ...]] = {}
    if _worse(finding.severity, about.severity):
        fields["severity"] = finding.severity
    resolved = look.desk.identities.resolve(finding.subject.thing)
    importance = _importance(look, Subject(thing=resolved))
    if importance and LEVELS.index(importance) > LEVELS.index(about.importance):
        fields["importance"] = importance
    if not fields:
        return Step("seen", ticket.id)
    run = look.batch.header.run if look.batch.header else ""
    event = Set(**look.pen.mark(ticket.history), fields=fields, run=run)
    return Step("raised", ticket.id, event)


def _resolved(look: _Look, gone: Iterable[Ticket]) -> Iterator[Step]:
    """Yield a resolution for each active ticket that a whole report looked for in vain."""
    header = look.batch.header
    if header is None or not look.batch.whole:
        return
    for ticket in gone:
        attempt = _good_look(look, ticket)
        if attempt is None:
            continue
        sighting = Sighting(
            seen_at=look.when(None),
            run=header.run,
            vantage=look.vantage(attempt),
            privilege=attempt.privilege,
        )
        yield Step("resolved", ticket.id, Resolved(**look.pen.mark(ticket.history), seen=sighting))


def _good_look(look: _Look, ticket: Ticket) -> Attempt | None:
    """Return the attempt that shows a ticket's fault gone; None where nothing shows it.

    A fail that names no part of its thing at all contradicts itself and shows nothing; nor does
    an attempt that could not judge the ticket's own part.
    """
    about, desk = ticket.about, look.desk
    if about is None or not ticket.active or ticket.id in desk.seen_since:
        return None
    if look.when(None) < look.last_word(ticket):
        return None
    place = (about.check, desk.identities.resolve(about.subject.thing))
    shown = {"pass", "fail"} if place in look.named else {"pass"}
    for attempt in look.attempts.get(place, ()):
        judged = attempt.outcome in shown and about.subject.part not in attempt.unsure
        if judged and vantage.covers(
            look.vantage(attempt), attempt.privilege, about.seen.vantage, about.seen.privilege
        ):
            return attempt
    return None
