"""Workspaces with chains of proofs, made by the code that makes real ones."""

import hashlib
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from msptool import files
from msptool.backup.evidence import chain, envelope, key, statement
from msptool.backup.evidence.chain import Head
from msptool.backup.evidence.check import Checked, Item
from msptool.backup.evidence.statement import Comparison, Coverage, Objectives, Predicate, Probe
from msptool.workspace import Workspace

AT = datetime(2026, 11, 1, 3, tzinfo=UTC)
SNAPSHOT = "5f" * 32


def workspace(root: Path) -> Workspace:
    root.mkdir(mode=0o700)
    (root / "client.yaml").write_text("")
    return Workspace(root)


def predicate(job: str = "files", day: int = 0, **told: Any) -> Predicate:
    began_at = AT + timedelta(days=day)
    made = Predicate(
        client="ACME",
        job=job,
        repository="nas",
        level="restore",
        verdict="ok",
        began_at=began_at,
        ended_at=began_at + timedelta(seconds=90),
        comparison=Comparison(method="full", files=20, files_sealed=20, same=19, moved=1),
        coverage=Coverage(statement="299 clean: < 1 % bad at 95 %", files_proven=20, files=20),
        probes=(Probe(kind="sqlite", object="/srv/a.db", verdict="ok", counts={"rows": 7}),),
        objectives=Objectives(rpo_s=3600, rpo_limit_s=86400, rto_ms=9000, rto_limit_ms=14400000),
        sandbox="folder",
        restic="0.18.0",
        msptool="0.1.0",
    )
    return replace(made, **told)


def append(place: Workspace, job: str = "files", count: int = 1) -> list[Head]:
    """Append proofs that name a manifest and a run, which are there."""
    heads = []
    for day in range(count):
        uris = f"manifests/{job}/{day}.jsonl", f"runs/R{day}-restore/manifest.json"
        for uri in uris:
            files.make_folder((place.root / uri).parent)
            (place.root / uri).write_text(f"what stands in {uri}")
        named = tuple(statement.material(uri, files.sha256(place.root / uri)) for uri in uris)
        subjects = (
            statement.artifact(f"snapshot:{SNAPSHOT}", SNAPSHOT),
            statement.artifact(uris[0], named[0].digest.sha256),
        )
        told = predicate(job, day, materials=named)
        heads.append(chain.append(place, told, *subjects))
    return heads


def long(place: Workspace, count: int) -> None:
    """Make a long chain as append does, without waiting for the disk."""
    signer, previous = key.signer(place), ""
    folder = files.make_folder(place.evidence / "files" / signer.keyid[:8])
    for n in range(1, count + 1):
        told = predicate(day=n % 3000, sequence=n, previous=previous)
        payload = statement.encode(statement.Statement(predicate=told))
        signature = signer.sign(envelope.signed_bytes(payload))
        data = envelope.seal(payload, signer.keyid, signature)
        (folder / chain.file_name(n)).write_bytes(data)
        previous = hashlib.sha256(data).hexdigest()


def copy(place: Workspace, to: Path) -> Workspace:
    shutil.copytree(place.root, to)
    return Workspace(to)


def item(name: str, data: bytes) -> Item:
    return Item(name, hashlib.sha256(data).hexdigest(), len(data), data)


def kinds(checked: Checked) -> set[str]:
    return {fault.kind for fault in checked.faults}
