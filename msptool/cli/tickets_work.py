"""`msptool tickets time` and `visit`: parse, call, print."""

from typing import TYPE_CHECKING

import click

from msptool.cli import base, grouping, tickets_desk

if TYPE_CHECKING:
    from msptool.tickets.events import Billing, VisitStatus, Work


@click.group(cls=grouping.Helpful, context_settings=grouping.CONTEXT)
def time() -> None:
    """Time that was worked."""


@time.command("add")
@tickets_desk.ident()
@click.argument("length", metavar="LENGTH")
@click.argument("text", default="")
@click.option("--billable", "billing", flag_value="billable", help="Beyond what the plan includes.")
@click.option("--none", "billing", flag_value="none", help="On nobody's bill.")
@click.option("--on-site", "work", flag_value="on-site", help="At the client's place.")
@click.option("--travel", "work", flag_value="travel", help="On the way.")
@click.option("--began", metavar="TIME", help="When it began; so long before now if not said.")
@base.workspace_option
@base.json_option
@base.examples(
    "msptool tickets time add ACME-4K7QX2-Y 25m 'new driver'",
    "msptool tickets time add 4k7qx2y 1h30 --on-site --billable --began 14:00",
)
def time_add(
    *,
    ticket: str,
    length: str,
    text: str,
    billing: "Billing | None",
    work: "Work | None",
    began: str | None,
    directory: str | None,
    as_json: bool,
) -> None:
    """Write down time that was worked: 25m, 1h30, 1.5h.

    It is remote work that the plan includes, unless something else is said.
    """
    from msptool.tickets import when
    from msptool.tickets.acts import working

    minutes = when.minutes(length)
    tickets_desk.act(directory, ticket, as_json, lambda desk, ident:
        working.work(desk, ident, minutes, pen=tickets_desk.pen(), text=text,
                    began_at=tickets_desk.moment(desk, began, past=True) if began else None,
                    billing=billing or "included", work=work or "remote"))  # fmt: skip


@time.command("void")
@tickets_desk.ident()
@click.argument("entry", metavar="ENTRY")
@click.option("--comment", "text", default="", help="Why.")
@base.workspace_option
@base.json_option
@base.examples("msptool tickets time void ACME-4K7QX2-Y 2 --comment 'the wrong client'")
def time_void(ticket: str, entry: str, text: str, directory: str | None, as_json: bool) -> None:
    """Take back a time entry, by its number in `show`. It stays in the history."""
    from msptool.tickets import entries
    from msptool.tickets.acts import working

    tickets_desk.act(directory, ticket, as_json, lambda desk, ident:
        working.void(desk, ident, entries.named(desk.read(ident), entry), pen=tickets_desk.pen(),
                    text=text))  # fmt: skip


@click.group(cls=grouping.Helpful, context_settings=grouping.CONTEXT)
def visit() -> None:
    """Visits on site, on the client's clock."""


@visit.command("add")
@tickets_desk.ident()
@click.option("--starts", required=True, metavar="TIME", help="When: 'tomorrow 10:00'.")
@click.option("--ends", required=True, metavar="TIME", help="Till when: 12:00, or 2h later.")
@click.option("--engineer", default="me", show_default=True, metavar="WHO", help="Who goes.")
@click.option("--place", default="", help="Where to.")
@click.option("--comment", "text", default="", help="What to bring, whom to ask for.")
@base.workspace_option
@base.json_option
@base.examples(
    "msptool tickets visit add 4k7qx2y --starts 'tomorrow 10:00' --ends 12:00",
    "msptool tickets visit add 4k7qx2y --starts 'mon 9:30' --ends 2h --place Mill",
)
def visit_add(
    *,
    ticket: str,
    starts: str,
    ends: str,
    engineer: str,
    place: str,
    text: str,
    directory: str | None,
    as_json: bool,
) -> None:
    """Plan a visit."""
    from msptool.tickets import visits, when

    with tickets_desk.opened(directory, to_write=True) as desk:
        starts_at = tickets_desk.moment(desk, starts)
        ends_at = when.end(ends, starts_at, tickets_desk.zone(desk))
        made = visits.plan(
            desk, desk.find(ticket), starts_at, ends_at, pen=tickets_desk.pen(),
            engineer=tickets_desk.who(engineer), place=place, text=text,
        )  # fmt: skip
        tickets_desk.done(desk, made, as_json)


@visit.command("done")
@tickets_desk.ident()
@click.argument("number", metavar="[VISIT]", default="")
@click.option(
    "--starts", metavar="TIME", help="When it was, if not as planned; an hour is of that day."
)
@click.option("--ends", metavar="TIME", help="Till when it was.")
@click.option("--comment", "text", default="", help="What was done.")
@base.workspace_option
@base.json_option
@base.examples(
    "msptool tickets visit done ACME-4K7QX2-Y --comment 'disk replaced'",
    "msptool tickets visit done ACME-4K7QX2-Y 2 --starts 10:20 --ends 11:05",
)
def visit_done(
    *,
    ticket: str,
    number: str,
    starts: str | None,
    ends: str | None,
    text: str,
    directory: str | None,
    as_json: bool,
) -> None:
    """Say that a visit took place, by its number in `show` if there are several."""
    _settle(
        directory=directory, ticket=ticket, number=number, status="done", text=text,
        as_json=as_json, starts=starts, ends=ends,
    )  # fmt: skip


@visit.command("cancel")
@tickets_desk.ident()
@click.argument("number", metavar="[VISIT]", default="")
@click.option("--comment", "text", default="", help="Why.")
@base.workspace_option
@base.json_option
@base.examples("msptool tickets visit cancel ACME-4K7QX2-Y --comment 'solved by telephone'")
def visit_cancel(
    ticket: str, number: str, text: str, directory: str | None, as_json: bool
) -> None:  # fmt: skip
    """Say that a visit will not be, by its number in `show` if there are several."""
    _settle(
        directory=directory, ticket=ticket, number=number, status="cancelled", text=text,
        as_json=as_json,
    )  # fmt: skip


def _settle(
    *,
    directory: str | None,
    ticket: str,
    number: str,
    status: "VisitStatus",
    text: str,
    as_json: bool,
    starts: str | None = None,
    ends: str | None = None,
) -> None:
    from msptool import clock
    from msptool.tickets import visits, when

    with tickets_desk.opened(directory, to_write=True) as desk:
        ident, zone = desk.find(ticket), tickets_desk.zone(desk)
        planned = visits.find(desk.read(ident), number)
        plan = planned.starts_at
        starts_at = when.as_it_was(starts, plan, clock.now(), zone) if starts else None
        begins = starts_at or plan
        ends_at = when.end(ends, begins, zone) if ends else None
        made = visits.settle(
            desk, ident, planned.visit, status, pen=tickets_desk.pen(),
            starts_at=starts_at, ends_at=ends_at, text=text,
        )  # fmt: skip
        tickets_desk.done(desk, made, as_json)
