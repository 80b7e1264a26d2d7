"""A backup run: every job of the profile, one after the other, and one report of them all."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from msptool import clock, runs
from msptool.backup import jobs as of_jobs
from msptool.backup import proofs
from msptool.backup.checks import CHECKS
from msptool.backup.exhibit import Exhibit, Fault, Heard, chosen, judged
from msptool.backup.repository import restic
from msptool.backup.saving.save import Round, Saved, attempt, newest_at
from msptool.backup.verdicts import worst
from msptool.model import End, Report, Scalar
from msptool.profile.load import Loaded
from msptool.profile.shape import Job
from msptool.terminal import Progress
from msptool.workspace import Workspace


def run(
    workspace: Workspace,
    profile: Loaded,
    jobs: Sequence[str] | None = None,
    progress: Progress | None = None,
) -> Report:
    """Back up the jobs of these names (all without any) and commit the run.

    The caller holds the workspace. A job that fails stops no other: how each ended stands in the
    report, and `trouble.of` tells whether the whole is a failure.
    """
    wanted = of_jobs.wanted(profile, jobs)
    tool = restic.find()
    started_at = clock.now()
    opened = runs.start(workspace, "backup")
    earlier = proofs.last(workspace, "backup", of_jobs.idents(profile))
    shared = Round(workspace, profile, tool, opened, progress or Progress(None))
    ended = {name: _told(shared, name, job) for name, job in wanted.items()}
    now = clock.now()
    heard = [_job(name, wanted[name], saved, now) for name, saved in ended.items()]
    heard += _repositories(wanted, ended, now)
    tried = [h.thing for h in heard]
    client = profile.profile.client.code
    said = judged(chosen(CHECKS, "run", "snapshots"), heard, client=client, now=now)
    report = Report(
        header=runs.header(opened, profile, started_at=started_at, tools={"restic": tool.version}),
        end=End(ended_at=clock.now(), complete=True),
        rules=said.rules,
        things=(*tried, *of_jobs.others(profile, tried, earlier)),
        attempts=said.attempts,
        findings=said.findings,
        evidence=tuple({e.sha256: e for saved in ended.values() for e in saved.evidence}.values()),
    )
    runs.commit(opened, report)
    return report


def _told(shared: Round, name: str, job: Job) -> Saved:
    saved = attempt(shared, name, job)
    shared.progress.done(f"back up {name}", saved.verdict)
    return saved


def _job(name: str, job: Job, saved: Saved, now: datetime) -> Heard:
    fault = Fault(saved.verdict, saved.detail, saved.names, len(saved.names))
    exhibit = Exhibit(
        name=name,
        now=now,
        rpo_h=job.rpo_h,
        rto_h=job.rto_h,
        newest_at=newest_at(saved),
        snapshot=saved.seal.snapshot if saved.seal else "",
        files=saved.files,
        unsealed=saved.choice.unsealed.id if saved.choice and saved.choice.unsealed else "",
        faults=() if saved.verdict == "ok" else (fault,),
        evidence=tuple(e.sha256 for e in saved.evidence),
    )
    lacks = {} if saved.choice else {"snapshots": "probe-failed"}
    return Heard(of_jobs.thing(name, _facts(job, saved)), exhibit, lacks)


def _facts(job: Job, saved: Saved) -> Mapping[str, Scalar]:
    at = newest_at(saved)
    facts: dict[str, Scalar] = {
        "repository": job.repository,
        "verdict": saved.verdict,
        "detail": saved.detail,
        "code": saved.code,
        "rpo_h": job.rpo_h,
        "rto_h": job.rto_h,
        "backup_at": clock.iso(at) if at else None,
    }
    if saved.seal is not None:
        facts |= {
            "snapshot": saved.seal.snapshot,
            "manifest_sha256": saved.sealed_sha256,
            "files": saved.files,
            "bytes": saved.bytes,
            "moved": saved.moved,
        }
    return facts


def _repositories(
    wanted: Mapping[str, Job], ended: Mapping[str, Saved], now: datetime
) -> list[Heard]:
    """Return the repositories that the jobs wrote to, for whoever draws or lists them."""
    heard = []
    for name in dict.fromkeys(job.repository for job in wanted.values()):
        used = [ended[job] for job, told in wanted.items() if told.repository == name]
        facts: dict[str, Scalar] = {"jobs": len(used), "verdict": worst(s.verdict for s in used)}
        heard.append(Heard(of_jobs.repository(name, facts), Exhibit(name, now)))
    return heard
