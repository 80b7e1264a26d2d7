"""`msptool tickets log`: what happened, for review."""

from typing import TYPE_CHECKING

import click

from msptool.cli import base, manual, tickets_desk
from msptool.cli.speech import _
from msptool.escape import visible

if TYPE_CHECKING:
    from datetime import tzinfo

    from msptool.tickets.events import Opened
    from msptool.tickets.journal import Journal

_SHOWN = 100


@click.command(cls=manual.Verb)
@click.argument("ticket", required=False, metavar="[ID]")
@click.option(
    "--since",
    metavar="TIME",
    help="A day or time of the client's zone (2026-11-26, 'mon 14:00'), or a length:"
    " 90m, 8h, 2d, 1w.",
)
@click.option("--by", default="", metavar="WHO", help="A person (user or user@host), me, msptool.")
@click.option(
    "--limit",
    type=click.IntRange(0),
    metavar="N",
    help="The newest N events; 0 for all. Without it 100, where neither a ticket nor a time is"
    " named.",
)
@base.workspace_option
@base.json_option
@base.quiet_option
@base.examples(
    "msptool tickets log --since 1d",
    "msptool tickets log ACME-4K7QX2-Y",
    "msptool tickets log --since 2026-11-26 --by anna --json",
)
def log(
    ticket: str | None,
    *,
    since: str | None,
    by: str,
    limit: int | None,
    directory: str | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Show what happened to all tickets or to one, the newest last."""
    from zoneinfo import ZoneInfo

    from msptool import clock
    from msptool.tickets import desk, journal, store, when
    from msptool.tickets.author import author

    workspace, loaded = tickets_desk.load(directory)
    zone = ZoneInfo(loaded.client.zone)
    after = when.since(since, clock.now(), zone) if since is not None else None
    many = _SHOWN if limit is None and not (ticket or since or as_json) else limit or 0
    who = author() if by == "me" else by
    with desk.opened(workspace, loaded) as held:
        ident = held.find(ticket) if ticket else ""
        asked = journal.Asked(since=after, by=who, limit=many, ticket=ident)
        made = journal.Journal(held, asked)
        shown = _emit(made) if as_json else _print(made, zone, quiet=quiet)
        problems = held.look(ident)[1] if ident else held.index.problems()
    if limit is None and shown == many == _SHOWN:
        base.tell(_("the newest {0} events: --limit 0 shows all", shown), quiet=quiet)
    if not shown and not as_json:
        base.tell(_("no events"), quiet=quiet)
    if error := store.part_done((*problems, *made.unreadable)):
        raise error
    base.end(as_json)


def _emit(made: "Journal") -> int:
    """Print the raw events with their tickets; return how many."""

    count = 0
    for entry in made.entries():
        count += 1
        record = {"type": "event", "ticket": entry.ticket, "at": entry.at, "event": entry.event}
        base.record(record)
    return count


def _print(made: "Journal", zone: "tzinfo", *, quiet: bool) -> int:
    from msptool.cli import ticket_history, understood
    from msptool.tickets.events import Opened

    count = 0
    for entry in made.entries():
        if not count:
            base.tell(_("times of {0}", zone), quiet=quiet)
        count += 1
        said = ticket_history.told(entry.event, zone, {})
        if isinstance(entry.event, Opened):
            said = f"{said} {_matter(entry.event)}"
        line = f"{understood.at(entry.at, zone)}  {entry.ticket}  {entry.event.by}  {said}"
        base.say(visible(" / ".join(line.rstrip().splitlines())))
    return count


def _matter(event: "Opened") -> str:
    """Return what a ticket is about: what a person said, or the check and its place."""
    about = (event.about.check, event.about.name) if event.about else ()
    return " ".join(part for part in (*about, event.title, event.text) if part)
