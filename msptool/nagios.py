"""The console script `check_msptool`: a Nagios plugin. Whatever happens is 0, 1, 2 or 3.

It stands outside `cli` and imports nothing of msptool before it can answer: a failed import must
say UNKNOWN too, and a server that asks every minute must not pay for a command line.
"""

import os
import signal
import sys
from collections.abc import Sequence
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    import argparse

UNKNOWN = 3
TIMEOUT_S = 10


class UsageError(Exception):
    """Wrong words, or a question about the plugin itself: both are UNKNOWN (the guidelines)."""


def main(argv: Sequence[str] | None = None) -> NoReturn:
    """Print one line about a workspace's newest runs and leave with the plugin's code."""
    try:
        line, code = _answer(sys.argv[1:] if argv is None else argv)
    except SystemExit:  # argparse has printed its help
        line, code = "", UNKNOWN
    except BaseException as error:  # noqa: BLE001 - a plugin that crashes must say UNKNOWN
        line, code = f"MSPTOOL UNKNOWN - {_cause(error)}", UNKNOWN
    _leave(line, code)


def _answer(argv: Sequence[str]) -> tuple[str, int]:
    asked = _asked(argv)
    _limit(asked.timeout)

    from datetime import timedelta
    from pathlib import Path

    from msptool import __version__, clock, workspace
    from msptool.monitor import nagios

    if asked.version:
        return f"check_msptool {__version__}", UNKNOWN
    place = workspace.find(Path(asked.workspace) if asked.workspace else None)
    reports = nagios.gather(place, asked.kind or nagios.KINDS, named=bool(asked.kind))
    state = nagios.judge(reports, clock.now(), timedelta(hours=asked.max_age))
    return state.line(), state.code


def _asked(argv: Sequence[str]) -> "argparse.Namespace":
    """Read the words; argparse alone would leave with 2, which is CRITICAL to a server."""
    import argparse

    class Parser(argparse.ArgumentParser):
        def error(self, message: str) -> NoReturn:
            raise UsageError(f"usage: {message}; see check_msptool --help")

    parser = Parser(prog="check_msptool", description="The newest runs of a workspace for Nagios.")
    add, kinds = parser.add_argument, ["monitor", "restore", "audit"]
    add("-C", "--workspace", metavar="DIR", help="the client's workspace")
    add("--max-age", type=_hours, default=26.0, metavar="HOURS", help="older is UNKNOWN (26)")
    add("--kind", action="append", choices=kinds, help="only this kind, which must be there")
    add("-t", "--timeout", type=int, default=TIMEOUT_S, metavar="SECONDS", help="stop after (10)")
    add("-V", "--version", action="store_true", help="show the version")
    return parser.parse_args(list(argv))


def _hours(text: str) -> float:
    """Return a positive number of hours; float() alone takes `nan`, `1_0` and Arabic digits."""
    import re

    if not re.fullmatch(r"\d{1,6}(\.\d+)?", text, re.ASCII):
        raise ValueError(text)
    return float(text)


def _limit(seconds: int) -> None:
    if seconds < 1:
        raise UsageError("usage: --timeout counts whole seconds from 1")
    signal.signal(signal.SIGALRM, _too_slow)
    signal.alarm(seconds)


def _too_slow(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise TimeoutError("no answer within the time limit")


def _cause(error: BaseException) -> str:
    """Return what happened on one line, without what a server would take for its own syntax."""
    text = f"{error}" or "stopped"
    if not isinstance(error, UsageError | TimeoutError) and not hasattr(error, "code"):
        text = f"{type(error).__name__}: {text}"
    return "".join(char if char.isprintable() else "?" for char in text).replace("|", "/")


def _leave(line: str, code: int) -> NoReturn:
    """Print the line whatever the locale, and leave; where it cannot be printed, UNKNOWN."""
    try:
        sys.stdout.flush()
        data = (f"{line}\n" if line else "").encode(
            sys.stdout.encoding or "ascii", errors="backslashreplace"
        )
        os.write(1, data)
    except (OSError, LookupError):
        code = UNKNOWN
    os._exit(code)
