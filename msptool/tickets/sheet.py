"""A ticket as a YAML file that a person edits, and what was changed in it.

Only what a `set` event can say stands there. It is read back by the strict parser of profiles,
each mistake with its line; what was not touched is not written.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from msptool import yaml12
from msptool.errors import ProfileError, UsageError
from msptool.escape import visible
from msptool.tickets import lifecycle
from msptool.tickets.acts.changing import Value
from msptool.tickets.ticket import Ticket
from msptool.yaml12 import Document

_HINT = "values with : # { [ or quotes in them need quotes around them; no tabs"
# Plain in YAML 1.1 and 1.2 alike: letters first, and nothing that means something to a parser.
_PLAIN = re.compile(r"[^\W\d_](?:[\w ./@+-]*\w)?")
# What a literal block cannot say: other line breaks, and characters that YAML does not allow.
_UNPRINTABLE = re.compile(
    "[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)


@dataclass(frozen=True)
class Field:
    """A key of the sheet: the ticket's field, and what may stand there (none: any text)."""

    key: str
    field: str
    choices: tuple[str, ...] = ()
    is_list: bool = False
    may_be_empty: bool = True


FIELDS = (
    Field("title", "title", may_be_empty=False),
    Field("type", "kind", ("incident", "request", "change", "visit", "task"), may_be_empty=False),
    Field("status", "state", tuple(lifecycle.ASKED), may_be_empty=False),
    Field("priority", "own_priority", tuple(lifecycle.LEVELS)),
    Field("impact", "impact", ("low", "medium", "high"), may_be_empty=False),
    Field("urgency", "urgency", ("low", "medium", "high"), may_be_empty=False),
    Field("line", "line", ("L1", "L2", "L3"), may_be_empty=False),
    Field("queue", "queue"),
    Field("assignee", "assignee"),
    Field("requester", "requester"),
    Field("channel", "channel"),
    Field("category", "category"),
    Field("tags", "tags", is_list=True),
    Field("aliases", "aliases", is_list=True),
    Field("parent", "parent"),
    Field("text", "text"),
)
_BY_KEY = {field.key: field for field in FIELDS}


def of(ticket: Ticket, heading: Sequence[str] = ()) -> str:
    """Return the sheet of a ticket; `heading`: what to tell its reader."""
    lines = [f"# {line}" for line in (ticket.id, *heading)]
    for field in FIELDS:
        shown = _shown(getattr(ticket, field.field))
        comment = f"  # {', '.join(field.choices)}" if field.choices else ""
        lines.append(f"{field.key}:{shown and f' {shown}'}{comment}")
    return "\n".join(lines) + "\n"


def changes(ticket: Ticket, data: bytes, *, file: str) -> dict[str, Value]:
    """Return what an edited sheet says differently from the ticket it was made of, by field.

    Raises UsageError with the line of the first mistake; a key that was taken out says nothing.
    """
    document = _loaded(data, file)
    changed: dict[str, Value] = {}
    for key in document.data:
        field = _BY_KEY.get(key)
        if field is None:
            raise _wrong(document, key, f"{key}: there is no such key",
                         f"known here: {', '.join(_BY_KEY)}")  # fmt: skip
        old = getattr(ticket, field.field)
        new = _read(document, field, old)
        if new != (() if field.is_list and not old else old or ""):
            changed["priority" if field.field == "own_priority" else field.field] = new
    return changed


def _loaded(data: bytes, file: str) -> Document:
    try:
        return yaml12.load(data, file=file)
    except ProfileError as error:
        raise UsageError("ticket.sheet", error.message, place=error.place, hint=_HINT) from error


def _read(document: Document, field: Field, old: Any) -> Value:
    if field.is_list:
        return _texts(document, field, old)
    value = document.data[field.key]
    text = "" if value is None else value
    if text == (old or ""):
        return str(text)
    if not isinstance(text, str):
        raise _wrong(document, field.key, f"{field.key}: text is expected; put it in quotes", _HINT)
    if not text.strip() and not field.may_be_empty:
        raise _wrong(document, field.key, f"{field.key}: must not be empty", _known(field))
    if field.choices and text not in ("", *field.choices):
        raise _wrong(document, field.key, f"{field.key}: {text[:40]!r} is not known here",
                     _known(field))  # fmt: skip
    return text if field.key == "text" else text.strip()


def _texts(document: Document, field: Field, old: Sequence[str]) -> tuple[str, ...]:
    said = document.data[field.key]
    items: Any = [] if said is None else said
    if items == list(old):
        return tuple(old)
    if not isinstance(items, list) or not all(isinstance(one, str) for one in items):
        raise _wrong(document, field.key, f"{field.key}: a list of texts is expected",
                     "[one, two], or one a line with - before it")  # fmt: skip
    return tuple(dict.fromkeys(one.strip() for one in items if one.strip()))


def _known(field: Field) -> str:
    return f"known here: {', '.join(field.choices)}" if field.choices else "write something there"


def _wrong(document: Document, key: str, message: str, hint: str) -> UsageError:
    return UsageError("ticket.sheet", message, place=document.place((key,)), hint=hint)


def _shown(value: str | Sequence[str] | None) -> str:
    """Return a value as YAML that reads back as it was."""
    if not value:
        return "[]" if isinstance(value, tuple) else ""
    if not isinstance(value, str):
        return "[" + ", ".join(_quoted(one) for one in value) + "]"
    if "\n" in value and (block := _block(value)):
        return block
    plain = _PLAIN.fullmatch(value) and yaml12.scalar(value) == value
    return value if plain else _quoted(value)


def _block(text: str) -> str:
    """Return a literal block; "" for what one cannot say."""
    lines = text.split("\n")
    strange = _UNPRINTABLE.search(text) or not lines[0].strip() or lines[0][0] in " \t"
    if strange or not text.strip() or any(line and not line.strip() for line in lines):
        return ""
    ends = len(text) - len(text.rstrip("\n"))
    keep = {0: "-", 1: ""}.get(ends, "+")
    body = "\n".join(f"  {line}" if line else "" for line in text.rstrip("\n").split("\n"))
    return f"|{keep}\n{body}" + "\n" * max(0, ends - 1)


def _quoted(text: str) -> str:
    """Return a double-quoted scalar: JSON's, with YAML's escapes for what must not stand there."""
    return _UNPRINTABLE.sub(
        lambda found: _escaped(found[0]), json.dumps(text, ensure_ascii=False).replace("\t", "\\t")
    )


def _escaped(char: str) -> str:
    number = ord(char)
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}"


def since(known: Ticket, now: Ticket) -> str:
    """Return who wrote to a ticket since it was read; "" where nobody did."""
    before = {event.eid for event in known.history}
    new = [event.by for event in now.history if event.eid not in before]
    return visible(", ".join(dict.fromkeys(new)))
