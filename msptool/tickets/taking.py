"""Batches taken under one hold of the store: each planned, written, and receipted."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from zoneinfo import ZoneInfo

from msgspec import structs

from msptool import identity, model, runs
from msptool.errors import UsageError
from msptool.model import Header, Link, Subject
from msptool.tickets import assign, batch, grouping, maintenance, parents, receipts
from msptool.tickets.batch import Batch
from msptool.tickets.desk import Desk
from msptool.tickets.events import MACHINE, AnyEvent, Opened, Pen
from msptool.tickets.look import Context
from msptool.tickets.outcome import KINDS
from msptool.tickets.plan import Plan, Step, What, plan
from msptool.tickets.receipts import Receipt
from msptool.tickets.shelf import DeskShelf

_RUNS_FOR_LINKS = 3
_SILENT = (
    "SELECT coalesce(owner, thing), id FROM ticket "
    "WHERE active AND rule != '' AND instr(tags, :tag)"
)


@dataclass
class Taking:
    """One hold of the store, and the steps taken."""

    desk: Desk
    now: datetime
    steps: list[Step] = field(default_factory=list)
    runs: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        client = self.desk.profile.client
        self._identities = identity.load(self.desk.workspace.identities)
        self._windows = maintenance.windows(
            self.desk.profile.tickets.maintenance, ZoneInfo(client.zone)
        )

    def take(self, one: Batch) -> None:
        """Plan and write one batch, unless its run was ingested."""
        header, workspace = one.header, self.desk.workspace
        before = receipts.load(workspace, header.run) if header and one.kept else None
        if before is not None and (before.whole or not one.whole):
            return
        self.desk.index.own(self._identities.resolve, self._key)
        context = self._context(one)
        pen = Pen(MACHINE, self.now)
        planned = plan(one, context, pen, self.desk.draw)
        steps = self._assigned(self._grouped(one, planned, context, pen))
        self._write(steps)
        self.steps += steps
        if header is not None and one.kept:
            self._leave_receipt(header, one, planned)
            self.runs.append(header.run)

    def _key(self, check: str, thing: str, part: str) -> str:
        return model.fingerprint(check, Subject(client=self.desk.client, thing=thing, part=part))

    def _context(self, one: Batch) -> Context:
        header, resolve, profile = one.header, self._identities.resolve, self.desk.profile
        since = (
            receipts.seen_since(self.desk.workspace, header.run, header.started_at, self.now)
            if header
            else frozenset()
        )
        return Context(
            client=self.desk.client,
            languages=profile.client.languages,
            identities=self._identities,
            shelf=DeskShelf(self.desk),
            importance={resolve(note.match): note.importance for note in profile.assets},
            seen_since=since,
            policy=profile.tickets.policy,
            windows=self._windows,
        )

    def _grouped(self, one: Batch, planned: Plan, context: Context, pen: Pen) -> Sequence[Step]:
        """Return the steps with parents for what has one cause."""
        if not any(step.what == "opened" for step in planned.steps):
            return planned.steps
        policy = context.policy
        silent = self._silent(planned) | grouping.silent(one, planned, context)
        return grouping.grouped(
            planned.steps,
            silent,
            self._links(one, silent) if policy.group_at else (),
            at_least=policy.group_at,
            languages=context.languages,
            pen=pen,
            draw=self.desk.draw,
        )

    def _silent(self, planned: Plan) -> dict[str, str]:
        """Return the tickets of things that did not answer before, and of which nothing else is
        known now.
        """
        ended = {step.ticket for step in planned.steps if step.what in ("resolved", "joined")}
        known = self.desk.index.rows(_SILENT, {"tag": f"\n{batch.UNREACHABLE}\n"})
        return {str(thing): str(ident) for thing, ident in known if ident not in ended}

    def _links(self, one: Batch, silent: Mapping[str, str]) -> list[Link]:
        """Return who stands next to whom. What is silent now names no neighbours: earlier runs
        do, and are asked where several are.
        """
        found = list(one.links)
        if len(silent) > 1:
            for folder in islice(runs.folders(self.desk.workspace, "audit"), _RUNS_FOR_LINKS):
                with suppress(UsageError):
                    found += runs.load(folder).links
        resolve = self._identities.resolve
        return [structs.replace(link, a=resolve(link.a), b=resolve(link.b)) for link in found]

    def _assigned(self, steps: Sequence[Step]) -> Sequence[Step]:
        """Return steps whose openings go where the profile's rules say; a ticket for many goes by
        the check of one of them.
        """
        rules = self.desk.profile.tickets.assign
        if not rules:
            return steps
        openings = {s.ticket: e for s in steps for e in s.events[:1] if isinstance(e, Opened)}
        checks = {e.parent: e.about.check for e in openings.values() if e.about}
        placed = {
            ident: assign.opening(rules, event, self._names(event), check=checks.get(ident, ""))
            for ident, event in openings.items()
        }
        return [
            Step(s.what, s.ticket, (placed[s.ticket], *s.events[1:])) if s.what == "opened" else s
            for s in steps
        ]

    def _names(self, event: Opened) -> tuple[str, ...]:
        return self._identities.aliases(event.about.subject.thing) if event.about else ()

    def _write(self, steps: Sequence[Step]) -> None:
        """Write all that a batch says at once: it is all on disk, or each ticket is as it was."""
        new: dict[str, list[AnyEvent]] = {}
        for step in steps:
            if step.events:
                new.setdefault(step.ticket, []).extend(step.events)
        if new:
            self.desk.write(new)

    def follow_children(self) -> None:
        """Write what follows for tickets that were opened for others (see `parents`)."""
        back = [step.ticket for step in self.steps if step.what == "reopened"]
        done = parents.following(self.desk, back, self.now)
        self._write(done)
        self.steps += done

    def _leave_receipt(self, header: Header, one: Batch, planned: Plan) -> None:
        receipt = Receipt(
            run=header.run,
            kind=header.kind,
            started_at=header.started_at,
            ingested_at=self.now,
            whole=one.whole,
            seen=planned.seen,
        )
        receipts.write(self.desk.workspace, receipt)

    def told(self) -> dict[What, tuple[str, ...]]:
        """Return the tickets by what happened to them."""
        return {
            kind: tuple(dict.fromkeys(s.ticket for s in self.steps if s.what == kind))
            for kind in KINDS
        }
