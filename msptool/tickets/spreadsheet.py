"""Lists, hits and figures as CSV (RFC 4180): UTF-8, CRLF, a header; what a spreadsheet would run as
a formula gets an apostrophe. Whole tickets with all their texts are in `tickets export`.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import datetime

from msgspec.structs import astuple

from msptool import clock, escape
from msptool.tickets import clocks, searching
from msptool.tickets.listing import Row
from msptool.tickets.searching import Hit
from msptool.tickets.sla import report
from msptool.tickets.sla.effort import Worked
from msptool.tickets.sla.report import Report
from msptool.tickets.stats import Line

LIST = (
    "client", "id", "kind", "priority", "state", "title", "name", "requester", "assignee",
    "category", "queue", "line", "opened_at", "changed_at", "response_due_at", "resolve_due_at",
    "response", "resolution", "children",
)  # fmt: skip
HITS = searching.Record.__struct_fields__
STATS = Line.__struct_fields__
_TIME = Worked.__struct_fields__
MONTHS = (
    "client", "month", "zone", "priority", "opened", "ended", "left_open", "response_met",
    "response_missed", "resolution_met", "resolution_missed", "paused_h", *_TIME, "worst_ticket",
    "worst_promise", "worst_over_h",
)  # fmt: skip


def rows(found: Iterable[Row], now: datetime) -> Iterator[str]:
    """Yield the header and one line a ticket, each with its CRLF."""
    yield _line(LIST)
    for row in found:
        due = row.clocks
        yield _line(
            (
                row.client, row.id, row.kind, row.priority, row.state, row.title, row.name,
                row.requester, row.assignee, row.category, row.queue, row.line, row.opened_at,
                row.changed_at, due.response_due, due.resolve_due, clocks.response(due, now),
                clocks.resolution(due, now), row.children,
            )
        )  # fmt: skip


def hits(found: Iterable[Hit]) -> Iterator[str]:
    """Yield the header and one line a hit; the snippet without its marks."""
    yield from map(_line, (HITS, *map(astuple, map(searching.record, found))))


def stats(lines: Iterable[Line]) -> Iterator[str]:
    """Yield the header and one line a group; the last one, with `by` empty, is the whole."""
    yield from map(_line, (STATS, *map(astuple, lines)))


def months(reports: Iterable[Report]) -> Iterator[str]:
    """Yield the header, and of each client a line a priority; the last one, with `priority` empty,
    is the whole, and alone has the time and the promise that was missed by most.
    """
    yield _line(MONTHS)
    for one in reports:
        figures = [_figures(row) for row in one.rows]
        for row, counted in zip(one.rows, figures, strict=True):
            empty = len(MONTHS) - 4 - len(counted)
            yield _line((one.client, one.month, one.zone, row.priority, *counted, *[""] * empty))
        worst = one.worst
        yield _line(
            (
                one.client, one.month, one.zone, "", *map(sum, zip(*figures, strict=True)),
                *astuple(one.time),
                *((worst.ticket, worst.promise, worst.over_h) if worst else ("", "", "")),
            )
        )  # fmt: skip


def _figures(row: report.Row) -> tuple[float, ...]:
    met = (row.response.met, row.response.missed, row.resolution.met, row.resolution.missed)
    return (row.opened, row.ended, row.left_open, *met, row.paused_h)


def _line(cells: Iterable[object]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerow(map(_cell, cells))
    return text.getvalue()


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case datetime():
            return clock.iso(value)
        case float():
            return str(round(value, 6))  # a score can be very small
        case _:
            return escape.cell(escape.visible(str(value)))
