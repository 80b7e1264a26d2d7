"""Figures and conflicts of tickets on the terminal."""

import sys
from collections.abc import Iterator, Sequence
from datetime import tzinfo

from msptool import terminal
from msptool.cli import speech, understood
from msptool.cli.speech import _
from msptool.escape import visible
from msptool.tickets.disputes import Act, Dispute
from msptool.tickets.stats import Line

HEADERS = (
    "GROUP", "OPENED", "CLOSED", "OPEN", "", "AGE", "BACK", "ANSWERED", "SOLVED", "HOURS",
)  # fmt: skip
_BAR, _SHORT = 10, 6
_WIDE = 100
_HOUR_S = 3600


def rows(lines: Sequence[Line]) -> Iterator[Sequence[str]]:
    """Yield the cells under HEADERS; the bars show what is open, the longest is ten columns
    or, on a terminal that is not wide, six.
    """
    narrow = terminal.is_live(sys.stdout) and terminal.width() < _WIDE
    longest = _SHORT if narrow else _BAR
    most = max((line.open for line in lines if line.by), default=0)
    for line in lines:
        yield (
            line.value or ("-" if line.by else _("all")),
            str(line.opened), str(line.closed), str(line.open),
            _bar(line.open, most, longest) if line.by else "",
            "" if line.age_h is None else speech.age(line.age_h * _HOUR_S),
            str(line.reopened),
            _kept(line.response_met, line.response_missed),
            _kept(line.resolve_met, line.resolve_missed),
            f"{line.hours:.1f}",
        )  # fmt: skip


def _bar(count: int, most: int, longest: int) -> str:
    length = max(1, round(longest * count / most)) if count else 0
    return ("█" if _can_show_blocks() else "#") * length


def _can_show_blocks() -> bool:
    return terminal.shown("█", sys.stdout) == "█"


def _kept(met: int, missed: int) -> str:
    """Return how many promises were kept, of all that came due: `12/14`."""
    return f"{met}/{met + missed}" if met or missed else ""


def dispute(one: Dispute, zone: tzinfo) -> Iterator[str]:
    """Yield the lines of a conflict, its times on the clock of a zone."""
    yield f"{one.ticket}  {visible(one.field)}  {visible(one.title)}"
    yield "  " + _("stands: {0}", _act(one.stands, zone))
    for act in one.lost:
        yield "  " + _("lost:   {0}", _act(act, zone))
    yield "  " + _("to settle: msptool tickets {0} {1}", one.settle, one.ticket)


def _act(act: Act, zone: tzinfo) -> str:
    return f"{visible(act.value) or '-'}  ({visible(act.by)}, {understood.zoned(act.at, zone)})"
