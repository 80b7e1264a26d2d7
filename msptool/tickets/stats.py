"""How a service desk does: opened, closed, still open and how old, promises kept, hours worked.

All follows from the index. `since` bounds what happened (opened, ended, answered, worked); what is
open, and how old, is as of now.
"""

import statistics
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, TypeAlias, get_args

from msgspec import Struct

from msptool.tickets import lifecycle, rows
from msptool.tickets.desk import Desk

By: TypeAlias = Literal["priority", "assignee", "category", "line", "client", "type", "check"]
BYS: tuple[By, ...] = get_args(By)
_COLUMN: Mapping[By, str] = {
    "priority": "priority", "assignee": "assignee", "category": "category", "line": "line",
    "type": "kind", "check": "rule",
    "client": "substr(id, 1, instr(id, '-') - 1)",
}  # fmt: skip
_WHAT = (
    "active, opened_at, ended_at, answered_at, reopened, changed_at, response_met, resolve_met, "
    "worked, state = 'snoozed' AND snoozed_until > :now"
)


class Line(Struct, frozen=True, kw_only=True, tag_field="type", tag="stats"):
    """A group's figures; `value` is "" for what has none, and for the whole `by` is "".

    `age_h` is the median age of those that are open, `oldest_h` the highest. `reopened`: times, of
    tickets that changed since. `hours` are as worked, before any rounding.
    """

    by: str
    value: str
    opened: int
    closed: int
    open: int
    snoozed: int
    age_h: float | None
    oldest_h: float | None
    reopened: int
    response_met: int
    response_missed: int
    resolve_met: int
    resolve_missed: int
    hours: float


class Tally(Struct):
    """What is counted of a group; several clients' are added up."""

    opened: int = 0
    closed: int = 0
    snoozed: int = 0
    reopened: int = 0
    response: tuple[int, int] = (0, 0)
    resolve: tuple[int, int] = (0, 0)
    minutes: int = 0
    ages_h: list[float] = []

    def add(self, row: Sequence[Any], since_ms: int, now_ms: int) -> None:
        """Count a ticket; the columns are those of _WHAT."""
        (active, opened_at, ended_at, answered_at, reopened, changed_at, response_met, resolve_met,
         worked, asleep) = row  # fmt: skip
        self.opened += opened_at >= since_ms
        if active:
            self.ages_h.append((now_ms - opened_at) / 3_600_000)
            self.snoozed += bool(asleep)
        elif ended_at is not None and ended_at >= since_ms:
            self.closed += 1
        if changed_at >= since_ms:
            self.reopened += reopened
            self.minutes += rows.minutes_since(worked, since_ms)
        answered = answered_at if answered_at is not None else ended_at
        if answered is not None and answered >= since_ms:
            self.response = _counted(self.response, response_met)
        if ended_at is not None and ended_at >= since_ms:
            self.resolve = _counted(self.resolve, resolve_met)

    def join(self, other: "Tally") -> None:
        """Add another client's."""
        self.opened += other.opened
        self.closed += other.closed
        self.snoozed += other.snoozed
        self.reopened += other.reopened
        self.response = (self.response[0] + other.response[0], self.response[1] + other.response[1])
        self.resolve = (self.resolve[0] + other.resolve[0], self.resolve[1] + other.resolve[1])
        self.minutes += other.minutes
        self.ages_h += other.ages_h


def _counted(met_missed: tuple[int, int], met: int | None) -> tuple[int, int]:
    if met is None:
        return met_missed
    return (met_missed[0] + 1, met_missed[1]) if met else (met_missed[0], met_missed[1] + 1)


def tallies(desk: Desk, by: By, since: datetime, now: datetime) -> dict[str, Tally]:
    """Return what is counted of each group of one client."""
    since_ms, now_ms = rows.ms(since) or 0, rows.ms(now) or 0
    values = {"since": since_ms, "now": now_ms}
    sql = (
        f"SELECT {_COLUMN[by]}, {_WHAT} FROM ticket"  # noqa: S608
        " WHERE active OR changed_at >= :since"
    )
    found: dict[str, Tally] = defaultdict(Tally)
    for group, *row in desk.index.rows(sql, values):
        name = lifecycle.LEVELS[group] if by == "priority" else str(group or "")
        found[name].add(row, since_ms, now_ms)
    return dict(found)


def lines(by: By, found: Iterable[Mapping[str, Tally]]) -> list[Line]:
    """Return the figures of all clients' groups, the whole last."""
    groups: dict[str, Tally] = defaultdict(Tally)
    whole = Tally()
    for one in found:
        for name, tally in one.items():
            groups[name].join(tally)
            whole.join(tally)
    names = sorted(groups, key=lambda name: _place(by, name, groups[name]))
    return [*(_line(by, name, groups[name]) for name in names), _line("", "", whole)]


def _place(by: By, name: str, tally: Tally) -> tuple[float, str]:
    if by == "priority":
        return -lifecycle.LEVELS.index(next(at for at in lifecycle.LEVELS if at == name)), name
    return (0, name) if by in ("line", "client") else (-len(tally.ages_h), name)


def _line(by: str, value: str, tally: Tally) -> Line:
    return Line(
        by=by, value=value, opened=tally.opened, closed=tally.closed, open=len(tally.ages_h),
        snoozed=tally.snoozed,
        age_h=round(statistics.median(tally.ages_h), 1) if tally.ages_h else None,
        oldest_h=round(max(tally.ages_h), 1) if tally.ages_h else None,
        reopened=tally.reopened, response_met=tally.response[0],
        response_missed=tally.response[1], resolve_met=tally.resolve[0],
        resolve_missed=tally.resolve[1], hours=round(tally.minutes / 60, 2),
    )  # fmt: skip
