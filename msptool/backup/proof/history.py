"""What is known of a job before it is proven: what its last seal and its last proofs tell."""

from collections.abc import Mapping
from datetime import datetime

from msptool.backup import manifest, proofs
from msptool.backup.proof.levels import History
from msptool.backup.verdicts import known, sort_of
from msptool.model import Scalar
from msptool.workspace import Workspace

_SECONDS_THAT_TELL = 1.0  # a shorter restore says nothing of the rate


def of(workspace: Workspace, job: str, told: Mapping[str, Scalar], now: datetime) -> History:
    """Return a job's history; `told` is what the last run of proofs said of it."""
    verdict = known(str(told.get("verdict", "")))
    return History(
        bytes=size_bytes(workspace, job),
        full_age_s=proofs.age_s(told.get("last_full_at"), now),
        bad=verdict is not None and sort_of(verdict) in ("bad", "blind"),
        bytes_per_s=_rate(told.get("full_bytes"), told.get("full_rto_s")),
    )


def size_bytes(workspace: Workspace, job: str) -> int:
    """Return the bytes of a job's newest sealed backup; 0 for none."""
    seal = manifest.newest(workspace, job)
    return (seal.bytes or 0) if seal else 0


def _rate(done_bytes: Scalar, seconds: Scalar) -> float:
    if not isinstance(done_bytes, int | float) or not isinstance(seconds, int | float):
        return 0.0
    return done_bytes / seconds if seconds >= _SECONDS_THAT_TELL else 0.0
