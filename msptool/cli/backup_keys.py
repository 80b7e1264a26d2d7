"""`msptool backup key`: passwords of a repository, its recovery sheet, the escrow drill."""

import sys
from typing import TYPE_CHECKING

import click

from msptool.cli import base, grouping, manual
from msptool.cli.speech import _
from msptool.escape import visible

if TYPE_CHECKING:
    from msptool.backup.repository.chosen import Chosen

_FROM = "env:NAME, file:PATH or command:PROGRAM ARGUMENTS; - asks for it, or reads one line."


@click.group(cls=grouping.Helpful)
def key() -> None:
    """Passwords of repositories: list, add, remove, print and try them."""


def _opened(directory: str | None, name: str) -> "Chosen":
    from msptool import profile
    from msptool.backup.repository import chosen

    workspace = base.open_workspace(directory)
    return chosen.repository(workspace, profile.load(workspace), name)


def _word(chosen: "Chosen", reference: str) -> str:
    """Return the password that a reference leads to, or that is typed (`-`)."""
    from msptool.backup.repository import passwords

    if reference != "-":
        return chosen.resolved(reference)
    if sys.stdin.isatty():
        return passwords.typed(click.prompt(_("Password"), hide_input=True, err=True))
    return passwords.typed(sys.stdin.readline())


@key.command("list", cls=manual.Verb)
@click.argument("repository", metavar="REPO")
@base.workspace_option
@base.json_option
@base.examples("msptool -C acme backup key list nas")
def list_(repository: str, directory: str | None, as_json: bool) -> None:
    """List the keys of a repository; * marks the one that the profile's password opens."""
    chosen = _opened(directory, repository)
    keys = chosen.keys()
    if as_json:
        base.emit(chosen.things(keys))
        base.end(as_json)
        return
    rows = [(f"{k.id[:8]}{'*' if k.current else ''}", k.user_name, k.host_name, k.created)
            for k in keys]  # fmt: skip
    base.table(("KEY", "USER", "HOST", "CREATED"), rows)


@key.command(cls=manual.Verb)
@click.argument("repository", metavar="REPO")
@click.option("--from", "reference", required=True, metavar="REF", help=_FROM)
@click.option("--user", default="", metavar="NAME", help="Whose key it is.")
@base.workspace_option
@base.json_option
@base.examples(
    "msptool -C acme backup key add nas --from file:secrets/nas-2024",
    "msptool -C acme backup key add nas --from env:NEW --user vault",
)
def add(repository: str, reference: str, user: str, directory: str | None, as_json: bool) -> None:
    """Let a further password open a repository; a file that is not there gets a new one."""
    chosen = _opened(directory, repository)
    with chosen.workspace.lock("backup key add"):
        made = chosen.new_file(reference)
        added = chosen.add(_word(chosen, reference), user)
    if as_json:
        base.emit(chosen.things(added))
        base.end(as_json)
        return
    if made is not None:
        base.say(visible(_("{0}: new password in {1} (0600)", repository, made)))
    base.say(visible(_("{0}: key {1} added", repository, ", ".join(k.id[:8] for k in added))))


@key.command(cls=manual.Verb)
@click.argument("repository", metavar="REPO")
@click.argument("ident", metavar="KEY")
@base.workspace_option
@base.json_option
@base.examples("msptool -C acme backup key remove nas 5c1f3a20")
def remove(repository: str, ident: str, directory: str | None, as_json: bool) -> None:
    """Take a key away; the one in use and the last one stay."""
    chosen = _opened(directory, repository)
    with chosen.workspace.lock("backup key remove"):
        gone = chosen.remove(ident)
    if as_json:
        base.emit(chosen.things([gone]))
        base.end(as_json)
    else:
        base.say(visible(_("{0}: key {1} removed", repository, gone.id[:8])))


@key.command(cls=manual.Verb)
@click.argument("repository", metavar="REPO")
@base.workspace_option
@base.json_option
@base.examples("msptool -C acme backup key sheet nas")
def sheet(repository: str, directory: str | None, as_json: bool) -> None:
    """Write the recovery sheet of a repository anew, a page in each language of the client."""
    from msptool.backup import jobs
    from msptool.backup.repository import sheet as sheets

    chosen = _opened(directory, repository)
    with chosen.workspace.lock("backup key sheet"):
        written = sheets.write(chosen.workspace, chosen.loaded, repository)
    if as_json:
        base.emit([jobs.repository(repository, {"sheets": ", ".join(map(str, written))})])
        base.end(as_json)
    else:
        base.say("\n".join(visible(str(path)) for path in written))


@key.command(cls=manual.Verb)
@click.argument("repository", metavar="REPO")
@click.option("--from", "reference", required=True, metavar="REF", help=_FROM)
@base.workspace_option
@base.quiet_option
@base.json_option
@base.examples(
    "msptool -C acme backup key test nas --from 'command:pass show acme/nas'",
    "msptool -C acme backup key test nas --from -",
)
def test(repository: str, reference: str, directory: str | None, quiet: bool, as_json: bool) -> int:
    """Fetch the password from where the client keeps it, and open the repository with it.

    With an empty cache, as on the day when this machine is gone. Exits with 1 where it does not
    open. What it found is kept: a repository whose password was never tried is a finding.
    """
    from msptool.errors import FINDINGS, FINE

    chosen = _opened(directory, repository)
    with chosen.workspace.lock("backup key test"):
        drill = chosen.drill(reference, _word(chosen, reference))
    if as_json:
        base.emit([chosen.thing(drill)])
        base.end(as_json)
    elif drill.verdict != "ok":
        base.say(visible(_("{0}: this password opens nothing", repository)))
    elif not quiet:
        base.say(visible(_("{0}: this password opens the repository", repository)))
    return FINE if drill.verdict == "ok" else FINDINGS
