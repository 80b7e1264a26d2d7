"""`msptool tickets`: parse, call, print."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from msptool.cli import base, grouping, speech, tickets_desk, tickets_list
from msptool.cli.speech import _
from msptool.escape import visible

if TYPE_CHECKING:
    from msptool.profile import Profile
    from msptool.tickets.desk import Desk
    from msptool.tickets.events import Pen
    from msptool.tickets.fold import Ticket
    from msptool.tickets.ingest import Outcome
    from msptool.tickets.view import View
    from msptool.workspace import Workspace

_LEVELS = click.Choice(["low", "normal", "high", "critical"])


@click.group(cls=grouping.Helpful, context_settings=grouping.CONTEXT)
def tickets() -> None:
    """Findings and requests, with priorities and clocks."""


@tickets.command()
@click.argument(
    "source",
    required=False,
    metavar="[FILE|RUN-FOLDER|-]",
    type=click.Path(exists=True, allow_dash=True),
)
@base.workspace_option
@base.json_option
@base.quiet_option
@base.examples(
    "msptool tickets ingest",
    "msptool audit run --json | msptool tickets ingest -",
)
def ingest(source: str | None, directory: str | None, as_json: bool, quiet: bool) -> None:
    """Turn findings into tickets. Without a source, those of every new run."""
    workspace, profile = _open(directory)
    outcome = _ingest(source, workspace, profile)
    if as_json:
        _emit(_views(workspace, profile, outcome.touched))
        base.say(outcome.line().decode())
    elif not (quiet and not outcome.changed):
        counts = outcome.summary.removeprefix("tickets: ")
        base.say(_("tickets: {0}", speech.told("round", counts)))
    if outcome.part_done is not None:
        raise outcome.part_done
    base.end(as_json)


def _ingest(source: str | None, workspace: "Workspace", profile: "Profile") -> "Outcome":
    from msptool import runs
    from msptool.tickets import ingest as room

    if source is None:
        return room.ingest_runs(workspace, profile)
    if source == "-":
        return room.ingest_lines(workspace, profile, _stdin())
    path = Path(source)
    if path.is_dir():
        return room.ingest_report(workspace, profile, runs.load(path))
    with path.open("rb") as file:
        return room.ingest_lines(workspace, profile, file)


tickets.add_command(tickets_list.list_)
tickets.add_command(tickets_list.search)


@tickets.command()
@click.argument("ticket", metavar="ID")
@base.workspace_option
@base.json_option
@base.examples("msptool tickets show ACME-4K7QX2-Y", "msptool tickets show 4k7qx2y")
def show(ticket: str, directory: str | None, as_json: bool) -> None:
    """Show a ticket with its clocks and its history."""
    from msptool import clock
    from msptool.cli import ticket_words
    from msptool.tickets import receipts, view

    now = clock.now()
    with _desk(directory) as desk:
        ident = desk.find(ticket)
        found, problems = desk.look(ident)
        last = None if as_json else receipts.last_seen(desk.workspace, ident)
        reckoned, languages = desk.reckoner.clocks(found), desk.profile.client.languages
        shown = view.of(found, desk.reckoner, now)
    if as_json:
        _emit([shown])
    else:
        base.say(ticket_words.page(found, shown, reckoned, languages, now=now, last=last))
    for problem in problems:
        base.tell(_("not readable: {0}", visible(str(problem))))
    base.end(as_json)


@tickets.command()
@click.option("--title", required=True, help="What it is about, in a line.")
@click.option("--text", default="", help="More about it; - reads it from stdin.")
@click.option("--requester", default="", help="Who asks.")
@click.option(
    "--priority", type=_LEVELS, default="normal", show_default=True, help="How urgent it is."
)
@click.option(
    "--type",
    "kind",
    type=click.Choice(["request", "incident", "change", "visit", "task"]),
    default="request",
    show_default=True,
    help="What sort of work it is.",
)
@base.workspace_option
@base.json_option
@base.examples("msptool tickets add --title 'New laptop' --requester anna@client.example")
def add(text: str, directory: str | None, as_json: bool, **asked: Any) -> None:
    """Open a ticket for a person's request."""
    from msptool.tickets import people

    said = _stdin().read().decode(errors="backslashreplace") if text == "-" else text
    with _desk(directory, to_write=True) as desk:
        _done(desk, people.add(desk, pen=_pen(), text=said, **asked), as_json)


@tickets.command()
@click.argument("ticket", metavar="ID")
@click.option(
    "--reason",
    type=click.Choice(["fixed", "wont-fix", "duplicate"]),
    required=True,
    help="Why it is closed.",
)
@click.option("--comment", "text", default="", help="Why; wont-fix needs it.")
@click.option("--of", "original", metavar="ID", help="The ticket that this one repeats.")
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
    from msptool.tickets import people

    with _desk(directory, to_write=True) as desk:
        of = desk.find(original) if original else ""
        closed = people.close(desk, desk.find(ticket), pen=_pen(), duplicate_of=of, **said)
        _done(desk, closed, as_json)


@tickets.command()
@click.argument("ticket", metavar="ID")
@click.option("--comment", "text", default="", help="Why.")
@base.workspace_option
@base.json_option
@base.examples("msptool tickets reopen ACME-4K7QX2-Y --comment 'it is back'")
def reopen(ticket: str, text: str, directory: str | None, as_json: bool) -> None:
    """Take back a resolution or a closing."""
    from msptool.tickets import people

    with _desk(directory, to_write=True) as desk:
        _done(desk, people.reopen(desk, desk.find(ticket), pen=_pen(), text=text), as_json)


@tickets.command()
@click.argument("ticket", metavar="ID")
@click.argument("text")
@base.workspace_option
@base.json_option
@base.examples("msptool tickets comment ACME-4K7QX2-Y 'the part is ordered'")
def comment(ticket: str, text: str, directory: str | None, as_json: bool) -> None:
    """Write down what was said. The first word stops the response clock."""
    from msptool.tickets import people

    with _desk(directory, to_write=True) as desk:
        _done(desk, people.comment(desk, desk.find(ticket), text, pen=_pen()), as_json)


@tickets.command()
@click.argument("terms", nargs=-1, metavar="[FILTER]...")
@click.option("--format", "name", default="jsonl", show_default=True, help="csv or jsonl.")
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=click.Path(dir_okay=False),
    help="Write into this file instead of stdout.",
)
@base.workspace_option
@base.json_option
@base.examples(
    "msptool tickets export --format csv -o tickets.csv",
    "msptool tickets export --format jsonl status:active",
)
def export(
    terms: tuple[str, ...],
    name: str,
    output: str | None,
    directory: str | None,
    as_json: bool,
) -> None:
    """Write tickets for another program. All of them, or those that pass the filters."""
    from msptool import clock
    from msptool.tickets import export as formats
    from msptool.tickets import listing, people, store

    payload = formats.find(name)
    if as_json and name != "jsonl":
        raise click.UsageError("--json goes with --format jsonl")
    now = clock.now()
    wanted = listing.asked(terms, now, ended=True, me=people.author())
    with _desk(directory) as desk:
        found = list(listing.views(desk, wanted, now))
        _write(b"".join(payload(found, desk.profile.client.languages)), output)
        problems = desk.index.problems()
    base.tell(_("{0} tickets in {1}", len(found), visible(output)) if output else "")
    if error := store.part_done(problems):
        raise error
    base.end(as_json)


def _open(directory: str | None) -> tuple["Workspace", "Profile"]:
    from msptool.profile import kept

    workspace = base.open_workspace(directory)
    return workspace, kept.profile(workspace)


def _pen() -> "Pen":
    from msptool import clock
    from msptool.tickets import people
    from msptool.tickets.events import Pen

    return Pen(people.author(), clock.now())


@contextmanager
def _desk(directory: str | None, *, to_write: bool = False) -> Iterator["Desk"]:
    from msptool.tickets import desk

    workspace, profile = _open(directory)
    with desk.opened(workspace, profile, to_write=to_write) as held:
        yield held


def _views(workspace: "Workspace", profile: "Profile", idents: Iterable[str]) -> list["View"]:
    from msptool import clock
    from msptool.tickets import desk, view

    now = clock.now()
    with desk.opened(workspace, profile) as held:
        return [view.of(held.read(ident), held.reckoner, now) for ident in idents]


def _emit(views: Iterable["View"]) -> None:
    import msgspec

    for view in views:
        base.say(msgspec.json.encode(view).decode())


def _done(desk: "Desk", made: "Ticket", as_json: bool) -> None:
    from msptool import clock
    from msptool.tickets import view

    if as_json:
        _emit([view.of(made, desk.reckoner, clock.now())])
    else:
        base.say(f"{made.id}  {made.priority}  {made.state}  {visible(made.title)}")
    base.end(as_json)


def _stdin() -> BinaryIO:
    from msptool.errors import UsageError

    if sys.stdin is None:
        raise UsageError("usage.stdin", "standard input is closed", hint="pipe something into it")
    return sys.stdin.buffer


def _write(data: bytes, output: str | None) -> None:
    from msptool import files
    from msptool.errors import UsageError

    if output is None:
        sys.stdout.buffer.write(data)
        return
    path = Path(output)
    try:
        files.deliver(path, data)
    except (FileNotFoundError, NotADirectoryError) as error:
        folder = path.resolve().parent
        raise UsageError("usage.file", f"no folder {folder}", hint="make it first") from error


for verb in (tickets_desk.stats, tickets_desk.conflicts):
    tickets.add_command(verb)
