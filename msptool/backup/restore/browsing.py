"""Look into snapshots: a folder of one, or a file through all of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from msptool.backup.jobs import Task
from msptool.backup.restore import contents
from msptool.backup.restore.contents import Child, Contents, Version
from msptool.backup.restore.listing import Listed
from msptool.workspace import Workspace


@dataclass(frozen=True)
class Folder:
    """What lies in a folder of a snapshot. `sealed`: told by its manifest, else by restic."""

    path: str
    children: tuple[Child, ...]
    sealed: bool


def folder(workspace: Workspace, task: Task, listed: Listed, path: str) -> Folder:
    """Return what lies in a folder; raise UsageError where there is none.

    Without a path, that is what was backed up: the folder itself if it is one.
    """
    held = contents.of(workspace, task, listed)
    start = listed.roots[0] if len(listed.roots) == 1 else "/"
    at = contents.found(held, listed, [path])[0] if path else start
    return Folder(at, contents.children(held.entries, at), held.sealed)


def versions(
    workspace: Workspace, task: Task, listed: Sequence[Listed], pattern: str
) -> tuple[Version, ...]:
    """Return all states of the files whose name matches, through all snapshots."""

    def opened() -> Iterator[tuple[Listed, Contents]]:
        for each in listed:
            yield each, contents.of(workspace, task, each)

    return contents.versions(opened(), pattern)
