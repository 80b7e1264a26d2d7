"""Tickets on the terminal: a row and a page. Untrusted text is escaped, and never begins a line."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from msptool import clock, terminal
from msptool.cli import speech
from msptool.cli.list_words import clock_words
from msptool.cli.speech import _
from msptool.escape import line_start, visible
from msptool.tickets.clocks import Clocks, Standing
from msptool.tickets.events import (
    AnyEvent,
    Closed,
    Comment,
    Opened,
    Reopened,
    Resolved,
    Set,
    Sighting,
    Unknown,
)
from msptool.tickets.fold import Ticket, first
from msptool.tickets.receipts import Receipt
from msptool.tickets.view import View

_LABEL = 11


def page(
    ticket: Ticket,
    view: View,
    reckoned: Clocks,
    languages: Sequence[str],
    *,
    now: datetime,
    last: Receipt | None,
) -> str:
    """Return the page; `last` is the receipt of the newest run that saw the finding.

    The engineer's language comes before the client's.
    """
    head = (ticket.id, view.priority, view.state, view.reason or "", clock_words(reckoned, now))
    lines = ["  ".join(part for part in head if part)]
    for label, text in _facts(view, (terminal.language(), *languages), now, last):
        lines += _block(label, text)
    lines.append(_("history"))
    for event in ticket.history:
        lines += _told(event, no_effect=event.eid in ticket.unmoved)
    return "\n".join(lines)


def _facts(
    view: View, languages: Sequence[str], now: datetime, last: Receipt | None
) -> Iterator[tuple[str, str]]:
    yield _("subject"), view.title
    yield _("of"), view.duplicate_of
    yield _("requester"), view.requester
    yield _("text"), view.text
    if view.check:
        yield (
            _("check"),
            _("{0}, severity {1}, importance {2}", view.check, view.severity, view.importance),
        )
        place = (view.name, view.part, f"({view.thing})")
        yield _("thing"), " ".join(part for part in place if part)
    yield _("message"), first(view.message, languages)
    yield _("remedy"), first(view.remedy, languages)
    yield _("evidence"), " ".join(view.evidence)
    yield _("proof"), view.proof_head
    yield _("proof key"), view.proof_key
    yield _("answer by"), _moment(view.response_due_at, view.response)
    yield _("done by"), _moment(view.resolve_due_at, view.resolution)
    if last is not None:
        age = _("{0} ago", speech.age((now - last.started_at).total_seconds()))
        yield _("last seen"), f"{age}, {last.kind} {last.run}"


def _moment(moment: datetime | None, standing: Standing) -> str:
    return f"{clock.iso(moment)}  {_standing(standing)}" if moment else ""


def _standing(standing: Standing) -> str:
    """Return how a clock stands or ended: "running", "met"."""
    return speech.told("clock", standing)


def _block(label: str, text: str) -> Iterable[str]:
    """Return a labelled text; its further lines are indented to the first."""
    if not text.strip():
        return []
    head, *rest = _safe_lines(text)
    return [f"{label:<{_LABEL}} {head}", *(f"{'':<{_LABEL}} {line}" for line in rest)]


def _safe_lines(text: str) -> list[str]:
    """Return untrusted lines; a CI runner takes commands from an indented line too."""
    return [line_start(visible(line)) for line in text.splitlines()]


def _told(event: AnyEvent, *, no_effect: bool) -> Iterable[str]:
    what = _words(event) + (_(" (no effect)") if no_effect else "")
    head, *rest = _safe_lines(what)
    return [
        f"  {clock.iso(event.at)}  {visible(event.by)}  {head}",
        *(f"      {line}" for line in rest),
    ]


def _words(event: AnyEvent) -> str:
    return _TELL.get(type(event), _other)(event)


def _from(seen: Sighting | None) -> str:
    if seen is None:
        return ""
    parts = (
        seen.vantage and _("from {0}", seen.vantage),
        seen.run and _("run {0}", seen.run),
        _("as {0}", seen.privilege),
    )
    return "".join(f", {part}" for part in parts if part)


def _sighted(event: Opened | Reopened) -> str:
    return _from(event.about.seen if event.about else None)


def _set_words(event: Set) -> str:
    return _("set {0}", ", ".join(f"{name}={value}" for name, value in event.fields.items()))


def _other(event: AnyEvent) -> str:
    """Return what an event of any kind says, by the names of its fields."""
    told = msgspec.to_builtins(event)
    kind = told.pop("event")
    said = (f"{name}={value}" for name, value in told.items() if name not in _ENVELOPE)
    return " ".join((kind, *said))


_ENVELOPE = frozenset({"eid", "n", "by", "at", "after"})
_TELL: Mapping[type, Callable[[Any], str]] = {
    Opened: lambda event: _("opened{0}", _sighted(event)),
    Reopened: lambda event: _("reopened{0} {1}", _sighted(event), event.text),
    Resolved: lambda event: _("resolved{0}", _from(event.seen)),
    Set: _set_words,
    Comment: lambda event: _("comment {0}", event.text),
    Closed: lambda event: _("closed as {0} {1} {2}", event.reason, event.duplicate_of, event.text),
    Unknown: lambda event: _("unknown event {0}, of a newer msptool", repr(event.event)),
}
