"""iCalendar (RFC 5545): a to-do for each ticket, an event for each of its visits.

UIDs are made of ULIDs that never change, SEQUENCE grows with the history, and there is no METHOD:
so a calendar that takes the file again brings itself up to date, and DTSTAMP is when the ticket
changed (3.8.7.2). A visit that was cancelled or withdrawn, and a ticket that has ended, say so by
their STATUS. Nobody is an ATTENDEE: a calendar would write to them.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from msptool.tickets.export import EXPORTERS, Reader, words, zones
from msptool.tickets.export.texts import inert, utc
from msptool.tickets.lifecycle import ACTIVE, Importance, State
from msptool.tickets.ticket import first
from msptool.tickets.view import Call, View

if TYPE_CHECKING:
    from icalendar import Component

DOMAIN = "msptool.invalid"  # RFC 2606: nobody's, so that no one else makes such a UID
# Rules of a zone are told for these years; what lies outside of them is told in UTC.
FIRST_DAY, LAST_DAY = date(2020, 1, 1), date(2037, 12, 31)
PRIORITY: dict[Importance, int] = {"critical": 1, "high": 3, "normal": 5, "low": 9}  # 3.8.1.9
STATUS: dict[State, str] = {
    "open": "NEEDS-ACTION",
    "snoozed": "NEEDS-ACTION",
    "in_progress": "IN-PROCESS",
    "waiting": "IN-PROCESS",
    "resolved": "COMPLETED",
    "closed": "COMPLETED",
}
_TAG = re.compile(r"<(?=[A-Za-z/!?])")


@EXPORTERS.add("ical")
def payload(views: Iterable[View], reader: Reader) -> Iterator[bytes]:
    """Yield the calendar, one component at a time."""
    yield b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//msptool//tickets//EN\r\n"
    if isinstance(reader.zone, ZoneInfo) and reader.zone.key != "UTC":
        yield zones.vtimezone(reader.zone, FIRST_DAY, LAST_DAY).to_ical()
    for view in views:
        yield _todo(view, reader).to_ical()
        for call in (*view.visits, *view.withdrawn):
            yield _visit(call, view, reader).to_ical()
    yield b"END:VCALENDAR\r\n"


def _todo(view: View, reader: Reader) -> "Component":
    from icalendar import Todo

    todo = Todo()
    _begin(todo, view.opening, view, revision=view.revision)
    todo.add("summary", text(f"{view.id} {view.title}"))
    todo.add("created", utc(view.opened_at))
    todo.add("status", "CANCELLED" if _came_to_nothing(view) else STATUS[view.state])
    todo.add("priority", PRIORITY[view.priority])
    if view.tags:
        todo.add("categories", [text(tag) for tag in view.tags])
    due = view.resolve_due_at or view.response_due_at
    if due is not None and view.state in ACTIVE:
        todo.add("due", moment(due, reader))
    if view.ended_at is not None:
        todo.add("completed", utc(view.ended_at))
    if told := "\n\n".join(filter(None, map(text, _description(view, reader)))):
        todo.add("description", told)
    return todo


def _came_to_nothing(view: View) -> bool:
    return view.state == "closed" and view.reason in ("wont-fix", "duplicate", "accepted")


def _description(view: View, reader: Reader) -> Iterator[str]:
    yield view.text
    yield first(view.message, reader.languages)
    yield first(view.remedy, reader.languages)
    for field in ("requester", "category", "name", "part"):
        if told := getattr(view, field):
            yield f"{words.name(field, reader.languages)}: {told}"
    yield "\n".join(f"[{'x' if item.done else ' '}] {item.text}" for item in view.checklist)


def _visit(call: Call, view: View, reader: Reader) -> "Component":
    from icalendar import Event

    event = Event()
    _begin(event, call.id, view, revision=call.revision)
    event.add("summary", text(f"{view.id} {view.title}"))
    starts, ends = moment(call.starts_at, reader), moment(call.ends_at, reader)
    event.add("dtstart", starts)
    if call.ends_at > call.starts_at:  # 3.6.1: an end is after its start, or is not told
        event.add("dtend", ends)
    gone = call.status == "cancelled" or call not in view.visits
    event.add("status", "CANCELLED" if gone else "CONFIRMED")
    event.add("related-to", uid(view.opening))
    if call.place:
        event.add("location", text(call.place))
    if told := "\n".join(map(text, filter(None, (call.engineer, call.text, view.requester)))):
        event.add("description", told)
    return event


def _begin(made: "Component", name: str, view: View, *, revision: int) -> None:
    made.add("uid", uid(name))
    made.add("dtstamp", utc(view.changed_at))
    made.add("last-modified", utc(view.changed_at))
    made.add("sequence", revision - 1)
    made.add("x-msptool-ticket", text(view.id))


def uid(eid: str) -> str:
    """Return the UID of what an event opened."""
    return f"{eid}@{DOMAIN}"


def text(said: str) -> str:
    """Return text for a calendar; some show HTML, so that a `<` may not begin a tag."""
    return _TAG.sub("< ", inert(said)).strip("\n")


def moment(at: datetime, reader: Reader) -> datetime:
    """Return a time as a calendar may have it: in the client's zone where its rules are told.

    An hour that comes twice means its first coming (3.3.5), so the second is told in UTC.
    """
    there = utc(at)
    if not isinstance(reader.zone, ZoneInfo) or reader.zone.key == "UTC":
        return there
    inside = FIRST_DAY < there.date() < LAST_DAY
    here = there.astimezone(reader.zone) if inside else there
    return there if here.fold else here
