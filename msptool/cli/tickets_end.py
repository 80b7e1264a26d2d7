"""`msptool tickets close`, `reopen`, `accept` and `snooze`: parse, call, print."""

from typing import Any

import click

from msptool.cli import base, manual, tickets_desk


@click.command(cls=manual.Verb)
@tickets_desk.ident()
@click.option(
    "--reason",
    type=click.Choice(["fixed", "wont-fix", "duplicate"]),
    required=True,
    help="Why it is closed.",
)
@click.option("--comment", "text", default="", help="Why; wont-fix needs it.")
@click.option("--of", "original", metavar="ID", shell_complete=tickets_desk.complete,
              help="The ticket that this one repeats.")  # fmt: skip
@base.workspace_option
@base.json_option
@base.examples(
    "msptool tickets close ACME-4K7QX2-Y --reason fixed --comment 'new cable'",
    "msptool tickets close ACME-4K7QX2-Y --reason duplicate --of 0V3M8CE",
)
def close(
    ticket: str, original: str | None, directory: str | None, as_json: bool, **said: Any
) -> None:
    """Close a ticket. One closed as fixed comes back if its fault is seen again."""
    from msptool.tickets.acts import ending

    tickets_desk.act(directory, ticket, as_json, lambda desk, ident:
        ending.close(desk, ident, pen=tickets_desk.pen(),
                     duplicate_of=desk.find(original) if original else "", **said))  # fmt: skip


@click.command(cls=manual.Verb)
@tickets_desk.ident()
@click.option("--comment", "text", default="", help="Why.")
@base.workspace_option
@base.json_option
@base.examples("msptool tickets reopen ACME-4K7QX2-Y --comment 'it is back'")
def reopen(ticket: str, text: str, directory: str | None, as_json: bool) -> None:
    """Take back a resolution or a closing."""
    from msptool.tickets.acts import ending

    tickets_desk.act(directory, ticket, as_json, lambda desk, ident:
        ending.reopen(desk, ident, pen=tickets_desk.pen(), text=text))  # fmt: skip


@click.command(cls=manual.Verb)
@tickets_desk.ident()
@click.option("--until", required=True, metavar="DAY", help="The last day on which it is accepted.")
@click.option("--comment", "text", default="", help="Why, and who agreed.")
@base.workspace_option
@base.json_option
@base.examples("msptool tickets accept 4k7qx2y --until 2027-06-30 --comment 'CIO agreed'")
def accept(ticket: str, until: str, text: str, directory: str | None, as_json: bool) -> None:
    """Close a ticket as a risk that the client takes, until a day. Then it is due again."""
    from msptool.tickets.acts import ending

    tickets_desk.act(directory, ticket, as_json, lambda desk, ident:
        ending.close(desk, ident, "accepted", pen=tickets_desk.pen(), text=text,
                     until=tickets_desk.moment(desk, until, to_its_end=True)))  # fmt: skip


@click.command(cls=manual.Verb)
@tickets_desk.ident()
@click.argument("until", nargs=-1, required=True, metavar="UNTIL")
@click.option("--comment", "text", default="", help="Why.")
@base.workspace_option
@base.json_option
@base.examples(
    "msptool tickets snooze ACME-4K7QX2-Y 2d",
    "msptool tickets snooze ACME-4K7QX2-Y mon --comment 'the part comes then'",
    "msptool tickets snooze ACME-4K7QX2-Y tomorrow 09:00",
)
def snooze(
    ticket: str, until: tuple[str, ...], text: str, directory: str | None, as_json: bool
) -> None:
    """Let a ticket rest until a time of the client's clock; then it is open again by itself."""
    from msptool.tickets.acts import ending

    said = " ".join(until)
    tickets_desk.act(directory, ticket, as_json, lambda desk, ident:
        ending.snooze(desk, ident, tickets_desk.moment(desk, said), pen=tickets_desk.pen(),
                      text=text))  # fmt: skip
