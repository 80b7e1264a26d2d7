"""JSON Lines: the records as `--json` has them, in all languages."""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from msptool.tickets.export import EXPORTERS
from msptool.tickets.view import View


@EXPORTERS.add("jsonl")
def payload(views: Iterable[View], _languages: Sequence[str]) -> Iterator[bytes]:
    """Yield one line a ticket; JSON escapes control characters itself."""
    for view in views:
        yield msgspec.json.encode(view) + b"\n"
