"""Tickets for other programs; one file a format.

An exporter is a pure function from records and the client's languages to chunks of bytes; it
must pass tests/contract/test_ticket_exports.py: every ticket once, in the order given, nothing
active for the program that opens it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeAlias

from msptool.errors import UsageError
from msptool.registry import Register
from msptool.tickets.view import View

Exporter: TypeAlias = Callable[[Iterable[View], Sequence[str]], Iterator[bytes]]
EXPORTERS: Register[Exporter] = Register("msptool.tickets.export")


def find(name: str) -> Exporter:
    """Return the exporter of a format; raise UsageError with those there are."""
    known = EXPORTERS.load()
    if name not in known:
        raise UsageError("tickets.format", f"no format {name[:40]!r}", nearest=tuple(known))
    return known[name]
