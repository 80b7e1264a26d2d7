"""One ticket as a page for the terminal. Untrusted text is escaped, and never begins a line."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from msptool import clock, terminal
from msptool.escape import visible
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
from msptool.tickets.view import View, clock_words

_LABEL = 11


def page(
    ticket: Ticket, view: View, languages: Sequence[str], now: datetime, last: Receipt | None
) -> str:
    """Return the page; `last` is the receipt of the newest run that saw the finding."""
    head = (ticket.id, view.priority, view.state, view.reason or "", clock_words(view, now))
    lines = ["  ".join(part for part in head if part)]
    for label, text in _facts(view, languages, now, last):
        lines += _block(label, text)
    lines.append("history")
    for event in ticket.history:
        lines += _told(event, no_effect=event.eid in ticket.unmoved)
    return "\n".join(lines)


def _facts(
    view: View, languages: Sequence[str], now: datetime, last: Receipt | None
) -> Iterator[tuple[str, str]]:
    yield "subject", view.title
    yield "of", view.duplicate_of
    yield "requester", view.requester
    yield "text", view.text
    if view.check:
        yield "check", f"{view.check}, severity {view.severity}, importance {view.importance}"
        yield "thing", " ".join(part for part in (view.name, view.part, f"({view.thing})") if part)
    yield "message", first(view.message, languages)
    yield "remedy", first(view.remedy, languages)
    yield "evidence", " ".join(view.evidence)
    yield "answer by", _moment(view.response_due_at, view.response)
    yield "done by", _moment(view.resolve_due_at, view.resolution)
    if last is not None:
        age = terminal.age((now - last.started_at).total_seconds())
        yield "last seen", f"{age} ago, {last.kind} {last.run}"


def _moment(moment: datetime | None, standing: str) -> str:
    return f"{clock.iso(moment)}  {standing}" if moment else ""


def _block(label: str, text: str) -> Iterable[str]:
    """Return a labelled text; its further lines are indented to the first."""
    if not text.strip():
        return []
    head, *rest = [visible(line) for line in text.splitlines()]
    return [f"{label:<{_LABEL}} {head}", *(f"{'':<{_LABEL}} {line}" for line in rest)]


def _told(event: AnyEvent, *, no_effect: bool) -> Iterable[str]:
    what = _words(event) + (" (no effect)" if no_effect else "")
    head, *rest = [visible(line) for line in what.splitlines()]
    return [
        f"  {clock.iso(event.at)}  {visible(event.by)}  {head}",
        *(f"      {line}" for line in rest),
    ]


def _words(event: AnyEvent) -> str:
    return _TELL[type(event)](event)


def _from(seen: Sighting | None) -> str:
    if seen is None:
        return ""
    parts = (seen.vantage and f"from {seen.vantage}", seen.run and f"run {seen.run}")
    return ", " + ", ".join([*(part for part in parts if part), f"as {seen.privilege}"])


def _sighted(event: Opened | Reopened) -> str:
    return _from(event.about.seen if event.about else None)


def _set_words(event: Set) -> str:
    return "set " + ", ".join(f"{name}={value}" for name, value in event.fields.items())


_TELL: Mapping[type, Callable[[Any], str]] = {
    Opened: lambda event: f"opened{_sighted(event)}",
    Reopened: lambda event: f"reopened{_sighted(event)} {event.text}",
    Resolved: lambda event: f"resolved{_from(event.seen)}",
    Set: _set_words,
    Comment: lambda event: f"comment {event.text}",
    Closed: lambda event: f"closed as {event.reason} {event.duplicate_of} {event.text}",
    Unknown: lambda event: f"unknown event {event.event!r}, of a newer msptool",
}
