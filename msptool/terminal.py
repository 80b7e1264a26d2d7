"""Words on a terminal: width, colour, tables, progress. Escapes what comes from outside.

click honours neither NO_COLOR nor TERM=dumb, and libraries for tables pass control bytes through,
so the little that is needed stands here.
"""

import codecs
import os
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TextIO

from msptool import clock
from msptool.escape import line_start, visible

NARROW = 60
_STDERR = 2
COLOURS = {"critical": "1;31", "high": "31", "medium": "33", "low": "36", "ok": "32", "bold": "1"}


def prepare() -> None:
    r"""Let every locale print every text, and a closed stream take it.

    What an encoding cannot show becomes `\uNNNN`, which JSON reads back as it was. A closed
    descriptor is opened on /dev/null, lest the next file that we open be taken for it; a closed
    stdin stays None, which says that there is nothing to read.
    """
    codecs.register_error("msptool", _escaped)
    while (handle := os.open(os.devnull, os.O_RDWR)) <= _STDERR:
        pass
    os.close(handle)
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="msptool")


def _escaped(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    units = error.object[error.start : error.end].encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4)), error.end


def is_live(stream: TextIO) -> bool:
    """Tell whether a stream is a terminal that moves its cursor."""
    try:
        return stream.isatty() and os.environ.get("TERM", "dumb") != "dumb"
    except ValueError:  # closed
        return False


def paints(stream: TextIO) -> bool:
    """Tell whether to colour: a live terminal and no NO_COLOR (no-color.org)."""
    return is_live(stream) and not os.environ.get("NO_COLOR")


def paint(text: str, colour: str, stream: TextIO) -> str:
    """Return text in a colour of COLOURS where the stream takes one."""
    code = COLOURS.get(colour)
    return f"\x1b[{code}m{text}\x1b[0m" if code and paints(stream) else text


def wipe(stream: TextIO) -> str:
    """Return what takes back the line that is being written in place; "" where none can be."""
    if not is_live(stream):
        return ""
    return "\r\x1b[K" if paints(stream) else f"\r{' ' * (width() - 1)}\r"


def language() -> str:
    """Return the engineer's language, "ru" or "en"; the variables are read, never set."""
    for name in ("MSPTOOL_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return "ru" if value.startswith("ru") else "en"
    return "en"


def width() -> int:
    """Return the columns of the terminal, within 20 and 200."""
    import shutil

    return max(20, min(200, shutil.get_terminal_size((80, 24)).columns))


# Of these each takes one column (Unicode 17, East Asian Width and zero-width characters): what most
# texts here are made of, Cyrillic too, without the 40 ms that wcwidth's tables take to load.
_ONE_COLUMN = re.compile(
    "[ -~\u00a1-\u00ac\u00ae-\u024f\u0400-\u0482\u048a-\u052f\u2013-\u201d\u2026]*"
)


def columns(text: str) -> int:
    """Return how many columns a text takes (wide, combining and zero-width characters)."""
    if _ONE_COLUMN.fullmatch(text):
        return len(text)
    import wcwidth

    return max(0, wcwidth.wcswidth(text))


def shorten(text: str, limit: int) -> str:
    """Cut a text in the middle to at most `limit` columns."""
    if columns(text) <= limit:
        return text
    keep = max(2, limit - 3)
    head, tail = text[: (keep + 1) // 2], text[len(text) - keep // 2 :]
    while head and columns(f"{head}...{tail}") > limit:
        head = head[:-1]
    return f"{head}...{tail}"


def cut(text: str, limit: int) -> str:
    """Cut a text at its end to at most `limit` columns; a wide character is cut whole."""
    while columns(text) > max(0, limit):
        text = text[: max(0, min(len(text) - 1, limit))]
    return text


_PADDED = 80  # columns that a cell may take of every row


def table(
    headers: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    flexible: int = -1,
    stream: TextIO | None = None,
    colours: Sequence[Mapping[int, str]] = (),
) -> str:
    """Return a table of untrusted cells; only the `flexible` column is cut, and only on a
    terminal. Under 60 columns each row becomes `header: value` lines, so that nothing is lost. In a
    pipe a very long cell moves the rest of its own row, and does not widen all others.
    `colours`: of some cells of each row, by their place.
    """
    stream = stream or sys.stdout
    cells = [[shown(cell, stream) for cell in row] for row in rows]
    for row in cells:
        row[0] = line_start(row[0])
    live = is_live(stream)
    if live and width() < NARROW:
        for row, painted in zip(cells, colours, strict=False):
            for at, colour in painted.items():
                row[at] = paint(row[at], colour, stream)
        return "\n\n".join(_stacked(headers, row) for row in cells)
    widths = [max(columns(row[at]) for row in (headers, *cells)) for at in range(len(headers))]
    flexible %= len(headers)
    if live:
        spare = width() - sum(widths) - 2 * (len(widths) - 1)
        widths[flexible] = max(8, widths[flexible] + min(0, spare))
    else:
        widths, flexible = [min(width, _PADDED) for width in widths], -1
    codes = [_codes(painted, stream) for painted in ({}, *colours)]
    rest: list[dict[int, str]] = [{}] * (len(cells) + 1 - len(codes))
    lines = [
        _line(row, widths, flexible, painted)
        for row, painted in zip((headers, *cells), (*codes, *rest), strict=True)
    ]
    return "\n".join(lines)


def _codes(colours: Mapping[int, str], stream: TextIO) -> dict[int, str]:
    if not colours or not paints(stream):
        return {}
    return {at: COLOURS[colour] for at, colour in colours.items()}


def shown(text: str, stream: TextIO) -> str:
    """Return untrusted text as a stream will show it, so that its columns can be counted."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    text = visible(text)
    try:
        return text.encode(encoding, "msptool").decode(encoding)
    except LookupError:  # not prepared, or an encoding of another world
        return text


def _stacked(headers: Sequence[str], row: Sequence[str]) -> str:
    return "\n".join(f"{head}: {cell}" for head, cell in zip(headers, row, strict=True))


def _line(
    row: Sequence[str], widths: Sequence[int], flexible: int, codes: Mapping[int, str]
) -> str:
    padded = []
    for at, (cell, limit) in enumerate(zip(row, widths, strict=True)):
        text = shorten(cell, limit) if at == flexible else cell
        blanks = " " * max(0, limit - columns(text))
        padded.append((f"\x1b[{codes[at]}m{text}\x1b[0m" if at in codes else text) + blanks)
    return "  ".join(padded).rstrip()


_AGES = ((86400 * 2, 86400, "d"), (5400, 3600, "h"), (90, 60, "min"))


def age(seconds: float) -> str:
    """Return an age as people say it: "6 h", "3 d"."""
    for least, size, unit in _AGES:
        if abs(seconds) >= least:
            return f"{round(seconds / size)} {unit}"
    return f"{round(seconds)} s"


def clock_face(seconds: float) -> str:
    """Return minutes and seconds as `4:31`."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


class Progress:
    """Tells how far long work is: in place on a terminal, at most a line a minute elsewhere."""

    def __init__(
        self,
        stream: TextIO | None,
        *,
        now_s: Callable[[], float] = clock.monotonic_s,
        told: Callable[[str], str] = str,
    ) -> None:
        """Write to a stream, each name and detail as `told` puts it; to none if it is None."""
        self._stream = stream
        self._now_s = now_s
        self._told = told
        self._started = self._last = now_s()
        self._step = ""

    def step(self, name: str, detail: str = "") -> None:
        """Begin or go on with a step."""
        if self._stream is None:
            return
        if name != self._step:
            self._step, self._started = name, self._now_s()
        if is_live(self._stream):
            spent = clock_face(self._now_s() - self._started)
            text = shorten(visible(f"> {self._told(name)}  {self._told(detail)}"), width() - 10)
            self._write(f"{wipe(self._stream)}{text}  {spent}")
        elif self._now_s() - self._last >= 60:
            self._last = self._now_s()
            told = visible(f"{self._told(name)} {self._told(detail)}")
            self._write(f"{clock.iso(clock.now())} {told}\n")

    def done(self, name: str, detail: str = "") -> None:
        """Leave one line that a step ended."""
        if self._stream is None:
            return
        spent = clock_face(self._now_s() - self._started)
        told = f"{visible(self._told(name)):<10} {visible(self._told(detail))}"
        self._write(f"{wipe(self._stream)}{self._mark()} {told}  {spent}\n")
        self._started = self._last = self._now_s()
        self._step = ""

    def clear(self) -> None:
        """Take back a line that is being written in place."""
        if self._stream is not None and self._step:
            self._write(wipe(self._stream))

    def _mark(self) -> str:
        encoding = getattr(self._stream, "encoding", None) or "ascii"
        try:
            "✓".encode(encoding)
        except (UnicodeEncodeError, LookupError):
            return "ok"
        return "✓"

    def _write(self, text: str) -> None:
        if self._stream is not None:
            self._stream.write(text)
            self._stream.flush()
