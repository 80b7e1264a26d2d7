"""A test restore of a whole snapshot or of some clusters: room checked, restored from an empty
cache, compared, timed, removed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Literal, TypeAlias

import msgspec

from msptool import clock, process, runs
from msptool.backup import jobs, manifest, words
from msptool.backup.exhibit import Fault
from msptool.backup.jobs import Task
from msptool.backup.manifest import Entry
from msptool.backup.meter import Meter, size
from msptool.backup.names import read
from msptool.backup.patterns import naming
from msptool.backup.probes import Examined
from msptool.backup.proof import sample
from msptool.backup.proof.compare import BAD, Comparison, compare
from msptool.backup.proof.meaning import Look
from msptool.backup.proof.sample import Cluster
from msptool.backup.proof.weigh import of_content, of_rights, weigh
from msptool.backup.repository import answers, locks, restic
from msptool.backup.repository.answers import Snapshot
from msptool.backup.repository.outcome import Outcome
from msptool.backup.walls.sandbox import Sandbox
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


Mode: TypeAlias = Literal["full", "sampled", "streamed"]


@dataclass(frozen=True)
class Tested:
    """One snapshot, restored and compared. `seconds`: how long both took. `compared` tells the
    files and bytes that were looked at; `proven` are the clusters in which all is well.
    """

    snapshot: Snapshot
    faults: tuple[Fault, ...]
    compared: Comparison | None = None
    seconds: float | None = None
    evidence: tuple[Evidence, ...] = ()
    mode: Mode = "full"
    proven: tuple[Cluster, ...] = ()
    examined: Examined | None = None


def restore(
    bench: Bench,
    task: Task,
    snapshot: Snapshot,
    entries: Sequence[Entry],
    clusters: Sequence[Cluster],
    *,
    look: Look | None = None,
) -> Tested:
    """Restore a whole snapshot and hold it against the entries that it must have; `look` at what
    it means while it stands. `clusters`: those of the entries that may become proven.
    """
    wanted = _restore_size(task, snapshot, entries)
    return _tried(bench, task, snapshot, entries, clusters, wanted=wanted, whole=True, look=look)


def sampled(
    bench: Bench,
    task: Task,
    snapshot: Snapshot,
    entries: Sequence[Entry],
    clusters: Sequence[Cluster],
    *,
    look: Look | None = None,
) -> Tested:
    """Restore some clusters of a snapshot's manifest and hold them against their entries."""
    wanted = sum(c.bytes for c in clusters), sum(len(c.entries) for c in clusters)
    return _tried(bench, task, snapshot, entries, clusters, wanted=wanted, whole=False, look=look)


def _tried(
    bench: Bench,
    task: Task,
    snapshot: Snapshot,
    entries: Sequence[Entry],
    clusters: Sequence[Cluster],
    *,
    wanted: tuple[int, int],
    whole: bool,
    look: Look | None,
) -> Tested:
    mode: Mode = "full" if whole else "sampled"
    lacking = _lacking(bench.box, *wanted)
    if lacking is not None:
        return Tested(snapshot, (lacking,), mode=mode)
    wanted_bytes = wanted[0]
    started_s = clock.monotonic_s()
    includes = () if whole else sample.patterns(clusters)
    within = None if whole else [e for cluster in clusters for e in cluster.entries]
    with bench.box.target() as target:
        done, outcome = _restored(
            bench, task, snapshot, target, includes=includes, wanted_bytes=wanted_bytes
        )
        complaints = answers.parse_problems(done.stderr)
        sources = jobs.sources(bench.workspace, task.job).all
        meter = Meter(bench.progress, f"compare {task.name}", wanted_bytes)
        compared = compare(
            entries, target, sources, of_content(complaints), meter.add,
            within=within, refused=of_rights(complaints),
        )  # fmt: skip
        seconds = clock.monotonic_s() - started_s
        examined = look(target, compared) if look else None
    faults = weigh(outcome, complaints, compared, timed_out=done.timed_out, whole=whole)
    said = process.redact(done.stdout + done.stderr, task.access.secrets)
    return Tested(
        snapshot,
        tuple(explained(fault, snapshot, task.job) for fault in faults),
        compared,
        seconds,
        kept(bench, task, snapshot, said, compared),
        mode,
        proven(clusters, compared, faults),
        examined,
    )


def proven(
    clusters: Iterable[Cluster], compared: Comparison, faults: Iterable[Fault]
) -> tuple[Cluster, ...]:
    """Return the clusters that came back well; none where nobody can say."""
    if any(fault.sort == "blind" for fault in faults):
        return ()
    return sample.clean(clusters, {difference.path for difference in compared.of(*BAD)})


def _restore_size(task: Task, snapshot: Snapshot, entries: Sequence[Entry]) -> tuple[int, int]:
    """Return the bytes and names that a restore will write: as restic counts, or as was sealed."""
    done, outcome = restic.call(task.access, restic.size_argv(task.access, snapshot.id))
    told = answers.parse_size(done.stdout) if outcome.verdict == "ok" else None
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
    bench: Bench,
    task: Task,
    snapshot: Snapshot,
    target: Path,
    *,
    includes: Iterable[str],
    wanted_bytes: int,
) -> tuple[Done, Outcome]:
    meter = Meter(bench.progress, f"restore {task.name}", wanted_bytes)
    meter.at(0, wanted_bytes)

    def on_line(line: bytes) -> None:
        status = answers.parse_status(line)
        if status is not None:
            meter.at(status.bytes_restored, status.total_bytes)

    said = restic.restore_argv(task.access, snapshot.id, target, includes)
    return locks.unlocking(task.access, said, timeout_s=task.limit_s, on_line=on_line)


def explained(fault: Fault, snapshot: Snapshot, job: Job) -> Fault:
    """Name the excludes that dropped files, where the snapshot tells of any."""
    foreign = [pattern for pattern in snapshot.excludes or () if pattern not in job.exclude]
    if fault.verdict != "absent" or not foreign:
        return fault
    dropping = {naming(read(name), foreign) for name in fault.names}
    return replace(fault, excludes=tuple(sorted(dropping - {""})))


def kept(
    bench: Bench, task: Task, snapshot: Snapshot, said: bytes, compared: Comparison
) -> tuple[Evidence, ...]:
    """Keep what restic said (redacted) and every difference."""
    source = f"test restore, job {task.name}, snapshot {snapshot.id[:8]}"
    at = clock.now()
    told = msgspec.json.encode(compared)
    return (
        runs.keep(bench.run, "txt", said, source=source, at=at, redacted=True),
        runs.keep(bench.run, "json", told, source=source, at=at),
    )
