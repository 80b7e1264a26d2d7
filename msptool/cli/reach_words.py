"""How far the proofs reach reads on a terminal, and as JSON Lines."""

from collections.abc import Iterable, Iterator

import msgspec

from msptool import clock, terminal
from msptool.backup import meter
from msptool.backup.proof import confidence
from msptool.backup.proof.reach import JobReach, RepositoryReach
from msptool.cli import base, records
from msptool.cli.speech import _
from msptool.model import Instant

_SHOWN = 20  # groups of files or packs; --json has them all


class JobLine(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag="job_reach"):
    """How much of a job's newest backup is proven as it is now; null where nothing is sealed."""

    job: str
    files: int | None = None
    files_proven: int | None = None
    bytes: int | None = None
    bytes_proven: int | None = None
    oldest_proven_at: Instant | None = None
    groups_unproven: int | None = None


class UnprovenLine(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag="unproven"):
    """A group of files that no test ever restored as they are now; names in their written form."""

    job: str
    folder: str
    names: tuple[str, ...]
    files: int
    bytes: int


class RepositoryLine(
    msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag="repository_reach"
):
    """How many of a repository's packs were read well. `unread`, `broken`: their ids; null where
    only restic could list them.
    """

    repository: str
    packs: int
    packs_read: int
    oldest_read_at: Instant | None
    unread: tuple[str, ...] | None
    broken: tuple[str, ...] | None


def emit(jobs: Iterable[JobReach], repositories: Iterable[RepositoryReach]) -> None:
    """Print all of it as records."""
    base.say(records.lines(list(_lines(jobs, repositories))))


def _lines(
    jobs: Iterable[JobReach], repositories: Iterable[RepositoryReach]
) -> Iterator[msgspec.Struct]:
    for job in jobs:
        yield _job_line(job)
        for group in job.standing.never if job.standing else ():
            yield UnprovenLine(
                job=job.name,
                folder=group.folder,
                names=group.patterns,
                files=group.files,
                bytes=group.bytes,
            )
    for repository in repositories:
        told, listed = repository.standing, repository.listed
        yield RepositoryLine(
            repository=repository.name,
            packs=told.packs,
            packs_read=told.read,
            oldest_read_at=told.oldest_at,
            unread=told.never if listed else None,
            broken=told.broken if listed else None,
        )


def _job_line(job: JobReach) -> JobLine:
    told = job.standing
    if told is None:
        return JobLine(job=job.name)
    return JobLine(
        job=job.name,
        files=told.files,
        files_proven=told.files_proven,
        bytes=told.bytes,
        bytes_proven=told.bytes_proven,
        oldest_proven_at=told.oldest_at,
        groups_unproven=len(told.never),
    )


def shown(jobs: Iterable[JobReach], repositories: Iterable[RepositoryReach]) -> str:
    """Return all of it for a person; of long lists the beginning."""
    told = [line for job in jobs for line in _job(job)]
    told += [line for repository in repositories for line in _repository(repository)]
    return records.visible_lines(*told)


def _job(job: JobReach) -> Iterator[str]:
    told = job.standing
    if told is None:
        yield _("{0}: no sealed backup", job.name)
        return
    said = confidence.words(confidence.state(told))[terminal.language()]
    yield _since(f"{job.name}: {said}", told.oldest_at)
    for group in told.never[:_SHOWN]:
        yield _("  never  {0}  ({1} files, {2})", group.folder or "/", group.files,
                meter.size(group.bytes))  # fmt: skip
    yield from _more(len(told.never))


def _repository(repository: RepositoryReach) -> Iterator[str]:
    told = repository.standing
    if not told.packs:
        yield _("repo {0}: no packs known", repository.name)
        return
    yield _since(
        _("repo {0}: {1} of {2} packs were read", repository.name, told.read, told.packs),
        told.oldest_at,
    )
    yield from (_("  broken  {0}", pack) for pack in told.broken)
    yield from (_("  never  {0}", pack) for pack in told.never[:_SHOWN])
    yield from _more(len(told.never))


def _since(text: str, oldest_at: Instant | None) -> str:
    return _("{0}; the oldest of it {1}", text, clock.iso(oldest_at)) if oldest_at else text


def _more(count: int) -> Iterator[str]:
    if count > _SHOWN:
        yield _("  … {0} more, all with --json", count - _SHOWN)
