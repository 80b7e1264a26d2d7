"""The past under another policy: how many tickets there would have been, and how much noise.

The same plan, grouping and fold as when reports are ingested, on tickets in memory. People's acts
are done again to whatever ticket their finding has. Nothing is written.
"""

import itertools
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct, structs

from msptool import ulid
from msptool.identity import Identities
from msptool.model import Link
from msptool.profile import Profile
from msptool.tickets import fold, grouping, ids, maintenance
from msptool.tickets.batch import UNREACHABLE, Batch
from msptool.tickets.events import MACHINE, AnyEvent, Pen, Reopened, Resolved, Sighting
from msptool.tickets.history import Act, Past
from msptool.tickets.lifecycle import Importance
from msptool.tickets.look import Context, Held
from msptool.tickets.plan import Plan, Step, plan
from msptool.tickets.ticket import Ticket

_DAY = timedelta(days=1)


class Tally(Struct, frozen=True, kw_only=True):
    """What a policy makes of the past, in counts.

    `opened` and `reopened` are all such tickets, `children` those of them under another ticket, of
    which nobody is told. `held`: how often a fault was kept back by works; `flapping`: tickets that
    were not resolved for coming and going. `notifications`: tickets that were opened, came back or
    got worse by themselves; `most` of them on one day.
    """

    policy: str
    opened: int = 0
    reopened: int = 0
    resolved: int = 0
    children: int = 0
    held: int = 0
    flapping: int = 0
    raised: int = 0
    notifications: int = 0
    per_day: float = 0.0
    most: int = 0
    most_on: str = ""
    active: int = 0


@dataclass(frozen=True)
class Span:
    """From when to when it counts."""

    since: datetime
    until: datetime

    @property
    def days(self) -> float:
        """How long it is; at least a day."""
        return max(1.0, (self.until - self.since) / _DAY)


def replay(past: Past, profile: Profile, identities: Identities, span: Span, name: str) -> Tally:
    """Return what the policy of a profile makes of a past."""
    desk = _Replay(profile, identities)
    told: Counter[str] = Counter()
    days: Counter[str] = Counter()
    flapping: set[str] = set()
    for at, what in past.entries:
        if at > span.until:
            break
        steps = desk.do(what, at)
        if at < span.since:
            continue
        for step in steps:
            is_child = desk.is_child(step.ticket)
            told[step.what] += 1
            told["children"] += is_child and step.what in ("opened", "reopened")
            if step.what in ("opened", "reopened", "raised") and not is_child:
                days[at.date().isoformat()] += 1
            if step.what == "flapping":
                flapping.add(step.ticket)
    most_on, most = max(days.items(), key=lambda day: (day[1], day[0]), default=("", 0))
    notifications = days.total()
    return Tally(
        policy=name, opened=told["opened"], reopened=told["reopened"], resolved=told["resolved"],
        children=told["children"], held=told["held"], flapping=len(flapping),
        raised=told["raised"], notifications=notifications,
        per_day=round(notifications / span.days, 2), most=most, most_on=most_on,
        active=sum(ticket.active for ticket in desk.memory.tickets.values()),
    )  # fmt: skip


class Memory:
    """Tickets in memory, looked up as `look.Shelf` wants them."""

    def __init__(self) -> None:
        self.tickets: dict[str, Ticket] = {}
        self.keys: dict[str, str] = {}
        self.children: dict[str, list[str]] = defaultdict(list)
        self.silent: list[str] = []
        self._by_key: dict[str, list[str]] = defaultdict(list)
        self._by_place: dict[tuple[str, str], list[str]] = defaultdict(list)

    def put(self, ident: str, events: Iterable[AnyEvent], key: str = "", thing: str = "") -> None:
        """Add events to a ticket; a new one of a finding has a fingerprint and a thing."""
        before = self.tickets.get(ident)
        history = (*(before.history if before else ()), *events)
        ticket = fold.fold_all(ident, history)[0]
        self.tickets[ident] = ticket
        if before is None and ticket.about is not None:
            self.keys[ident] = key
            self._by_key[key].append(ident)
            self._by_place[ticket.about.check, thing].append(ident)
        if before is None and ticket.parent:
            self.children[ticket.parent].append(ident)
        if before is None and UNREACHABLE in ticket.tags:
            self.silent.append(ident)

    def expect(self, keys: Collection[str]) -> None:
        """Do nothing: all is at hand."""

    def by_key(self, key: str) -> list[Held]:
        """Return the tickets of a fingerprint, in the order of opening."""
        return [_held(self.tickets[ident]) for ident in self._by_key.get(key, ())]

    def by_id(self, ident: str) -> Held | None:
        """Return any ticket."""
        return _held(self.tickets[ident]) if ident in self.tickets else None

    def active(self, places: Collection[tuple[str, str]]) -> Iterator[tuple[str, Held]]:
        """Yield fingerprint and ticket of what has work to do there."""
        for place in places:
            for ident in self._by_place.get(place, ()):
                if self.tickets[ident].active:
                    yield self.keys[ident], _held(self.tickets[ident])

    def read(self, ident: str) -> Ticket:
        """Return a whole ticket."""
        return self.tickets[ident]


def _held(ticket: Ticket) -> Held:
    about = ticket.about
    if about is None:
        raise ValueError(f"{ticket.id} is of no finding")
    return Held(
        id=ticket.id, opening=ticket.history[0].eid, state=ticket.state, reason=ticket.reason,
        accepted_until=ticket.accepted_until, duplicate_of=ticket.duplicate_of,
        severity=about.severity, importance=about.importance, check=about.check,
        subject=about.subject, vantage=about.seen.vantage, privilege=about.seen.privilege,
        as_of=ticket.as_of, ended_at=ticket.ended_at, turns=ticket.turns,
    )  # fmt: skip


class _Replay:
    """One policy at work."""

    def __init__(self, profile: Profile, identities: Identities) -> None:
        self.memory = Memory()
        self._profile, self._resolve = profile, identities.resolve
        self._number = itertools.count(1)
        self._links: dict[tuple[str, str], Link] = {}
        notes: dict[str, Importance] = {
            identities.resolve(note.match): note.importance for note in profile.assets
        }
        self._context = Context(
            client=profile.client.code,
            languages=profile.client.languages,
            identities=identities,
            shelf=self.memory,
            importance=notes,
            policy=profile.tickets.policy,
            windows=maintenance.windows(profile.tickets.maintenance, ZoneInfo(profile.client.zone)),
        )

    def is_child(self, ident: str) -> bool:
        """Tell whether a ticket is under another one that has work to do."""
        ticket = self.memory.tickets.get(ident)
        parent = self.memory.tickets.get(ticket.parent) if ticket else None
        return parent is not None and parent.active

    def do(self, what: Batch | Act, at: datetime) -> Sequence[Step]:
        """Do again what was said or done; return the steps of machines."""
        pen = Pen(MACHINE, at, lambda: ulid.of(int(at.timestamp() * 1000), next(self._number)))
        if isinstance(what, Act):
            self._act(what, pen)
            return self._follow((), pen)
        planned = plan(what, self._context, pen, self._draw)
        steps = self._grouped(what, planned, pen)
        for step in steps:
            if step.events:
                self._put(step)
        return [*steps, *self._follow(steps, pen)]

    def _draw(self) -> str:
        return ids.numbered(self._profile.client.code, next(self._number))

    def _put(self, step: Step) -> None:
        about = getattr(step.events[0], "about", None)
        key = self._context.key(about.check, about.subject) if about else ""
        thing = self._resolve(about.subject.thing) if about else ""
        self.memory.put(step.ticket, step.events, key, thing)

    def _act(self, act: Act, pen: Pen) -> None:
        """Do again what a person did, to the last ticket that their finding has."""
        held = self.memory.by_key(self._context.key(act.check, act.subject))
        if not held:
            return
        ticket = self.memory.tickets[held[-1].id]
        theirs = Pen(act.event.by, pen.at, pen.eid)
        again = structs.replace(act.event, **theirs.mark(ticket.history))
        if getattr(again, "reason", "") == "duplicate":
            again = structs.replace(again, reason="wont-fix", duplicate_of="")
        self.memory.put(ticket.id, (again,))

    def _grouped(self, one: Batch, planned: Plan, pen: Pen) -> Sequence[Step]:
        for link in one.links:
            a, b = self._resolve(link.a), self._resolve(link.b)
            self._links[a, b] = structs.replace(link, a=a, b=b)
        if not any(step.what == "opened" for step in planned.steps):
            return planned.steps
        ended = {step.ticket for step in planned.steps if step.what in ("resolved", "joined")}
        known = ((ident, self.memory.tickets[ident]) for ident in self.memory.silent)
        silent = {
            self._resolve(ticket.about.subject.thing): ident
            for ident, ticket in known
            if ticket.active and ticket.about and ident not in ended
        }
        return grouping.grouped(
            planned.steps,
            silent | grouping.silent(one, planned, self._context),
            self._links.values(),
            at_least=self._context.policy.group_at,
            languages=self._context.languages,
            pen=pen,
            draw=self._draw,
        )

    def _follow(self, steps: Sequence[Step], pen: Pen) -> list[Step]:
        """End and take back the tickets that were opened for children, as ingesting does."""
        tickets, done = self.memory.tickets, []
        back = {tickets[step.ticket].parent for step in steps if step.what == "reopened"}
        for ident, children in self.memory.children.items():
            parent = tickets[ident]
            if parent.about is not None:
                continue
            if ident in back and not parent.active:
                done.append(Step("reopened", ident, (Reopened(**pen.mark(parent.history)),)))
            elif parent.active and not any(tickets[child].active for child in children):
                event = Resolved(**pen.mark(parent.history), seen=Sighting(seen_at=pen.at))
                done.append(Step("resolved", ident, (event,)))
        for step in done:
            self.memory.put(step.ticket, step.events)
        return done
