"""One test restore: room checked, restored from an empty cache, compared, timed, removed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import msgspec

from msptool import clock, process, runs
from msptool.backup import jobs, locks, manifest, restic, words
from msptool.backup.compare import Comparison, compare
from msptool.backup.exhibit import Fault
from msptool.backup.jobs import Task
from msptool.backup.manifest import Entry
from msptool.backup.meter import Meter, size
from msptool.backup.names import read
from msptool.backup.outcome import Outcome
from msptool.backup.patterns import naming
from msptool.backup.restic import Snapshot
from msptool.backup.sandbox import Sandbox
from msptool.backup.weigh import of_content, weigh
from msptool.model import Evidence
from msptool.process import Done
from msptool.profile.load import Loaded
from msptool.profile.shape import Job
from msptool.runs import Run
from msptool.terminal import Progress
from msptool.workspace import Workspace


@dataclass(frozen=True)
class Bench:
    """What the trials of one run share."""

    workspace: Workspace
    loaded: Loaded
    run: Run
    box: Sandbox
    progress: Progress
    now: datetime


@dataclass(frozen=True)
class Tested:
    """One snapshot, restored and compared. `seconds`: how long both took."""

    snapshot: Snapshot
    faults: tuple[Fault, ...]
    compared: Comparison | None = None
    seconds: float | None = None
    evidence: tuple[Evidence, ...] = ()


def restore(bench: Bench, task: Task, snapshot: Snapshot, entries: Sequence[Entry]) -> Tested:
    """Restore a snapshot and hold it against the entries that it must have."""
    wanted_bytes, wanted_names = _restore_size(task, snapshot, entries)
    lacking = _lacking(bench.box, wanted_bytes, wanted_names)
    if lacking is not None:
        return Tested(snapshot, (lacking,))
    started_s = clock.monotonic_s()
    with bench.box.target() as target:
        done, outcome = _restored(bench, task, snapshot, target, wanted_bytes)
        complaints = restic.parse_problems(done.stderr)
        sources = jobs.sources(bench.workspace, task.job).all
        meter = Meter(bench.progress, f"compare {task.name}", wanted_bytes)
        compared = compare(entries, target, sources, of_content(complaints), meter.add)
    seconds = clock.monotonic_s() - started_s
    faults = weigh(outcome, complaints, compared, timed_out=done.timed_out)
    return Tested(
        snapshot,
        tuple(_explained(fault, snapshot, task.job) for fault in faults),
        compared,
        seconds,
        _kept(bench, task, snapshot, done, compared),
    )


def _restore_size(task: Task, snapshot: Snapshot, entries: Sequence[Entry]) -> tuple[int, int]:
    """Return the bytes and names that a restore will write: as restic counts, or as was sealed."""
    done, outcome = restic.call(task.access, restic.size_argv(task.access, snapshot.id))
    told = restic.parse_size(done.stdout) if outcome.verdict == "ok" else None
    sealed_bytes = manifest.files_and_bytes(entries)[1]
    if told is None:
        return sealed_bytes, len(entries)
    return max(told.total_size, sealed_bytes), max(told.total_file_count, len(entries))


def _lacking(box: Sandbox, wanted_bytes: int, wanted_names: int) -> Fault | None:
    """Return what there is too little room for, before a byte is written."""
    lacking_bytes = box.lacks_bytes(wanted_bytes, wanted_names)
    lacking_names = box.lacks_names(wanted_names)
    if lacking_bytes:
        return Fault("disk-full", words.NO_ROOM, (size(lacking_bytes),))
    return Fault("disk-full", words.NO_INODES, (str(lacking_names),)) if lacking_names else None


def _restored(
    bench: Bench, task: Task, snapshot: Snapshot, target: Path, wanted_bytes: int
) -> tuple[Done, Outcome]:
    meter = Meter(bench.progress, f"restore {task.name}", wanted_bytes)
    meter.at(0, wanted_bytes)

    def on_line(line: bytes) -> None:
        status = restic.parse_status(line)
        if status is not None:
            meter.at(status.bytes_restored, status.total_bytes)

    said = restic.restore_argv(task.access, snapshot.id, target)
    limit_s = task.job.timeout_h * 3600
    return locks.unlocking(task.access, said, timeout_s=limit_s, on_line=on_line)


def _explained(fault: Fault, snapshot: Snapshot, job: Job) -> Fault:
    """Name the excludes that dropped files, where the snapshot tells of any."""
    foreign = [pattern for pattern in snapshot.excludes or () if pattern not in job.exclude]
    if fault.verdict != "absent" or not foreign:
        return fault
    dropping = {naming(read(name), foreign) for name in fault.names}
    return replace(fault, excludes=tuple(sorted(dropping - {""})))


def _kept(
    bench: Bench, task: Task, snapshot: Snapshot, done: Done, compared: Comparison
) -> tuple[Evidence, ...]:
    """Keep what restic said and every difference."""
    said = process.redact(done.stdout + done.stderr, task.access.secrets)
    source = f"test restore, job {task.name}, snapshot {snapshot.id[:8]}"
    at = clock.now()
    told = msgspec.json.encode(compared)
    return (
        runs.keep(bench.run, "txt", said, source=source, at=at, redacted=True),
        runs.keep(bench.run, "json", told, source=source, at=at),
    )
