"""`msptool tickets`: parse, call, print."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from msptool.cli import base, grouping, speech, tickets_desk
from msptool.cli.speech import _
from msptool.escape import visible

if TYPE_CHECKING:
    from msptool.profile import Profile
    from msptool.tickets.outcome import Outcome
    from msptool.tickets.view import View
    from msptool.workspace import Workspace


# Where a verb stands.
VERBS = {
    "list": "tickets_list",
    "search": "tickets_list",
    "add": "tickets_add",
    "edit": "tickets_edit",
    "comment": "tickets_hand",
    "assign": "tickets_hand",
    "status": "tickets_hand",
    "tick": "tickets_hand",
    "escalate": "tickets_hand",
    "snooze": "tickets_end",
    "close": "tickets_end",
    "reopen": "tickets_end",
    "accept": "tickets_end",
    "link": "tickets_tie",
    "merge": "tickets_tie",
    "split": "tickets_add",
    "time": "tickets_work",
    "visit": "tickets_work",
    "attach": "tickets_doctor",
    "attachment": "tickets_doctor",
    "sla": "tickets_sla",
    "simulate": "tickets_simulate",
    "stats": "tickets_counts",
    "conflicts": "tickets_counts",
    "log": "tickets_log",
    "export": "tickets_export",
    "redact": "tickets_doctor",
    "fsck": "tickets_doctor",
    "reindex": "tickets_doctor",
}


@click.group(cls=grouping.Lazy, modules=VERBS, context_settings=grouping.CONTEXT)
def tickets() -> None:
    """Findings and requests, with priorities and clocks."""


@tickets.command()
@click.argument(
    "source",
    required=False,
    metavar="[FILE|RUN-FOLDER|-]",
    type=click.Path(exists=True, allow_dash=True),
)
@click.option(
    "--format",
    "name",
    type=click.Choice(["auto", "seam", "sarif", "alertmanager", "nagios", "checkmk"]),
    default="auto",
    show_default=True,
    help="What wrote it; told by its beginning, if not said.",
)
@base.workspace_option
@base.json_option
@base.quiet_option
@base.examples(
    "msptool tickets ingest",
    "msptool audit run --json | msptool tickets ingest -",
    "msptool tickets ingest --format sarif - < scan.sarif",
    "env | msptool tickets ingest --format nagios -",
)
def ingest(
    source: str | None, name: str, directory: str | None, as_json: bool, quiet: bool
) -> None:
    """Turn findings into tickets. Without a source, those of every new run."""
    workspace, profile = tickets_desk.load(directory)
    outcome = _ingest(source, name, workspace, profile)
    if as_json:
        base.records(_views(workspace, profile, outcome.touched))
        base.say(outcome.line().decode())
    elif not (quiet and not outcome.changed):
        counts = outcome.summary.removeprefix("tickets: ")
        base.say(_("tickets: {0}", speech.told("round", counts)))
    if outcome.part_done is not None:
        raise outcome.part_done
    base.end(as_json)


def _ingest(source: str | None, name: str, workspace: "Workspace", profile: "Profile") -> "Outcome":
    from datetime import UTC, datetime

    from msptool import runs
    from msptool.tickets import ingest as room

    if name != "auto" and (source is None or Path(source).is_dir()):
        raise click.UsageError("--format goes with a file, or with - for stdin")
    if source is None:
        return room.ingest_runs(workspace, profile)
    if source == "-":
        return room.ingest_stream(workspace, profile, tickets_desk.stdin(), name=name)
    path = Path(source)
    if path.is_dir():
        return room.ingest_report(workspace, profile, runs.load(path))
    with path.open("rb") as file:
        at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        return room.ingest_stream(workspace, profile, file, name=name, at=at)


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
        others, zone = related.of(desk.index, ident, found.clashed), tickets_desk.zone(desk)
    if as_json:
        base.record(shown)
    else:
        base.say(ticket_words.page(found, shown, reckoned, languages, now=now, last=last,
                                   others=others, zone=zone))  # fmt: skip
    for problem in problems:
        base.tell(_("not readable: {0}", visible(str(problem))))
    base.end(as_json)


def _views(workspace: "Workspace", profile: "Profile", idents: Iterable[str]) -> list["View"]:
    from msptool import clock
    from msptool.tickets import desk, view

    now = clock.now()
    with desk.opened(workspace, profile) as held:
        return [view.of(held.read(ident), held.reckoner, now) for ident in idents]
