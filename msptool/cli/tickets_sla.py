"""`msptool tickets sla`: why a deadline is when it is, and what a month came to."""

import re
from datetime import date
from typing import TYPE_CHECKING

import click

from msptool.cli import base, grouping, manual, tickets_csv, tickets_desk, tickets_many

if TYPE_CHECKING:
    from msptool.profile import Profile
    from msptool.tickets.desk import Desk
    from msptool.tickets.sla.reckoner import Plan
    from msptool.tickets.sla.report import Report
    from msptool.workspace import Workspace

_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")


@click.group(cls=grouping.Helpful, context_settings=grouping.CONTEXT)
def sla() -> None:
    """Deadlines explained, and the service report of a month."""


@sla.command(cls=manual.Verb)
@click.argument("ticket", metavar="ID")
@base.workspace_option
@base.json_option
@base.examples("msptool tickets sla why ACME-4K7QX2-Y", "msptool tickets sla why 4k7qx2y --json")
def why(ticket: str, directory: str | None, as_json: bool) -> None:
    """Show every interval that counted or did not, why, and the sums."""
    from msptool import clock
    from msptool.cli import sla_words
    from msptool.tickets import desk
    from msptool.tickets.sla import why as reasons

    workspace, profile = tickets_desk.load(directory)
    with desk.opened(workspace, profile) as held:
        found = held.read(held.find(ticket))
    plan = _plan(workspace, profile)
    intervals, told = reasons.of(plan, found, clock.now())
    if as_json:
        base.records((*intervals, told))
    else:
        sla_words.show_why(intervals, told, plan.zone)
    base.end(as_json)


@sla.command(cls=manual.Verb)
@click.option("--month", metavar="YYYY-MM", help="Which month; without it, this one.")
@tickets_csv.csv_option
@tickets_many.all_option
@base.workspace_option
@base.json_option
@base.examples(
    "msptool tickets sla report",
    "msptool tickets sla report --month 2026-11 --json",
    "msptool tickets sla report --all -C /srv/clients",
    "msptool tickets sla report --all -C /srv/clients --csv",
)
def report(
    month: str | None, directory: str | None, *, as_csv: bool, everyone: bool, as_json: bool
) -> int:
    """Show which promises a month kept, how long clocks stood, and what was worked.

    A promise counts in the month in which it was kept, or should have been.
    """
    from msptool import clock
    from msptool.cli import sla_words
    from msptool.tickets.sla import report as monthly

    tickets_csv.one_of(as_csv=as_csv, as_json=as_json)
    asked, now = _first(month) if month is not None else None, clock.now()

    def made(desk: "Desk") -> "Report":
        plan = _plan(desk.workspace, desk.profile)
        first = asked or now.astimezone(plan.zone).date().replace(day=1)
        return monthly.of(desk, plan, first, now)

    told = tickets_many.ask(directory, made, everyone=everyone)
    if as_json:
        base.records(told.answers)
    elif as_csv:
        from msptool.tickets import spreadsheet

        tickets_csv.write(spreadsheet.months(told.answers))
    else:
        sla_words.show_reports(told.answers)
    return tickets_many.end(told, everyone=everyone, as_json=as_json)


def _plan(workspace: "Workspace", profile: "Profile") -> "Plan":
    from msptool.tickets.sla import reckoner

    return reckoner.of(profile, reckoner.folder(workspace))


def _first(month: str) -> date:
    """Return the first day of the month that was asked for; raise UsageError where it is none."""
    from msptool.errors import UsageError

    found = _MONTH.fullmatch(month)
    if found is None:
        raise UsageError("usage.month", f"{month[:40]!r} is no month", hint="write it as 2026-11")
    return date(int(found[1]), int(found[2]), 1)
