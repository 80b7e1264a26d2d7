"""Reports become tickets: read all, plan, write, and leave a receipt for each run.

Every file is written whole, and the receipt last: a kill in between leaves tickets that the next
ingest of the same run finds and completes.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import msgspec

from msptool import clock, identity, runs
from msptool.errors import PartDone, UsageError
from msptool.model import Header, Report
from msptool.profile import Profile
from msptool.tickets import batch, fold, receipts, store
from msptool.tickets.batch import Batch, Refused
from msptool.tickets.events import MACHINE, AnyEvent, Opened, Pen
from msptool.tickets.fold import Ticket
from msptool.tickets.plan import Desk, Plan, Step, What, plan
from msptool.tickets.receipts import Receipt
from msptool.tickets.store import Problem
from msptool.workspace import Workspace

__all__ = ["Outcome", "ingest_lines", "ingest_report", "ingest_runs", "plan"]
_NAMED = 10
_TOLD = ("opened", "reopened", "resolved", "raised", "seen", "runs", "refused", "broken")


@dataclass(frozen=True)
class Outcome:
    """Ids of tickets by what happened to them; `seen` are known ones that nothing was written to.

    `runs` were ingested now; `refused` lines, `broken` runs and `problems` of the store are what
    makes it done in part.
    """

    opened: tuple[str, ...] = ()
    reopened: tuple[str, ...] = ()
    resolved: tuple[str, ...] = ()
    raised: tuple[str, ...] = ()
    seen: tuple[str, ...] = ()
    runs: tuple[str, ...] = ()
    refused: tuple[Refused, ...] = ()
    broken: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether a ticket was written to."""
        return bool(self.opened or self.reopened or self.resolved or self.raised)

    @property
    def summary(self) -> str:
        """One line: how many tickets of each kind."""
        counts = {
            "opened": self.opened, "reopened": self.reopened, "resolved": self.resolved,
            "raised": self.raised, "known": self.seen,
        }  # fmt: skip
        told = ", ".join(f"{len(idents)} {word}" for word, idents in counts.items() if idents)
        return f"tickets: {told or 'nothing new'}"

    def line(self) -> bytes:
        """Return the outcome as a line of JSON, of type `ingest`."""
        return msgspec.json.encode(
            {"type": "ingest"}
            | {name: getattr(self, name) for name in _TOLD}
            | {"problems": [str(problem) for problem in self.problems]}
        )

    @property
    def part_done(self) -> PartDone | None:
        """The error to raise after the outcome is told; None if all was done."""
        if self.refused:
            lines = _some([str(refused.line) for refused in self.refused])
            return _part(f"not understood: line {lines}", f"first: {self.refused[0].why}")
        if self.broken:
            return _part(f"not readable: run {_some(self.broken)}", "restore or delete the run")
        return store.part_done(self.problems)


def _part(message: str, hint: str) -> PartDone:
    return PartDone("tickets.part", f"{message}; all else is done", hint=hint)


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


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
    with store.lock(workspace):
        shelf = store.read_all(workspace)
        ingest = _Ingest(workspace, profile, dict(shelf.tickets), now or clock.now())
        for one in batches:
            ingest.take(one)
    return Outcome(
        **ingest.told(),
        runs=tuple(ingest.runs),
        refused=tuple(refused),
        broken=tuple(broken),
        problems=shelf.problems,
    )


@dataclass
class _Ingest:
    """One hold of the store: tickets as they become, and the steps taken."""

    workspace: Workspace
    profile: Profile
    tickets: dict[str, Ticket]
    now: datetime
    steps: list[Step] = field(default_factory=list)
    runs: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._identities = identity.load(self.workspace.identities)

    def take(self, one: Batch) -> None:
        """Plan and write one batch, unless its run was ingested."""
        header = one.header
        before = receipts.load(self.workspace, header.run) if header else None
        if before is not None and (before.whole or not one.whole):
            return
        pen = Pen(MACHINE, self.now)
        planned = plan(one, self._desk(one), pen, self._draw())
        for step in planned.steps:
            self._write(step)
        if header is not None:
            self._leave_receipt(one, planned)
            self.runs.append(header.run)

    def _desk(self, one: Batch) -> Desk:
        header, resolve = one.header, self._identities.resolve
        return Desk(
            client=self.profile.client.code,
            languages=self.profile.client.languages,
            identities=self._identities,
            tickets=self.tickets,
            importance={resolve(note.match): note.importance for note in self.profile.assets},
            seen_since=self._seen_since(header) if header else frozenset(),
        )

    def _seen_since(self, header: Header) -> frozenset[str]:
        return receipts.seen_since(self.workspace, header.run, header.started_at, self.now)

    def _draw(self) -> Callable[[], str]:
        return store.drawer(self.workspace, self.profile.client.code)

    def _write(self, step: Step) -> None:
        self.steps.append(step)
        if step.event is None:
            return
        history: tuple[AnyEvent, ...] = (step.event,)
        if isinstance(step.event, Opened):
            store.create(self.workspace, step.event)
        else:
            store.add(self.workspace, step.ticket, history)
            history = (*self.tickets[step.ticket].history, *history)
        folded = fold.fold(step.ticket, history)
        if folded is not None:
            self.tickets[step.ticket] = folded

    def _leave_receipt(self, one: Batch, planned: Plan) -> None:
        header = one.header
        if header is None:
            return
        receipt = Receipt(
            run=header.run,
            kind=header.kind,
            started_at=header.started_at,
            ingested_at=self.now,
            whole=one.whole,
            seen=planned.seen,
        )
        receipts.write(self.workspace, receipt)

    def told(self) -> dict[What, tuple[str, ...]]:
        """Return the tickets by what happened to them."""
        kinds: tuple[What, ...] = ("opened", "reopened", "resolved", "raised", "seen")
        return {
            kind: tuple(dict.fromkeys(s.ticket for s in self.steps if s.what == kind))
            for kind in kinds
        }
