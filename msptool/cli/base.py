"""What every verb shares: its options, and how it prints results, talk and findings."""

import inspect
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

from msptool import terminal
from msptool.cli import boundary, speech
from msptool.errors import FINDINGS, UsageError
from msptool.workspace import Workspace, find

if TYPE_CHECKING:
    from msptool.errors import PartDone
    from msptool.model import Finding, Line, Severity

F = TypeVar("F", bound=Callable[..., Any])

workspace_option = click.option(
    "-C", "--workspace", "directory", metavar="DIR", help="The client's workspace."
)
json_option = click.option("--json", "as_json", is_flag=True, help="JSON Lines on stdout.")
quiet_option = click.option("-q", "--quiet", is_flag=True, help="Say nothing when all is fine.")
fail_on_option = click.option(
    "--fail-on",
    type=click.Choice(["critical", "high", "medium", "low", "info", "never"]),
    default="high",
    show_default=True,
    help="Exit with 1 from this severity on.",
)


def examples(*lines: str) -> Callable[[F], F]:
    """Return a decorator that ends a command's help with examples, kept as they are written."""

    def add(function: F) -> F:
        shown = "\n".join(f"  {line}" for line in lines)
        told = inspect.cleandoc(function.__doc__ or "")
        function.__doc__ = f"{told}\n\n\b\nExamples:\n{shown}"
        return function

    return add


def open_workspace(directory: str | None) -> Workspace:
    """Return the workspace of -C (after the verb, else before the noun), else the folder."""
    given = click.get_current_context().find_root().obj if directory is None else directory
    if given == "":  # -C "$UNSET" must not mean the folder that we happen to stand in
        raise UsageError("usage.wrong", "-C is empty", hint="name the client's workspace")
    return find(Path(given) if isinstance(given, str) else None)


def emit(lines: Iterable["Line"]) -> None:
    """Print records as JSON Lines on stdout."""
    from msptool import escape
    from msptool.model import encode

    for line in lines:
        sys.stdout.write(escape.json(encode(line).decode()) + "\n")


def end(as_json: bool) -> None:
    """End JSON Lines with the line by which a reader knows that they are whole."""
    from msptool import clock
    from msptool.model import End

    if as_json:
        emit([End(ended_at=clock.now(), complete=True)])


@contextmanager
def into(path: Path) -> Iterator[None]:
    """Tell of a file that cannot be written since its folder is not there; raises UsageError."""
    from msptool.errors import UsageError

    try:
        yield
    except (FileNotFoundError, NotADirectoryError) as error:
        folder = path.resolve().parent
        raise UsageError("usage.file", f"no folder {folder}", hint="make it first") from error


def record(told: object) -> None:
    """Print a record as a line of JSON, its hidden characters as escapes."""
    import msgspec

    from msptool import escape

    say(escape.json(msgspec.json.encode(told).decode()))


def say(text: str) -> None:
    """Print a result on stdout; what came from outside must be escaped already."""
    if text:
        sys.stdout.write(text + "\n")


def records(told: Iterable[object]) -> None:
    """Print records as JSON Lines."""
    for one in told:
        record(one)


def tell(text: str, *, quiet: bool = False) -> None:
    """Print talk on stderr."""
    if text and not quiet:
        sys.stderr.write(text + "\n")


def table(headers: Sequence[str], rows: Iterable[Sequence[str]], *, flexible: int = -1) -> None:
    """Print a table of untrusted cells on stdout."""
    sys.stdout.write(columns(headers, rows, flexible=flexible) + "\n")


def columns(headers: Sequence[str], rows: Iterable[Sequence[str]], *, flexible: int = -1) -> str:
    """Return a table of untrusted cells under headings in the engineer's language."""
    return terminal.table(speech.headings(headers), rows, flexible=flexible)


def progress(*, quiet: bool = False) -> terminal.Progress:
    """Return a progress display on stderr; a silent one if quiet."""
    return terminal.Progress(None if quiet else sys.stderr, told=partial(speech.told, "progress"))


def part_done(error: "PartDone", *, as_json: bool) -> int:
    """Raise what was done in part; after a whole report in JSON, only say it: its last line is
    `end`, and an `error` line behind it would undo that.
    """
    if not as_json:
        raise error
    tell(boundary.headline(error))
    return error.exit


def verdict(findings: Iterable["Finding"], fail_on: str) -> int:
    """Return the exit code that findings deserve: 1 if one is at least as bad as `fail_on`."""
    from msptool.model import SEVERITIES

    if fail_on == "never":
        return 0
    worst = SEVERITIES[: SEVERITIES.index(cast("Severity", fail_on)) + 1]
    return FINDINGS if any(finding.severity in worst for finding in findings) else 0
