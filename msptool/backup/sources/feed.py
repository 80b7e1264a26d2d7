"""What every kind of source is given, and what it gives back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from msptool import clock
from msptool.backup import pick
from msptool.backup.jobs import Sources, Task
from msptool.backup.manifest import Counts, Entry
from msptool.backup.meter import Meter
from msptool.backup.repository import answers
from msptool.backup.repository.outcome import Outcome
from msptool.backup.sources import limits
from msptool.backup.verdicts import Verdict
from msptool.process import Done, Word
from msptool.terminal import Progress
from msptool.workspace import Workspace


@dataclass(frozen=True)
class Feed:
    """A job on its way into restic. `known`: hashes that may be taken over, by path."""

    workspace: Workspace
    task: Task
    sources: Sources
    progress: Progress
    known: Mapping[str, Entry]
    deadline_s: float

    @property
    def tags(self) -> list[str]:
        """The tags of the snapshot: whose it is, and the profile's own."""
        return [pick.tag(self.task.name), *self.task.job.tags]

    @property
    def limits(self) -> list[str]:
        """The flags that limit restic's use of the line."""
        return limits.flags(self.task.job.limits)

    @property
    def left_s(self) -> float:
        """The seconds that the job still has."""
        return max(0.0, self.deadline_s - clock.monotonic_s())

    def gently(self, words: list[Word]) -> list[Word]:
        """Return a call that keeps to the job's share of the machine."""
        return limits.wrapped(words, self.task.job.limits)

    def meter(self, total_bytes: int = 0) -> Meter:
        """Return what tells how far restic is."""
        return Meter(self.progress, f"back up {self.task.name}", total_bytes)


@dataclass(frozen=True)
class Lack:
    """What makes a snapshot less than it should be: a sentence of words, and names (written)."""

    verdict: Verdict
    detail: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Taken:
    """What came of a source. `done`: how restic ended, None if it was not started; `said`: by
    whom and what else is worth keeping, already without secrets.
    """

    outcome: Outcome
    walked_at: datetime
    done: Done | None = None
    entries: tuple[Entry, ...] = ()
    counts: Counts = field(default_factory=dict)
    lacks: tuple[Lack, ...] = ()
    said: tuple[tuple[str, bytes], ...] = ()


def on_status(meter: Meter) -> Callable[[bytes], None]:
    """Return what shows restic's lines of progress."""

    def hear(line: bytes) -> None:
        status = answers.parse_status(line)
        if status is not None:
            meter.at(status.bytes_done, status.total_bytes, status.seconds_remaining)

    return hear
