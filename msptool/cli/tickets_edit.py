"""`msptool tickets edit`: by options, or in the person's editor."""

import sys
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

import click

from msptool.cli import base, boundary, manual, tickets_desk
from msptool.cli.speech import _
from msptool.cli.tickets_desk import KINDS, LEVELS, LINES, THIRDS
from msptool.errors import MsptoolError, UsageError
from msptool.escape import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from msptool.tickets.acts.changing import Value
    from msptool.tickets.editing import Draft
    from msptool.tickets.ticket import Ticket

_PRIORITIES = click.Choice([*LEVELS.choices, "none"])


@click.command(cls=manual.Verb)
@tickets_desk.ident()
@click.option("--title", help="What it is about, in a line.")
@click.option("--text", help="More about it; - reads it from stdin.")
@click.option("--requester", help="Who asks.")
@click.option("--channel", help="How it came: phone, mail, portal ...")
@click.option("--type", "kind", type=KINDS, help="What sort of work it is.")
@click.option("--category", help="What it has to do with: printer, accounts ...")
@click.option("--impact", type=THIRDS, help="How much it hinders; the priority follows.")
@click.option("--urgency", type=THIRDS, help="How soon it does; the priority follows.")
@click.option("--priority", type=_PRIORITIES, help="How urgent it is; none lets it follow again.")
@click.option("--line", type=LINES, help="Which line of support.")
@click.option("--queue", help="Whose list it stands in.")
@click.option("--assignee", metavar="WHO", help="Who does it; me for yourself, none for nobody.")
@click.option("--tag", "tags", multiple=True, metavar="WORD", help="Add a word to find it by.")
@click.option("--untag", multiple=True, metavar="WORD", help="Take such a word away.")
@click.option("--alias", "aliases", multiple=True, metavar="NAME", help="Add a number elsewhere.")
@click.option("--parent", metavar="ID", shell_complete=tickets_desk.complete,
              help="The ticket that it came under; none for none.")  # fmt: skip
@base.workspace_option
@base.json_option
@base.examples(
    "msptool tickets edit ACME-4K7QX2-Y",
    "msptool tickets edit ACME-4K7QX2-Y --priority high --tag printer",
)
def edit(ticket: str, directory: str | None, as_json: bool, **said: Any) -> None:
    """Change a ticket: by options, or without any in $VISUAL or $EDITOR.

    The editor gets the ticket as YAML. A mistake is told with its line and can be mended; what was
    left as it is writes nothing. If somebody else wrote to the ticket meanwhile, nothing is
    written, and your file is kept.
    """
    given = tickets_desk.given(said)
    if not given:
        _in_editor(ticket, directory, as_json)
        return
    if "text" in given:
        given["text"] = tickets_desk.text(given["text"])
    from msptool.tickets import editing
    from msptool.tickets.acts import changing

    with tickets_desk.opened(directory, to_write=True) as desk:
        ident = desk.find(ticket)
        changes = editing.checked(desk, _fields(desk.read(ident), given))
        made = changing.edit(desk, ident, changes, pen=tickets_desk.pen())
        tickets_desk.done(desk, made, as_json)


def _fields(ticket: "Ticket", given: dict[str, Any]) -> dict[str, "Value"]:
    """Return the fields that options set."""
    away, more = given.pop("untag", ()), given.pop("tags", ())
    fields: dict[str, Any] = dict(given)
    if away or more:
        kept = [tag for tag in ticket.tags if tag not in away]
        fields["tags"] = tuple(dict.fromkeys((*kept, *more)))
    if "aliases" in fields:
        fields["aliases"] = tuple(dict.fromkeys((*ticket.aliases, *fields["aliases"])))
    if "assignee" in fields:
        fields["assignee"] = tickets_desk.who(fields["assignee"])
    for name in ("priority", "parent"):
        if fields.get(name) == "none":
            fields[name] = ""
    return fields


def _in_editor(ticket: str, directory: str | None, as_json: bool) -> None:
    from msptool.tickets import editing

    if not (sys.stdin and sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError(
            "ticket.terminal", "nothing to change was named, and there is no terminal to edit on",
            hint="msptool tickets edit --help tells the options",
        )  # fmt: skip
    with tickets_desk.opened(directory) as desk:
        heading = (
            _("Change what is to change, save, and leave the editor."),
            _("What is left as it is writes nothing."),
        )
        held = editing.draft(desk.workspace, desk.read(desk.find(ticket)), heading)
    with _kept(held):
        changes = _asked(held)
        if not changes:
            base.tell(_("nothing was changed, nothing was written"))
            held.drop()
            base.end(as_json)
            return
        with tickets_desk.opened(directory, to_write=True) as desk:
            made = editing.write(desk, held, changes, pen=tickets_desk.pen())
            held.drop()
            tickets_desk.done(desk, made, as_json)


@contextmanager
def _kept(held: "Draft") -> "Iterator[None]":
    """Say where a person's words are if they do not get into the ticket."""
    with ExitStack() as left:
        left.callback(_tell_kept, held)
        yield
        left.pop_all()


def _tell_kept(held: "Draft") -> None:
    if not held.path.exists():
        return
    if held.is_changed():
        base.tell(_("what you wrote is kept in {0}", visible(str(held.path))))
    else:
        held.drop()


def _asked(held: "Draft") -> "Mapping[str, Value]":
    """Return what the person changed; a bad file is offered again."""
    from msptool.tickets import editing

    while True:
        editing.edit(held)
        try:
            return held.changes()
        except UsageError as error:
            if not _again(error):
                raise


def _again(error: MsptoolError) -> bool:
    """Tell what is wrong with the file; return whether the person wants to mend it."""
    base.tell("\n".join(filter(None, [boundary.headline(error), boundary.hint(error)])))
    sys.stderr.write(_("edit it again? [Y/n] "))
    sys.stderr.flush()
    answer = sys.stdin.readline()
    return bool(answer) and not answer.strip().casefold().startswith(("n", "н"))
