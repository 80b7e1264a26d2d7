"""Tickets for other programs; one file a format.

An exporter is a pure function from records and their reader to chunks of bytes; it must pass
tests/contract/test_ticket_exports.py: every ticket once, in the order given, nothing active for
the program that opens it. It holds no more of the records than it must: there may be 100,000.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, tzinfo
from typing import TypeAlias

from msptool.errors import UsageError
from msptool.registry import Register
from msptool.tickets.view import View


def _unheard(_ticket: str, _field: str) -> None:
    """Let what was cut go untold."""


@dataclass(frozen=True)
class Reader:
    """For whom it is: the client's languages, the first one before all, and its time zone.

    `cut` is told ticket and field of each text that the format could not hold whole.
    """

    languages: Sequence[str] = ("en",)
    zone: tzinfo = UTC
    cut: Callable[[str, str], None] = _unheard


Exporter: TypeAlias = Callable[[Iterable[View], Reader], Iterator[bytes]]
EXPORTERS: Register[Exporter] = Register("msptool.tickets.export")
BINARY = frozenset({"xlsx"})  # no terminal can show these


def find(name: str) -> Exporter:
    """Return the exporter of a format; raise UsageError with those there are."""
    known = EXPORTERS.load()
    if name not in known:
        raise UsageError("tickets.format", f"no format {name[:40]!r}", nearest=tuple(known))
    return known[name]
