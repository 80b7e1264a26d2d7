"""Lists of tickets on the terminal: as many columns as fit, in colours of urgency."""

import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from msptool import terminal
from msptool.cli import speech
from msptool.cli.speech import _
from msptool.tickets import clocks
from msptool.tickets.clocks import Clocks
from msptool.tickets.listing import Row

_WHO_COLUMNS = 12
# Columns by the least width of a terminal that has room for them; a pipe has room for all.
_ROOM: Mapping[str, int] = {"STATE": 80, "AGE": 100, "WHO": 100}
_COLOURS: Mapping[str, str] = {
    "critical": "critical", "high": "high", "late": "critical", "warning": "medium",
}  # fmt: skip
_Cell = Callable[[Row, datetime], str]


def clock_words(reckoned: Clocks, now: datetime) -> str:
    """Return how the running clock stands ("1 h left", "2 d late"), or how it ended."""
    due, resolution = clocks.next_due(reckoned), clocks.resolution(reckoned, now)
    if due is None:
        ended = resolution in ("met", "missed", "paused")
        return speech.told("clock", resolution) if ended else ""
    left_s = (due - now).total_seconds()
    age = speech.age(abs(left_s))
    return _("{0} left", age) if left_s >= 0 else _("{0} late", age)


def _subject(row: Row, _now: datetime) -> str:
    return row.title + (f"  +{row.children}" if row.children else "")


def _who(row: Row, _now: datetime) -> str:
    if not terminal.is_live(sys.stdout):
        return row.assignee
    who = row.assignee.partition("@")[0] or row.assignee
    return terminal.shorten(terminal.shown(who, sys.stdout), _WHO_COLUMNS)


_CELLS: Mapping[str, _Cell] = {
    "CLIENT": lambda row, _now: row.client,
    "TICKET": lambda row, _now: row.id,
    "PRIO": lambda row, _now: row.priority,
    "STATE": lambda row, _now: row.state,
    "SLA": lambda row, now: clock_words(row.clocks, now),
    "AGE": lambda row, now: speech.age(max(0.0, (now - row.opened_at).total_seconds())),
    "WHO": _who,
    "SUBJECT": _subject,
}


def table(rows: Sequence[Row], now: datetime, *, clients: bool) -> str:
    """Return a table; `clients`: of several clients. Raw texts are escaped."""
    heads = [head for head in _CELLS if _fits(head) and (clients or head != "CLIENT")]
    cells = [[_CELLS[head](row, now) for head in heads] for row in rows]
    colours = [_painted(row, heads, now) for row in rows]
    return terminal.table(speech.headings(heads), cells, colours=colours)


def _fits(head: str) -> bool:
    narrow = terminal.is_live(sys.stdout) and terminal.width() >= terminal.NARROW
    return not narrow or terminal.width() >= _ROOM.get(head, 0)


def _painted(row: Row, heads: Sequence[str], now: datetime) -> dict[int, str]:
    """Return the colours of cells: of the priority, and of a clock that runs out."""
    running = {clocks.response(row.clocks, now), clocks.resolution(row.clocks, now)}
    clock = next((state for state in ("late", "warning") if state in running), "")
    wanted = {"PRIO": row.priority, "SLA": clock}
    return {heads.index(h): _COLOURS[v] for h, v in wanted.items() if v in _COLOURS}
