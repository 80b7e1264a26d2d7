"""JSON Lines: the records as `--json` has them, in all languages."""

from collections.abc import Iterable, Iterator

import msgspec

from msptool import escape
from msptool.tickets.export import EXPORTERS, Reader
from msptool.tickets.view import View


@EXPORTERS.add("jsonl")
def payload(views: Iterable[View], _reader: Reader) -> Iterator[bytes]:
    """Yield one line a ticket; what no terminal should see is escaped, as JSON can."""
    for view in views:
        yield (escape.json(msgspec.json.encode(view).decode()) + "\n").encode()
