"""What happened to a ticket, event by event, and what contradicts; each a line or more."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import tzinfo
from typing import Any

from msptool.cli.speech import _
from msptool.cli.understood import at
from msptool.escape import line_start, visible
from msptool.tickets import contested
from msptool.tickets.events import (
    AnyEvent,
    Attached,
    Closed,
    Comment,
    Escalated,
    Linked,
    Opened,
    Redacted,
    Reopened,
    Resolved,
    Set,
    Sighting,
    Snoozed,
    Ticked,
    Timed,
    Unknown,
    Visit,
    Voided,
)
from msptool.tickets.ticket import Ticket


def lines(ticket: Ticket, zone: tzinfo) -> Iterator[str]:
    """Yield the history of a ticket, its times on the clock of a zone."""
    by_eid = {event.eid: event for event in ticket.history}
    for event in ticket.history:
        what = told(event, zone, by_eid)
        yield from _told(event, what, zone, no_effect=event.eid in ticket.unmoved)


def told(event: AnyEvent, zone: tzinfo, by_eid: Mapping[str, AnyEvent]) -> str:
    """Return what an event says; `by_eid` holds those that it may take back."""
    if isinstance(event, Voided):
        return _took_back(event, zone, by_eid)
    return _TELL[type(event)](event, zone)


def _took_back(event: Voided, zone: tzinfo, by_eid: Mapping[str, AnyEvent]) -> str:
    taken = by_eid.get(event.of)
    what = told(taken, zone, {}).split("\n", 1)[0].rstrip() if taken else event.of
    return _("took back: {0}; {1}", what, event.text) if event.text else _("took back: {0}", what)


def conflicts(ticket: Ticket, zone: tzinfo) -> Iterator[tuple[str, str]]:
    """Yield for each field that people set at once who stands, and who lost."""
    by_eid = {event.eid: event for event in ticket.history}
    for conflict in ticket.conflicts:
        winner, *losers = (
            _claim(by_eid[eid], conflict.field, zone) for eid in (conflict.winner, *conflict.losers)
        )
        yield conflict.field, _("stands: {0}; lost: {1}", winner, "; ".join(losers))


def _claim(event: AnyEvent, field: str, zone: tzinfo) -> str:
    """Return what somebody set a field to, who it was and when."""
    value = dict(contested.wrote(event)).get(field, "")
    said = " ".join(str(part) for part in value if part) if isinstance(value, tuple) else value
    return f"{said} ({event.by}, {at(event.at, zone)})"


def safe_lines(text: str) -> list[str]:
    """Return untrusted lines; a CI runner takes commands from an indented line too."""
    return [line_start(visible(line)) for line in text.splitlines()]


def _told(event: AnyEvent, said: str, zone: tzinfo, *, no_effect: bool) -> Iterable[str]:
    what = said.rstrip() + (_(" (no effect)") if no_effect else "")
    head, *rest = safe_lines(what)
    return [
        f"  {at(event.at, zone)}  {visible(event.by)}  {head}",
        *(f"      {line}" for line in rest),
    ]


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
    return _("set {0}", "; ".join(_set_to(*pair) for pair in event.fields.items()))


def _set_to(name: str, value: object) -> str:
    said = ", ".join(map(str, value)) if isinstance(value, tuple | list) else value
    return f"{name}: {said or '-'}"


def _escalated(event: Escalated) -> str:
    told = {_("symptom"): event.symptom, _("tried"): event.tried, _("evidence"): event.evidence}
    to = f"{event.line} {event.assignee}".strip()
    return "\n".join([_("escalated to {0}", to), *(f"{k}: {v}" for k, v in told.items())])


def _timed(event: Timed) -> str:
    told = _("worked {0} min, {1}, {2}", event.minutes, event.work, event.billing)
    return f"{told} {event.text}".rstrip()


def _visit(event: Visit, zone: tzinfo) -> str:
    span = f"{at(event.starts_at, zone)} - {at(event.ends_at, zone)}"
    told = _("visit {0}: {1}", event.status, span)
    more = " ".join(part for part in (event.engineer, event.place, event.text) if part)
    return f"{told} {more}".rstrip()


def _linked(event: Linked) -> str:
    said = f"{event.tie} {event.to}"
    return _("no longer {0}", said) if event.gone else _("link: {0}", said)


def _ticked(event: Ticked) -> str:
    number = event.item + 1
    return _("ticked {0}", number) if event.done else _("took back the tick of {0}", number)


def _comment(event: Comment) -> str:
    return _("internal {0}", event.text) if event.internal else _("comment {0}", event.text)


_TELL: Mapping[type, Callable[[Any, tzinfo], str]] = {
    Opened: lambda event, _zone: _("opened{0}", _sighted(event)),
    Reopened: lambda event, _zone: _("reopened{0} {1}", _sighted(event), event.text),
    Resolved: lambda event, _zone: _("resolved{0}", _from(event.seen)),
    Set: lambda event, _zone: _set_words(event),
    Comment: lambda event, _zone: _comment(event),
    Closed: lambda event, _zone: _(
        "closed as {0} {1} {2}", event.reason, event.duplicate_of, event.text
    ),
    Snoozed: lambda event, zone: _("rests until {0} {1}", at(event.until, zone), event.text),
    Linked: lambda event, _zone: _linked(event),
    Escalated: lambda event, _zone: _escalated(event),
    Timed: lambda event, _zone: _timed(event),
    Visit: _visit,
    Attached: lambda event, _zone: _("attached {0}", event.name),
    Ticked: lambda event, _zone: _ticked(event),
    Redacted: lambda event, _zone: _("a secret was taken out {0}", event.text),
    Unknown: lambda event, _zone: _("unknown event {0}, of a newer msptool", repr(event.event)),
}
