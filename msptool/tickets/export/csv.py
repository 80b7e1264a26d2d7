"""CSV as RFC 4180 has it: UTF-8, CRLF, a header, words in the client's first language.

Line breaks inside a text are kept in its quotes; other control characters become escapes, and
what a spreadsheet would run as a formula gets an apostrophe (escape.cell). Of what a ticket has
several (tags, visits, comments) each stands on a line of its own.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

import msgspec

from msptool import escape
from msptool.tickets.export import EXPORTERS, Reader
from msptool.tickets.export.texts import inert, stamp
from msptool.tickets.ticket import first
from msptool.tickets.view import View

COLUMNS = View.__struct_fields__


@EXPORTERS.add("csv")
def payload(views: Iterable[View], reader: Reader) -> Iterator[bytes]:
    """Yield the header, then one row a ticket."""
    yield _line(COLUMNS)
    for view in views:
        cells = (_told(getattr(view, name), reader.languages) for name in COLUMNS)
        yield _line([escape.cell(inert(cell).lstrip("\n")) for cell in cells])


def _line(cells: Sequence[str]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerow(cells)
    return text.getvalue().encode()


def _told(value: object, languages: Sequence[str]) -> str:
    match value:
        case None:
            return ""
        case int() | str():
            return str(value)
        case Mapping():
            return first(value, languages)
        case tuple():
            return "\n".join(_one(one) for one in value)
        case datetime():
            return stamp(value)
    raise TypeError(type(value).__name__)


def _one(value: object) -> str:
    """Return one of several on a line; the further lines of a text in it are indented."""
    match value:
        case msgspec.Struct():
            fields = msgspec.structs.asdict(value).items()
            told = "; ".join(f"{name}: {_told(field, ())}" for name, field in fields)
        case tuple():
            told = " ".join(map(str, value))
        case _:
            told = str(value)
    return "\n  ".join(told.splitlines())
