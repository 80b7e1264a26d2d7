"""What is proven of each backup job: a row a job, also for one that never ran. Pure.

The numbers and verdicts are facts that the runs gave of the thing `job:NAME`; nothing is judged
here.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from msptool.backup import verdicts
from msptool.backup.verdicts import Sort
from msptool.model import Kind, Scalar
from msptool.report.document import Promise
from msptool.report.i18n import Tongue
from msptool.report.index import Index
from msptool.report.problems import Affected, affected

PREFIX = "job:"


@dataclass(frozen=True)
class Signed:
    """What checks a job's signed proofs elsewhere: `head` as `backup evidence verify` takes it, the
    raw public key in hex, and its SHA-256.
    """

    head: str
    key: str
    keyid: str


@dataclass(frozen=True)
class Job:
    """A backup job; what no run tells of is None. `sort` says what the verdict means."""

    name: str
    backup_at: datetime | None
    proven_at: datetime | None
    rpo_s: float | None
    rto_s: float | None
    promise: Promise | None
    verdict: str
    sort: Sort
    signed: Signed | None
    problems: tuple[Affected, ...]


def jobs(index: Index, tongue: Tongue) -> tuple[Job, ...]:
    """Return the jobs of the profile, then jobs that only runs know."""
    promises = {promise.job: promise for promise in index.document.promises}
    told = [t.id.removeprefix(PREFIX) for t in index.of_kind("job") if t.id.startswith(PREFIX)]
    return tuple(
        _job(index, tongue, name, promises.get(name)) for name in dict.fromkeys([*promises, *told])
    )


def _job(index: Index, tongue: Tongue, name: str, promise: Promise | None) -> Job:
    ident = PREFIX + name
    made = [_time(_fact(index, kind, ident, "backup_at")) for kind in ("backup", "restore")]
    verdict, sort = _verdict(index, ident, tongue)
    findings = index.by_thing.get(ident, ())
    return Job(
        name=name,
        backup_at=max((at for at in made if at is not None), default=None),
        proven_at=_time(_fact(index, "restore", ident, "last_proven_at")),
        rpo_s=_number(_fact(index, "restore", ident, "rpo_s")),
        rto_s=_number(_fact(index, "restore", ident, "rto_s")),
        promise=promise,
        verdict=verdict,
        sort=sort,
        signed=_signed(index, name),
        problems=tuple(affected(index, tongue, finding) for finding in findings),
    )


def _signed(index: Index, name: str) -> Signed | None:
    facts = [_fact(index, "restore", PREFIX + name, f"evidence_{part}")
             for part in ("seq", "head", "key")]  # fmt: skip
    if not all(facts):
        return None
    sequence, sha256, key = map(str, facts)
    try:
        keyid = hashlib.sha256(bytes.fromhex(key)).hexdigest()
    except ValueError:
        return None
    return Signed(f"{name}:{sequence}:{sha256}", key, keyid)


def _fact(index: Index, kind: Kind, ident: str, name: str) -> Scalar:
    """Return a fact of a thing as a kind of run tells it."""
    report = index.reports.get(kind)
    things = report.things if report else ()
    return next((thing.facts.get(name) for thing in things if thing.id == ident), None)


def _verdict(index: Index, ident: str, tongue: Tongue) -> tuple[str, Sort]:
    """Return the words and the sort of what the last restore test said; silence is no proof."""
    said = str(_fact(index, "restore", ident, "verdict") or "")
    verdict = verdicts.known(said)
    if verdict is None:
        return said or tongue.say("backups.untested"), "blind"
    return tongue.pick(verdicts.TABLE[verdict].words), verdicts.sort_of(verdict)


def _time(value: Scalar) -> datetime | None:
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return at if at and at.tzinfo else None


def _number(value: Scalar) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
