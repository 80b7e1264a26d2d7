"""`msptool backup forget` and `unlock`: what guards a repository, as verbs."""

from typing import TYPE_CHECKING

import click

from msptool.cli import base, manual, speech
from msptool.cli.speech import _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from msptool.backup.keeping.forget import Forgotten
    from msptool.backup.repository.locks import Cleared


@click.command(cls=manual.Verb)
@click.argument("jobs", nargs=-1, metavar="[JOB]...")
@base.workspace_option
@click.option("--dry-run", is_flag=True, help="Show what would go; delete nothing.")
@click.option("--prune", is_flag=True, help="Free the room of what is gone, too.")
@click.option(
    "--accept",
    multiple=True,
    metavar="ID",
    help="You know why this snapshot vanished or looks odd.",
)
@base.json_option
@base.quiet_option
@base.examples(
    "msptool -C acme backup forget --dry-run",
    "msptool -C acme backup forget files --prune",
    "msptool -C acme backup forget --accept 3fa9c1e0",
    "msptool -C acme backup forget --json | msptool -C acme tickets ingest -",
)
def forget(
    *,
    jobs: tuple[str, ...],
    directory: str | None,
    dry_run: bool,
    prune: bool,
    accept: tuple[str, ...],
    as_json: bool,
    quiet: bool,
) -> int:
    """Delete the snapshots that `keep` of the profile lets go, and no others.

    Nothing of a job goes while its newest backup is unproven, incomplete or implausible, or while
    a snapshot vanished or claims a false time: then it exits with 1. The newest and the last
    proven one always stay.
    """
    from msptool import profile
    from msptool.backup.keeping import forget as forgetting
    from msptool.backup.keeping import forgot

    workspace = base.open_workspace(directory)
    loaded = profile.load(workspace)
    order = forgetting.Order(dry_run=dry_run, prune=prune, accept=accept)
    with workspace.lock("backup forget"):
        done = forgetting.forget(workspace, loaded, jobs, order)
    if as_json:
        base.emit(forgot.lines(done, loaded))
        base.end(as_json)
    else:
        _show_forgotten(done, quiet=quiet)
    return forgot.code(done)


def _show_forgotten(done: "tuple[Forgotten, ...]", *, quiet: bool) -> None:
    from msptool import terminal
    from msptool.backup.keeping.forgot import rows
    from msptool.backup.keeping.retention import REASONS
    from msptool.escape import visible

    for each in done:
        plan = each.plan
        if quiet and not (plan.held and plan.due) and each.outcome.verdict == "ok":
            continue
        told = _("{0}: {1} snapshots, {2} due to go, {3} gone", each.job, len(plan.lines),
                 len(plan.due), len(each.gone))  # fmt: skip
        base.say(visible(told))
        for reason in plan.held:
            base.say(visible(_("held back: {0}", REASONS[reason][terminal.language()])))
        if each.outcome.detail:
            base.say(visible(_said(each.outcome.detail)))
        if plan.lines and not quiet:
            base.table(
                ("SNAPSHOT", "MADE", "STATE", "WHY"),
                ((*row[:2], *(speech.told("retention", cell) for cell in row[2:]))
                 for row in rows(each)),
            )  # fmt: skip


def _said(text: str) -> str:
    from msptool import terminal
    from msptool.backup import words

    return words.russian(text) if terminal.language() == "ru" else text


@click.command(cls=manual.Verb)
@click.argument("repositories", nargs=-1, metavar="[REPO]...")
@base.workspace_option
@base.json_option
@base.quiet_option
@base.examples("msptool -C acme backup unlock", "msptool -C acme backup unlock nas --json")
def unlock(repositories: tuple[str, ...], directory: str | None, as_json: bool, quiet: bool) -> int:
    """Show the locks of repositories; remove those that are provably ours and dead.

    A lock of another machine, of a person or of a process that lives is never removed. Exits
    with 3 where one is left, or a repository could not be asked.
    """
    from msptool import profile
    from msptool.backup.repository import unlock as unlocking
    from msptool.errors import FINE, ToolFailed

    workspace = base.open_workspace(directory)
    loaded = profile.load(workspace)
    with workspace.lock("backup unlock"):
        cleared = unlocking.unlock(workspace, loaded, repositories)
    if as_json:
        base.emit(unlocking.things(cleared))
        base.end(as_json)
    else:
        _show(cleared, quiet=quiet)
    return ToolFailed.exit if any(not unlocking.clean(c) for c in cleared.values()) else FINE


def _show(cleared: "Mapping[str, Cleared]", *, quiet: bool) -> None:
    from msptool.escape import visible

    for name, each in cleared.items():
        if each.outcome.verdict != "ok":
            base.say(visible(f"{name}: {_said(each.outcome.detail)}"))
        for lock in each.removed:
            base.say(visible(_("{0}: removed a dead lock of ours, {1}", name, _said(lock.told()))))
        for lock in each.left:
            base.say(visible(f"{name}: {_said(lock.told())}"))
        if each.left:
            base.say(_("If nothing runs there any more, whoever knows may: restic unlock"))
        elif not (each.removed or quiet) and each.outcome.verdict == "ok":
            base.say(visible(_("{0}: no lock", name)))
