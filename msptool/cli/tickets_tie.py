"""`msptool tickets link` and `merge`: parse, call, print."""

from typing import TYPE_CHECKING

import click

from msptool.cli import base, manual, tickets_desk

if TYPE_CHECKING:
    from msptool.tickets.events import Tie

_TIES = click.Choice(["relates", "blocks", "causes", "duplicates", "merged-into", "split-from"])


@click.command(cls=manual.Verb)
@tickets_desk.ident()
@click.argument("tie", type=_TIES)
@tickets_desk.ident("other", "OTHER")
@click.option("--remove", "gone", is_flag=True, help="They have nothing to do with each other.")
@base.workspace_option
@base.json_option
@base.examples(
    "msptool tickets link ACME-4K7QX2-Y blocks ACME-0V3M8C-E",
    "msptool tickets link ACME-4K7QX2-Y blocks ACME-0V3M8C-E --remove",
)
def link(
    *, ticket: str, tie: "Tie", other: str, gone: bool, directory: str | None, as_json: bool
) -> None:
    """Say that a ticket has to do with another one."""
    from msptool.tickets.acts import tying

    tickets_desk.act(directory, ticket, as_json, lambda desk, ident:
        tying.link(desk, ident, desk.find(other), tie, pen=tickets_desk.pen(),
                    gone=gone))  # fmt: skip


@click.command(cls=manual.Verb)
@tickets_desk.ident()
@tickets_desk.ident("into", "INTO")
@base.workspace_option
@base.json_option
@base.examples("msptool tickets merge ACME-4K7QX2-Y ACME-0V3M8C-E")
def merge(ticket: str, into: str, directory: str | None, as_json: bool) -> None:
    """Close a ticket as a part of another one, which it stays linked to."""
    from msptool.tickets.acts import tying

    tickets_desk.act(directory, ticket, as_json, lambda desk, ident:
        tying.merge(desk, ident, desk.find(into), pen=tickets_desk.pen()))  # fmt: skip
