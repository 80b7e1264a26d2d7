"""`msptool tickets assign`, `status`, `escalate`, `comment` and `tick`: parse, call, print."""

from typing import Any

import click

from msptool.cli import base, manual, tickets_desk
from msptool.cli.tickets_desk import LINES


@click.command(cls=manual.Verb)
@tickets_desk.ident()
@click.argument("who", metavar="WHO")
@base.workspace_option
@base.json_option
@base.examples(
    "msptool tickets assign ACME-4K7QX2-Y me",
    "msptool tickets assign 4k7qx2y boris@desk",
    "msptool tickets assign 4k7qx2y none",
)
def assign(ticket: str, who: str, directory: str | None, as_json: bool) -> None:
    """Say who does it: me for yourself, none for nobody."""
    from msptool.tickets.acts import changing

    fields = {"assignee": tickets_desk.who(who)}
    tickets_desk.act(directory, ticket, as_json, lambda desk, ident:
        changing.edit(desk, ident, fields, pen=tickets_desk.pen()))  # fmt: skip


@click.command(cls=manual.Verb)
@tickets_desk.ident()
@click.argument("state", type=click.Choice(["open", "in_progress", "waiting"]))
@base.workspace_option
@base.json_option
@base.examples(
    "msptool tickets status ACME-4K7QX2-Y in_progress",
    "msptool tickets status ACME-4K7QX2-Y waiting",
)
def status(ticket: str, state: str, directory: str | None, as_json: bool) -> None:
    """Say how it stands: open, in_progress, or waiting for the client or a part."""
    from msptool.tickets.acts import changing

    tickets_desk.act(directory, ticket, as_json, lambda desk, ident:
        changing.edit(desk, ident, {"state": state}, pen=tickets_desk.pen()))  # fmt: skip


@click.command(cls=manual.Verb)
@tickets_desk.ident()
@click.option("--symptom", default="", help="What is seen, and since when.")
@click.option("--tried", default="", help="What was done, and what came of it.")
@click.option("--evidence", default="", help="What shows it: a message, a file, a run.")
@click.option("--line", type=LINES, help="Which line; the next one if not said.")
@click.option("--assignee", default="", metavar="WHO", help="Who does it; me for yourself.")
@base.workspace_option
@base.json_option
@base.examples(
    "msptool tickets escalate 4k7qx2y --symptom slow --tried ping --evidence log",
)
def escalate(
    ticket: str, assignee: str, directory: str | None, as_json: bool, **said: Any
) -> None:  # fmt: skip
    """Hand a ticket to the next line, with what it would ask for first. All three must be said."""
    from msptool.tickets.acts import changing

    to = tickets_desk.who(assignee)
    tickets_desk.act(directory, ticket, as_json, lambda desk, ident:
        changing.escalate(desk, ident, pen=tickets_desk.pen(), assignee=to, **said))  # fmt: skip


@click.command(cls=manual.Verb)
@tickets_desk.ident()
@click.argument("text", metavar="TEXT|-")
@click.option("--internal", is_flag=True, help="Not for the client; stops no clock.")
@base.workspace_option
@base.json_option
@base.examples(
    "msptool tickets comment ACME-4K7QX2-Y 'the part is ordered'",
    "msptool tickets comment ACME-4K7QX2-Y --internal - < notes.txt",
)
def comment(ticket: str, text: str, internal: bool, directory: str | None, as_json: bool) -> None:
    """Write down what was said. The first word stops the response clock."""
    from msptool.tickets.acts import changing

    told = tickets_desk.text(text)
    tickets_desk.act(directory, ticket, as_json, lambda desk, ident:
        changing.comment(desk, ident, told, pen=tickets_desk.pen(), internal=internal))  # fmt: skip


@click.command(cls=manual.Verb)
@tickets_desk.ident()
@click.argument("item", type=click.IntRange(1))
@click.option("--undo", is_flag=True, help="It is not done after all.")
@base.workspace_option
@base.json_option
@base.examples("msptool tickets tick ACME-4K7QX2-Y 2", "msptool tickets tick 4k7qx2y 2 --undo")
def tick(ticket: str, item: int, undo: bool, directory: str | None, as_json: bool) -> None:
    """Tick an item of the checklist, by its number in `show`."""
    from msptool.tickets.acts import changing

    tickets_desk.act(directory, ticket, as_json, lambda desk, ident:
        changing.tick(desk, ident, item - 1, pen=tickets_desk.pen(), done=not undo))  # fmt: skip
