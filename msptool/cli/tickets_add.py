"""`msptool tickets add` and `split`: parse, call, print."""

from typing import Any

import click

from msptool.cli import base, manual, tickets_desk
from msptool.cli.tickets_desk import KINDS, LEVELS, LINES, THIRDS


@click.command(cls=manual.Verb)
@click.option("--title", default="", help="What it is about, in a line.")
@click.option("--text", default="", help="More about it; - reads it from stdin.")
@click.option("--requester", default="", help="Who asks.")
@click.option("--channel", default="", help="How it came: phone, mail, portal ...")
@click.option("--type", "kind", type=KINDS, help="What sort of work it is; request if not said.")
@click.option("--category", default="", help="What it has to do with: printer, accounts ...")
@click.option("--impact", type=THIRDS, help="How much it hinders; the priority follows.")
@click.option("--urgency", type=THIRDS, help="How soon it does; the priority follows.")
@click.option("--priority", type=LEVELS, help="How urgent it is, whatever else was said.")
@click.option("--line", type=LINES, help="Which line of support.")
@click.option("--queue", default="", help="Whose list it stands in.")
@click.option("--assignee", default="", metavar="WHO", help="Who does it; me for yourself.")
@click.option("--tag", "tags", multiple=True, metavar="WORD", help="A word to find it by.")
@click.option("--alias", "aliases", multiple=True, metavar="NAME", help="Its number elsewhere.")
@click.option("--parent", metavar="ID", shell_complete=tickets_desk.complete,
              help="The ticket that it came under.")  # fmt: skip
@click.option("--check-item", "checklist", multiple=True, metavar="LINE", help="A thing to tick.")
@click.option("--template", metavar="NAME", shell_complete=tickets_desk.templates,
              help="Begin with a template, like new-employee or printer.")  # fmt: skip
@base.workspace_option
@base.json_option
@base.examples(
    "msptool tickets add --title 'New laptop' --requester anna@client.example",
    "msptool tickets add --title 'No mail' --impact high --urgency high",
    "msptool tickets add --template new-employee --title 'New: I. Orlova'",
)
def add(
    text: str,
    template: str | None,
    parent: str | None,
    directory: str | None,
    as_json: bool,
    **said: Any,
) -> None:
    """Open a ticket for a person's request.

    Queue, assignee and line follow from the profile's rules (tickets.assign) unless they are said.
    """
    from msptool.tickets import templates
    from msptool.tickets.acts import asking

    said |= {"text": tickets_desk.text(text), "assignee": tickets_desk.who(said["assignee"])}
    with tickets_desk.opened(directory, to_write=True, is_fresh=bool(parent)) as desk:
        if parent:
            said["parent"] = desk.find(parent)
        begun = templates.find(desk.profile, template) if template else None
        asked = templates.begun(begun, said)
        made = asking.add(desk, asked.pop("title", ""), pen=tickets_desk.pen(), **asked)
        tickets_desk.done(desk, made, as_json)


@click.command(cls=manual.Verb)
@tickets_desk.ident()
@click.option("--title", required=True, help="What the part is about, in a line.")
@click.option("--text", default="", help="More about it; - reads it from stdin.")
@base.workspace_option
@base.json_option
@base.examples("msptool tickets split ACME-4K7QX2-Y --title 'And the scanner'")
def split(ticket: str, title: str, text: str, directory: str | None, as_json: bool) -> None:
    """Open a ticket for a part of another one's matter, with its people and its place."""
    from msptool.tickets.acts import asking

    told = tickets_desk.text(text)
    tickets_desk.act(directory, ticket, as_json, lambda desk, ident:
        asking.split(desk, ident, title, pen=tickets_desk.pen(), text=told))  # fmt: skip
