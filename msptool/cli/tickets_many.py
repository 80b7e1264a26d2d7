"""One client's desk or those of a whole folder (`--all`): asked alike, and their failures told."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from msptool.cli import base, boundary

if TYPE_CHECKING:
    from msptool.tickets.desk import Desk
    from msptool.tickets.gathered import Gathered

T = TypeVar("T")
_PART_DONE = 3

all_option = click.option(
    "--all", "everyone", is_flag=True, help="Every client's workspace in the folder of -C."
)


def ask(directory: str | None, do: Callable[["Desk"], T], *, everyone: bool) -> "Gathered[T]":
    """Return what the desk answers, or all desks of a folder do."""
    if everyone:
        from msptool.tickets import clients

        given = click.get_current_context().find_root().obj if directory is None else directory
        return clients.gather(Path(given or ".").resolve(), do)
    return _one(directory, do)


def _one(directory: str | None, do: Callable[["Desk"], T]) -> "Gathered[T]":
    from msptool.profile import kept
    from msptool.tickets import desk, store
    from msptool.tickets.gathered import Gathered

    workspace = base.open_workspace(directory)
    with desk.opened(workspace, kept.profile(workspace)) as held:
        told = Gathered([do(held)])
        if error := store.part_done(held.index.problems()):
            told.failed.append(("", error))
    return told


def end(told: "Gathered[T]", *, everyone: bool, as_json: bool) -> int:
    """Say what could not be read, and end JSON Lines; return the exit code. Raises for one client
    alone, as every verb does; of several, each is one line and hides no other.
    """
    if not everyone:
        for _, error in told.failed:
            raise error
        base.end(as_json)
        return 0
    for folder, error in told.failed:
        base.tell(boundary.headline(error, folder))
    if as_json:
        from msptool import clock
        from msptool.model import End

        base.emit([End(ended_at=clock.now(), complete=not told.failed)])
    return _PART_DONE if told.failed else 0
