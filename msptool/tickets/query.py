"""Filters that one can type, as SQL: `status:open prio:>=high check:NET-001 sla:late telnet`.

Values go in as parameters, never into the text of a query.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any, TypeAlias, TypeVar

from msptool import model
from msptool.errors import UsageError
from msptool.tickets import lifecycle, rows, typed, when

T = TypeVar("T", bound=str)
_WHOLE = 2
_COMPARE = (">=", "<=", ">", "<", "=")
_EFFECTIVE = "CASE WHEN state = 'snoozed' AND snoozed_until <= :now THEN 'open' ELSE state END"
_LATE = (
    "(response_met IS NULL AND response_due < :now OR resolve_met IS NULL AND resolve_due < :now)"
)
_WARNED = (
    "(response_met IS NULL AND response_warn <= :now AND response_due >= :now"
    " OR resolve_met IS NULL AND resolve_warn <= :now AND resolve_due >= :now)"
)
_NEXT_DUE = (
    "min(coalesce(CASE WHEN response_met IS NULL THEN response_due END, 9e15),"
    " coalesce(CASE WHEN resolve_met IS NULL THEN resolve_due END, 9e15))"
)
# The orders of a list; each term may be turned round.
SORTS: Mapping[str, Sequence[str]] = {
    "urgency": ("active DESC", "priority DESC", _NEXT_DUE, "id"),
    "due": (_NEXT_DUE, "priority DESC", "id"),
    "age": ("opened_at", "id"),
    "changed": ("changed_at DESC", "id"),
    "prio": ("priority DESC", "opened_at", "id"),
    "who": ("assignee = ''", "assignee COLLATE NOCASE", "active DESC", "priority DESC", "id"),
    "requester": ("requester = ''", "requester COLLATE NOCASE", "opened_at", "id"),
    "id": ("id",),
}
URGENCY = ", ".join(SORTS["urgency"])


@dataclass(frozen=True)
class Query:
    """A condition on the index's rows, with its values; `names_state`: it says which states."""

    where: str
    values: Mapping[str, Any]
    names_state: bool = False


@dataclass
class _Making:
    now: datetime
    zone: tzinfo
    me: str
    values: dict[str, Any]

    def put(self, value: Any) -> str:
        """Return the name under which a value goes into the query."""
        name = f"v{len(self.values)}"
        self.values[name] = value
        return f":{name}"


Maker: TypeAlias = Callable[[str, _Making], str]


def parse(terms: Sequence[str], now: datetime, zone: tzinfo, *, me: str = "") -> Query:
    """Return the query that all terms make; raise UsageError at an unknown key or value.

    `-` before a term turns it round. A term without a key's colon is a word that begins a word of
    the ticket; of several words, they stand there in this order. Days are those of the zone, the
    client's; `me` is who `assignee:me` means.
    """
    terms = [typed.meant(term, KEYS) for term in terms]
    making = _Making(now, zone, me, {"now": rows.ms(now)})
    words = [term for term in terms if not _key(term.removeprefix("-"))]
    parts = [_term(term, making) for term in terms if _key(term.removeprefix("-"))]
    for word in words:
        inside = _word(word.removeprefix("-"), making)
        parts.append(f"NOT {inside}" if word.startswith("-") else inside)
    states = any(_key(t.removeprefix("-")) == "status" for t in terms)
    return Query(" AND ".join(parts) or "1", making.values, states)


def _key(term: str) -> str:
    key, colon, _ = term.partition(":")
    return key if colon and key.isalpha() else ""


def _term(term: str, making: _Making) -> str:
    plain = term.removeprefix("-")
    key, _, value = plain.partition(":")
    if key not in KEYS:
        raise unknown(f"there is no filter {key[:40]!r}", key, [f"{name}:" for name in KEYS])
    try:
        made = f"({KEYS[key](value, making)})"
    except _Unknown as error:
        said = f"{key}: has no value {error.value[:40]!r}"
        raise unknown(said, error.value, error.allowed) from error
    except UsageError as error:
        if error.code != "ticket.time":
            raise
        raise UsageError("ticket.time", f"{plain[:40]!r} is no time", hint=error.hint) from error
    return made if plain == term else f"NOT {made}"


def words_of(terms: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the terms that are words, and those that are filters."""
    meant = [typed.meant(term, KEYS) for term in terms]
    filters = [term for term in meant if _key(term.removeprefix("-")) or term.startswith("-")]
    return [term for term in meant if term not in filters], filters


def match(text: str) -> str:
    """Return FTS5's expression for words that follow each other, the last of which begins a word
    of the ticket; "" where no letter is in them. A word of one or two letters stands for itself:
    what begins with it is nearly everything, and takes seconds.
    """
    plain = unicodedata.normalize("NFC", text)  # macOS types accents apart
    words = [word.replace('"', '""') for word in plain.split() if any(c.isalnum() for c in word)]
    begins = "*" if len(plain.strip()) > _WHOLE else ""
    return f'"{" ".join(words)}"{begins}' if words else ""


def _word(word: str, making: _Making) -> str:
    """A word stands in the texts, or is a part of the id."""
    in_id = f"id LIKE {making.put('%' + _plain(word.upper()) + '%')} ESCAPE '!'"
    wanted = match(word)
    if not wanted:
        return f"({in_id})"
    found = f"number IN (SELECT rowid FROM words WHERE words MATCH {making.put(wanted)})"  # noqa: S608
    return f"({in_id} OR {found})"


def _plain(text: str) -> str:
    return re.sub(r"([!%_])", r"!\1", text)


def _status(value: str, making: _Making) -> str:
    if value == "active":
        return "active"
    wanted = [_known(one, lifecycle.STATES) for one in value.split(",")]
    return f"{_EFFECTIVE} IN ({', '.join(map(making.put, wanted))})"


def _level(column: str, levels: Sequence[str], *, worst_first: bool) -> Maker:
    def made(value: str, making: _Making) -> str:
        sign = next((sign for sign in _COMPARE if value.startswith(sign)), "")
        at = levels.index(_known(value.removeprefix(sign), levels))
        turned = {">=": "<=", "<=": ">=", ">": "<", "<": ">"} if worst_first else {}
        return f"{column} {turned.get(sign, sign or '=')} {making.put(at)}"

    return made


def _same(column: str) -> Maker:
    return lambda value, making: (
        f"{column} = ''" if value == "none" else f"{column} = {making.put(value)} COLLATE NOCASE"
    )


def _within(*columns: str) -> Maker:
    def made(value: str, making: _Making) -> str:
        wanted = making.put(f"%{_plain(value)}%")
        return " OR ".join(f"{column} LIKE {wanted} ESCAPE '!'" for column in columns)

    return made


def _assignee(value: str, making: _Making) -> str:
    if value == "none":
        return "assignee = ''"
    if value == "me" and making.me:
        return f"assignee IN ({making.put(making.me)}, {making.put(making.me.partition('@')[0])})"
    return _within("assignee")(value, making)


def _client(value: str, making: _Making) -> str:
    """An id begins with the client's code."""
    likes = (f"{_plain(code.upper())}-%" for code in value.split(","))
    return " OR ".join(f"id LIKE {making.put(like)} ESCAPE '!'" for like in likes)


def _tag(value: str, making: _Making) -> str:
    return f"instr(tags, {making.put(chr(10) + value.casefold() + chr(10))})"


def _sla(value: str, _making: _Making) -> str:
    return SLA[_known(value, tuple(SLA))]


def _is(value: str, making: _Making) -> str:
    return IS[_known(value, tuple(IS))]


def _time(column: str, *, ahead: bool) -> Maker:
    """`<2d`: less than two days ago, or from now; `>=2026-11-01`: on that day or later. Of a time
    its minute.
    """

    def made(value: str, making: _Making) -> str:
        sign = next((sign for sign in _COMPARE if value.startswith(sign)), "")
        said = value.removeprefix(sign)
        at = when.away(said, making.now, making.zone, past=not ahead)
        if at is not None:
            turned = {">=": "<=", "<=": ">=", ">": "<", "<": ">"}
            shown = sign or "<="
            compare = shown if ahead else turned.get(shown, shown)
            return f"{column} {compare} {making.put(rows.ms(at))}"
        bounds = when.period(said, making.now, making.zone, past=not ahead)
        start, end = (making.put(rows.ms(bound)) for bound in bounds)
        return {
            ">=": f"{column} >= {start}",
            ">": f"{column} >= {end}",
            "<": f"{column} < {start}",
            "<=": f"{column} < {end}",
        }.get(sign, f"{column} >= {start} AND {column} < {end}")

    return made


KEYS: Mapping[str, Maker] = {
    "status": _status,
    "prio": _level("priority", lifecycle.LEVELS, worst_first=False),
    "severity": _level("severity", model.SEVERITIES, worst_first=True),
    "type": _same("kind"),
    "check": _same("rule"),
    "thing": _within("name", "thing"),
    "requester": _within("requester"),
    "client": _client,
    "assignee": _assignee,
    "queue": _same("queue"),
    "line": _same("line"),
    "category": _within("category"),
    "channel": _same("channel"),
    "tag": _tag,
    "parent": _same("parent"),
    "sla": _sla,
    "is": _is,
    "opened": _time("opened_at", ahead=False),
    "changed": _time("changed_at", ahead=False),
    "ended": _time("ended_at", ahead=False),
    "due": _time(_NEXT_DUE, ahead=True),
}
SLA: Mapping[str, str] = {
    "late": _LATE,
    "breaching": f"{_LATE} OR {_WARNED}",
    "warning": _WARNED,
    "running": "response_met IS NULL AND response_due >= :now"
    " OR resolve_met IS NULL AND resolve_due >= :now",
    "paused": "paused",
    "met": "response_met = 1 OR resolve_met = 1",
    "missed": "response_met = 0 OR resolve_met = 0",
    "none": "response_due IS NULL AND resolve_due IS NULL AND NOT paused"
    " AND response_met IS NULL AND resolve_met IS NULL",
}
IS: Mapping[str, str] = {
    "child": "parent != ''",
    "parent": "id IN (SELECT parent FROM ticket WHERE parent != '')",
    "conflict": "conflicts > 0",
    "unknown": "unknown > 0",
    "clashed": "clashed != ''",
    "snoozed": "state = 'snoozed' AND snoozed_until > :now",
    "accepted": "state = 'closed' AND reason = 'accepted'",
    "expired": "state = 'closed' AND reason = 'accepted' AND accepted_until <= :now",
    "reopened": "reopened > 0",
    "finding": "rule != ''",
}


class _Unknown(Exception):
    def __init__(self, value: str, allowed: Sequence[str]) -> None:
        super().__init__(value)
        self.value, self.allowed = value, allowed


def _known(value: str, allowed: Sequence[T]) -> T:
    for one in allowed:
        if one == value:
            return one
    raise _Unknown(value, allowed)


def unknown(said: str, value: str, allowed: Iterable[str]) -> UsageError:
    """Return the error for a word that is none of the allowed ones; it names the nearest."""
    names = list(allowed)
    import difflib

    near = difflib.get_close_matches(value, names, n=2, cutoff=0.4)
    return UsageError(
        "tickets.filter", said,
        hint=f"known here: {', '.join(names)}", nearest=tuple(near),
    )  # fmt: skip
