"""What a search found, on the terminal: each ticket, and where the words stand in it."""

import sys
from collections.abc import Iterator

from msptool import terminal
from msptool.escape import line_start, visible
from msptool.tickets.searching import Hit, pieces

_INDENT = "    "


def hit(found: Hit) -> Iterator[str]:
    """Yield the lines of a hit: the ticket, and where the words stand in it."""
    row = found.row
    head = f"{row.id}  {row.priority}  {row.state}  "
    shown = terminal.shown(row.title, sys.stdout)
    if terminal.is_live(sys.stdout):
        shown = terminal.shorten(shown, max(8, terminal.width() - len(head)))
    yield head + shown
    if found.snippet:
        yield _INDENT + _snippet(found.snippet)


def _snippet(snippet: str) -> str:
    """Return a snippet on one line that fits, its words in bold where there is colour."""
    live = terminal.is_live(sys.stdout)
    room = terminal.width() - len(_INDENT) if live else 0
    text, bold = "", terminal.paints(sys.stdout)
    for at, (piece, is_hit) in enumerate(pieces(snippet)):
        shown = terminal.shown(visible(piece), sys.stdout)
        shown = line_start(shown) if at == 0 else shown
        if live and terminal.columns(shown) > room:
            shown = terminal.cut(shown, room)
        room -= terminal.columns(shown)
        text += terminal.paint(shown, "bold", sys.stdout) if is_hit and bold else shown
    return text
