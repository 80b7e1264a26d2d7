"""What a proof signs: the statement that goes into a job's chain of evidence."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from msgspec.structs import replace

from msptool import __version__
from msptool.backup import evidence, manifest
from msptool.backup.evidence import statement
from msptool.backup.evidence.statement import Artifact, Material, Predicate
from msptool.backup.proof import confidence
from msptool.backup.proof.compare import Comparison
from msptool.backup.proof.prove import Proof
from msptool.backup.proof.trial import Bench, Tested
from msptool.model import Scalar, Thing

_PROBES = 200  # that a statement spells out; the run has them all


def sign(bench: Bench, proof: Proof, thing: Thing, restic: str, ended_at: datetime) -> None:
    """Append what was learnt of a job to its chain. The caller holds the workspace."""
    told = _predicate(bench, proof, thing, restic, ended_at)
    evidence.append(bench.workspace, told, *_subjects(bench, proof))


def _subjects(bench: Bench, proof: Proof) -> Iterator[Artifact]:
    """Yield the snapshot and the manifest that it was held against."""
    if proof.sealed is None:
        return
    snapshot = proof.sealed.snapshot.id
    yield evidence.artifact(f"snapshot:{snapshot}", snapshot)
    if proof.manifest_sha256:
        yield evidence.artifact(_manifest_uri(bench, proof.job, snapshot), proof.manifest_sha256)


def _manifest_uri(bench: Bench, job: str, snapshot: str) -> str:
    path = manifest.path(bench.workspace, job, snapshot)
    return str(path.relative_to(bench.workspace.root))


def _predicate(
    bench: Bench, proof: Proof, thing: Thing, restic: str, ended_at: datetime
) -> Predicate:
    facts = thing.facts
    return Predicate(
        client=bench.loaded.profile.client.code,
        job=proof.job,
        repository=str(facts.get("repository", "")),
        level=str(proof.plan.level),
        verdict=str(facts.get("verdict", "")),
        detail=str(facts.get("detail", "")),
        run=bench.run.ident,
        began_at=bench.now,
        ended_at=ended_at,
        comparison=_comparison(proof),
        coverage=_coverage(proof),
        probes=tuple(_probes(proof.sealed)) if proof.sealed else (),
        objectives=_objectives(facts),
        sandbox=str(facts.get("sandbox", "")),
        restic=restic,
        msptool=__version__,
        materials=tuple(_materials(bench, proof)),
    )


def _comparison(proof: Proof) -> statement.Comparison:
    compared: Comparison | None = proof.sealed.compared if proof.sealed else None
    if compared is None:
        return statement.Comparison()
    return statement.Comparison(
        method=proof.plan.restore,
        files=compared.files,
        files_sealed=proof.covered.files if proof.covered else compared.files,
        size_bytes=compared.bytes,
        same=compared.same,
        moved=compared.moved,
        differ=len(compared.of("differs")),
        lost=len(compared.of("lost")),
        absent=len(compared.of("absent")),
    )


def _coverage(proof: Proof) -> statement.Coverage:
    covered, packs = proof.covered, proof.packs
    told = statement.Coverage()
    if covered is not None:
        told = statement.Coverage(
            statement=confidence.words(confidence.state(covered))["en"],
            files_proven=covered.files_proven,
            files=covered.files,
            oldest_proven_at=covered.oldest_at,
        )
    return replace(told, packs_read=packs.read, packs=packs.packs) if packs else told


def _probes(tested: Tested) -> Iterator[statement.Probe]:
    """Yield the probes, those that found something first."""
    probed = tested.examined.probed if tested.examined else ()
    for one in sorted(probed, key=lambda p: p.verdict == "ok")[:_PROBES]:
        yield statement.Probe(
            kind=one.probe,
            object=one.path,
            verdict=one.verdict,
            detail=one.detail,
            counts=one.counts,
        )


def _objectives(facts: Mapping[str, Scalar]) -> statement.Objectives:
    return statement.Objectives(
        rpo_s=_whole(facts.get("rpo_s"), 1),
        rpo_limit_s=_whole(facts.get("rpo_h"), 3600),
        rto_ms=_whole(facts.get("rto_s"), 1000),
        rto_limit_ms=_whole(facts.get("rto_h"), 3_600_000),
    )


def _whole(value: Scalar, factor: int) -> int | None:
    return round(value * factor) if isinstance(value, int | float) else None


def _materials(bench: Bench, proof: Proof) -> Iterator[Material]:
    """Yield what was kept of the restore; its files lie in the run once that is committed."""
    for kept in proof.evidence:
        yield evidence.material(f"runs/{bench.run.final.name}/{kept.path}", kept.sha256)
    sealed = proof.sealed
    if sealed is not None and proof.manifest_sha256:
        uri = _manifest_uri(bench, proof.job, sealed.snapshot.id)
        yield evidence.material(uri, proof.manifest_sha256)
