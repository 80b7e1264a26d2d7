"""What the verbs on tickets share: the open desk, who acts, how an id is completed and told."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from msptool.cli import base
from msptool.cli.base import F
from msptool.errors import MsptoolError, UsageError
from msptool.escape import visible

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from click.shell_completion import CompletionItem

    from msptool.profile import Profile
    from msptool.tickets.desk import Desk
    from msptool.tickets.events import Pen
    from msptool.tickets.ticket import Ticket
    from msptool.workspace import Workspace

LEVELS = click.Choice(["low", "normal", "high", "critical"])
THIRDS = click.Choice(["low", "medium", "high"])
KINDS = click.Choice(["incident", "request", "change", "visit", "task"])
LINES = click.Choice(["L1", "L2", "L3"])


def load(directory: str | None) -> tuple["Workspace", "Profile"]:
    """Return the workspace and its profile."""
    from msptool.profile import kept

    workspace = base.open_workspace(directory)
    return workspace, kept.profile(workspace)


@contextmanager
def opened(
    directory: str | None, *, to_write: bool = False, is_fresh: bool = True
) -> Iterator["Desk"]:
    """Open the client's desk; `to_write` holds its lock, `is_fresh` looks for what changed."""
    from msptool.tickets import desk

    workspace, profile = load(directory)
    with desk.opened(workspace, profile, to_write=to_write, is_fresh=is_fresh) as held:
        yield held


def pen() -> "Pen":
    """Return the pen of whoever acts, now."""
    from msptool import clock
    from msptool.tickets.author import author
    from msptool.tickets.events import Pen

    return Pen(author(), clock.now())


def who(said: str) -> str:
    """Return a person's name: `me` is who acts, `none` nobody."""
    from msptool.tickets.author import author

    return {"me": author(), "none": ""}.get(said, said)


def moment(desk: "Desk", said: str, *, to_its_end: bool = False, past: bool = False) -> "datetime":
    """Return a time that somebody typed, on the client's wall clock."""
    from msptool import clock
    from msptool.tickets import when

    return when.moment(said, clock.now(), zone(desk), to_its_end=to_its_end, past=past)


def zone(desk: "Desk") -> "ZoneInfo":
    """Return the client's zone."""
    from zoneinfo import ZoneInfo

    return ZoneInfo(desk.profile.client.zone)


def done(desk: "Desk", made: "Ticket", as_json: bool) -> None:
    """Tell what became of a ticket."""
    from msptool import clock
    from msptool.cli import understood

    if as_json:
        from msptool.tickets import view

        base.record(view.of(made, desk.reckoner, clock.now()))
    else:
        how = understood.told(made.history[-1], zone(desk))
        parts = (made.id, made.priority, made.state, visible(made.title), how)
        base.say("  ".join(part for part in parts if part))
    base.end(as_json)


def act(
    directory: str | None, ticket: str, as_json: bool, do: Callable[["Desk", str], "Ticket"]
) -> None:
    """Do something to the ticket that a person named, and tell what became of it."""
    with opened(directory, to_write=True) as desk:
        done(desk, do(desk, desk.find(ticket)), as_json)


def stdin() -> BinaryIO:
    """Return standard input; raise UsageError where there is none."""
    if sys.stdin is None:
        raise UsageError("usage.stdin", "standard input is closed", hint="pipe something into it")
    return sys.stdin.buffer


def text(said: str) -> str:
    """Return a text; `-` reads it from stdin, and no more of it than what is too long already."""
    from msptool.tickets.acts import acting

    if said != "-":
        return said
    return stdin().read(acting.TEXT_BYTES + 1).decode(errors="backslashreplace")


def ident(name: str = "ticket", metavar: str = "ID") -> Callable[[F], F]:
    """Return the argument for a ticket; a shell completes it."""
    return click.argument(name, metavar=metavar, shell_complete=complete)


def complete(ctx: click.Context, _param: click.Parameter, said: str) -> list["CompletionItem"]:
    """Return the ids that begin so; none where anything is wrong."""
    from click.shell_completion import CompletionItem

    from msptool import workspace
    from msptool.tickets import completion

    given = ctx.params.get("directory") or ctx.find_root().params.get("workspace")
    try:
        found = completion.idents(workspace.find(Path(given) if given else None), said)
    except (MsptoolError, OSError):
        return []
    return [CompletionItem(ident, help=visible(title)) for ident, title in found]


def templates(ctx: click.Context, _param: click.Parameter, said: str) -> list[str]:
    """Return the names of templates that begin so; none where anything is wrong."""
    from msptool.tickets import templates as known

    try:
        given = ctx.params.get("directory") or ctx.find_root().params.get("workspace")
        names = known.names(load(given)[1])
    except (MsptoolError, OSError, RuntimeError):
        return []
    return [name for name in names if name.startswith(said)]


def given(said: dict[str, Any]) -> dict[str, Any]:
    """Return the options that were given."""
    return {name: value for name, value in said.items() if value not in (None, ())}
