"""What a run of proofs tells the rest of the house: things, attempts, findings, evidence.

Each run tells of every job and repository of the profile: of one that it did not test, what the
last test said. So the newest run alone tells when each job was last proven.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from msgspec.structs import replace

from msptool import clock, judge, runs
from msptool.backup import jobs as of_jobs
from msptool.backup.checks import CHECKS
from msptool.backup.exhibit import Exhibit, Fault, Heard, chosen, judged
from msptool.backup.jobs import Earlier
from msptool.backup.keeping import guard
from msptool.backup.keeping.append_only import Trial
from msptool.backup.keeping.guard import Guard
from msptool.backup.proof import confidence, meaning
from msptool.backup.proof.coverage import PackStanding, Standing
from msptool.backup.proof.opening import Opened
from msptool.backup.proof.prove import Proof
from msptool.backup.proof.reading import Reading
from msptool.backup.proof.trial import Bench
from msptool.backup.repository import escrow
from msptool.backup.repository.escrow import Drill
from msptool.backup.verdicts import Verdict, known, sort_of, worst
from msptool.model import Evidence, Scalar, Thing


@dataclass(frozen=True)
class Account:
    """The parts of a report."""

    things: tuple[Thing, ...]
    said: judge.Verdict
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True)
class Work:
    """What a run of proofs did, by the names of jobs and repositories."""

    opened: Mapping[str, Opened]
    proofs: tuple[Proof, ...] = ()
    trials: Mapping[str, Trial] = field(default_factory=dict)


def of(bench: Bench, work: Work, earlier: Earlier, now: datetime) -> Account:
    """Return what the proofs of some jobs and a look at their repositories come to."""
    profile = bench.loaded.profile
    heard = [_job(bench, p, earlier.get(f"job:{p.job}", {}), now) for p in work.proofs]
    evidence = [kept for proof in work.proofs for kept in proof.evidence]
    for name, opened in work.opened.items():
        told = opened.reading
        kept = _kept(bench, name, told, now) if told else None
        evidence += [kept] if kept else []
        drill = escrow.last(bench.workspace, name)
        seen = _Seen(name, opened, kept, work.trials.get(name), drill)
        heard.append(_repository(seen, now, earlier.get(f"repo:{name}", {})))
    checks = chosen(CHECKS, "proof", "test", "snapshots", "ledger", "guard", "trial")
    said = judged(checks, heard, client=profile.client.code, now=now)
    tried = [h.thing for h in heard]
    return Account(
        (*tried, *of_jobs.others(bench.loaded, tried, earlier)),
        said,
        tuple({kept.sha256: kept for kept in evidence}.values()),
    )


def _kept(bench: Bench, name: str, told: Reading, now: datetime) -> Evidence:
    source = f"restic check, repository {name}, part {told.part}"
    return runs.keep(bench.run, "txt", told.said, source=source, at=now, redacted=True)


def _job(bench: Bench, proof: Proof, earlier: Mapping[str, Scalar], now: datetime) -> Heard:
    job = bench.loaded.profile.backup.jobs[proof.job]
    choice, sealed = proof.choice, proof.sealed
    unsealed = choice.unsealed if choice else None
    standing = _standing(proof, earlier)
    last = _last_proof(proof, earlier, now)
    exhibit = Exhibit(
        name=proof.job,
        now=now,
        rpo_h=job.rpo_h,
        rto_h=job.rto_h,
        newest_at=choice.newest_at if choice else None,
        snapshot=sealed.snapshot.id if sealed else "",
        files=sealed.compared.files if sealed and sealed.compared else 0,
        rto_s=sealed.seconds if sealed and proof.whole else None,
        unsealed=unsealed.id if unsealed else "",
        faults=proof.faults,
        partial=standing is not None,
        unseen=_unseen(proof),
        guard=_guard(bench, proof, str(last["proven_snapshot"] or ""), now),
        evidence=tuple(e.sha256 for e in proof.evidence),
    )
    facts = {**of_jobs.promise(job), **_proof_facts(proof, exhibit, bench.box.kind), **last}
    if standing is not None and worst([proof.verdict, standing]) == standing != proof.verdict:
        facts |= {"verdict": standing, "detail": earlier.get("detail", "")}
    lacks = {**proof.lacks, **({} if proof.listed else {"guard": "probe-failed"})}
    return Heard(of_jobs.thing(proof.job, facts), exhibit, lacks)


def _guard(bench: Bench, proof: Proof, proven: str, now: datetime) -> Guard | None:
    """Return what may be deleted of the job, `proven` being the snapshot that came back last."""
    if proof.listed is None:
        return None
    return guard.of(bench.workspace, bench.loaded, proof.job, proof.listed, now, proven=proven)


def _standing(proof: Proof, earlier: Mapping[str, Scalar]) -> Verdict | None:
    """Return what an earlier proof found bad and this one, which saw less, cannot take back."""
    told = known(str(earlier.get("verdict", "")))
    return told if told is not None and sort_of(told) == "bad" and not proof.whole else None


def _unseen(proof: Proof) -> tuple[Fault, ...] | None:
    """Return the files that no probe could look at; None where none was asked."""
    examined = proof.sealed.examined if proof.sealed else None
    if examined is None:
        return None
    found: dict[str, list[str]] = {}
    for probed in meaning.unseen(examined):
        found.setdefault(probed.detail, []).append(probed.path)
    told = [Fault("could-not-run", why, tuple(at), len(at)) for why, at in found.items()]
    if examined.skipped:
        told.append(Fault("could-not-run", examined.reason, (), examined.skipped))
    return tuple(told)


def _proof_facts(proof: Proof, exhibit: Exhibit, sandbox: str) -> dict[str, Scalar]:
    """Return what this test found; `rto_s` and `rpo_s` are null where they are not known."""
    sealed = proof.sealed
    compared = sealed.compared if sealed else None
    newest_at = exhibit.newest_at
    worst = min(proof.faults, key=lambda f: f.verdict != proof.verdict, default=None)
    return {
        "verdict": proof.verdict,
        "detail": worst.detail if worst else "",
        "code": proof.code,
        "level": proof.plan.level,
        "restore": proof.plan.restore,
        "why": proof.plan.why,
        "tested_at": clock.iso(exhibit.now),
        "snapshot": exhibit.snapshot,
        "backup_at": clock.iso(newest_at) if newest_at else None,
        "rpo_s": round(exhibit.age_s) if exhibit.age_s is not None else None,
        "rto_s": round(exhibit.rto_s, 1) if exhibit.rto_s is not None else None,
        "files": compared.files if compared else 0,
        "bytes": compared.bytes if compared else 0,
        "same": compared.same if compared else 0,
        "moved": compared.moved if compared else 0,
        "sandbox": "" if sealed is None else sandbox,
        "probed": len(sealed.examined.probed) if sealed and sealed.examined else 0,
        **(_coverage_facts(proof.covered) if proof.covered else {}),
    }


def with_heads(account: Account, heads: Mapping[str, Mapping[str, Scalar]]) -> Account:
    """Return an account whose jobs and their findings tell of the head of their chain; `heads` are
    those facts, by thing.
    """
    things = (replace(t, facts={**t.facts, **heads.get(t.id, {})}) for t in account.things)
    findings = (
        replace(f, facts={**f.facts, **heads.get(f.subject.thing, {})})
        for f in account.said.findings
    )
    said = dataclasses.replace(account.said, findings=tuple(findings))
    return dataclasses.replace(account, things=tuple(things), said=said)


def _coverage_facts(covered: Standing) -> dict[str, Scalar]:
    """Return how much of the newest snapshot is proven as it is now, by any test so far."""
    said = confidence.words(confidence.state(covered))
    return {
        "covered_en": said["en"],
        "covered_ru": said["ru"],
        "covered_files": covered.files_proven,
        "covered_of": covered.files,
        "covered_oldest_at": clock.iso(covered.oldest_at) if covered.oldest_at else None,
    }


_KEPT = ("last_proven_at", "proven_snapshot", "last_full_at", "full_rto_s", "full_bytes")


def _last_proof(proof: Proof, earlier: Mapping[str, Scalar], now: datetime) -> dict[str, Scalar]:
    """A proof is a sealed snapshot that came back whole; "stale" is one too, of an old backup."""
    kept = {name: earlier.get(name) for name in _KEPT}
    tested = proof.sealed
    if tested is not None and any(fault.sort == "bad" for fault in tested.faults):
        if kept["proven_snapshot"] == tested.snapshot.id:
            kept["proven_snapshot"] = None  # it came back once, and does not any more
        return kept
    sound = all(sort_of(fault.verdict) in ("old", "good") for fault in proof.faults)
    if tested is None or tested.faults or not sound:
        return kept
    if _standing(proof, earlier) is not None:
        return kept
    if not proof.whole:
        return {**kept, **_by_samples(tested.snapshot.id, proof.covered, earlier)}
    return {
        "last_proven_at": clock.iso(now),
        "proven_snapshot": tested.snapshot.id,
        "last_full_at": clock.iso(now),
        "full_rto_s": round(tested.seconds, 1) if tested.seconds is not None else None,
        "full_bytes": tested.compared.bytes if tested.compared else None,
    }


def _by_samples(
    snapshot: str, covered: Standing | None, earlier: Mapping[str, Scalar]
) -> dict[str, Scalar]:
    """Samples that together left nothing out are a proof, as old as the oldest of them."""
    if covered is None or not covered.full or covered.oldest_at is None:
        return {}
    known = str(earlier.get("last_proven_at") or "")  # ISO times of one form sort as text
    at = max(known, clock.iso(covered.oldest_at))
    return {"last_proven_at": at, "proven_snapshot": snapshot}


def _pack_facts(standing: PackStanding | None, earlier: Mapping[str, Scalar]) -> dict[str, Scalar]:
    """Return how many packs any reading so far found well; as it was where none were listed."""
    if standing is None or not standing.packs:
        return {name: earlier.get(name) for name in ("packs", "packs_read", "packs_oldest_at")}
    return {
        "packs": standing.packs,
        "packs_read": standing.read,
        "packs_oldest_at": clock.iso(standing.oldest_at) if standing.oldest_at else None,
    }


@dataclass(frozen=True)
class _Seen:
    """A repository as this run saw it."""

    name: str
    opened: Opened
    kept: Evidence | None
    trial: Trial | None
    drill: Drill | None


def _repository(seen: _Seen, now: datetime, earlier: Mapping[str, Scalar]) -> Heard:
    """A reading that saw no pack takes nothing back of what an earlier one found in them."""
    told = seen.opened.reading or Reading("ok", "")
    fault = told.fault()
    exhibit = Exhibit(
        seen.name,
        now,
        faults=(fault,) if fault else (),
        evidence=(seen.kept.sha256,) if seen.kept else (),
        part=told.part,
        noticed=seen.opened.noticed,
        trial=seen.trial,
        escrow=seen.drill.verdict if seen.drill else None,
    )
    blind = sort_of(told.verdict) == "blind"
    clean = bool(earlier.get("clean", True))
    shallow = not told.part and told.verdict == "ok"
    facts: dict[str, Scalar] = {
        "verdict": told.verdict,
        "detail": told.detail,
        "part": earlier.get("part", "") if blind or shallow else told.part,
        "clean": clean if blind or shallow else told.verdict == "ok",
        "broken_packs": len(told.packs),
        **_pack_facts(told.standing, earlier),
        **escrow.facts(seen.drill),
    }
    if seen.trial is not None:
        facts["append_only"] = seen.trial.outcome
    lacks = {"proof": "probe-failed"} if blind else {}
    if shallow and not clean:
        facts |= {name: earlier.get(name) for name in ("verdict", "detail", "broken_packs")}
    if shallow and (seen.opened.reading is None or not clean):
        lacks["proof"] = "partial"
    if seen.opened.fault is not None or seen.opened.access is None:
        lacks["ledger"] = "probe-failed"
    return Heard(of_jobs.repository(seen.name, facts), exhibit, lacks)
