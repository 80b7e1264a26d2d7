"""The snapshots of a job as people choose among them: when, how much, sealed, last proven how."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from msptool import runs
from msptool.backup import jobs as of_jobs
from msptool.backup import manifest, names, pick, proofs
from msptool.backup.jobs import Task
from msptool.backup.manifest import Seal
from msptool.backup.repository import answers, locks, repositories, restic
from msptool.backup.repository.answers import Snapshot
from msptool.backup.verdicts import Verdict, known, sort_of
from msptool.errors import MsptoolError, UsageError
from msptool.model import Kind, Scalar, Thing
from msptool.profile.load import Loaded
from msptool.workspace import Workspace

_DAY_LETTERS = len("2026-01-31")


@dataclass(frozen=True)
class Listed:
    """One snapshot. `files` and `bytes`: None where no run tells them. `verdict`: of its last
    test, at `tested_at` and of this `level`; None if it never was tested.
    """

    snapshot: Snapshot
    seal: Seal | None = None
    files: int | None = None
    bytes: int | None = None
    verdict: Verdict | None = None
    tested_at: str = ""
    level: str = ""

    @property
    def proven(self) -> bool:
        """Whether its last test brought back what was sealed; it may have grown old since."""
        return self.verdict is not None and sort_of(self.verdict) in ("good", "old")

    @property
    def roots(self) -> tuple[str, ...]:
        """The paths that were backed up, in the written form."""
        if self.seal is not None:
            return self.seal.paths
        return tuple(names.written(path) for path in self.snapshot.paths)


def task(workspace: Workspace, loaded: Loaded, name: str) -> Task:
    """Return a job and what opens its repository; raise UsageError for an unknown one."""
    job = of_jobs.wanted(loaded, [name])[name]
    repository = loaded.profile.backup.repositories[job.repository]
    return Task(name, job, repositories.access(restic.find(), workspace, repository))


def of(workspace: Workspace, loaded: Loaded, asked: Task) -> tuple[Listed, ...]:
    """Return the snapshots of a job, oldest first; raise what keeps the repository shut."""
    done, outcome = locks.unlocking(asked.access, restic.argv(asked.access, "snapshots"))
    if outcome.verdict != "ok":
        repository = loaded.profile.backup.repositories[asked.job.repository]
        raise repositories.failure(asked.job.repository, repository, outcome)
    paths = of_jobs.sources(workspace, asked.job).all
    mine = [s for s in answers.parse_snapshots(done.stdout) if pick.belongs(s, asked.name, paths)]
    seals = manifest.seals(workspace, asked.name)
    made = _told(workspace, "backup", asked.name)
    tested = _told(workspace, "restore", asked.name)
    return tuple(
        _listed(s, seals.get(s.id), made.get(s.id, {}), tested.get(s.id, {})) for s in mine
    )


def _told(workspace: Workspace, kind: Kind, job: str) -> dict[str, Mapping[str, Scalar]]:
    """Return what the newest run that speaks of each snapshot of a job says of it."""
    found: dict[str, Mapping[str, Scalar]] = {}
    for _, folder in zip(range(proofs.LOOK_BACK), runs.folders(workspace, kind), strict=False):
        try:
            things = runs.load(folder).things
        except (MsptoolError, OSError, ValueError):  # a spoilt run says nothing
            continue
        for thing in things:
            if thing.id == f"job:{job}" and thing.facts.get("snapshot"):
                found.setdefault(str(thing.facts["snapshot"]), thing.facts)
    return found


def _listed(
    snapshot: Snapshot,
    seal: Seal | None,
    made: Mapping[str, Scalar],
    tested: Mapping[str, Scalar],
) -> Listed:
    files, size = made.get("files"), made.get("bytes")
    return Listed(
        snapshot,
        seal,
        files if isinstance(files, int) else None,
        size if isinstance(size, int) else None,
        known(str(tested.get("verdict", ""))),
        str(tested.get("tested_at") or ""),
        str(tested.get("level") or ""),
    )


def thing(job: str, listed: Listed, now: datetime) -> Thing:
    """Return a snapshot as a record."""
    snapshot = listed.snapshot
    facts: dict[str, Scalar] = {
        "job": job,
        "at": snapshot.time.isoformat(),
        "age_s": round((now - snapshot.time).total_seconds()),
        "host": snapshot.hostname,
        "files": listed.files,
        "bytes": listed.bytes,
        "sealed": listed.seal is not None,
        "complete": listed.seal.complete if listed.seal else None,
        "verdict": listed.verdict,
        "tested_at": listed.tested_at or None,
        "level": listed.level,
        "proven": listed.proven,
    }
    return Thing(id=f"snapshot:{snapshot.id}", kind="snapshot", name=snapshot.id, facts=facts)


def choose(
    listed: Sequence[Listed], job: str, *, ident: str = "", at: datetime | None = None
) -> Listed:
    """Return the snapshot of an id, or the newest one not after a time, sealed ones before others.

    Raise UsageError where there is none.
    """
    if ident:
        return _named(listed, job, ident)
    fitting = [each for each in listed if at is None or each.snapshot.time <= at]
    sealed = [each for each in fitting if each.seal is not None]
    if not fitting:
        when = f" up to {at.isoformat(timespec='minutes')}" if at else ""
        raise UsageError(
            "restore.no-snapshot",
            f"no snapshot of {job}{when}",
            hint=f"msptool backup list {job}",
        )
    return (sealed or fitting)[-1]


def _named(listed: Sequence[Listed], job: str, ident: str) -> Listed:
    found = [each for each in listed if each.snapshot.id.startswith(ident.lower())]
    if len(found) != 1:
        why = "several snapshots" if found else "no snapshot"
        raise UsageError(
            "restore.no-snapshot",
            f"{why} of {job} with the id {ident}",
            hint=f"msptool backup list {job}",
        )
    return found[0]


def better(listed: Sequence[Listed], chosen: Listed) -> Listed | None:
    """Return the newest proven snapshot where the chosen one is not; None if there is none."""
    return None if chosen.proven else next((e for e in reversed(listed) if e.proven), None)


def moment(text: str, zone: str) -> datetime:
    """Return a time as people write it (ISO 8601), in a zone where it names none.

    A day alone means its end. Of an hour that the clocks pass twice, the second one.
    """
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise UsageError(
            "restore.time",
            f"{text!r} is no time",
            hint="write 2026-01-31, or 2026-01-31T18:00",
        ) from error
    if len(text.strip()) <= _DAY_LETTERS:
        at = datetime.combine(at.date(), time.min) + timedelta(days=1, microseconds=-1)
    return at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone), fold=1)
