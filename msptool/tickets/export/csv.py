"""CSV as RFC 4180 has it: UTF-8, CRLF, a header, words in the client's first language.

Line breaks inside a text are kept in its quotes; other control characters become escapes, and
what a spreadsheet would run as a formula gets an apostrophe (escape.cell).
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

import msgspec

from msptool import clock, escape
from msptool.tickets.export import EXPORTERS
from msptool.tickets.fold import first
from msptool.tickets.view import View

COLUMNS = View.__struct_fields__


@EXPORTERS.add("csv")
def payload(views: Iterable[View], languages: Sequence[str]) -> Iterator[bytes]:
    """Yield the header, then one row a ticket."""
    yield _line(COLUMNS)
    for view in views:
        fields = msgspec.structs.asdict(view)
        yield _line([_cell(fields[name], languages) for name in COLUMNS])


def _line(cells: Sequence[str]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerow(cells)
    return text.getvalue().encode()


def _cell(value: object, languages: Sequence[str]) -> str:
    match value:
        case None:
            return ""
        case int():
            return str(value)
        case str():
            return _text(value)
        case Mapping():
            return _text(first(value, languages))
        case tuple():
            return _text(" ".join(value))
        case datetime():
            return clock.iso(value)
    raise TypeError(type(value).__name__)


def _text(text: str) -> str:
    shown = "\n".join(escape.visible(line) for line in text.splitlines())
    return escape.cell(shown.lstrip("\n"))
