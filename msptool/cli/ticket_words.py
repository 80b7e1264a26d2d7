"""Tickets on the terminal: a row and a page. Untrusted text is escaped, and never begins a line."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, tzinfo

from msptool import terminal
from msptool.cli import speech, ticket_history, ticket_parts, understood
from msptool.cli.list_words import clock_words
from msptool.cli.speech import _
from msptool.cli.ticket_history import safe_lines
from msptool.tickets import clocks
from msptool.tickets.clocks import Clocks, Standing
from msptool.tickets.receipts import Receipt
from msptool.tickets.related import NONE, Related
from msptool.tickets.ticket import Ticket, first
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
    others: Related = NONE,
    zone: tzinfo = UTC,
) -> str:
    """Return the page; `last` is the receipt of the newest run that saw the finding, `others` what
    other tickets say of this one, `zone` the client's, in which times are told.

    The engineer's language comes before the client's.
    """
    lines = [_head(view, reckoned, now)]
    facts = (
        *_facts(view, (terminal.language(), *languages), now, last, zone),
        *ticket_parts.of(ticket, view, others, zone, now),
    )
    for label, text in facts:
        lines += _block(label, text)
    return "\n".join([*lines, f"{_('history')}  {zone}", *ticket_history.lines(ticket, zone)])


def _head(view: View, reckoned: Clocks, now: datetime) -> str:
    """Return the first line: what is urgent stands out on a terminal."""
    due, standing = clock_words(reckoned, now), clocks.resolution(reckoned, now)
    late = "late" in (standing, clocks.response(reckoned, now))
    warned = "warning" in (standing, clocks.response(reckoned, now))
    parts = (
        terminal.paint(view.id, "bold", sys.stdout),
        terminal.paint(view.priority, _URGENT.get(view.priority, ""), sys.stdout),
        view.state,
        view.reason or "",
        due and terminal.paint(due, "high" if late else "medium" if warned else "", sys.stdout),
    )
    return "  ".join(part for part in parts if part)


_URGENT = {"critical": "critical", "high": "high", "low": "low"}


def _facts(
    view: View, languages: Sequence[str], now: datetime, last: Receipt | None, zone: tzinfo
) -> Iterator[tuple[str, str]]:
    yield _("subject"), view.title
    yield _("of"), view.duplicate_of
    yield _("requester"), view.requester
    yield _("came by"), view.channel
    yield _("category"), view.category
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
    yield _("answer by"), _moment(view.response_due_at, view.response, zone)
    yield _("done by"), _moment(view.resolve_due_at, view.resolution, zone)
    if last is not None:
        age = _("{0} ago", speech.age((now - last.started_at).total_seconds()))
        yield _("last seen"), f"{age}, {last.kind} {last.run}"


def _moment(moment: datetime | None, standing: Standing, zone: tzinfo) -> str:
    return f"{understood.at(moment, zone)}  {_standing(standing)}" if moment else ""


def _standing(standing: Standing) -> str:
    """Return how a clock stands or ended: "running", "met"."""
    return speech.told("clock", standing)


def _block(label: str, text: str) -> Iterable[str]:
    """Return a labelled text; its further lines are indented to the first."""
    if not text.strip():
        return []
    head, *rest = safe_lines(text)
    return [f"{label:<{_LABEL}} {head}", *(f"{'':<{_LABEL}} {line}" for line in rest)]
