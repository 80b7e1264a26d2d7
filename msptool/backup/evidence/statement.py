"""What is signed: an in-toto Statement v1 about one restore test. There are no floats in it.

Sources: github.com/in-toto/attestation, spec/v1/statement.md and resource_descriptor.md. Its bytes
are canonical: keys sorted, no white space, whole numbers. Fields may be added under the same
predicate type; a changed meaning becomes `:2`.
"""

from collections.abc import Mapping
from typing import Literal, TypeAlias

import msgspec
from msgspec import Struct

from msptool.model import Instant, json_schema

StatementType: TypeAlias = Literal["https://in-toto.io/Statement/v1"]
PredicateType: TypeAlias = Literal["urn:msptool:restore-proof:1"]
TYPE: StatementType = "https://in-toto.io/Statement/v1"
PREDICATE_TYPE: PredicateType = "urn:msptool:restore-proof:1"
Method: TypeAlias = Literal["none", "full", "sample", "stream"]


class Digest(Struct, frozen=True, kw_only=True):
    """SHA-256 as hex."""

    sha256: str


class Artifact(Struct, frozen=True, kw_only=True):
    """What a statement is about: `snapshot:ID` or `manifests/JOB/ID.jsonl`."""

    name: str
    digest: Digest


class Material(Struct, frozen=True, kw_only=True):
    """A file that the proof rests on; `uri` is its path from the workspace."""

    uri: str
    digest: Digest


class Comparison(Struct, frozen=True, kw_only=True):
    """How the restore was held against the sealed manifest, and how many files came out how.

    `files` of `files_sealed` were compared; `seed` drew the sample.
    """

    method: Method = "none"
    files: int = 0
    files_sealed: int = 0
    size_bytes: int = 0
    same: int = 0
    moved: int = 0
    differ: int = 0
    lost: int = 0
    absent: int = 0
    seed: str = ""


class Coverage(Struct, frozen=True, kw_only=True):
    """What all proofs so far come to; `statement` is the sentence that the figures support.

    `packs` of the repository: 0 where this test read none.
    """

    statement: str = ""
    files_proven: int = 0
    files: int = 0
    packs_read: int = 0
    packs: int = 0
    oldest_proven_at: Instant | None = None


class Probe(Struct, frozen=True, kw_only=True):
    """A question about the meaning of what was restored, and its answer. `counts`: rows, tables."""

    kind: str
    object: str
    verdict: str
    detail: str = ""
    counts: Mapping[str, int] = {}


class Objectives(Struct, frozen=True, kw_only=True):
    """The age of the newest backup and the time its restore took, beside what was agreed.

    None: not measured, or nothing agreed.
    """

    rpo_s: int | None = None
    rpo_limit_s: int | None = None
    rto_ms: int | None = None
    rto_limit_ms: int | None = None


class Predicate(Struct, frozen=True, kw_only=True):
    """One restore test. `sequence` and `previous` are set by the chain: count from 1, and the
    SHA-256 of the envelope before, "" for the first.

    `sandbox`: the walls round where it was restored to: "image", "bind", "quiet" or "folder".
    """

    client: str
    job: str
    repository: str
    level: str
    verdict: str
    began_at: Instant
    ended_at: Instant
    detail: str = ""
    run: str = ""
    sequence: int = 0
    previous: str = ""
    comparison: Comparison = Comparison()
    coverage: Coverage = Coverage()
    probes: tuple[Probe, ...] = ()
    objectives: Objectives = Objectives()
    sandbox: str = ""
    restic: str = ""
    msptool: str = ""
    materials: tuple[Material, ...] = ()


class Statement(
    Struct,
    frozen=True,
    kw_only=True,
    rename={"type": "_type", "predicate_type": "predicateType"},
):
    """The whole of it. `subject` is empty where there was no snapshot to prove."""

    type: StatementType = TYPE
    subject: tuple[Artifact, ...] = ()
    predicate_type: PredicateType = PREDICATE_TYPE
    predicate: Predicate


def artifact(name: str, sha256: str) -> Artifact:
    """Return what a statement is about. A snapshot's id is the SHA-256 of its file (restic)."""
    return Artifact(name=name, digest=Digest(sha256=sha256))


def material(uri: str, sha256: str) -> Material:
    """Return a file that a proof rests on, by its path from the workspace."""
    return Material(uri=uri, digest=Digest(sha256=sha256))


_encoder = msgspec.json.Encoder(order="sorted")
_decoder = msgspec.json.Decoder(Statement)


def encode(statement: Statement) -> bytes:
    """Return the canonical bytes."""
    return _encoder.encode(statement)


def decode(payload: bytes) -> Statement:
    """Return the statement in canonical bytes; raise ValueError for all else.

    By value, not by our shape: what a newer version added is kept, a key given twice is noticed.
    """
    try:
        if _encoder.encode(msgspec.json.decode(payload)) != payload:
            raise ValueError("the statement is not in canonical form")
        return _decoder.decode(payload)
    except (msgspec.DecodeError, RecursionError) as error:
        raise ValueError(str(error)) from error


def schema() -> bytes:
    """Return the JSON Schema (2020-12) of a statement, indented."""
    return json_schema(Statement, PREDICATE_TYPE)
