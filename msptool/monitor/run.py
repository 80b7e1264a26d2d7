"""What a monitor pass is: probe, judge, keep. At most 10 seconds, whatever hangs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from msptool import clock, files, judge, model, runs
from msptool.model import Scalar, Thing
from msptool.monitor import proofs
from msptool.monitor.checks import CHECKS
from msptool.monitor.probes import Unseen, machine, services, volumes
from msptool.monitor.seen import Load, Memory, Proof, Seen, Service, Volume
from msptool.profile.load import Loaded
from msptool.workspace import Workspace


@dataclass(frozen=True)
class Glance:
    """All that the probes of one pass brought; `services` None: the profile names none."""

    host: str
    load: Load | Unseen
    memory: Memory | Unseen
    volumes: Mapping[str, Volume | Unseen]
    services: tuple[Service, ...] | Unseen | None
    proofs: Mapping[str, Proof | Unseen]
    services_raw: bytes = b""


def check(workspace: Workspace, loaded: Loaded, now: datetime) -> model.Report:
    """Probe this machine, judge it and commit a run of kind "monitor"; return its report.

    It has a lock of its own: a pass every five minutes must not wait for the night's backup.
    """
    with files.lock(workspace.derived / "monitor.lock", what="monitor check"):
        run = runs.start(workspace, "monitor")
        glance = look(workspace, loaded, now)
        evidence = _keep(run, glance, now)
        verdict = judge.judge(
            CHECKS,
            cases(glance, loaded, now, tuple(item.sha256 for item in evidence)),
            client=loaded.profile.client.code,
            seen_at=now,
        )
        report = model.Report(
            header=_header(run, loaded, now),
            end=model.End(ended_at=clock.now(), complete=True),
            rules=verdict.rules,
            things=things(glance, loaded),
            attempts=verdict.attempts,
            findings=verdict.findings,
            evidence=evidence,
        )
        runs.commit(run, report)
        return report


def look(workspace: Workspace, loaded: Loaded, now: datetime) -> Glance:
    """Ask every probe."""
    units = loaded.profile.monitor.services
    answer = services.look(units) if units else None
    return Glance(
        host=runs.host(),
        load=machine.load(),
        memory=machine.memory(),
        volumes=volumes.look(volumes.listed()),
        services=answer.services if answer else None,
        proofs=proofs.look(workspace, tuple(loaded.profile.backup.jobs), now),
        services_raw=answer.raw if answer else b"",
    )


def _keep(run: runs.Run, glance: Glance, now: datetime) -> tuple[model.Evidence, ...]:
    if not glance.services_raw:
        return ()
    raw = glance.services_raw
    return (runs.keep(run, "systemctl", raw, source="systemctl show", at=now),)


def _header(run: runs.Run, loaded: Loaded, now: datetime) -> model.Header:
    import psutil

    return runs.header(
        run,
        loaded,
        started_at=now,
        tools={"psutil": psutil.__version__},
    )


def cases(
    glance: Glance, loaded: Loaded, now: datetime, evidence: tuple[str, ...]
) -> list[judge.Case[Seen]]:
    """Return what is judged: the machine, each volume and each backup job.

    Each volume is a thing of its own: one that hangs is unknown and takes no verdict from others.
    """
    profile = loaded.profile
    limits, days = profile.monitor, profile.backup.proof_days
    agent = Seen(
        now=now,
        limits=limits,
        proof_days=days,
        load=_known(glance.load),
        memory=_known(glance.memory),
        services=_known(glance.services),
        evidence=evidence,
    )
    found = [_case(_agent(glance), agent, glance, vars(glance))]
    for mount, volume in glance.volumes.items():
        seen = Seen(now=now, limits=limits, proof_days=days, volume=_known(volume))
        found.append(_case(_volume(glance.host, mount, volume), seen, glance, {"volume": volume}))
    for job, proof in glance.proofs.items():
        seen = Seen(now=now, limits=limits, proof_days=days, proof=_known(proof))
        # Read from the workspace: any machine that has it sees the same.
        thing, lacks = _job(job, proof), _lacks({"proof": proof})
        found.append(judge.Case(thing, seen, lacks, runs.ANYWHERE))
    return found


def _known(answer: "Unseen | judge.T") -> "judge.T | None":
    return None if isinstance(answer, Unseen) else answer


def _case(
    thing: Thing, seen: Seen, glance: Glance, answers: Mapping[str, object]
) -> judge.Case[Seen]:
    return judge.Case(thing, seen, _lacks(answers), f"agent:{glance.host}", runs.privilege())


def _lacks(answers: Mapping[str, object]) -> dict[str, str]:
    return {name: gap.reason for name, gap in answers.items() if isinstance(gap, Unseen)}


def things(glance: Glance, loaded: Loaded) -> tuple[Thing, ...]:
    """Return the machine, its volumes and the backup jobs, with what was measured."""
    limits = loaded.profile.monitor
    return (
        _agent(glance, load_limit=limits.load_per_cpu, memory_limit=limits.memory_percent),
        *(
            _volume(glance.host, mount, volume, limit_percent=limits.disk_percent)
            for mount, volume in glance.volumes.items()
        ),
        *(_job(job, proof) for job, proof in glance.proofs.items()),
    )


def _agent(glance: Glance, **limits: Scalar) -> Thing:
    facts: dict[str, Scalar] = {}
    if isinstance(glance.load, Load):
        facts |= {"load_per_cpu": round(glance.load.per_cpu, 3), "cpus": glance.load.cpus}
    if isinstance(glance.memory, Memory):
        facts |= {
            "memory_percent": round(glance.memory.used_percent, 1),
            "memory_bytes": glance.memory.total_bytes,
        }
    return Thing(id=f"agent:{glance.host}", kind="agent", name=glance.host, facts=facts | limits)


def _volume(host: str, mount: str, volume: Volume | Unseen, **limits: Scalar) -> Thing:
    facts: dict[str, Scalar] = {"mount": mount}
    if isinstance(volume, Volume):
        facts |= {
            "device": volume.device,
            "used_percent": round(volume.used_percent, 1),
            "inodes_percent": round(volume.inodes_percent, 1),
            "free_bytes": volume.free_bytes,
        }
    return Thing(
        id=f"volume:{host}:{mount}", kind="volume", name=f"{host} {mount}", facts=facts | limits
    )


def _job(job: str, proof: Proof | Unseen) -> Thing:
    proven_at = proof.proven_at if isinstance(proof, Proof) else None
    facts: dict[str, Scalar] = {"last_proven_at": clock.iso(proven_at)} if proven_at else {}
    return Thing(id=f"job:{job}", kind="job", name=job, facts=facts)
