"""What each stage of an audit learnt, on disk as soon as it is known: a cut run goes on from there.

`facts/STAGE.jsonl` in the run's folder has one line a unit of work (a host, or a stretch of
addresses), whole or not there; a last line says that the stage came to its end. The raw bytes lie
in `evidence/STAGE-N.KIND`, written as they come; N counts the programs of the stage.

Nothing here is synced: a kill loses none of it, and what a power cut takes is asked again.
"""

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path
from types import TracebackType

import msgspec
from msgspec import structs

from msptool import files, runs
from msptool.audit.facts import Alive, AnyFact


class Unit(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a stage learnt of one unit; `trouble` is a key of model.REASONS, "" if all went well.

    The line that ends a stage has no unit, and the stage's own trouble.
    """

    unit: str = ""
    trouble: str = ""
    facts: tuple[AnyFact, ...] = ()


class _Head(msgspec.Struct, frozen=True):
    """A unit without its facts, which most readers do not need."""

    unit: str = ""
    trouble: str = ""


_UNIT = msgspec.json.Decoder(Unit)
_HEAD = msgspec.json.Decoder(_Head)
_ENCODER = msgspec.json.Encoder()


def facts_of(line: bytes) -> tuple[AnyFact, ...]:
    """Return the facts of a journal's line."""
    return _UNIT.decode(line).facts


@dataclass
class Journal:
    """One stage: the units done, by name, each with its trouble; `ended` once nothing is left."""

    name: str
    path: Path
    vantage: str = ""
    done: dict[str, str] = field(default_factory=dict)
    trouble: str = ""
    ended: bool = False
    _handle: int = -1

    def __enter__(self) -> "Journal":
        """Open it for more; a line that a kill has torn is dropped, and its unit asked again."""
        with files.disk_errors(self.path):
            flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
            self._handle = os.open(self.path, flags, files.PRIVATE_FILE)
            os.ftruncate(self._handle, self._read())
            os.lseek(self._handle, 0, os.SEEK_END)
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        """Close it; a stage that was left by an error has not ended."""
        os.close(self._handle)

    def _read(self) -> int:
        """Learn what is done; return where the last whole line ends."""
        end = 0
        for line in self._lines():
            try:
                head = _HEAD.decode(line)
            except msgspec.DecodeError:
                break
            if head.unit:
                self.done[sys.intern(head.unit)] = head.trouble
            else:
                self.ended, self.trouble = True, head.trouble
            end += len(line)
        return end

    def _lines(self) -> Iterator[bytes]:
        if self.path.exists():
            with self.path.open("rb") as file:  # another thread may be at its last line
                yield from takewhile(lambda line: line.endswith(b"\n"), file)

    def left(self, units: Sequence[str]) -> list[str]:
        """Return the units that are not done yet, in their order."""
        return [] if self.ended else [unit for unit in units if unit not in self.done]

    def add(self, unit: str, facts: Sequence[AnyFact], trouble: str = "") -> None:
        """Write one unit down; once it is here it is never asked again in this run."""
        stamped = tuple(structs.replace(fact, vantage=self.vantage) for fact in facts)
        self._write(Unit(unit=unit, trouble=trouble, facts=stamped))
        self.done[sys.intern(unit)] = trouble  # each stage has the same thousands

    def end(self, trouble: str = "") -> None:
        """Write down that the stage came to its end, and what it could not do."""
        self._write(Unit(trouble=trouble))
        self.ended, self.trouble = True, trouble

    def _write(self, unit: Unit) -> None:
        with files.disk_errors(self.path):
            files.write_all(self._handle, _ENCODER.encode(unit) + b"\n")

    def places(self) -> Iterator[tuple[str, int, int]]:
        """Yield each unit, the byte where its line begins, and how long that is."""
        at = 0
        for line in self._lines():
            if unit := _HEAD.decode(line).unit:
                yield sys.intern(unit), at, len(line)
            at += len(line)

    def units(self) -> Iterator[Unit]:
        """Yield what was written, from disk."""
        for line in self._lines():
            unit = _UNIT.decode(line)
            if unit.unit:
                yield unit

    def troubled(self) -> Mapping[str, str]:
        """Return the units that were not wholly looked at, with the reason."""
        return {unit: trouble for unit, trouble in self.done.items() if trouble}


@dataclass
class Logbook:
    """All stages of a run, in the order they were opened."""

    run: runs.Run
    vantage: str = ""
    stages: dict[str, Journal] = field(default_factory=dict)

    def stage(self, name: str) -> Journal:
        """Return a stage's journal, to be opened with `with`."""
        folder = files.make_folder(self.run.folder / "facts")
        return self.stages.setdefault(name, Journal(name, folder / f"{name}.jsonl", self.vantage))

    def facts(self, *stages: str) -> Iterator[AnyFact]:
        """Yield the facts of some stages, or of all, as they were written."""
        for name, journal in self.stages.items():
            if not stages or name in stages:
                for unit in journal.units():
                    yield from unit.facts

    def macs(self) -> dict[str, str]:
        """Return the address of each MAC that answered for one."""
        alive = (
            fact for fact in self.facts("discover", "hinted", "search") if isinstance(fact, Alive)
        )
        return {fact.mac: fact.address for fact in alive if fact.mac}

    def troubles(self) -> Mapping[str, str]:
        """Return the stages that could not do all, with the first reason of each."""
        told = {
            name: journal.trouble or next(iter(journal.troubled().values()), "")
            for name, journal in self.stages.items()
        }
        return {name: trouble for name, trouble in told.items() if trouble}
