"""The one clock. Logic takes its time as an argument; the edges take it from here."""

import time
from datetime import UTC, datetime


def now() -> datetime:
    """Return the current time, aware, in UTC."""
    return datetime.now(UTC)


def epoch_s() -> float:
    """Return seconds since 1970-01-01 UTC."""
    return time.time()


def monotonic_s() -> float:
    """Return seconds of a clock that no one sets; only differences mean anything."""
    return time.monotonic()


def iso(moment: datetime) -> str:
    """Return RFC 3339 in UTC with a Z and whole seconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
