"""The day's round: six verbs in a row, of which none stops the others.

Each step works alone as `msptool NOUN VERB`; here they share a profile and one hold of the
workspace, and a step that fails is told at the end and shows in the exit code.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from msptool import clock
from msptool.cli.boundary import as_ours
from msptool.errors import MsptoolError, PartDone
from msptool.model import Finding, Report
from msptool.profile.load import Loaded
from msptool.terminal import Progress
from msptool.workspace import Workspace


@dataclass(frozen=True)
class Round:
    """What every step is given."""

    workspace: Workspace
    loaded: Loaded
    progress: Progress


@dataclass(frozen=True)
class Told:
    """What a step says when it is done: a line, its report if it makes one, what of it failed."""

    line: str
    report: Report | None = None
    trouble: MsptoolError | None = None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What the step found."""
        return self.report.findings if self.report else ()

    @property
    def run(self) -> str:
        """The id of the step's run; "" where it makes none."""
        return self.report.header.run if self.report else ""


@dataclass(frozen=True)
class Done:
    """A step that was tried; `error` where it could not do its work."""

    name: str
    told: Told
    error: MsptoolError | None
    seconds: float


# No failure: a client may be served without backups. The audit says of each server what lacks one.
_NO_JOB = "no job in the profile"


def walk(given: Round, skip: Sequence[str] = ()) -> Iterator[Done]:
    """Take the steps one after the other; yield each as it ends."""
    for name, step in STEPS.items():
        if name in skip:
            continue
        started = clock.monotonic_s()
        error: MsptoolError | None = None
        told = Told("")
        try:
            told = step(given)
            error = told.trouble
        except BrokenPipeError:
            raise  # nobody listens any more
        except Exception as failed:  # noqa: BLE001 - one step's crash must not cost the others
            error = as_ours(failed)
        yield Done(name, told, error, clock.monotonic_s() - started)


def _audit(given: Round) -> Told:
    from msptool.audit.run import audit

    outcome = audit(given.workspace, given.loaded, progress=given.progress)
    report = outcome.report
    assets = sum(thing.kind == "asset" for thing in report.things)
    less = "" if report.header.privilege == "root" else "; without raw sockets"
    line = f"{assets} assets, {len(report.findings)} findings{less}"
    return Told(line, report, outcome.part_done)


def _backup(given: Round) -> Told:
    if not given.loaded.profile.backup.jobs:
        return Told(_NO_JOB)
    from msptool.backup.saving.run import run

    return _proofs(given, run(given.workspace, given.loaded, progress=given.progress))


def _verify(given: Round) -> Told:
    if not given.loaded.profile.backup.jobs:
        return Told(_NO_JOB)
    from msptool.backup.proof.verify import verify

    return _proofs(given, verify(given.workspace, given.loaded, progress=given.progress))


def _proofs(given: Round, report: Report) -> Told:
    """Tell each job's verdict; a job that could not be done is the step's trouble."""
    from msptool.backup import trouble

    verdicts = [f"{t.name} {v}" for t, v in trouble.tried(report).values() if t.kind == "job"]
    line = ", ".join(verdicts)
    return Told(line, report, trouble.of(report, given.loaded))


def _monitor(given: Round) -> Told:
    from msptool.monitor.run import check

    report = check(given.workspace, given.loaded, clock.now())
    return Told(f"{len(report.findings)} findings", report)


def _tickets(given: Round) -> Told:
    from msptool.tickets.ingest import ingest_runs

    outcome = ingest_runs(given.workspace, given.loaded.profile)
    return Told(outcome.summary.removeprefix("tickets: "), None, outcome.part_done)


def _report(given: Round) -> Told:
    from msptool.report.run import build, load, trouble

    folder = build(given.workspace, given.loaded, now=clock.now())
    return Told(str(folder / "report.html"), None, trouble(load(folder)))


STEPS: dict[str, Callable[[Round], Told]] = {
    "audit": _audit,
    "backup": _backup,
    "verify": _verify,
    "monitor": _monitor,
    "tickets": _tickets,
    "report": _report,
}


def exit_code(steps: Sequence[Done], verdict: int) -> int:
    """Return what the round deserves: 3 where a step failed and another did its work; the one
    code where all failed alike; else the findings' verdict.
    """
    failed = [step.error.exit for step in steps if step.error is not None]
    if not failed:
        return verdict
    alike = len(failed) == len(steps) and len(set(failed)) == 1
    return failed[0] if alike else PartDone.exit
