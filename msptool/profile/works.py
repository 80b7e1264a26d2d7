"""Announced works: hours of every week, and what of an announcement cannot be."""

import re
from datetime import timedelta

from msptool import yaml12
from msptool.errors import ProfileError
from msptool.profile.shape import Maintenance
from msptool.yaml12 import Document

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKLY = re.compile(
    rf"({'|'.join(DAYS)}) (\d\d):(\d\d) ?- ?({'|'.join(DAYS)}) (\d\d):(\d\d)", re.IGNORECASE
)


def weekly(text: str) -> tuple[timedelta, timedelta]:
    """Return beginning and end since Monday 00:00; raise ValueError where a text says no such."""
    found = _WEEKLY.fullmatch(text.strip())
    if found is None:
        raise ValueError("is no time of the week")
    begin, end = _since(*found.groups()[:3]), _since(*found.groups()[3:])
    if begin == end:
        raise ValueError("begins and ends at the same time")
    return begin, end


def _since(day: str, hour: str, minute: str) -> timedelta:
    if int(hour) > 23 or int(minute) > 59:
        raise ValueError("is no time of the week")
    return timedelta(days=DAYS.index(day.casefold()), hours=int(hour), minutes=int(minute))


def check(announced: tuple[Maintenance, ...], path: yaml12.Path, document: Document) -> None:
    """Raise ProfileError for the first announcement that never ends, or never begins."""
    for at, one in enumerate(announced):
        _check_weekly(one.weekly, (*path, at, "weekly"), document)
        if not one.weekly and one.ends_at is None:
            raise ProfileError(
                "profile.maintenance",
                f"{yaml12.dotted((*path, at))}: it never ends",
                place=document.place((*path, at)),
                hint="give ends_at, or weekly",
            )
        if one.starts_at and one.ends_at and one.starts_at >= one.ends_at:
            raise ProfileError(
                "profile.maintenance",
                f"{yaml12.dotted((*path, at, 'ends_at'))}: it ends before it begins",
                place=document.place((*path, at, "ends_at")),
                hint="ends_at must be later than starts_at",
            )


def _check_weekly(text: str, path: yaml12.Path, document: Document) -> None:
    try:
        weekly(text) if text.strip() else None
    except ValueError as error:
        raise ProfileError(
            "profile.weekly",
            f"{yaml12.dotted(path)}: {text[:40]!r} {error}",
            place=document.place(path),
            hint="write it as: sat 22:00 - sun 04:00",
        ) from error
