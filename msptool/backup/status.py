"""Where each job stands, from the runs alone: restic and its password are not needed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from msptool.backup import jobs as of_jobs
from msptool.backup import manifest, proofs
from msptool.backup.verdicts import Verdict, known
from msptool.model import Scalar, Thing
from msptool.profile.load import Loaded
from msptool.profile.shape import Job
from msptool.workspace import Workspace


@dataclass(frozen=True)
class Standing:
    """One job: ages in seconds, None for never or unknown. `state`: the last test's verdict,
    "stale" where the backup has grown old since, "unproven" where there was no test.
    """

    job: Job
    name: str
    backup_age_s: float | None
    proven_age_s: float | None
    rto_s: float | None
    state: Verdict | str


def of(workspace: Workspace, loaded: Loaded, now: datetime) -> tuple[Standing, ...]:
    """Return every job of the profile as it stands."""
    jobs = loaded.profile.backup.jobs
    told = proofs.last(workspace, "restore", [f"job:{name}" for name in jobs])
    return tuple(
        _standing(workspace, name, job, told.get(f"job:{name}", {}), now)
        for name, job in jobs.items()
    )


def _standing(
    workspace: Workspace, name: str, job: Job, told: Mapping[str, Scalar], now: datetime
) -> Standing:
    seal = manifest.newest(workspace, name)
    backup_age_s = (now - seal.walked_at).total_seconds() if seal else None
    rto_s = told.get("full_rto_s", told.get("rto_s"))
    return Standing(
        job=job,
        name=name,
        backup_age_s=backup_age_s,
        proven_age_s=proofs.age_s(told.get("last_proven_at"), now),
        rto_s=float(rto_s) if isinstance(rto_s, int | float) else None,
        state=_state(known(str(told.get("verdict", ""))), backup_age_s, job),
    )


def _state(verdict: Verdict | None, backup_age_s: float | None, job: Job) -> Verdict | str:
    old = backup_age_s is None or backup_age_s > job.rpo_h * 3600
    if verdict in (None, "ok", "stale"):
        return "stale" if old else ("unproven" if verdict is None else "ok")
    return str(verdict)


def thing(standing: Standing) -> Thing:
    """Return a standing as a record."""
    facts: dict[str, Scalar] = {
        "state": standing.state,
        "backup_age_s": standing.backup_age_s,
        "proven_age_s": standing.proven_age_s,
        "rto_s": standing.rto_s,
        "rpo_h": standing.job.rpo_h,
        "rto_h": standing.job.rto_h,
    }
    return of_jobs.thing(standing.name, facts)
