"""What ingesting did: tickets by what happened to them, and what it could not read."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from msptool.errors import PartDone
from msptool.tickets import store
from msptool.tickets.batch import Refused
from msptool.tickets.plan import What
from msptool.tickets.store import Problem

KINDS: tuple[What, ...] = (
    "opened", "reopened", "resolved", "raised", "joined", "seen", "held", "flapping",
)  # fmt: skip
_TOLD = (*KINDS, "runs", "refused", "unended", "broken")
_NAMED = 10


@dataclass(frozen=True)
class Outcome:
    """Ids of tickets by what happened to them; `seen` are known ones that nothing was written to,
    `held` what waits for the end of works (without an id where it has no ticket yet), `flapping`
    what comes and goes and is not resolved for that.

    `runs` were ingested now; `refused` lines, `unended` reports, `broken` runs and `problems` of
    the store are what makes it done in part.
    """

    opened: tuple[str, ...] = ()
    reopened: tuple[str, ...] = ()
    resolved: tuple[str, ...] = ()
    raised: tuple[str, ...] = ()
    joined: tuple[str, ...] = ()
    held: tuple[str, ...] = ()
    flapping: tuple[str, ...] = ()
    seen: tuple[str, ...] = ()
    runs: tuple[str, ...] = ()
    refused: tuple[Refused, ...] = ()
    unended: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def touched(self) -> tuple[str, ...]:
        """The tickets that were written to."""
        return (*self.opened, *self.reopened, *self.raised, *self.resolved, *self.joined)

    @property
    def changed(self) -> bool:
        """Whether a ticket was written to."""
        return bool(self.opened or self.reopened or self.resolved or self.raised or self.joined)

    @property
    def summary(self) -> str:
        """One line: how many tickets of each kind."""
        counts = {
            "opened": self.opened, "reopened": self.reopened, "resolved": self.resolved,
            "raised": self.raised, "joined": self.joined, "held": self.held,
            "flapping": self.flapping, "known": self.seen,
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
            first = self.refused[0]
            lines = _some([str(refused.line) for refused in self.refused])
            return _part(f"not understood: {first.part} {lines}", f"first: {first.why}")
        if self.unended:
            return _part(f"a report did not end: {_some(self.unended)}", "run again what wrote it")
        if self.broken:
            return _part(f"not readable: run {_some(self.broken)}", "restore or delete the run")
        return store.part_done(self.problems)


def _part(message: str, hint: str) -> PartDone:
    return PartDone("tickets.part", f"{message}; all else is done", hint=hint)


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more
