"""Reports become tickets: read all, plan, write, and leave a receipt for each run.

Every file is written whole, and the receipt last: a kill in between leaves tickets that the next
ingest of the same run finds and completes.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import BinaryIO
from zoneinfo import ZoneInfo

import msgspec
from msgspec import structs

from msptool import clock, identity, model, runs
from msptool.errors import UsageError
from msptool.model import Header, Link, Report, Subject
from msptool.profile import Profile
from msptool.tickets import assign, batch, desk, grouping, intake, maintenance, receipts
from msptool.tickets.batch import Batch, Refused
from msptool.tickets.desk import Desk
from msptool.tickets.events import (
    MACHINE,
    AnyEvent,
    Opened,
    Pen,
    Reopened,
    Resolved,
    Sighting,
)
from msptool.tickets.fold import Ticket
from msptool.tickets.look import Context
from msptool.tickets.outcome import KINDS, Outcome
from msptool.tickets.plan import Plan, Step, What, plan
from msptool.tickets.receipts import Receipt
from msptool.tickets.shelf import DeskShelf
from msptool.workspace import Workspace

__all__ = ["Outcome", "ingest_lines", "ingest_report", "ingest_runs", "ingest_stream", "plan"]
_RUNS_FOR_LINKS = 3
_SILENT = (
    "SELECT coalesce(owner, thing), id FROM ticket "
    "WHERE active AND rule != '' AND instr(tags, :tag)"
)
_BACK = (
    "SELECT DISTINCT p.id FROM json_each(?) AS child JOIN ticket AS c ON c.id = child.value "
    "JOIN ticket AS p ON p.id = c.parent WHERE NOT p.active AND p.rule = ''"
)
_CHILDLESS = (
    "SELECT p.id FROM (SELECT DISTINCT parent FROM ticket WHERE parent != '') AS c "
    "JOIN ticket AS p ON p.id = c.parent WHERE p.active AND p.rule = '' AND NOT EXISTS "
    "(SELECT 1 FROM ticket AS k WHERE k.parent = p.id AND k.parent != '' AND k.active)"
)


def ingest_report(
    workspace: Workspace, profile: Profile, report: Report, now: datetime | None = None
) -> Outcome:
    """Ingest one report; a run that has its receipt is passed over."""
    return _ingest(workspace, profile, [batch.of_report(report, profile.client.code)], now)


def ingest_lines(
    workspace: Workspace, profile: Profile, lines: Iterable[bytes], now: datetime | None = None
) -> Outcome:
    """Ingest reports and loose findings as a pipe carries them; see `batch.of_lines`."""
    found, refused = batch.of_lines(lines, profile.client.code)
    return _ingest(workspace, profile, found, now, refused=refused)


def ingest_stream(
    workspace: Workspace,
    profile: Profile,
    stream: BinaryIO,
    *,
    name: str = "auto",
    at: datetime | None = None,
    now: datetime | None = None,
) -> Outcome:
    """Ingest what another program, or msptool, wrote: of a format (see `intake`), or of the one
    that its beginning shows. `at`: when it was received; now, if not said.
    """
    now = now or clock.now()
    head = stream.read(intake.HEAD_BYTES)
    found = intake.recognise(head) if name == "auto" else name
    if found == intake.SEAM:
        return ingest_lines(workspace, profile, _lines(head, stream), now)
    data = head + stream.read(intake.find(found).limit_bytes + 1 - len(head))
    taken = intake.take(found, data, profile.client.code, min(at or now, now))
    return _ingest(workspace, profile, taken.batches, now, refused=taken.refused)


def _lines(head: bytes, stream: BinaryIO) -> Iterator[bytes]:
    """Yield the lines of a stream of which the beginning was read already; of one that is far too
    long only as much as shows that it is.
    """
    *whole, begun = head.split(b"\n")
    yield from whole
    most = batch.LINE_LIMIT_BYTES + 2
    while line := begun + stream.readline(most):
        begun = b""
        rest = line
        while len(rest) >= most and not rest.endswith(b"\n"):
            rest = stream.readline(most)
        yield line


def ingest_runs(workspace: Workspace, profile: Profile, now: datetime | None = None) -> Outcome:
    """Ingest every committed run that has no receipt, oldest first."""
    broken: list[str] = []
    found = _pending(workspace, profile.client.code, broken)
    return _ingest(workspace, profile, found, now, broken=broken)


def _pending(workspace: Workspace, client: str, broken: list[str]) -> Iterator[Batch]:
    """Yield the batches of runs to be ingested; note those that cannot be read in `broken`."""
    for folder in reversed(list(runs.folders(workspace))):
        try:
            if _is_pending(workspace, folder):
                yield batch.of_report(runs.load(folder), client)
        except UsageError as error:
            broken.append(f"{folder.name} ({error.message})")


def _is_pending(workspace: Workspace, folder: Path) -> bool:
    receipt = receipts.load(workspace, folder.name.partition("-")[0])
    if receipt is None:
        return True
    return not receipt.whole and runs.load_manifest(folder).end.complete


def _ingest(
    workspace: Workspace,
    profile: Profile,
    batches: Iterable[Batch],
    now: datetime | None,
    *,
    refused: Iterable[Refused] = (),
    broken: Iterable[str] = (),
) -> Outcome:
    with desk.opened(workspace, profile, to_write=True) as held:
        ingest = _Ingest(held, now or clock.now())
        for one in batches:
            ingest.take(one)
        ingest.follow_children()
        problems = held.index.problems()
    return Outcome(
        **ingest.told(),
        runs=tuple(ingest.runs),
        refused=tuple(refused),
        broken=tuple(broken),
        problems=problems,
    )


@dataclass
class _Ingest:
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
        """Resolve the tickets that were opened for children of which all have now ended, by
        whomever; take them back where one of the children is back.
        """
        pen, done = Pen(MACHINE, self.now), []
        back = [step.ticket for step in self.steps if step.what == "reopened"]
        for ident in self._parents(_BACK, back):
            parent = self.desk.read(ident)
            if _is_for_children(parent) and parent.reason in (None, "fixed"):
                done.append(Step("reopened", ident, (Reopened(**pen.mark(parent.history)),)))
        for ident in self._parents(_CHILDLESS):
            parent = self.desk.read(ident)
            if _is_for_children(parent):
                event = Resolved(**pen.mark(parent.history), seen=Sighting(seen_at=self.now))
                done.append(Step("resolved", ident, (event,)))
        self._write(done)
        self.steps += done

    def _parents(self, sql: str, children: Sequence[str] | None = None) -> list[str]:
        values = () if children is None else (msgspec.json.encode(children).decode(),)
        return [str(ident) for (ident,) in self.desk.index.rows(sql, values)]

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


def _is_for_children(ticket: Ticket) -> bool:
    """Tell whether a machine opened a ticket for others, not for a finding; people's are theirs."""
    return ticket.about is None and ticket.history[0].by == MACHINE
