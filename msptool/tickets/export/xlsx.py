"""A workbook for Excel and LibreOffice: tickets, time entries, visits, a sheet each.

Text is written as text, so that nothing is a formula or a link, and what looks like a formula
is marked as quoted, so that editing the cell does not make it one. Times are real dates in the
client's zone; Excel knows no zones, so a line of the heading names it. Rows go to disk as they
come (XlsxWriter's constant_memory). What only engineers are told stays out: see `Said.internal`.

Limits: 32,767 UTF-16 units a cell, 1,048,576 rows a sheet (Microsoft, Excel specifications and
limits); what is longer is cut, marked, and told to the reader.
"""

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from msptool import escape
from msptool.errors import UsageError
from msptool.tickets.export import EXPORTERS, Reader, words
from msptool.tickets.export.texts import inert, local, stamp
from msptool.tickets.ticket import first
from msptool.tickets.view import View, names

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

CELL_UNITS = 32_767
ROWS = 1_048_576
_CHUNK_BYTES = 1 << 18
_MARK_UNITS = 80
_EXCEL_YEARS = range(1900, 10_000)
_WIDTHS = {"title": 50, "text": 50, "message": 40, "remedy": 40, "said": 40, "id": 18, "ticket": 18}
_WIDTH, _DATE_WIDTH = 14, 17
TICKETS = (
    "id", "kind", "state", "reason", "duplicate_of", "priority", "title", "text", "requester",
    "channel", "category", "impact", "urgency", "line", "queue", "assignee", "tags", "aliases",
    "parent", "checklist", "links", "check", "severity", "importance", "name", "part", "message",
    "remedy", "standards", "opened_at", "changed_at", "answered_at", "ended_at", "reopened",
    "response_due_at", "resolve_due_at", "response", "resolution", "snoozed_until",
    "accepted_until", "minutes", "said", "attachments",
)  # fmt: skip
TIMES = ("ticket", "began_at", "minutes", "by", "billing", "work", "text")
VISITS = ("ticket", "starts_at", "ends_at", "engineer", "place", "status", "text")
_WORDS = frozenset(
    {"kind", "state", "reason", "priority", "impact", "urgency", "severity", "importance",
     "response", "resolution", "work", "status"}
)  # fmt: skip
Cell: TypeAlias = str | int | datetime | None


@EXPORTERS.add("xlsx")
def payload(views: Iterable[View], reader: Reader) -> Iterator[bytes]:
    """Yield the workbook; raise UsageError where there are more rows than a sheet has."""
    with tempfile.TemporaryDirectory(prefix="msptool-") as folder:
        path = Path(folder) / "tickets.xlsx"
        _make(path, views, reader)
        with path.open("rb") as file:
            while piece := file.read(_CHUNK_BYTES):
                yield piece


def _make(path: Path, views: Iterable[View], reader: Reader) -> None:
    import xlsxwriter

    settings = {
        "constant_memory": True,
        "tmpdir": str(path.parent),
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(str(path), settings) as book:
        changed = _fill(book, views, reader)
        book.set_properties({"created": changed})


def _fill(book: "Workbook", views: Iterable[View], reader: Reader) -> datetime:
    """Write all rows; return when the newest of them changed: the same tickets, the same bytes."""
    forms = _Forms.of(book)
    tickets, times, visits = (
        _Sheet.begin(book, title, columns, forms, reader)
        for title, columns in (("tickets", TICKETS), ("time entries", TIMES), ("visits", VISITS))
    )
    changed = datetime(1980, 1, 1, tzinfo=UTC)
    for view in views:
        changed = max(changed, view.changed_at)
        tickets.add(view.id, _ticket(view, reader.languages))
        for entry in view.times:
            times.add(view.id, _row(TIMES, {"ticket": view.id}, entry, reader.languages))
        for call in view.visits:
            visits.add(view.id, _row(VISITS, {"ticket": view.id}, call, reader.languages))
    for sheet in (tickets, times, visits):
        sheet.end()
    return changed.replace(tzinfo=None)


def _ticket(view: View, languages: Sequence[str]) -> list[Cell]:
    """Return the cells of a ticket under TICKETS."""
    made: dict[str, Cell] = {
        "tags": "\n".join(view.tags),
        "aliases": "\n".join(names(view)),
        "standards": "\n".join(view.standards),
        "checklist": "\n".join(f"[{'x' if i.done else ' '}] {i.text}" for i in view.checklist),
        "links": "\n".join(f"{words.value(tie, languages)} {to}" for tie, to in view.links),
        "message": first(view.message, languages),
        "remedy": first(view.remedy, languages),
        "minutes": sum(entry.minutes for entry in view.times) or None,
        "attachments": "\n".join(file.name for file in view.attachments),
        "said": "\n".join(
            f"{stamp(one.at)} {one.by}: {one.text}" for one in view.said if not one.internal
        ),
    }
    return _row(TICKETS, made, view, languages)


def _row(
    columns: Sequence[str], made: Mapping[str, Cell], record: Any, languages: Sequence[str]
) -> list[Cell]:
    return [
        made[name] if name in made else _field(name, getattr(record, name), languages)
        for name in columns
    ]


def _field(name: str, value: Cell, languages: Sequence[str]) -> Cell:
    if not isinstance(value, str):
        return value
    if name == "billing":
        return words.billing(value, languages)
    return words.value(value, languages) if name in _WORDS else value


@dataclass(frozen=True)
class _Forms:
    """How cells look."""

    head: "Format"
    text: "Format"
    quoted: "Format"
    date: "Format"

    @classmethod
    def of(cls, book: "Workbook") -> "_Forms":
        """Make the formats of a workbook."""
        plain = {"text_wrap": True, "valign": "top"}
        return cls(
            head=book.add_format({"bold": True, "valign": "top", "bottom": 1}),
            text=book.add_format({**plain, "num_format": "@"}),
            quoted=book.add_format({**plain, "num_format": "@", "quote_prefix": True}),
            date=book.add_format({"num_format": "yyyy-mm-dd hh:mm", "valign": "top"}),
        )


@dataclass
class _Sheet:
    """A sheet that takes rows from the top."""

    sheet: "Worksheet"
    columns: Sequence[str]
    forms: _Forms
    reader: Reader
    rows: int = 1
    ident: str = field(default="")

    @classmethod
    def begin(
        cls, book: "Workbook", title: str, columns: Sequence[str], forms: _Forms, reader: Reader
    ) -> "_Sheet":
        """Open a sheet and write its heading."""
        sheet = book.add_worksheet(words.name(title, reader.languages))
        sheet.freeze_panes(1, 1)
        for at, column in enumerate(columns):
            dated = column.endswith(("_at", "_until"))
            sheet.set_column(at, at, _WIDTHS.get(column, _DATE_WIDTH if dated else _WIDTH))
            named = words.name(column, reader.languages)
            zone = f" ({reader.zone})" if dated else ""
            sheet.write_string(0, at, named + zone, forms.head)
        return cls(sheet, columns, forms, reader)

    def add(self, ident: str, cells: Sequence[Cell]) -> None:
        """Write a row of a ticket."""
        if self.rows >= ROWS:
            raise UsageError(
                "export.rows", f"more than {ROWS - 1} rows do not fit into a sheet",
                hint="narrow it down by filters, or write csv",
            )  # fmt: skip
        for at, (name, cell) in enumerate(zip(self.columns, cells, strict=True)):
            if cell is not None and cell != "":
                self._write(at, cell, ident, name)
        self.rows += 1

    def _write(self, at: int, cell: str | int | datetime, ident: str, name: str) -> None:
        if isinstance(cell, int):
            self.sheet.write_number(self.rows, at, cell)
            return
        if isinstance(cell, datetime):
            here = local(cell, self.reader.zone)
            if here.year in _EXCEL_YEARS:
                self.sheet.write_datetime(self.rows, at, here.replace(tzinfo=None), self.forms.date)
                return
            cell = here.isoformat()
        text = fitting(inert(cell), self.reader, lambda: self.reader.cut(ident, name))
        form = self.forms.text if escape.cell(text) == text else self.forms.quoted
        self.sheet.write_string(self.rows, at, text, form)

    def end(self) -> None:
        """Give the heading its filters."""
        self.sheet.autofilter(0, 0, max(1, self.rows - 1), len(self.columns) - 1)


def fitting(text: str, reader: Reader, cut: Callable[[], None]) -> str:
    """Return text that a cell holds; one that is too long ends in a mark that says so."""
    if len(text) * 2 <= CELL_UNITS or _units(text) <= CELL_UNITS:
        return text
    cut()
    room = (CELL_UNITS - _MARK_UNITS) * 2
    kept = text.encode("utf-16-le")[:room].decode("utf-16-le", "ignore")
    return f"{kept} {words.name('cut', reader.languages, len(text) - len(kept))}"


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
