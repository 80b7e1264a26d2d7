"""Jobs of a profile: which are meant, what they read, and their place among things."""

import math
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from msptool.backup import manifest
from msptool.backup.repository.restic import Access
from msptool.errors import ProfileError, UsageError
from msptool.model import Scalar, Thing
from msptool.profile.load import Loaded, nearest
from msptool.profile.shape import Job
from msptool.workspace import Workspace

# What earlier runs said of things, by id.
Earlier = Mapping[str, Mapping[str, Scalar]]


@dataclass(frozen=True)
class Sources:
    """The absolute paths of a job: those that stand, and those that do not."""

    present: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def all(self) -> tuple[str, ...]:
        """Every path of the job."""
        return self.present + self.missing


@dataclass(frozen=True)
class Task:
    """A job and what opens its repository. `most_s`: how long one step of it may take, where that
    is less than the job's own limit.
    """

    name: str
    job: Job
    access: Access
    most_s: float = math.inf

    @property
    def limit_s(self) -> float:
        """How long one step may take."""
        return min(self.job.timeout_h * 3600, self.most_s)


def wanted(loaded: Loaded, names: Sequence[str] | None) -> dict[str, Job]:
    """Return the jobs of these names, all without any; raise UsageError for an unknown one."""
    jobs = dict(loaded.profile.backup.jobs)
    if not jobs:
        raise ProfileError(
            "backup.no-jobs",
            "the profile names no backup jobs",
            hint="add one under backup.jobs in client.yaml",
        )
    for name in names or ():
        if name not in jobs:
            raise UsageError(
                "backup.unknown-job",
                f"no backup job {name!r}",
                nearest=nearest(name, tuple(jobs)),
                hint=f"jobs: {', '.join(jobs)}",
            )
    return {name: job for name, job in jobs.items() if not names or name in names}


def wanted_repositories(loaded: Loaded, names: Sequence[str]) -> tuple[str, ...]:
    """Return the repositories of these names, all without any; raise UsageError for an unknown
    one.
    """
    known = tuple(loaded.profile.backup.repositories)
    for name in names:
        if name not in known:
            raise UsageError(
                "backup.unknown-repository",
                f"no repository {name!r}",
                nearest=nearest(name, known),
                hint=f"repositories: {', '.join(known) or 'none'}",
            )
    return tuple(name for name in known if not names or name in names)


def lying_in(loaded: Loaded, repository: str) -> tuple[str, ...]:
    """Return the jobs that back up into a repository."""
    jobs = loaded.profile.backup.jobs.items()
    return tuple(name for name, job in jobs if job.repository == repository)


def kind(job: Job) -> manifest.Source:
    """Return which kind of source a job has: the profile names exactly one."""
    if job.postgresql is not None:
        return "postgresql"
    if job.command is not None:
        return "command"
    return "sqlite" if job.sqlite else "paths"


def sources(workspace: Workspace, job: Job) -> Sources:
    """Return a job's paths, looked for by ourselves: restic 0.14 says 0 for a missing one.

    A path that is itself a link is followed: restic would save the bare link, and call it done.
    What a program gives stands nowhere but in the snapshot: it is `present`.
    """
    if job.command is not None:
        return Sources((f"/{job.command.file}",), ())
    if job.postgresql is not None:
        return Sources((f"/{quote(job.postgresql.database, safe=' ')}.pgdump",), ())
    paths = [_absolute(workspace, path) for path in (*job.paths, *job.sqlite)]
    present = [path for path in paths if os.path.lexists(path)]
    return Sources(tuple(present), tuple(path for path in paths if path not in present))


def located(workspace: Workspace, path: str) -> Path:
    """Return where a path of the profile leads: from the workspace, or from a user's home."""
    try:
        return workspace.root / Path(path).expanduser()
    except RuntimeError as error:  # ~nobody
        raise ProfileError("backup.path", f"{path}: no such user") from error


def _absolute(workspace: Workspace, path: str) -> str:
    absolute = os.path.normpath(located(workspace, path))
    return str(Path(absolute).resolve()) if Path(absolute).is_symlink() else absolute


def thing(name: str, facts: Mapping[str, Scalar]) -> Thing:
    """Return a job as the thing that findings speak of."""
    return Thing(id=f"job:{name}", kind="job", name=name, facts=facts)


def repository(name: str, facts: Mapping[str, Scalar]) -> Thing:
    """Return a repository as the thing that findings speak of."""
    return Thing(id=f"repo:{name}", kind="repository", name=name, facts=facts)


def idents(loaded: Loaded) -> tuple[str, ...]:
    """Return the ids of all jobs and repositories of a profile."""
    backup = loaded.profile.backup
    return (*(f"job:{name}" for name in backup.jobs), *(f"repo:{n}" for n in backup.repositories))


def promise(job: Job) -> dict[str, Scalar]:
    """Return what was agreed of a job, as facts of its thing."""
    return {"repository": job.repository, "rpo_h": job.rpo_h, "rto_h": job.rto_h}


def others(loaded: Loaded, tried: Iterable[Thing], earlier: Earlier) -> list[Thing]:
    """Return the things of the profile that were not tried, with what was last said of them."""
    done = {thing.id for thing in tried}
    backup = loaded.profile.backup
    others = [
        thing(name, {**earlier.get(f"job:{name}", {}), **promise(job)})
        for name, job in backup.jobs.items()
    ]
    others += [repository(name, earlier.get(f"repo:{name}", {})) for name in backup.repositories]
    return [thing for thing in others if thing.id not in done]
