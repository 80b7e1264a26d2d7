"""Texts and times as every format may have them: visible, and never out of range."""

import re
from datetime import UTC, datetime, tzinfo

from msptool import clock
from msptool.escape import visible

_NO_CHARACTER = re.compile("[\ufdd0-\ufdef\ufffe\uffff]")  # no XML may hold the last two


def inert(text: str) -> str:
    r"""Return text whose only control character is the line feed: a tab becomes spaces, all others
    `\xNN` …
    """
    if text.isprintable():
        return text
    shown = "\n".join(map(visible, text.replace("\t", "    ").splitlines()))
    return _NO_CHARACTER.sub(lambda found: f"\\u{ord(found[0]):04x}", shown)


def stamp(at: datetime) -> str:
    """Return a time as RFC 3339; one that UTC cannot hold (year 1, year 9999) as it was said."""
    try:
        return clock.iso(at)
    except OverflowError:
        return at.isoformat()


def local(at: datetime, zone: tzinfo) -> datetime:
    """Return a time in a zone; one that the zone cannot hold as it was said."""
    try:
        return at.astimezone(zone)
    except OverflowError:
        return at


def utc(at: datetime) -> datetime:
    """Return a time in UTC; one that UTC cannot hold as the nearest that it can."""
    try:
        return at.astimezone(UTC)
    except OverflowError:
        return datetime(1, 1, 1, tzinfo=UTC) if at.year == 1 else datetime(9999, 12, 31, tzinfo=UTC)
