"""How help is laid out: in the engineer's language, every sentence whole, nothing over 80 columns.

click formats help through one class and takes another where a context names it; so the language
is chosen where help leaves, and commands are written in English only.
"""

import re
from collections.abc import Iterable

import click

from msptool import terminal
from msptool.cli import speech

_EXTRAS = re.compile(r"(.*?)(?:  )?(?:\[([^\[\]]*)\])?", re.DOTALL)


class Formatter(click.HelpFormatter):
    """click's own, with headings, paragraphs and lines of options looked up."""

    def __init__(self, indent_increment: int = 2, width: int | None = None, **_: object) -> None:
        """Fit the terminal; click itself is never narrower than 50."""
        super().__init__(indent_increment, width or min(80, terminal.width()) - 2)

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write the line of usage; what is to be typed stays as it is."""
        super().write_usage(prog, args, prefix or f"{speech.helped('Usage:')} ")

    def write_heading(self, heading: str) -> None:
        """Write a heading."""
        super().write_heading(speech.helped(heading))

    def write_text(self, text: str) -> None:
        """Write paragraphs."""
        super().write_text("\n\n".join(speech.helped(part) for part in text.split("\n\n")))

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        """Write options or commands, each with its line."""
        told = [(name, _explained(line)) for name, line in rows]
        super().write_dl(told, col_max, col_spacing)


def _explained(line: str) -> str:
    """Return an option's line and its extras: `Which network.  [default: 1; x>=0]`."""
    found = _EXTRAS.fullmatch(line)
    if found is None or not found[2]:
        return speech.helped(line)
    extras = "; ".join(speech.helped(extra) for extra in found[2].split("; "))
    return f"{speech.helped(found[1])}  [{extras}]" if found[1] else f"[{extras}]"


class Context(click.Context):
    """A context whose help speaks."""

    formatter_class = Formatter


class Verb(click.Command):
    """A command whose help speaks."""

    context_class = Context
