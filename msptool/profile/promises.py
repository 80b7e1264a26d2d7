"""What a profile promises of tickets: how soon, in which hours, and how worked time is counted."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, Struct, field

Hours = Annotated[float, Meta(gt=0, le=24 * 366)]
Day: TypeAlias = date
WorkingHours = Annotated[
    str,
    Meta(
        pattern=r"^([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)$(?!\n)",
        description="hours of a day like 09:00-13:00; 24:00 is its end",
    ),
]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _usual() -> dict[Weekday, tuple[WorkingHours, ...]]:
    return dict.fromkeys(WEEKDAYS[:5], ("09:00-18:00",))


class Sla(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How soon a ticket must be answered and done, in hours: around the clock (24x7), or of the
    calendar's working time (business).
    """

    response_h: Hours
    resolve_h: Hours
    hours: Literal["24x7", "business"] = "24x7"


class Closure(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A day on which the client does not work, or all days from `date` up to `to`."""

    date: Day
    to: Day | None = None
    why: str = ""


class OwnDay(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A day with hours of its own, whatever day it is: a short one, or one worked in addition."""

    date: date
    hours: Annotated[tuple[WorkingHours, ...], Meta(min_length=1)]
    why: str = ""


class Calendar(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The client's working time, on the wall clock of client.zone: hours by weekday, several a day
    where there is a break; public `holidays` of a country or a part of it, with its moved days;
    of which `categories`; the client's own `closed` days; `days` with hours of their own; and how
    many hours the day before a public holiday is shorter (1 by Russian law, labour code art. 95).
    """

    week: Mapping[Weekday, tuple[WorkingHours, ...]] = field(default_factory=_usual)
    holidays: Annotated[
        str,
        Meta(
            pattern=r"^([A-Z]{2}(-[A-Za-z0-9]{1,20})?)?$(?!\n)",
            description="a country or a part of it by ISO 3166, like RU or DE-BY",
        ),
    ] = ""
    categories: Annotated[
        tuple[Annotated[str, Meta(pattern=r"^[a-z_]{1,30}$(?!\n)")], ...], Meta(min_length=1)
    ] = ("public",)
    closed: tuple[Closure, ...] = ()
    days: tuple[OwnDay, ...] = ()
    eve_less_h: Annotated[float, Meta(ge=0, le=24)] = 0.0


class Effort(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How worked time is counted: each entry rounded to so many minutes, and how many hours a
    month the contract includes (0: it names none).
    """

    round_min: Annotated[int, Meta(ge=1, le=480)] = 1
    round: Literal["up", "nearest"] = "up"
    included_h: Annotated[float, Meta(ge=0, le=10_000)] = 0.0
