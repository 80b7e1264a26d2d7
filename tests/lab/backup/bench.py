"""A bench in this process, to test restores by function where the command line has no word yet."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from msptool import clock, runs
from msptool.backup import manifest
from msptool.backup.jobs import Task
from msptool.backup.manifest import Entry
from msptool.backup.proof.trial import Bench
from msptool.backup.repository import answers, repositories, restic
from msptool.backup.repository.answers import Snapshot
from msptool.backup.walls import sandbox
from msptool.terminal import Progress
from tests.lab.backup.site import Site


@dataclass(frozen=True)
class Tried:
    """What a test restore is given."""

    bench: Bench
    task: Task
    snapshot: Snapshot
    entries: tuple[Entry, ...]


@contextmanager
def opened(site: Site) -> Iterator[Tried]:
    """Open the newest sealed snapshot of a site, from an empty cache."""
    loaded = site.loaded
    run = runs.start(site.workspace, "restore")
    with sandbox.opened(site.workspace.derived / "sandbox") as box:
        bench = Bench(site.workspace, loaded, run, box, Progress(None), clock.now())
        backup = loaded.profile.backup
        access = repositories.access(
            restic.find(), site.workspace, backup.repositories["nas"], cold=box.cache
        )
        ident = list(manifest.seals(site.workspace, "files"))[-1]
        done, _ = restic.call(access, restic.argv(access, "snapshots"))
        snapshot = next(s for s in answers.parse_snapshots(done.stdout) if s.id == ident)
        _, entries = manifest.read(manifest.path(site.workspace, "files", ident))
        yield Tried(bench, Task("files", backup.jobs["files"], access), snapshot, entries)
