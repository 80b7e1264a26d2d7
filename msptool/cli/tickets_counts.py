"""`msptool tickets stats` and `conflicts`: parse, ask, print."""

from collections.abc import Sequence
from datetime import UTC
from typing import TYPE_CHECKING

import click

from msptool.cli import base, manual, tickets_csv, tickets_desk, tickets_many
from msptool.cli.speech import _

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from msptool.tickets.desk import Desk
    from msptool.tickets.disputes import Dispute
    from msptool.tickets.stats import By, Line, Tally


@click.command(cls=manual.Verb)
@click.option(
    "--since",
    default="30d",
    show_default=True,
    metavar="DAY",
    help="Count what happened from then on: a day (2026-11-01, mon) or a length (30d, 12w).",
)
@click.option(
    "--by",
    type=click.Choice(["priority", "assignee", "category", "line", "client", "type", "check"]),
    help="The groups; priority, with --all client.",
)
@tickets_csv.csv_option
@tickets_many.all_option
@base.workspace_option
@base.json_option
@base.examples(
    "msptool tickets stats",
    "msptool tickets stats --since 2026-01-01 --by assignee",
    "msptool tickets stats --all -C /srv/clients --csv",
)
def stats(
    since: str,
    by: "By | None",
    directory: str | None,
    *,
    as_csv: bool,
    everyone: bool,
    as_json: bool,
) -> int:
    """Count tickets: opened, closed, still open and how old, promises kept, hours worked."""
    from msptool import clock
    from msptool.tickets import stats as counting
    from msptool.tickets import when

    tickets_csv.one_of(as_csv=as_csv, as_json=as_json)
    now, group = clock.now(), by or ("client" if everyone else "priority")
    when.since(since, now, UTC)  # a mistake in it is told once, before desks open

    def asked(desk: "Desk") -> dict[str, "Tally"]:
        start = when.since(since, now, tickets_desk.zone(desk))
        return counting.tallies(desk, group, start, now)

    told = tickets_many.ask(directory, asked, everyone=everyone)
    lines = counting.lines(group, told.answers)
    if as_json:
        base.records(lines)
    elif as_csv:
        from msptool.tickets import spreadsheet

        tickets_csv.write(spreadsheet.stats(lines))
    else:
        _stats_table(lines)
    return tickets_many.end(told, everyone=everyone, as_json=as_json)


def _stats_table(lines: Sequence["Line"]) -> None:
    from msptool.cli import stats_words

    base.table(stats_words.HEADERS, stats_words.rows(lines), flexible=0)


@click.command(cls=manual.Verb)
@click.argument("ticket", required=False, metavar="[ID]")
@tickets_many.all_option
@base.workspace_option
@base.json_option
@base.quiet_option
@base.examples("msptool tickets conflicts", "msptool tickets conflicts ACME-4K7QX2-Y")
def conflicts(
    ticket: str | None, directory: str | None, *, everyone: bool, as_json: bool, quiet: bool
) -> int:
    """Show what several people did to one ticket without knowing of each other.

    Of each field: what stands and what lost. Whatever is done next to the field settles it.
    """

    def asked(desk: "Desk") -> list[tuple["Dispute", "ZoneInfo"]]:
        from msptool.tickets import disputes, listing
        from msptool.tickets.query import IS, Query

        ids = [desk.find(ticket)] if ticket else listing.idents(desk, Query(IS["conflict"], {}))
        zone = tickets_desk.zone(desk)
        return [(found, zone) for ident in ids for found in disputes.of(desk.read(ident))]

    told = tickets_many.ask(directory, asked, everyone=everyone)
    found = [dispute for answer in told.answers for dispute in answer]
    if as_json:
        base.records(dispute for dispute, _zone in found)
    else:
        from msptool.cli import stats_words

        base.say("\n".join(line for one in found for line in stats_words.dispute(*one)))
    if not found:
        base.tell(_("no conflicts"), quiet=quiet or as_json)
    return tickets_many.end(told, everyone=everyone, as_json=as_json)
