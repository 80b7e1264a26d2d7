"""The ticket store beside taskwarrior and YAML files: whole processes, by their medians.

100,000 drawn tickets (see ticketstore; `--quick`: 2,000). Each act is done by us and by the others
in turn. YAML files are so slow that a part of them is read and the time multiplied. git-bug is not
in Debian.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import options, timing

BARS_S = {"add": 0.15, "list": 0.25, "search": 0.3, "ingest": 5.0, "rebuild": 25.0}
BAR_MIB, BAR_FASTER = 120, 5.0
_COMPARED = ("list", "search", "ingest")
_WORDS = {"search": "ws-0815", "search, a common word": "принтер"}
_PART = 50  # of the YAML files one is read


@dataclass(frozen=True)
class Ran:
    """How long a process ran, and the most memory it had."""

    seconds: float
    mib: float


@dataclass(frozen=True)
class Row:
    """An act: by us and by the others, each by its median seconds; the greatest memory of ours."""

    name: str
    ours: Sequence[Ran]
    others: dict[str, float]

    @property
    def seconds(self) -> float:
        """Our median."""
        return statistics.median(ran.seconds for ran in self.ours)

    def tell(self, *, full: bool) -> None:
        """Print it; the bars are for the full size: of a few tickets, starting takes longest."""
        mib = max(ran.mib for ran in self.ours)
        best = min(self.others.values(), default=0.0)
        name = next((name for name, seconds in self.others.items() if seconds == best), "")
        faster = best / self.seconds
        timing.row(
            self.name, _ms(self.seconds), f"{_ms(best)}" if name else "-",
            f"{faster:.1f}x" if name else "-",
        )  # fmt: skip
        others = ", ".join(f"{name} {_ms(seconds)}" for name, seconds in self.others.items())
        told = [f"{mib:.0f} MiB", *self._bars(mib, faster)] if full else [f"{mib:.0f} MiB"]
        print(f"    {'; '.join(told)}" + (f"   ({others})" if others else ""), flush=True)

    def _bars(self, mib: float, faster: float) -> Iterator[str]:
        act = self.name.partition(",")[0]
        yield f"bars {_ms(BARS_S[act])}: {_kept(self.seconds <= BARS_S[act])}"
        yield f"{BAR_MIB} MiB: {_kept(mib <= BAR_MIB)}"
        if faster and act in _COMPARED:
            yield f"{BAR_FASTER:.0f}x: {_kept(faster >= BAR_FASTER)}"


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms"


def _kept(is_kept: bool) -> str:
    return "ok" if is_kept else "OVER"


def main() -> None:
    """Draw a store, give it to the others too, and measure."""
    asked = options.given()
    count, runs = (2_000, 3) if asked.quick else (100_000, 7)
    with tempfile.TemporaryDirectory(prefix="msptool-tickets-") as scratch:
        bench = _Bench(Path(scratch), count, runs)
        print(f"{count} tickets, seed {asked.seed}", flush=True)
        bench.prepare(asked.seed)
        for row in bench.rows():
            row.tell(full=not asked.quick)


class _Bench:
    """The store, and the others' beside it."""

    def __init__(self, scratch: Path, count: int, runs: int) -> None:
        self.count, self.runs = count, runs
        self.root, self.tasks, self.yaml = (scratch / name for name in ("acme", "tasks", "yaml"))
        self.has_task = bool(shutil.which("task"))
        help_ = subprocess.run(self._ours("--help"), capture_output=True, check=True).stdout
        self.searching = ("search",) if b"\n  search" in help_ else ("list", "--all")

    def prepare(self, seed: int) -> None:
        """Draw the tickets; nothing big is held in this process, whose memory counts in theirs."""
        self.tasks.mkdir()
        self.yaml.mkdir()
        _python("benchmarks.ticketstore", self.root, self.count, seed)
        _python("benchmarks.ticketpeers", "yaml", self.root, self.yaml, self.count // _PART)
        if self.has_task:
            _python("benchmarks.ticketpeers", "tasks", self.root, self.tasks)
            (self.tasks / "taskrc").touch()
            ran = _run(*self._task("import", self.tasks / "tasks.json"))
            _run(*self._task("list"))
            print(f"task import: {ran.seconds:.0f} s, {ran.mib:.0f} MiB", flush=True)
        else:
            print("taskwarrior is missing: apt-get install taskwarrior")

    def rows(self) -> Iterator[Row]:
        """Measure one act after the other."""
        yield self.rebuild()
        yield self.add()
        yield self.listed()
        yield from self.searches()
        yield self.ingest()

    def rebuild(self) -> Row:
        """Throw the index away and make it anew."""

        def ours(_nth: int) -> Ran:
            for path in (self.root / ".msptool").glob("tickets.db*"):
                path.unlink()
            return _run(*self._ours("list", "--limit", 1))

        return Row("rebuild", [ours(0)], {})

    def add(self) -> Row:
        """Open a ticket."""
        return self._row(
            "add",
            lambda nth: _run(*self._ours("add", "--title", f"a printer, the {nth}th")),
            lambda nth: _run(*self._task("add", f"a printer, the {nth}th")),
        )

    def listed(self) -> Row:
        """List what is open, the first hundred."""
        return self._row(
            "list",
            lambda _nth: _run(*self._ours("list")),
            lambda _nth: _run(*self._task("limit:100", "list")),
            lambda: _yaml("list", self.yaml),
        )

    def searches(self) -> Iterator[Row]:
        """Look for a machine's tag, and for a word that stands in many tickets."""
        for name, word in _WORDS.items():
            yield self._search(name, word)

    def _search(self, name: str, word: str) -> Row:
        return self._row(
            name,
            lambda _nth: _run(*self._ours(*self.searching, word)),
            lambda _nth: _run(*self._task("limit:100", "all", f"/{word}/")),
            lambda: _yaml("search", self.yaml, word),
        )

    def ingest(self) -> Row:
        """Ingest what an audit found, each time with a tenth that is new."""
        return self._row(
            "ingest",
            lambda nth: _run(*self._ours("ingest", self.root / f"report-{nth}.jsonl")),
            lambda nth: _run(*self._task("import", self.tasks / f"report-{nth}.json")),
            lambda: _yaml("ingest", self.yaml, self.root / "report-1.jsonl"),
            runs=3,
        )

    def _row(
        self,
        name: str,
        ours: Callable[[int], Ran],
        task: Callable[[int], Ran],
        yaml: Callable[[], Ran] | None = None,
        *,
        runs: int = 0,
    ) -> Row:
        """Run both in turn, after a warm-up of ours that is not counted."""
        done: list[Ran] = []
        theirs: list[float] = []
        first = 2 if runs else 1  # a report is ingested once
        if not runs:
            ours(0)
        for nth in range(first, first + (runs or self.runs)):
            done.append(ours(nth))
            if self.has_task and not (runs and theirs):  # minutes, where ours takes seconds
                theirs.append(task(nth).seconds)
        others = {"taskwarrior": statistics.median(theirs)} if theirs else {}
        if yaml is not None:
            start = _yaml("list", self.tasks).seconds  # there are none: it begins and ends
            others["YAML files"] = start + (yaml().seconds - start) * _PART
        return Row(name, done, others)

    def _ours(self, *words: object) -> list[str]:
        argv = [sys.executable, "-m", "msptool", "-C", self.root, "tickets", *words]
        return [str(word) for word in argv]

    def _task(self, *words: object) -> list[str]:
        settings = ("confirmation=off", "verbose=nothing", "search.case.sensitive=no",
                    f"data.location={self.tasks}")  # fmt: skip
        argv = ["task", f"rc:{self.tasks}/taskrc", *(f"rc.{one}" for one in settings), *words]
        return [str(word) for word in argv]


def _yaml(*words: object) -> Ran:
    return _run(sys.executable, "-m", "benchmarks.ticketpeers", *map(str, words))


def _python(module: str, *words: object) -> None:
    subprocess.run([sys.executable, "-m", module, *map(str, words)], check=True)


def _run(*argv: str) -> Ran:
    """Run a process to its end; what it prints goes into a file, as long as it may be."""
    with tempfile.TemporaryFile() as said:
        started = time.perf_counter()
        running = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=said, stderr=said)
        _, status, usage = os.wait4(running.pid, 0)
        seconds = time.perf_counter() - started
        running.returncode = os.waitstatus_to_exitcode(status)
        nothing = argv[0] == "task" and running.returncode == 1  # was found
        if running.returncode and not nothing:
            said.seek(0)
            raise SystemExit(f"{argv}: {running.returncode}: {said.read(2000).decode()}")
    return Ran(seconds, usage.ru_maxrss / 1024)
