"""`msptool tickets`: parse, call, print."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from msptool.cli import (
    base,
    grouping,
    speech,
    tickets_add,
    tickets_desk,
    tickets_edit,
    tickets_end,
    tickets_hand,
    tickets_tie,
    tickets_work,
)
from msptool.cli.speech import _
from msptool.escape import visible

if TYPE_CHECKING:
    from msptool.profile import Profile
    from msptool.tickets.ingest import Outcome
    from msptool.tickets.view import View
    from msptool.workspace import Workspace


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
    workspace, profile = tickets_desk.load(directory)
    outcome = _ingest(source, workspace, profile)
    if as_json:
        tickets_desk.emit(_views(workspace, profile, outcome.touched))
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
        return room.ingest_lines(workspace, profile, tickets_desk.stdin())
    path = Path(source)
    if path.is_dir():
        return room.ingest_report(workspace, profile, runs.load(path))
    with path.open("rb") as file:
        return room.ingest_lines(workspace, profile, file)


@tickets.command("list")
@click.argument("terms", nargs=-1, metavar="[FILTER]...")
@click.option("--all", "ended", is_flag=True, help="Resolved, closed and snoozed ones too.")
@click.option(
    "--limit",
    type=click.IntRange(0),
    default=100,
    show_default=True,
    metavar="N",
    help="Rows of the table; 0 for all.",
)
@base.workspace_option
@base.json_option
@base.quiet_option
@base.examples(
    "msptool tickets list",
    "msptool tickets list 'prio:>=high' sla:late",
    "msptool tickets list status:closed check:NET-001 switch",
)
def list_(
    terms: tuple[str, ...],
    *,
    ended: bool,
    limit: int,
    directory: str | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """List tickets, the most urgent first.

    A filter is a word, or a key like status: prio: check: thing: assignee: sla: due: is: with a
    value; a minus before it turns it round.
    """
    from msptool import clock
    from msptool.cli import ticket_words
    from msptool.tickets import listing, people, store

    now = clock.now()
    wanted = listing.asked(terms, now, ended=ended, children=as_json, me=people.author())
    with tickets_desk.opened(directory) as desk:
        if as_json:
            tickets_desk.emit(listing.views(desk, wanted, now))
        else:
            found = listing.find(desk, wanted, now, limit=limit)
            if found.rows:
                base.table(ticket_words.HEADERS, [ticket_words.row(r, now) for r in found.rows])
            else:
                base.tell(_("no tickets"), quiet=quiet)
            if len(found.rows) < found.total:
                more = found.total - len(found.rows)
                base.tell(_("{0} more: --limit 0 shows all", more), quiet=quiet)
        problems = desk.index.problems()
    if error := store.part_done(problems):
        raise error
    base.end(as_json)


@tickets.command()
@tickets_desk.ident()
@base.workspace_option
@base.json_option
@base.examples("msptool tickets show ACME-4K7QX2-Y", "msptool tickets show 4k7qx2y")
def show(ticket: str, directory: str | None, as_json: bool) -> None:
    """Show a ticket with its clocks and its history."""
    from msptool import clock
    from msptool.cli import ticket_words
    from msptool.tickets import receipts, related, view

    now = clock.now()
    with tickets_desk.opened(directory) as desk:
        ident = desk.find(ticket)
        found, problems = desk.look(ident)
        last = None if as_json else receipts.last_seen(desk.workspace, ident)
        reckoned, languages = desk.reckoner.clocks(found), desk.profile.client.languages
        shown = view.of(found, desk.reckoner, now)
        others, zone = related.of(desk.index, ident), tickets_desk.zone(desk)
    if as_json:
        tickets_desk.emit([shown])
    else:
        base.say(ticket_words.page(found, shown, reckoned, languages, now=now, last=last,
                                   others=others, zone=zone))  # fmt: skip
    for problem in problems:
        base.tell(_("not readable: {0}", visible(str(problem))))
    base.end(as_json)


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
    with tickets_desk.opened(directory) as desk:
        found = list(listing.views(desk, wanted, now))
        _write(b"".join(payload(found, desk.profile.client.languages)), output)
        problems = desk.index.problems()
    base.tell(_("{0} tickets in {1}", len(found), visible(output)) if output else "")
    if error := store.part_done(problems):
        raise error
    base.end(as_json)


for verb in (
    tickets_add.add,
    tickets_edit.edit,
    tickets_hand.comment,
    tickets_hand.assign,
    tickets_hand.status,
    tickets_hand.tick,
    tickets_hand.escalate,
    tickets_end.snooze,
    tickets_end.close,
    tickets_end.reopen,
    tickets_end.accept,
    tickets_tie.link,
    tickets_tie.merge,
    tickets_add.split,
    tickets_work.time,
    tickets_work.visit,
):
    tickets.add_command(verb)


def _views(workspace: "Workspace", profile: "Profile", idents: Iterable[str]) -> list["View"]:
    from msptool import clock
    from msptool.tickets import desk, view

    now = clock.now()
    with desk.opened(workspace, profile) as held:
        return [view.of(held.read(ident), held.reckoner, now) for ident in idents]


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
