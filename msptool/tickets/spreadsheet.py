"""The rows of a list as CSV (RFC 4180): UTF-8, CRLF, a header; for every column of the index that a
list shows, not for the texts: those are in `tickets export`.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import datetime

from msptool import clock, escape
from msptool.tickets import clocks
from msptool.tickets.listing import Row

HEADER = (
    "client", "id", "kind", "priority", "state", "title", "name", "requester", "assignee",
    "category", "queue", "line", "opened_at", "changed_at", "response_due_at", "resolve_due_at",
    "response", "resolution", "children",
)  # fmt: skip


def lines(rows: Iterable[Row], now: datetime) -> Iterator[str]:
    """Yield the header and one line a row, each with its CRLF; what a spreadsheet would run as a
    formula gets an apostrophe.
    """
    yield _line(HEADER)
    for row in rows:
        yield _line(
            (
                row.client, row.id, row.kind, row.priority, row.state, _text(row.title),
                _text(row.name), _text(row.requester), _text(row.assignee), _text(row.category),
                _text(row.queue), row.line, clock.iso(row.opened_at), clock.iso(row.changed_at),
                _time(row.clocks.response_due), _time(row.clocks.resolve_due),
                clocks.response(row.clocks, now), clocks.resolution(row.clocks, now),
                str(row.children),
            )
        )  # fmt: skip


def _line(cells: Iterable[str]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerow(cells)
    return text.getvalue()


def _text(text: str) -> str:
    return escape.cell(escape.visible(text))


def _time(at: datetime | None) -> str:
    return "" if at is None else clock.iso(at)
