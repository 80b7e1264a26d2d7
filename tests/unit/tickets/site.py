"""A workspace and reports to ingest, for the tests of tickets."""

import io
import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from msptool import identity, runs
from msptool.model import (
    Attempt,
    End,
    Finding,
    Header,
    Kind,
    Outcome,
    Privilege,
    Report,
    Rule,
    Severity,
    Subject,
    Thing,
)  # fmt: skip
from msptool.profile import Profile
from msptool.profile.shape import AssetNote, Client, Sla, Tickets
from msptool.tickets import desk, listing, outcome
from msptool.tickets import ingest as room
from msptool.tickets.acts import changing, ending
from msptool.tickets.desk import Desk
from msptool.tickets.events import Pen
from msptool.tickets.query import Query
from msptool.tickets.store import Problem
from msptool.tickets.ticket import Ticket
from msptool.workspace import Workspace

T0 = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
TELNET = Rule(
    check="NET-001",
    title={"en": "Telnet enabled", "ru": "Включён Telnet"},
    message={"en": "port {port} answers as {banner}", "ru": "порт {port} отвечает: {banner}"},
    remedy={"en": "use SSH", "ru": "перейдите на SSH"},
    severity="high",
    category="exposure",
)
PROFILE = Profile(
    msptool=1,
    client=Client(code="ACME", name="Acme", languages=("ru", "en")),
    tickets=Tickets(
        sla={
            "high": Sla(response_h=2, resolve_h=24),
            "normal": Sla(response_h=8, resolve_h=72),
        }
    ),
    assets=(AssetNote(match="name:core", importance="critical"),),
)
_counter = itertools.count()


def ulid_at(moment: datetime) -> str:
    """Return a ULID that sorts by a moment; no two are the same."""
    from msptool.ulid import ALPHABET

    number = (int(moment.timestamp() * 1000) << 80) | next(_counter)
    return "".join(ALPHABET[(number >> shift) & 31] for shift in range(125, -1, -5))


def finding(
    thing: str = "sw",
    part: str = "tcp/23",
    *,
    severity: Severity = "high",
    check: str = "NET-001",
    client: str = "ACME",
    seen_at: datetime | None = None,
) -> Finding:
    """Return a finding of the telnet rule."""
    return Finding(
        check=check,
        subject=Subject(client=client, thing=thing, part=part),
        severity=severity,
        facts={"port": 23, "banner": "BusyBox"},
        seen_at=seen_at,
    )


def attempt(
    outcome: Outcome,
    thing: str = "sw",
    *,
    vantage: str = "segment:192.0.2.0/24",
    privilege: Privilege = "root",
    reason: str = "",
    check: str = "NET-001",
) -> Attempt:
    """Return one try of the telnet rule on a thing."""
    return Attempt(
        check=check,
        thing=thing,
        vantage=vantage,
        privilege=privilege,
        outcome=outcome,
        reason=reason,
    )


def report(
    at: datetime,
    *findings: Finding,
    attempts: tuple[Attempt, ...] | None = None,
    complete: bool = True,
    client: str = "ACME",
    kind: Kind = "audit",
    things: tuple[Thing, ...] = (),
) -> Report:
    """Return a run that began at a time; by default its attempts fit its findings."""
    failed = tuple(
        attempt("fail", thing, check=check)
        for check, thing in dict.fromkeys((f.check, f.subject.thing) for f in findings)
    )
    header = Header(
        run=ulid_at(at), client=client, kind=kind, msptool="0.1", started_at=at, privilege="root"
    )
    return Report(
        header=header,
        end=End(ended_at=at + timedelta(minutes=5), complete=complete),
        rules=(TELNET,),
        things=things or (Thing(id="sw", kind="asset", name="sw-core"),),
        attempts=failed if attempts is None else attempts,
        findings=findings,
    )


@dataclass
class Site:
    """A workspace, and a clock that the test moves."""

    root: Path
    now: datetime = T0
    profile: Profile = field(default=PROFILE)

    @property
    def workspace(self) -> Workspace:
        """The workspace's paths."""
        return Workspace(self.root)

    def later(self, hours: float = 1) -> datetime:
        """Move the clock; return the new time."""
        self.now += timedelta(hours=hours)
        return self.now

    def ingest(self, told: Report) -> outcome.Outcome:
        """Ingest a report a while after it ended."""
        self.now = max(self.now, told.end.ended_at + timedelta(minutes=1))
        return room.ingest_report(self.workspace, self.profile, told, self.now)

    def lines(self, *lines: bytes) -> outcome.Outcome:
        """Ingest lines of a pipe."""
        return room.ingest_lines(self.workspace, self.profile, lines, self.now)

    def stream(self, data: bytes, *, name: str = "auto") -> outcome.Outcome:
        """Ingest what another program wrote, received now."""
        return room.ingest_stream(
            self.workspace, self.profile, io.BytesIO(data), name=name, now=self.now
        )

    def commit(self, told: Report) -> Path:
        """Put a report among the workspace's committed runs."""
        run = runs.start(self.workspace, told.header.kind)
        final = run.final.with_name(f"{told.header.run}-{told.header.kind}")
        return runs.commit(runs.Run(told.header.run, told.header.kind, run.folder, final), told)

    def pen(self, who: str = "anna@desk") -> Pen:
        """Return a person's pen at the time of now."""
        return Pen(who, self.now)

    @contextmanager
    def desk(self, *, to_write: bool = True) -> Iterator[Desk]:
        """Open the desk."""
        with desk.opened(self.workspace, self.profile, to_write=to_write) as held:
            yield held

    def act(
        self, do: Callable[..., Ticket], *args: Any, who: str = "anna@desk", **said: Any
    ) -> Ticket:
        """Do what a person does: a function of `tickets.acts`."""
        with self.desk() as held:
            return do(held, *args, pen=self.pen(who), **said)

    def close(self, ident: str, **said: Any) -> Ticket:
        """Close a ticket as a person does."""
        return self.act(ending.close, ident, **said)

    def comment(self, ident: str, text: str, **said: Any) -> Ticket:
        """Say something."""
        return self.act(changing.comment, ident, text, **said)

    def read(self, ident: str) -> Ticket:
        """Return one ticket."""
        with self.desk(to_write=False) as held:
            return held.read(ident)

    def problems(self) -> tuple[Problem, ...]:
        """Return what of the store cannot be read."""
        with self.desk(to_write=False) as held:
            return held.index.problems()

    def all(self) -> list[Ticket]:
        """Return all tickets, in the order of opening."""
        with self.desk(to_write=False) as held:
            found = list(listing.tickets(held, Query("1", {})))
        return sorted(found, key=lambda ticket: (ticket.opened_at, ticket.id))

    def only(self) -> Ticket:
        """Return the one ticket there is."""
        (ticket,) = self.all()
        return ticket

    def learn(self, *aliases: str) -> str:
        """Teach the identities that these aliases are one machine; return its id."""
        known = identity.load(self.workspace.identities)
        ident = known.mint(aliases)
        known.save(self.workspace.identities, self.now)
        return ident

    def snapshot(self) -> dict[str, bytes]:
        """Return the bytes of every ticket file."""
        root = self.workspace.tickets
        return {str(p.relative_to(root)): p.read_bytes() for p in root.glob("??/*.jsonl")}
