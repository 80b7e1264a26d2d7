"""A document that a client can read: a table of all tickets, then a section for each.

CommonMark 0.31 with the tables of GitHub. Texts of others show as they are: each character that
could mean something is escaped, so that there is no HTML, link, image, heading, list or code of
theirs. What only engineers are told stays out (see `Said.internal`), as do ids of machines.
"""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import pairwise
from typing import BinaryIO

from msptool import escape
from msptool.tickets.export import EXPORTERS, Reader, words
from msptool.tickets.export.texts import inert, local
from msptool.tickets.ticket import Item, first
from msptool.tickets.view import Call, Entry, Said, View, names

COLUMNS = ("id", "priority", "state", "title", "opened_at", "resolve_due_at", "ended_at")
_IN_MEMORY_BYTES = 4 << 20
_CHUNK_BYTES = 1 << 18


@EXPORTERS.add("markdown")
def payload(views: Iterable[View], reader: Reader) -> Iterator[bytes]:
    """Yield the table row by row; the sections wait on disk until it is done."""
    yield _head(reader)
    with tempfile.SpooledTemporaryFile(_IN_MEMORY_BYTES) as sections:
        empty = True
        for view in views:
            empty = False
            yield _row(view, reader).encode()
            sections.write(_section(view, reader).encode())
        if empty:
            yield f"\n{words.name('none', reader.languages)}\n".encode()
        yield from _pieces(sections)


def _pieces(file: "tempfile.SpooledTemporaryFile[bytes] | BinaryIO") -> Iterator[bytes]:
    file.seek(0)
    while piece := file.read(_CHUNK_BYTES):
        yield piece


def _head(reader: Reader) -> bytes:
    names = [words.name(column, reader.languages) for column in COLUMNS]
    title = words.name("tickets", reader.languages)
    zone = words.name("times are of", reader.languages, plain(str(reader.zone)))
    rows = (f"# {title}", "", zone, "", _cells(names), _cells(["---"] * len(names)), "")
    return "\n".join(rows).encode()


def _cells(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _row(view: View, reader: Reader) -> str:
    told = (
        plain(view.id),
        _word(view.priority, reader),
        _word(view.state, reader),
        flat(view.title),
        *(_moment(at, reader) for at in (view.opened_at, view.resolve_due_at, view.ended_at)),
    )
    return _cells(told) + "\n"


def _section(view: View, reader: Reader) -> str:
    lines = ["\n## " + ": ".join(filter(None, (plain(view.id), flat(view.title)))) + "\n"]
    lines += [
        f"- **{words.name(field, reader.languages)}:** {told}"
        for field, told in _facts(view, reader)
        if told
    ]
    for field, text in _texts(view, reader):
        if text.strip():
            lines += ["", f"### {words.name(field, reader.languages)}", "", quote(text)]
    for field, items in _lists(view, reader):
        if items:
            lines += ["", f"### {words.name(field, reader.languages)}", "", *items]
    return "\n".join(lines) + "\n"


def _facts(view: View, reader: Reader) -> Iterator[tuple[str, str]]:
    for field in ("kind", "priority", "state", "reason", "resolution"):
        yield field, _word(getattr(view, field), reader)
    for field in ("duplicate_of", "parent", "requester", "category", "assignee", "name", "part"):
        yield field, flat(getattr(view, field))
    yield "tags", _listed(view.tags)
    yield "aliases", _listed(names(view))
    yield "links", ", ".join(f"{_word(tie, reader)} {flat(to)}" for tie, to in view.links)
    for field in ("opened_at", "answered_at", "resolve_due_at", "ended_at", "accepted_until"):
        yield field, _moment(getattr(view, field), reader)
    yield "attachments", _listed(file.name for file in view.attachments)


def _texts(view: View, reader: Reader) -> Iterator[tuple[str, str]]:
    yield "text", view.text
    yield "message", first(view.message, reader.languages)
    yield "remedy", first(view.remedy, reader.languages)


def _lists(view: View, reader: Reader) -> Iterator[tuple[str, Sequence[str]]]:
    yield "checklist", [_item(item) for item in view.checklist]
    yield "said", [_said(one, reader) for one in view.said if not one.internal]
    yield "visits", [_visit(call, reader) for call in view.visits]
    yield "time entries", [_entry(entry, reader) for entry in view.times]


def _listed(texts: Iterable[str]) -> str:
    return ", ".join(filter(None, map(flat, texts)))


def _item(item: Item) -> str:
    return f"- {'☑' if item.done else '☐'} {flat(item.text)}"


def _said(said: Said, reader: Reader) -> str:
    return f"- {_moment(said.at, reader)}, {flat(said.by)}:\n\n{quote(said.text, '  ')}\n"


def _visit(call: Call, reader: Reader) -> str:
    span = f"{_moment(call.starts_at, reader)} – {_moment(call.ends_at, reader)}"
    told = (span, _word(call.status, reader), *map(flat, (call.engineer, call.place, call.text)))
    return "- " + ", ".join(filter(None, told))


def _entry(entry: Entry, reader: Reader) -> str:
    minutes = f"{entry.minutes} {words.name('min', reader.languages)}"
    billed = words.billing(entry.billing, reader.languages)
    told = (_moment(entry.began_at, reader), minutes, plain(billed), _word(entry.work, reader))
    return "- " + ", ".join((*told, *filter(None, (flat(entry.by), flat(entry.text)))))


def _word(word: str | None, reader: Reader) -> str:
    return plain(words.value(word, reader.languages))


def _moment(at: datetime | None, reader: Reader) -> str:
    return "" if at is None else f"{local(at, reader.zone):%Y-%m-%d %H:%M}"


def plain(line: str) -> str:
    """Return a line that Markdown shows as it is; also `$` of formulas and `^` of footnotes."""
    return escape.markdown(line).replace("$", "\\$").replace("^", "\\^").replace("/", "\\/")


def flat(text: str) -> str:
    """Return text on one line, its own lines apart by ` / `."""
    return " \\/ ".join(plain(line.strip()) for line in inert(text).split("\n") if line.strip())


def quote(text: str, indent: str = "") -> str:
    """Return text as a quotation that keeps its lines and the spaces before them."""
    lines = [_spaced(line) for line in inert(text).strip("\n").split("\n")]
    # A backslash breaks a line, but shows as itself where no line follows.
    ends = ["\\" if line and after else "" for line, after in pairwise([*lines, ""])]
    return "\n".join(f"{indent}> {line}{end}" for line, end in zip(lines, ends, strict=True))


def _spaced(line: str) -> str:
    bare = line.lstrip(" ")
    return "\N{NO-BREAK SPACE}" * (len(line) - len(bare)) + plain(bare.rstrip())
