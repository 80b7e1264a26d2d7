"""The retention guard of a job: its seals, the ledger and the last proof, put together."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from msptool.backup import manifest, proofs
from msptool.backup.keeping import anomaly, ledger, retention
from msptool.backup.keeping.anomaly import Odd
from msptool.backup.keeping.ledger import Known, Noticed
from msptool.backup.keeping.retention import Depth, Plan, Policy, Reason, Sealed, State
from msptool.backup.manifest import Seal
from msptool.backup.repository.answers import Snapshot
from msptool.backup.verdicts import known as verdict
from msptool.backup.verdicts import sort_of
from msptool.model import Scalar
from msptool.profile.load import Loaded
from msptool.profile.shape import Job
from msptool.workspace import Workspace


@dataclass(frozen=True)
class Guard:
    """What may be deleted of a job and what not, what is implausible, how far back it reaches."""

    plan: Plan
    depth: Depth
    odd: tuple[Odd, ...] = ()


@dataclass(frozen=True)
class Listed:
    """What a repository lists, and what the ledger noticed of it."""

    snapshots: Sequence[Snapshot]
    noticed: Noticed
    unreadable: Collection[str] = ()


def of(
    workspace: Workspace, loaded: Loaded, name: str, listed: Listed, now: datetime,
    *, proven: str | None = None,
) -> Guard:  # fmt: skip
    """Return the guard of a job. `proven`: the snapshot that came back whole last; None takes
    what the last proof recorded.
    """
    job = loaded.profile.backup.jobs[name]
    if proven is None:
        thing = f"job:{name}"
        proven = proven_of(proofs.last(workspace, "restore", [thing]).get(thing, {}))
    book = ledger.read(workspace, job.repository)
    seals = list(manifest.seals(workspace, name).values())
    zone = ZoneInfo(loaded.profile.client.zone)
    policy = Policy(job.keep, zone)
    return judged(name, job, seals, listed, now, book=book, policy=policy, proven=proven)


def judged(
    name: str, job: Job, seals: Sequence[Seal], listed: Listed, now: datetime,
    *, book: Known, policy: Policy, proven: str,
) -> Guard:  # fmt: skip
    """Return the guard of a job from its seals, oldest first."""
    there = {snapshot.id for snapshot in listed.snapshots}
    standing = [seal for seal in seals if seal.snapshot in there]
    sealed = [Sealed(s.snapshot, s.walked_at, s.complete) for s in standing]
    accepted = book.of("plausible")
    volumes = [v for seal in standing if (v := anomaly.volume(seal)) is not None]
    odd = tuple(o for o in anomaly.judge(volumes, job.expect) if o.snapshot not in accepted)
    state = State(
        proven,
        suspected=_suspected(name, seals, book, listed, there),
        odd=[o.snapshot for o in odd if o.holds],
    )
    began_at = min((seen.at for seen in book.seen.values() if seen.ours
                    and seen.id in {seal.snapshot for seal in seals}), default=None)  # fmt: skip
    depth = retention.depth(sealed, policy.keep, began_at, now)
    return Guard(retention.plan(sealed, policy, state, now), depth, odd)


def _suspected(
    name: str, seals: Sequence[Seal], book: Known, listed: Listed, there: Collection[str]
) -> tuple[Reason, ...]:
    """Return why the repository itself is not to be trusted with a deletion."""
    noticed = listed.noticed.of(name)
    newest = seals[-1].snapshot if seals else ""
    lost = bool(newest) and newest not in {*there, *book.of("accepted", "gone")}
    reasons: Mapping[Reason, bool] = {
        "vanished": bool(noticed.vanished) or (lost and not listed.unreadable),
        "forged": bool(noticed.forged or noticed.back_dated),
        "unreadable": bool(listed.unreadable),
    }
    return tuple(reason for reason, holds in reasons.items() if holds)


def proven_of(facts: Mapping[str, Scalar]) -> str:
    """Return the snapshot that the last proof of a job recorded as whole; "" without one."""
    if facts.get("proven_snapshot"):
        return str(facts["proven_snapshot"])
    ended = verdict(str(facts.get("verdict", "")))
    whole = ended is not None and sort_of(ended) in ("good", "old")
    return str(facts.get("snapshot", "")) if whole else ""
