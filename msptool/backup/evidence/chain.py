"""A job's chain on disk: where statements lie, the next one, and the head, which is computed."""

import re
from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace

from msptool import files
from msptool.backup import names
from msptool.backup.evidence import envelope, key, statement
from msptool.backup.evidence.key import Signer
from msptool.backup.evidence.statement import Artifact, Predicate, Statement
from msptool.errors import UsageError
from msptool.model import Scalar
from msptool.workspace import Workspace

LIMIT_BYTES = 1024 * 1024  # of an envelope; a real one has some 3 kB
_FILE = re.compile(r"([0-9]{6,12})\.json")
_KEY = re.compile(r"[0-9a-f]{8}")


@dataclass(frozen=True)
class Head:
    """The last statement of a job's chain: `sha256` is of the bytes of its envelope."""

    job: str
    keyid: str
    sequence: int
    sha256: str

    def __str__(self) -> str:
        """Return the form that `backup evidence verify --head` takes."""
        return f"{self.job}:{self.sequence}:{self.sha256}"


def parse_head(text: str) -> Head:
    """Return the head in `JOB:SEQUENCE:SHA256`, of an unknown key; raise UsageError."""
    found = re.fullmatch(r"(.+):([1-9]\d{0,11}):([0-9a-fA-F]{64})", text)
    if found is None:
        raise UsageError(
            "evidence.head",
            f"{text!r} is no head",
            hint="write JOB:NUMBER:SHA256, as report and ticket have it",
        )
    return Head(found[1], "", int(found[2]), found[3].lower())


def file_name(sequence: int) -> str:
    """Return the name of a statement's file."""
    return f"{sequence:06d}.json"


def number(name: str) -> int | None:
    """Return the place of a statement by the name of its file; None where it is none of ours."""
    found = _FILE.fullmatch(name)
    sequence = int(found[1]) if found else 0
    return sequence if sequence and file_name(sequence) == name else None


def append(workspace: Workspace, predicate: Predicate, *subjects: Artifact) -> Head:
    """Sign what was proven as the next statement of its job's chain; return the new head.

    Whole or not there. The caller holds the workspace; a writer that does not takes the next place.
    """
    signer = key.signer(workspace)
    folder = files.make_folder(_folder(workspace, predicate.job, signer.keyid))
    while True:
        sequence, previous = _last(folder)
        told = replace(predicate, sequence=sequence + 1, previous=previous)
        data = _sealed(Statement(subject=subjects, predicate=told), signer)
        path = folder / file_name(sequence + 1)
        if files.create(path, data):
            return Head(predicate.job, signer.keyid, sequence + 1, files.sha256(path))


def _sealed(told: Statement, signer: Signer) -> bytes:
    payload = statement.encode(told)
    signature = signer.sign(envelope.signed_bytes(payload))
    data = envelope.seal(payload, signer.keyid, signature)
    if len(data) > LIMIT_BYTES:
        raise UsageError(
            "evidence.size",
            f"a statement of {len(data)} bytes is larger than anyone would read",
            hint="name fewer materials and probes in it",
        )
    return data


def _folder(workspace: Workspace, job: str, keyid: str) -> Path:
    return workspace.evidence / names.safe(job) / keyid[:8]


def _last(folder: Path) -> tuple[int, str]:
    """Return the place and hash of the last statement; 0 and "" where there is none."""
    numbers = (number(path.name) for path in folder.iterdir())
    last = max((n for n in numbers if n is not None), default=0)
    return last, files.sha256(folder / file_name(last)) if last else ""


def head(workspace: Workspace, job: str) -> Head | None:
    """Return the head of the chain that this workspace's key signs; None before the first."""
    public = key.public_key(workspace)
    return _head(workspace, job, public) if public else None


def _head(workspace: Workspace, job: str, public: bytes) -> Head | None:
    keyid = key.keyid(public)
    folder = _folder(workspace, job, keyid)
    sequence, sha256 = _last(folder) if folder.is_dir() else (0, "")
    return Head(job, keyid, sequence, sha256) if sequence else None


def facts(workspace: Workspace, job: str) -> dict[str, Scalar]:
    """Return what a job's thing and findings say of its head, for report and ticket to print.

    `evidence_head` is the SHA-256 of the last envelope, `evidence_key` the raw public key, as hex.
    """
    public = key.public_key(workspace)
    last = _head(workspace, job, public) if public else None
    if public is None or last is None:
        return {}
    return {
        "evidence_seq": last.sequence,
        "evidence_head": last.sha256,
        "evidence_key": public.hex(),
    }


def jobs(workspace: Workspace) -> tuple[str, ...]:
    """Return the jobs that have a chain of any key."""
    if not workspace.evidence.is_dir():
        return ()
    folders = {path.parent.parent.name for path in workspace.evidence.glob("*/*/*.json")
               if _KEY.fullmatch(path.parent.name)}  # fmt: skip
    return tuple(sorted(names.unsafe(name) for name in folders))
