"""`msptool backup list|browse|restore`: what there is to get back, and getting it back."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from msptool.cli import base, manual
from msptool.errors import UsageError

if TYPE_CHECKING:
    from msptool.backup.jobs import Task
    from msptool.backup.restore.listing import Listed
    from msptool.backup.restore.putback import Tally
    from msptool.profile.load import Loaded
    from msptool.workspace import Workspace

_at_option = click.option(
    "--at", metavar="TIME", help="The newest snapshot up to this time, in the client's zone."
)
_snapshot_option = click.option("--snapshot", "ident", metavar="ID", help="This snapshot.")


@click.command("list", cls=manual.Verb)
@click.argument("job", required=False)
@base.workspace_option
@base.json_option
@base.examples("msptool -C acme backup list", "msptool -C acme backup list files --json")
def snapshots(job: str | None, directory: str | None, as_json: bool) -> None:
    """List the snapshots of a job, or of all: when, how much, sealed, proven when."""
    from msptool import clock, profile
    from msptool.backup import jobs
    from msptool.backup.restore import listing
    from msptool.cli import restores

    workspace = base.open_workspace(directory)
    loaded = profile.load(workspace)
    now = clock.now()
    shown = {
        name: listing.of(workspace, loaded, listing.task(workspace, loaded, name))
        for name in jobs.wanted(loaded, [job] if job else None)
    }
    if as_json:
        base.emit(listing.thing(name, each, now) for name, all_ in shown.items() for each in all_)
        base.end(as_json)
    else:
        restores.show_snapshots(shown, loaded.profile.client.zone, now)


@click.command(cls=manual.Verb)
@click.argument("job")
@click.argument("path", default="")
@_at_option
@_snapshot_option
@click.option(
    "--find",
    "pattern",
    metavar="GLOB",
    help="All versions of the files of this name, through all snapshots.",
)
@base.workspace_option
@base.json_option
@base.examples(
    "msptool -C acme backup browse files",
    "msptool -C acme backup browse files docs --at 2026-01-31T18:00",
    "msptool -C acme backup browse files --find '*.xlsx'",
)
def browse(
    *, job: str, path: str, at: str | None, ident: str | None, pattern: str | None,
    directory: str | None, as_json: bool,
) -> None:  # fmt: skip
    """Show what is in a snapshot of a job, folder by folder."""
    from msptool import profile
    from msptool.backup.restore import browsing
    from msptool.cli import restores

    workspace = base.open_workspace(directory)
    loaded = profile.load(workspace)
    task, listed = _listed(workspace, loaded, job)
    zone = loaded.profile.client.zone
    if pattern is not None:
        found = browsing.versions(workspace, task, listed, pattern)
        restores.show_versions(found, zone, as_json=as_json)
        return
    chosen = _chosen(listed, job, ident, at, zone)
    opened = browsing.folder(workspace, task, chosen, path)
    restores.show_folder(opened, chosen, zone, as_json=as_json)


@click.command(cls=manual.Verb)
@click.argument("job")
@click.option(
    "--to",
    "target",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Restore below this new or empty folder.",
)
@click.option(
    "--in-place", is_flag=True, help="Restore where it was; what is replaced is kept beside."
)
@click.option("--preview", is_flag=True, help="Show what would be written; write nothing.")
@click.option(
    "--path", "paths", multiple=True, metavar="PATH",
    help="Only this file or folder; may be given several times.",
)  # fmt: skip
@_at_option
@_snapshot_option
@base.workspace_option
@base.json_option
@base.quiet_option
@base.examples(
    "msptool -C acme backup restore files --to /srv/back",
    "msptool -C acme backup restore files --to back --path docs/a.odt",
    "msptool -C acme backup restore files --path srv/docs --in-place --preview",
)
def restore(
    *, job: str, target: Path | None, in_place: bool, preview: bool, paths: tuple[str, ...],
    at: str | None, ident: str | None, directory: str | None, as_json: bool, quiet: bool,
) -> int:  # fmt: skip
    """Get files back: into a new folder, or where they belong.

    Originals are replaced with --in-place only. What came back is held against the sealed
    manifest; what is damaged is named, and the rest is restored (exit 3).
    """
    from msptool import profile
    from msptool.backup.restore import restoring, wanting
    from msptool.backup.restore.putback import Tally
    from msptool.cli import restores

    place = _target(target, in_place=in_place, preview=preview)
    workspace = base.open_workspace(directory)
    loaded = profile.load(workspace)
    task, listed = _listed(workspace, loaded, job)
    chosen = _chosen(listed, job, ident, at, loaded.profile.client.zone)
    if not quiet:
        restores.tell_chosen(chosen, listed, job, loaded.profile.client.zone)
    wish = wanting.wish(workspace, loaded, task, chosen, paths)
    if preview:
        if place is not None:
            restoring.refuse_full(place)
        restores.show_preview(wish, wanting.preview(wish, in_place=in_place), as_json=as_json)
        return 0
    tally = Tally()
    progress = base.progress(quiet=quiet)
    with _telling(tally):
        if place is not None:
            done = restoring.into(wish, place, progress, tally)
        else:
            done = restoring.in_place(wish, progress, tally)
    progress.clear()
    return restores.show_restored(wish, place, done, tally, as_json=as_json)


def _target(target: Path | None, *, in_place: bool, preview: bool) -> Path | None:
    """Return the folder to restore into; None where it is to be put back in place."""
    if (target is None) == (not in_place) and not (preview and target is None):
        raise UsageError(
            "restore.no-target",
            "say where to restore to: either --to DIR or --in-place",
            hint="--to DIR writes into a new folder and touches no original",
        )
    return target.absolute() if target else None


def _listed(
    workspace: "Workspace", loaded: "Loaded", job: str
) -> tuple["Task", tuple["Listed", ...]]:
    from msptool.backup.restore import listing

    task = listing.task(workspace, loaded, job)
    return task, listing.of(workspace, loaded, task)


def _chosen(
    listed: tuple["Listed", ...], job: str, ident: str | None, at: str | None, zone: str
) -> "Listed":
    from msptool.backup.restore import listing

    if ident and at:
        raise UsageError(
            "restore.no-target", "--at and --snapshot both name a snapshot", hint="give one of them"
        )
    moment = listing.moment(at, zone) if at else None
    return listing.choose(listed, job, ident=ident or "", at=moment)


@contextmanager
def _telling(tally: "Tally") -> Iterator[None]:
    """Say what was done, where a restore is stopped half-way."""
    from msptool.cli import restores

    try:
        yield
    except BaseException:
        restores.tell_stopped(tally)
        raise
