"""`msptool backup unlock`: what guards a repository, as verbs."""

from typing import TYPE_CHECKING

import click

from msptool.cli import base, manual
from msptool.cli.speech import _

if TYPE_CHECKING:
    from msptool.backup.locks import Cleared


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
    from msptool.backup import unlock as unlocking
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


def _show(cleared: "dict[str, Cleared]", *, quiet: bool) -> None:
    from msptool import terminal
    from msptool.backup import words
    from msptool.escape import visible

    def said(text: str) -> str:
        return words.russian(text) if terminal.language() == "ru" else text

    for name, each in cleared.items():
        if each.outcome.verdict != "ok":
            base.say(visible(f"{name}: {said(each.outcome.detail)}"))
        for lock in each.removed:
            base.say(visible(_("{0}: removed a dead lock of ours, {1}", name, said(lock.told()))))
        for lock in each.left:
            base.say(visible(f"{name}: {said(lock.told())}"))
        if each.left:
            base.say(_("If nothing runs there any more, whoever knows may: restic unlock"))
        elif not (each.removed or quiet) and each.outcome.verdict == "ok":
            base.say(visible(_("{0}: no lock", name)))
