"""The calendars that the case tables name, and how a row of a table is read."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from msptool.profile.promises import WEEKDAYS, Closure, OwnDay, Weekday
from msptool.profile.promises import Calendar as Told
from msptool.tickets.lifecycle import ACTIVE, State
from msptool.tickets.sla import wall
from msptool.tickets.sla.calendar import Calendar
from msptool.tickets.sla.hours import Always, Hours, Worked
from msptool.tickets.sla.public_days import Public
from msptool.tickets.ticket import Span, Ticket

TABLES = Path(__file__).parents[3] / "cases" / "sla"
T0 = datetime(2026, 6, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Row:
    """A case: where its truth comes from, what is asked of which calendar, what it checks."""

    origin: str
    calendar: str
    ask: str
    given: str
    expected: str
    checks: str


def rows() -> Iterator[Row]:
    """Yield the rows of all tables."""
    for path in sorted(TABLES.glob("*.tsv")):
        with path.open(newline="") as file:
            for line in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                yield Row(**line)


def _week(*hours: str, days: tuple[Weekday, ...] = WEEKDAYS[:5]) -> dict[Weekday, tuple[str, ...]]:
    return dict.fromkeys(days, hours)


ALL = _week("00:00-24:00", days=WEEKDAYS)
OFFICE = _week("09:00-17:00")
RUSSIAN = _week("09:00-13:00", "14:00-18:00")
SUMMER = Closure(date=date(2019, 7, 8), to=date(2019, 9, 1), why="summer vacations")
BAVARIAN = Told(
    week=OFFICE,
    holidays="DE-BY",
    closed=(Closure(date=date(2025, 12, 27), to=date(2025, 12, 31)),),
    days=(
        OwnDay(date=date(2025, 12, 24), hours=("09:00-14:00",)),
        OwnDay(date=date(2025, 12, 31), hours=("10:00-12:00",)),
        OwnDay(date=date(2026, 1, 6), hours=("10:00-12:00",)),
    ),
)
NAMED: dict[str, tuple[Told, str]] = {
    "glpi": (Told(week=_week("08:00-20:00")), "UTC"),
    "5x24": (Told(week=_week("00:00-24:00")), "UTC"),
    "24h-days": (Told(week=ALL), "UTC"),
    "glpi-closed": (
        Told(week=_week("08:00-20:00"), closed=(Closure(date=date(2019, 5, 1)), SUMMER)),
        "Europe/Paris",
    ),
    "osticket-us": (Told(week=_week("08:00-17:00"), holidays="US"), "America/New_York"),
    "lunch": (Told(week=_week("09:00-13:00", "14:00-18:00")), "Asia/Kolkata"),
    "ru": (Told(week=RUSSIAN, holidays="RU", eve_less_h=1), "Europe/Moscow"),
    "ru-plain": (Told(week=RUSSIAN, holidays="RU"), "Europe/Moscow"),
    "ru-shop": (
        Told(week=RUSSIAN | {"sat": ("10:00-16:00",)}, holidays="RU", eve_less_h=1),
        "Europe/Moscow",
    ),
    "de-BY-closed": (BAVARIAN, "Europe/Berlin"),
    "de-BY-catholic": (
        Told(week=OFFICE, holidays="DE-BY", categories=("public", "catholic")),
        "Europe/Berlin",
    ),
    "berlin-daytime": (Told(week=_week("08:00-17:00")), "Europe/Berlin"),
    "berlin-night": (Told(week=_week("02:30-10:00", days=("sun",))), "Europe/Berlin"),
    "berlin-split": (
        Told(week=_week("00:00-02:30", "02:30-10:00", days=("sun",))),
        "Europe/Berlin",
    ),
    "berlin-early": (Told(week=_week("02:10-02:50", days=WEEKDAYS)), "Europe/Berlin"),
    "berlin-24h": (Told(week=ALL), "Europe/Berlin"),
    "moscow-24h": (Told(week=ALL), "Europe/Moscow"),
    "newyork-24h": (Told(week=ALL), "America/New_York"),
    "lordhowe-24h": (Told(week=ALL), "Australia/Lord_Howe"),
    "beirut-24h": (Told(week=ALL), "Asia/Beirut"),
    "apia-24h": (Told(week=ALL), "Pacific/Apia"),
    "kolkata": (Told(week=_week("09:00-18:00")), "Asia/Kolkata"),
}
AROUND = {"24x7": "UTC", "24x7-berlin": "Europe/Berlin"}


@lru_cache
def named(name: str) -> tuple[Calendar, Hours, ZoneInfo]:
    """Return a calendar, its hours and its zone."""
    if name in AROUND:
        return Calendar(Told(), Public()), Always(), ZoneInfo(AROUND[name])
    if name in NAMED:
        told, key = NAMED[name]
    else:
        land = name.removeprefix("de-")
        told, key = Told(week=OFFICE, holidays=f"DE-{land}"), "Europe/Berlin"
    calendar = Calendar(told, Public(told.holidays, told.categories))
    return calendar, Worked(calendar, ZoneInfo(key)), ZoneInfo(key)


def local(text: str, zone: ZoneInfo) -> int:
    """Return the instant of `2026-03-29 02:30` on a wall clock; the first, if it comes twice."""
    naive = datetime.fromisoformat(text)
    return wall.when(naive.date(), naive.hour * 60 + naive.minute, zone)


def shown(instant: int | None, zone: ZoneInfo) -> str:
    """Return an instant as the wall clock shows it."""
    at = wall.moment(instant or 0).astimezone(zone)
    return at.strftime("%Y-%m-%d %H:%M") if instant is not None else "never"


def amount(text: str) -> int:
    """Return `7h`, `0.5h` or `15min` in microseconds."""
    if text.endswith("min"):
        return round(float(text.removesuffix("min")) * wall.MINUTE)
    return round(float(text.removesuffix("h")) * wall.HOUR)


def ticket(*history: tuple[float, State], since: float = 0, until: float | None = None) -> Ticket:
    """Return a ticket of these states, at minutes after T0; `until`: the last snooze's end."""
    snoozed_until = None if until is None else minutes_after(until)
    spans = tuple(
        Span(minutes_after(at), state, "high", "anna@desk",
             snoozed_until if state == "snoozed" else None)
        for at, state in history
    )  # fmt: skip
    ended = next((span.at for span in spans if span.state not in ACTIVE), None)
    begun = minutes_after(since)
    return Ticket(
        id="ACME-000000-0", client="ACME", kind="request", title="t", text="", requester="",
        about=None, own_priority="high", state=history[-1][1], opened_at=begun, since=begun,
        as_of=begun, changed_at=spans[-1].at, history=(), spans=spans, ended_at=ended,
    )  # fmt: skip


def minutes_after(minutes: float) -> datetime:
    return T0 + timedelta(minutes=minutes)
