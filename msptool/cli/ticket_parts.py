"""The parts of a ticket's page that people add: where it stands, ties, lists, time, visits."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, tzinfo

from msptool.cli import speech, ticket_history, understood
from msptool.cli.speech import _
from msptool.tickets import entries
from msptool.tickets.events import Tie
from msptool.tickets.related import Related
from msptool.tickets.ticket import Ticket
from msptool.tickets.view import Call, Entry, File, View


def of(
    ticket: Ticket, view: View, others: Related, zone: tzinfo, now: datetime
) -> Iterator[tuple[str, str]]:
    """Yield labels and texts; a text that is empty has nothing to say."""
    yield from _place(view, zone, now)
    yield _("links"), "\n".join(_links(view, others))
    yield _("came under"), view.parent
    yield _("children"), "\n".join(f"{ident}  {state}" for ident, state in others.children)
    yield _("to do"), "\n".join(_checklist(view))
    yield _("time"), "\n".join(_times(view.times, entries.numbers(ticket), zone))
    yield _("visits"), "\n".join(_visits(view.visits, zone))
    yield _("files"), "\n".join(map(_file, view.attachments))
    yield _("newer"), ", ".join(view.unknown)
    if ticket.clashed:
        both = ", ".join(others.clashed)
        yield (
            _("also"),
            _("the id {0} was drawn for {1} too; it leads to all", ticket.clashed, both),
        )
    conflicts = (f"{field}: {told}" for field, told in ticket_history.conflicts(ticket, zone))
    yield _("conflicts"), "\n".join(conflicts)


def _place(view: View, zone: tzinfo, now: datetime) -> Iterator[tuple[str, str]]:
    who = _("{0} has it", view.assignee) if view.assignee else _("nobody has it")
    queue = _("queue {0}", view.queue) if view.queue else ""
    yield _("placed"), ", ".join(part for part in (view.line, queue, who) if part)
    if view.impact or view.urgency:
        yield _("hinders"), _("impact {0}, urgency {1}", view.impact or "-", view.urgency or "-")
    yield _("tags"), ", ".join(view.tags)
    yield _("aliases"), ", ".join(view.aliases)
    if view.snoozed_until is not None and view.snoozed_until > now:
        yield _("rests till"), understood.at(view.snoozed_until, zone)
    if view.accepted_until is not None:
        over = _("the risk is due again") if view.accepted_until <= now else ""
        until = understood.day_end(view.accepted_until, zone)
        yield _("accepted"), "  ".join(filter(None, [until, over]))


_BACK: Mapping[Tie, str] = {
    "relates": "relates to",
    "blocks": "blocked by",
    "causes": "caused by",
    "duplicates": "duplicated by",
    "merged-into": "merged from",
    "split-from": "split into",
}


def _links(view: View, others: Related) -> Iterator[str]:
    """Yield what leads from here, and what leads here, each other ticket once a tie."""
    own = dict.fromkeys(view.links)
    yield from (f"{_tie(tie)} {to}" for tie, to in own)
    for tie, other in others.links:
        if not (tie == "relates" and ("relates", other) in own):
            yield f"{_back(tie)} {other}"
    yield from (f"{_back('duplicates')} {other}" for other in others.duplicates)


def _tie(tie: Tie) -> str:
    return speech.told("link", "relates to" if tie == "relates" else tie.replace("-", " "))


def _back(tie: Tie) -> str:
    return speech.told("link", _BACK[tie])


def _checklist(view: View) -> Iterator[str]:
    for number, item in enumerate(view.checklist, start=1):
        yield f"{number}. [{'x' if item.done else ' '}] {item.text}"


def _times(times: Sequence[Entry], numbers: Mapping[str, int], zone: tzinfo) -> Iterator[str]:
    """Yield the sums, then each entry with the number by which it is taken back."""
    if not times:
        return
    sums: dict[str, int] = {}
    for entry in times:
        sums[entry.billing] = sums.get(entry.billing, 0) + entry.minutes
    parts = ", ".join(
        f"{billing} {understood.length(minutes)}" for billing, minutes in sums.items()
    )
    yield _("{0} in all: {1}", understood.length(sum(sums.values())), parts)
    for entry in times:
        began = understood.at(entry.began_at, zone)
        told = f"{numbers[entry.id]}. {began}  {understood.length(entry.minutes)}  "
        yield f"{told}{entry.work} {entry.billing}  {entry.by}  {entry.text}".rstrip()


def _visits(visits: Iterable[Call], zone: tzinfo) -> Iterator[str]:
    for number, call in enumerate(visits, start=1):
        span = understood.span(call.starts_at, call.ends_at, zone, understood.at)
        parts = (call.status, call.engineer, call.place, call.text)
        yield f"{number}. {span} {call.starts_at.astimezone(zone):%Z}  " + "  ".join(
            part for part in parts if part
        )


def _file(file: File) -> str:
    return f"{file.name}  {file.size_bytes} B  {file.sha256[:12]}"
