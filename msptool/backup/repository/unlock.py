"""`backup unlock`: the locks of the profile's repositories, and what became of them."""

from collections.abc import Iterable, Iterator, Mapping

from msptool.backup import broken, jobs
from msptool.backup.repository import locks, repositories, restic
from msptool.backup.repository.locks import Cleared
from msptool.backup.repository.outcome import Outcome
from msptool.backup.repository.restic import Tool
from msptool.model import Scalar, Thing
from msptool.profile.load import Loaded
from msptool.workspace import Workspace


def unlock(workspace: Workspace, loaded: Loaded, names: Iterable[str]) -> dict[str, Cleared]:
    """Remove dead locks of ours from these repositories (all without any); the caller holds the
    workspace.
    """
    tool = restic.find()
    wanted = jobs.wanted_repositories(loaded, tuple(names))
    return {name: _cleared(tool, workspace, loaded, name) for name in wanted}


def _cleared(tool: Tool, workspace: Workspace, loaded: Loaded, name: str) -> Cleared:
    try:
        repository = loaded.profile.backup.repositories[name]
        return locks.clear(repositories.access(tool, workspace, repository))
    except broken.ERRORS as error:
        return Cleared(outcome=Outcome("could-not-run", broken.detail(error)))


def clean(cleared: Cleared) -> bool:
    """Tell whether a repository could be asked and has no lock left."""
    return cleared.outcome.verdict == "ok" and not cleared.left


def things(cleared: Mapping[str, Cleared]) -> Iterator[Thing]:
    """Yield repositories as records."""
    for name, each in cleared.items():
        facts: dict[str, Scalar] = {
            "verdict": each.outcome.verdict,
            "detail": each.outcome.detail,
            "removed": len(each.removed),
            "left": len(each.left),
            "holders": "; ".join(lock.told() for lock in each.left),
        }
        yield jobs.repository(name, facts)
