"""The proof of a sealed snapshot: which part of it, held against its own manifest, what it means,
and how much of it is proven by now.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

import msgspec

from msptool import clock, files, runs
from msptool.backup import manifest, words
from msptool.backup.exhibit import Fault
from msptool.backup.jobs import Task
from msptool.backup.manifest import Entry, Seal
from msptool.backup.proof import coverage, meaning, sample, stream, trial
from msptool.backup.proof.compare import BAD
from msptool.backup.proof.coverage import Standing
from msptool.backup.proof.levels import Plan
from msptool.backup.proof.sample import Cluster
from msptool.backup.proof.trial import Bench, Tested
from msptool.backup.repository.answers import Snapshot


@dataclass(frozen=True)
class _Case:
    """A snapshot of a job with its manifest, cut into clusters."""

    task: Task
    snapshot: Snapshot
    seal: Seal
    entries: Sequence[Entry]
    clusters: Sequence[Cluster]


def prove(
    bench: Bench, task: Task, snapshot: Snapshot, recorded_sha256: str, plan: Plan
) -> tuple[Tested, Standing | None]:
    """Restore a sealed snapshot and hold it against its own manifest; also tell how much of it is
    proven by now. `recorded_sha256`: of the manifest, as the backup run told.
    """
    found = manifest.load(bench.workspace, task.name, snapshot.id)
    if found is None:
        return _untested(snapshot, words.NO_MANIFEST), None
    if not recorded_sha256:
        return _untested(snapshot, words.NO_RECORD), None
    path = manifest.path(bench.workspace, task.name, snapshot.id)
    if recorded_sha256 != files.sha256(path):
        return _untested(snapshot, words.CHANGED_MANIFEST), None
    seal, entries = found
    case = _Case(task, snapshot, seal, entries, sample.clusters(entries))
    tested = _tested(bench, case, plan)
    if not seal.complete:
        unread = tuple(entry.path for entry in entries if entry.unread)
        incomplete = Fault("incomplete-source", words.SEALED_INCOMPLETE, unread, len(unread))
        tested = replace(tested, faults=(*tested.faults, incomplete))
    return tested, _covered(bench, case, tested)


def _untested(snapshot: Snapshot, why: str) -> Tested:
    return Tested(snapshot, (Fault("could-not-run", why),))


def _tested(bench: Bench, case: _Case, plan: Plan) -> Tested:
    """Restore as planned, and look at what came back."""
    if plan.restore == "sample":
        chosen = _chosen(bench, case, plan.share)
        entries = [entry for cluster in chosen for entry in cluster.entries]
        look = _look(bench, case, entries, whole=False) if plan.probes else None
        tested = trial.sampled(bench, case.task, case.snapshot, case.entries, chosen, look=look)
    elif plan.restore == "stream":
        tested = stream.streamed(bench, case.task, case.snapshot, case.entries, case.clusters)
    else:
        look = _look(bench, case, case.entries, whole=True) if plan.probes else None
        tested = trial.restore(
            bench, case.task, case.snapshot, case.entries, case.clusters, look=look
        )
    if tested.examined is None:
        return tested
    bad = meaning.faults(tested.examined)
    if not bad and not tested.faults:
        meaning.record(bench.workspace, case.task.name, tested.examined)
    kept = runs.keep(
        bench.run,
        "json",
        msgspec.json.encode(tested.examined),
        source=f"meaning probes, job {case.task.name}, snapshot {case.snapshot.id[:8]}",
        at=clock.now(),
    )
    return replace(tested, faults=(*tested.faults, *bad), evidence=(*tested.evidence, kept))


def _look(bench: Bench, case: _Case, entries: Sequence[Entry], *, whole: bool) -> meaning.Look:
    budget_s = bench.loaded.profile.backup.verify.budget_min * 60
    return meaning.look(
        bench.workspace,
        bench.box.folder / "probes",
        case.task,
        case.seal,
        entries,
        budget_s=budget_s,
        whole=whole,
    )


def _chosen(bench: Bench, case: _Case, share: float) -> tuple[Cluster, ...]:
    """Draw what to restore; the order is random to whoever would hide damage from us."""
    proven_at = coverage.known(bench.workspace, case.task.name).proven_at
    return sample.choose(case.clusters, proven_at, random.SystemRandom(), share=share / 100)


def _covered(bench: Bench, case: _Case, tested: Tested) -> Standing:
    """Write down what came back well and what did not; return how much of the snapshot is proven
    as it stands.
    """
    bad = _bad(case, tested)
    if tested.proven or bad:
        known = coverage.known(bench.workspace, case.task.name)
        line = coverage.restored(
            bench.run.ident,
            tested.snapshot.id,
            tested.mode,
            tested.proven,
            clock.now(),
            bad=bad,
            met=coverage.met(case.clusters, tested.proven, known),
        )
        coverage.add(bench.workspace, case.task.name, line)
    return coverage.standing(case.clusters, coverage.known(bench.workspace, case.task.name))


def _bad(case: _Case, tested: Tested) -> tuple[Cluster, ...]:
    """Return the clusters in which something did not come back; none where nobody can say."""
    if tested.compared is None or any(fault.sort == "blind" for fault in tested.faults):
        return ()
    wrong = {difference.path for difference in tested.compared.of(*BAD)}
    return sample.spoilt(case.clusters, wrong)
