"""`msptool tickets list` and `search`: parse, ask, print."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from msptool.cli import base, manual, tickets_csv, tickets_desk, tickets_many
from msptool.cli.speech import _

if TYPE_CHECKING:
    from msptool.tickets.desk import Desk
    from msptool.tickets.listing import Found, Row
    from msptool.tickets.query import Query
    from msptool.tickets.searching import Hits

_ROWS = 100
_HITS = 20


class Filtered(manual.Verb):
    """A verb whose filters may begin with a minus, as no option of ours does: `-tag:spare`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take turned-round filters for arguments, wherever they stand."""
        turned = [word for word in args if word.startswith("-") and _is_filter(word)]
        if turned and "--" not in args:
            args = [*(word for word in args if word not in turned), "--", *turned]
        return super().parse_args(ctx, args)


def _is_filter(word: str) -> bool:
    from msptool.tickets import query, typed

    return typed.meant(word, query.KEYS).removeprefix("-").partition(":")[0] in query.KEYS


@click.command("list", cls=Filtered)
@click.argument("terms", nargs=-1, metavar="[@VIEW|FILTER]...")
@click.option("--ended", is_flag=True, help="Resolved, closed and snoozed ones too.")
@click.option("--children", is_flag=True, help="Those under another ticket too, not as +N.")
@click.option(
    "--sort",
    default="urgency",
    show_default=True,
    metavar="ORDER",
    help="urgency, due, age, changed, prio, who, requester or id; - before it turns it round.",
)
@click.option(
    "--limit",
    type=click.IntRange(0),
    metavar="N",
    help="So many at most, 0 for all; without it 100 in a table, else all.",
)
@tickets_csv.csv_option
@tickets_many.all_option
@base.workspace_option
@base.json_option
@base.quiet_option
@base.examples(
    "msptool tickets list @mine 'prio:>=high'",
    "msptool tickets list sla:breaching 'due:<2d' assignee:me",
    "msptool tickets list status:closed check:NET-001 'core switch'",
    "msptool tickets list --all -C /srv/clients @today",
)
def list_(terms: tuple[str, ...], *, quiet: bool, **said: Any) -> int:
    """List tickets, the most urgent first.

    A filter is a word, words in quotes, or a key like status: prio: client: thing: assignee: sla:
    due: is: with a value; a minus before it turns it round. @mine @unassigned @breaching @today are
    saved views; tickets.views of the profile holds others.
    """
    from msptool import clock

    tickets_csv.one_of(as_csv=said["as_csv"], as_json=said["as_json"])
    now = clock.now()
    asked = _asked(terms, now, ended=said["ended"], children=said["children"] or said["as_json"])
    given = {"limit": said["limit"] or 0, "sort": said["sort"]}
    if said["as_json"]:
        return _records(asked, now, said, given)
    if not said["as_csv"] and said["limit"] is None:
        given["limit"] = _ROWS
    return _table(asked, now, said, given, quiet=quiet)


def _asked(
    terms: tuple[str, ...], now: datetime, *, ended: bool, children: bool
) -> Callable[["Desk"], "Query"]:
    """Return the query for each client's desk; a mistake in the filters is told at once."""
    from msptool.tickets import listing

    me = _understood(terms, now)
    return lambda desk: listing.asked(
        terms, now, tickets_desk.zone(desk), ended=ended, children=children, me=me,
        own=desk.profile.tickets.views,
    )  # fmt: skip


def _understood(terms: tuple[str, ...], now: datetime) -> str:
    """Return who `me` is; raise UsageError at a filter that means nothing, before desks open."""
    from msptool.tickets import query
    from msptool.tickets.author import author

    me = author()
    query.parse([term for term in terms if not term.startswith("@")], now, UTC, me=me)
    return me


def _table(
    asked: Callable[["Desk"], "Query"],
    now: datetime,
    said: Mapping[str, Any],
    given: Mapping[str, Any],
    *,
    quiet: bool,
) -> int:
    from msptool.tickets import listing

    listing.order(given["sort"])
    everyone = said["everyone"]
    told = tickets_many.ask(
        said["directory"],
        lambda desk: listing.find(desk, asked(desk), now, **given),
        everyone=everyone,
    )
    found = _joined(told.answers, given) if everyone else told.answers[0]
    if said["as_csv"]:
        from msptool.tickets import spreadsheet

        tickets_csv.write(spreadsheet.rows(found.rows, now))
    else:
        _shown(found, now, everyone=everyone, quiet=quiet)
    return tickets_many.end(told, everyone=everyone, as_json=False)


def _joined(pages: list["Found"], given: Mapping[str, Any]) -> "Found":
    from msptool.tickets import clients

    return clients.merged(pages, **given)


def _shown(found: "Found", now: datetime, *, everyone: bool, quiet: bool) -> None:
    from msptool.cli import list_words

    if found.rows:
        base.say(list_words.table(found.rows, now, clients=everyone))
    _tell_more(len(found.rows), found.total, quiet=quiet)


def _records(
    asked: Callable[["Desk"], "Query"],
    now: datetime,
    said: Mapping[str, Any],
    given: Mapping[str, Any],
) -> int:
    """Print records; one client's as they are read, several clients' when all are there."""
    import msgspec

    from msptool import escape
    from msptool.tickets import clients, listing, view

    def printed(desk: "Desk") -> list[tuple["Row", str]]:
        for one in listing.views(desk, asked(desk), now, **given):
            base.record(one)
        return []

    def kept(desk: "Desk") -> list[tuple["Row", str]]:
        rows = listing.find(desk, asked(desk), now, **given).rows
        read = (view.of(desk.read(row.id), desk.reckoner, now) for row in rows)
        return [
            (r, escape.json(msgspec.json.encode(v).decode()))
            for r, v in zip(rows, read, strict=True)
        ]

    everyone = said["everyone"]
    told = tickets_many.ask(said["directory"], kept if everyone else printed, everyone=everyone)
    pairs = [pair for answer in told.answers for pair in answer]
    for _row, line in clients.ordered(pairs, lambda pair: pair[0], **given) if pairs else ():
        base.say(line)
    return tickets_many.end(told, everyone=everyone, as_json=True)


@click.command(cls=Filtered)
@click.argument("terms", nargs=-1, required=True, metavar="WORD... [FILTER]...")
@click.option(
    "--limit",
    type=click.IntRange(0),
    default=_HITS,
    show_default=True,
    metavar="N",
    help="So many at most, 0 for all.",
)
@tickets_csv.csv_option
@tickets_many.all_option
@base.workspace_option
@base.json_option
@base.quiet_option
@base.examples(
    "msptool tickets search toner",
    "msptool tickets search 'packet loss' vpn status:closed 'ended:<90d'",
    "msptool tickets search --all -C /srv/clients certificate expired",
    "msptool tickets search --csv --limit 0 toner",
)
def search(
    terms: tuple[str, ...],
    limit: int,
    directory: str | None,
    *,
    as_csv: bool,
    everyone: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Look for words in all tickets and comments, ended ones too; the best first.

    Each word begins one of the ticket; words in quotes stand there in this order. The filters are
    those of list.
    """
    from msptool import clock
    from msptool.tickets import searching

    tickets_csv.one_of(as_csv=as_csv, as_json=as_json)
    now = clock.now()
    me = _understood(terms, now)

    def asked(desk: "Desk") -> "Hits":
        own = desk.profile.tickets.views
        return searching.search(desk, terms, now, limit=limit, me=me, own=own)

    told = tickets_many.ask(directory, asked, everyone=everyone)
    best = searching.merged(told.answers, limit=limit)
    if as_json:
        base.records(map(searching.record, best.hits))
    elif as_csv:
        from msptool.tickets import spreadsheet

        tickets_csv.write(spreadsheet.hits(best.hits))
    else:
        _show_hits(best, quiet=quiet)
    return tickets_many.end(told, everyone=everyone, as_json=as_json)


def _show_hits(found: "Hits", *, quiet: bool) -> None:
    from msptool.cli import hit_words

    base.say("\n".join(line for hit in found.hits for line in hit_words.hit(hit)))
    _tell_more(len(found.hits), found.total, quiet=quiet)


def _tell_more(shown: int, total: int, *, quiet: bool) -> None:
    if not shown:
        base.tell(_("no tickets"), quiet=quiet)
    if shown < total:
        base.tell(_("{0} more: --limit 0 shows all", total - shown), quiet=quiet)
