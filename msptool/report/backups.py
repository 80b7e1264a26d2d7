"""What is proven of each backup job: a row a job, also for one that never ran. Pure.

The numbers and verdicts are facts that the runs gave of the things `job:NAME` and `repo:NAME`;
nothing is judged here.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from msptool.backup import verdicts
from msptool.backup import words as backup_words
from msptool.backup.proof.levels import RESTORE
from msptool.backup.verdicts import Sort
from msptool.model import Kind, Scalar
from msptool.report.document import Promise
from msptool.report.i18n import Tongue
from msptool.report.index import Index
from msptool.report.problems import Affected, affected

PREFIX = "job:"
REPOSITORY = "repo:"


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
    """A backup job; what no run tells of is None or "". `sort` says what the verdict means;
    `tested` how the last test looked, `covered` what all tests so far prove: "" where the data is
    bad now, whatever was proven before.
    """

    name: str
    backup_at: datetime | None
    proven_at: datetime | None
    age_s: float | None
    rto_s: float | None
    promise: Promise | None
    verdict: str
    sort: Sort
    tested: str
    covered: str
    signed: Signed | None
    problems: tuple[Affected, ...]

    @property
    def stale(self) -> bool:
        """Whether the newest backup is older than promised."""
        return bool(self.promise and self.age_s and self.age_s > self.promise.rpo_h * 3600)

    @property
    def slow(self) -> bool:
        """Whether the last whole restore took longer than promised."""
        return bool(self.promise and self.rto_s and self.rto_s > self.promise.rto_h * 3600)


@dataclass(frozen=True)
class Repository:
    """Where backups lie. `append_only`: how the last attempt to delete ended; `escrow`: how the
    last try with the client's copy of the password did, at `escrow_at`.
    """

    name: str
    verdict: str
    sort: Sort
    append_only: str
    escrow: str
    escrow_at: datetime | None
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
    backup_at = max((at for at in made if at is not None), default=None)
    age = index.document.built_at - backup_at if backup_at else None
    verdict, sort = _verdict(index, ident, tongue)
    rto_s = _number(_fact(index, "restore", ident, "full_rto_s"))
    return Job(
        name=name,
        backup_at=backup_at,
        proven_at=_time(_fact(index, "restore", ident, "last_proven_at")),
        age_s=max(0.0, age.total_seconds()) if age is not None else None,
        rto_s=_number(_fact(index, "restore", ident, "rto_s")) if rto_s is None else rto_s,
        promise=promise,
        verdict=verdict,
        sort=sort,
        tested=_tested(index, ident, tongue),
        covered=_covered(index, ident, tongue) if sort != "bad" else "",
        signed=_signed(index, name),
        problems=_problems(index, tongue, ident),
    )


def _problems(index: Index, tongue: Tongue, ident: str) -> tuple[Affected, ...]:
    return tuple(affected(index, tongue, f) for f in index.by_thing.get(ident, ()))


def _tested(index: Index, ident: str, tongue: Tongue) -> str:
    """Return when the last test was, how deep it looked and why so. A test that restored nothing
    although it was to is told as what was meant.
    """
    at = _time(_fact(index, "restore", ident, "tested_at"))
    level = _number(_fact(index, "restore", ident, "level"))
    if at is None or level is None:
        return ""
    files = _number(_fact(index, "restore", ident, "files")) or 0
    told: dict[str, Scalar] = {
        "at": tongue.moment(at),
        "level": round(level),
        "depth": tongue.known("level", f"{level:.0f}"),
        "how": _how(index, ident, tongue),
    }
    if level >= RESTORE and not files:
        return tongue.say("backups.meant", **told)
    said = tongue.say("backups.tested", **told)
    return f"{said} {tongue.count('compared', round(files))}." if files else said


def _covered(index: Index, ident: str, tongue: Tongue) -> str:
    said = str(_fact(index, "restore", ident, f"covered_{tongue.code}") or "")
    return tongue.say("backups.covered", what=said) if said else ""


def _how(index: Index, ident: str, tongue: Tongue) -> str:
    """Return how much was restored and why; the reason of the day itself says how much."""
    why = str(_fact(index, "restore", ident, "why") or "")
    told = backup_words.russian(why) if tongue.code == "ru" else why
    if why != backup_words.ASKED:
        return told
    return f"{tongue.known('restored', str(_fact(index, 'restore', ident, 'restore')))}, {told}"


def repositories(index: Index, tongue: Tongue) -> tuple[Repository, ...]:
    """Return the repositories that runs tell of."""
    told = [t.id for t in index.of_kind("repository") if t.id.startswith(REPOSITORY)]
    return tuple(_repository(index, tongue, ident) for ident in told)


def _repository(index: Index, tongue: Tongue, ident: str) -> Repository:
    verdict, sort = _verdict(index, ident, tongue)
    tried = str(_fact(index, "restore", ident, "append_only") or "untried")
    escrow = str(_fact(index, "restore", ident, "escrow") or "untried")
    return Repository(
        name=ident.removeprefix(REPOSITORY),
        verdict=verdict,
        sort=sort,
        append_only=tongue.known("append", tried),
        escrow=tongue.known("escrow", escrow),
        escrow_at=_time(_fact(index, "restore", ident, "escrow_tested_at")),
        problems=_problems(index, tongue, ident),
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
