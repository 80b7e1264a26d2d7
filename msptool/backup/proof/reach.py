"""How far the proofs of a workspace reach by now: which files and packs were never looked at.

From the ledgers of coverage, the newest manifests and the folders of local repositories alone:
no restic runs, no password is asked for.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from msptool.backup import jobs as of_jobs
from msptool.backup import manifest, proofs
from msptool.backup.proof import coverage, reading, sample
from msptool.backup.proof.coverage import PackStanding, Standing
from msptool.backup.repository import repositories
from msptool.model import Scalar
from msptool.profile.load import Loaded
from msptool.workspace import Workspace


@dataclass(frozen=True)
class JobReach:
    """A job: how much of its newest backup is proven; None where no manifest can be read."""

    name: str
    standing: Standing | None


@dataclass(frozen=True)
class RepositoryReach:
    """A repository: how many of its packs were read. `listed`: whether they are as they lie there
    now; of a remote one it is what the last reading told, and nobody tells which.
    """

    name: str
    standing: PackStanding
    listed: bool


def of_all_jobs(workspace: Workspace, loaded: Loaded) -> Iterator[JobReach]:
    """Yield the jobs of the profile."""
    for name in loaded.profile.backup.jobs:
        yield JobReach(name, _standing(workspace, name))


def _standing(workspace: Workspace, name: str) -> Standing | None:
    newest = manifest.newest(workspace, name)
    found = manifest.load(workspace, name, newest.snapshot) if newest else None
    if found is None:
        return None
    return coverage.standing(sample.clusters(found[1]), coverage.known(workspace, name))


def of_all_repositories(workspace: Workspace, loaded: Loaded) -> Iterator[RepositoryReach]:
    """Yield the repositories of the profile."""
    told = proofs.last(workspace, "restore", of_jobs.idents(loaded))
    for name, repository in loaded.profile.backup.repositories.items():
        folder = repositories.folder(workspace, repository)
        if folder is None:
            yield RepositoryReach(name, _told(told.get(f"repo:{name}", {})), listed=False)
        else:
            known = coverage.reads(workspace, name)
            packs = reading.packs_in(folder)
            yield RepositoryReach(name, coverage.packs_standing(packs, known), listed=True)


def _told(facts: Mapping[str, Scalar]) -> PackStanding:
    packs, read, at = (facts.get(name) for name in ("packs", "packs_read", "packs_oldest_at"))
    return PackStanding(
        packs=packs if isinstance(packs, int) else 0,
        read=read if isinstance(read, int) else 0,
        oldest_at=datetime.fromisoformat(at) if isinstance(at, str) else None,
        never=(),
        broken=(),
    )
