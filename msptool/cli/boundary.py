"""The boundary: every way a command can end, as one line on stderr and an exit code.

click by itself answers a crash, Ctrl-C and a closed pipe with 1; here 1 means findings and
nothing else, and Ctrl-C ends by the signal itself, so that a shell's loop stops too.
"""

import os
import re
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import NoReturn

import click

from msptool import clock, errors, terminal
from msptool.cli import speech
from msptool.cli.speech import _
from msptool.errors import MsptoolError, Stopped
from msptool.escape import visible

EXIT_LINE = "0 fine  1 findings  2 usage  3 part done  4 tool  5 scope  6 busy"
_SHOWN_CHARS = 70


def run(command: click.Command, words: Sequence[str]) -> NoReturn:
    """Run a command to its end and leave the process with the right code."""
    terminal.prepare()
    for which in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(which) is not signal.SIG_IGN:  # nohup stays nohup
            signal.signal(which, _stop)
    as_json, debug = "--json" in words, "--debug" in words
    try:
        code = _invoke(command, words)
        sys.stdout.flush()
    except BaseException as error:  # noqa: BLE001 - the boundary itself
        _let_nothing_stop_us()
        code = _explain(error, as_json=as_json, debug=debug)
    _leave(code)


def _invoke(command: click.Command, words: Sequence[str]) -> int:
    """Run a command as click's `main` does, but for its own ends of Ctrl-C and a closed pipe."""
    shell = os.environ.get("_MSPTOOL_COMPLETE")
    if shell:
        from click.shell_completion import shell_complete

        return shell_complete(command, {}, "msptool", "_MSPTOOL_COMPLETE", shell)
    try:
        with command.make_context("msptool", list(words)) as ctx:
            result = command.invoke(ctx)
    except click.exceptions.Exit as left:
        return left.exit_code
    return result if isinstance(result, int) and not isinstance(result, bool) else 0


def _let_nothing_stop_us() -> None:
    """Ignore further signals: what is left is to say one line and to leave."""
    for which in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(which, signal.SIG_IGN)


def _stop(number: int, _frame: FrameType | None) -> NoReturn:
    raise Stopped(number)


def _explain(error: BaseException, *, as_json: bool, debug: bool) -> int:
    """Say what happened; return the exit code."""
    if isinstance(error, SystemExit):
        return error.code if isinstance(error.code, int) else errors.BUG
    if debug and not isinstance(error, KeyboardInterrupt | Stopped | click.Abort):
        import traceback

        traceback.print_exception(error)
    if isinstance(error, BrokenPipeError):
        return errors.CLOSED_PIPE
    if isinstance(error, KeyboardInterrupt | click.Abort):
        return _stopped("interrupted", errors.INTERRUPTED, as_json)
    if isinstance(error, Stopped):
        hung_up = error.args == (signal.SIGHUP,)
        return _stopped("terminated", errors.HUNG_UP if hung_up else errors.TERMINATED, as_json)
    told = as_ours(error)
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        _write(error.format_message() + "\n")
    else:
        _say(told)
    if as_json:
        _say_json(told)
    return told.exit


def _stopped(how: str, code: int, as_json: bool) -> int:
    told = MsptoolError(f"run.{how}", f"{how}; what was finished is kept")
    told.exit = code
    # After the terminal's own ^C, or a line of progress, on a line of its own.
    start = "\n" if terminal.is_live(sys.stderr) else ""
    _write(f"{start}msptool: {speech.failed(told.code, told.message)}\n")
    if as_json:
        _say_json(told)
    return code


def as_ours(error: BaseException) -> MsptoolError:
    """Return any exception as one of ours."""
    if isinstance(error, MsptoolError):
        return error
    if isinstance(error, click.ClickException):
        return _from_click(error)
    if isinstance(error, OSError) and _of_disk(error):
        return errors.DiskError(
            "disk.failed",
            f"cannot write: {error.strerror}",
            place=errors.Place(str(error.filename or "")),
            hint="free some space or mend the disk, then run the same command again",
        )
    if isinstance(error, PermissionError):
        return errors.UsageError(
            "file.permission", f"no permission: {error.filename}", hint="ls -l shows whose it is"
        )
    return _bug(error)


def _of_disk(error: OSError) -> bool:
    from msptool.files import DISK_ERRORS

    return error.errno in DISK_ERRORS


def _from_click(error: click.ClickException) -> MsptoolError:
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return errors.UsageError("usage.no-command", "no command was given", hint=_help(error))
    if isinstance(error, click.NoSuchOption | click.exceptions.NoSuchCommand):
        near = tuple(error.possibilities or ())[:3]
        return errors.UsageError("usage.unknown", error.message, nearest=near, hint=_help(error))
    if isinstance(error, click.UsageError):
        near = _nearest_choice(error) if isinstance(error, click.BadParameter) else ()
        message = " ".join(error.format_message().split())  # choices come one a line
        return errors.UsageError("usage.wrong", message, nearest=near, hint=_help(error))
    return errors.UsageError("usage.file", error.format_message())


def _nearest_choice(error: click.BadParameter) -> tuple[str, ...]:
    """Return the choices that a mistyped one may have meant; click names them for options only."""
    kind = error.param.type if error.param else None
    typed = re.match(r"(['\"])(.*)\1 is not", error.message)
    if not isinstance(kind, click.Choice) or typed is None:
        return ()
    from difflib import get_close_matches

    return tuple(get_close_matches(typed[2], [str(choice) for choice in kind.choices], n=2))


def _help(error: click.UsageError) -> str:
    return f"{error.ctx.command_path} --help" if error.ctx else "msptool --help"


def _bug(error: BaseException) -> MsptoolError:
    """Write a report that can be filed as it is; no values, only where and what kind."""
    import traceback

    where = traceback.extract_tb(error.__traceback__)[-1]
    name = type(error).__name__
    message = f"a bug in msptool: {name} in {Path(where.filename).name}:{where.lineno}"
    return MsptoolError("bug.unexpected", message, hint=_report(error))


def _report(error: BaseException) -> str:
    import traceback

    from msptool import __version__, files, workspace

    frames = traceback.format_list(traceback.extract_tb(error.__traceback__))
    text = f"msptool {__version__}, Python {sys.version.split()[0]}, {sys.platform}\n\n" + "".join(
        [*frames, type(error).__name__, "\n"]
    )
    try:
        folder = files.make_folder(workspace.state_home() / "crashes")
        path = folder / f"{clock.iso(clock.now()).replace(':', '')}.txt"
        files.write_text(path, text)
    except Exception:  # noqa: BLE001 - a crash while telling of a crash would hide the first
        return "run it again with --debug and file what it prints"
    return f"please file {path}; it holds no client data"


def headline(told: MsptoolError, doing: str = "") -> str:
    """Return the line of an error that says what and where, and in the midst of which step."""
    where = "".join(f" {part}:" for part in (doing, str(told.place)) if part)
    return f"{_(told.word)}[{told.code}]:{visible(where)} {_words(told, told.message)}"


def hint(told: MsptoolError) -> str:
    """Return the line of an error that says what to do; "" if it knows nothing."""
    return f"= {_words(told, told.hint)}" if told.hint else ""


def _say(told: MsptoolError) -> None:
    """Print one error as people read it: what, where, the line itself, what to do."""
    lines = [headline(told), *_source(told)]
    if told.nearest:
        lines.append(visible(f"= {_('did you mean {0}?', ' / '.join(told.nearest))}"))
    lines += filter(None, [hint(told)])
    _write(terminal.wipe(sys.stderr) + "\n".join(lines) + "\n")


def _words(told: MsptoolError, text: str) -> str:
    """Return a message or hint in the engineer's language, on one line."""
    return visible(speech.failed(told.code, text))


def _source(told: MsptoolError) -> list[str]:
    place = told.place
    if not place.source:
        return []
    number = str(place.line)
    start = max(0, place.column - _SHOWN_CHARS // 2)  # of a long line, what is around the place
    shown = visible(place.source[start : start + _SHOWN_CHARS])
    before = visible(place.source[start : max(start, place.column - 1)])
    caret = " " * terminal.columns(before) + "^"
    return [f"{number} | {shown}", f"{' ' * len(number)} | {caret}"]


def _say_json(told: MsptoolError) -> None:
    from msptool.model import Failure, encode

    line = Failure(
        code=told.code,
        exit=told.exit,
        message=told.message,
        file=told.place.file,
        line=told.place.line,
        column=told.place.column,
        key=told.place.key,
        nearest=told.nearest,
    )
    try:
        sys.stdout.write(encode(line).decode() + "\n")
        sys.stdout.flush()
    except OSError:  # the reader is gone or the disk is full: the exit code says it
        return


def _write(text: str) -> None:
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except (OSError, ValueError):  # stderr is closed: the exit code must do
        return


def _leave(code: int) -> NoReturn:
    """Leave; by the signal itself where one ended us, as a shell expects."""
    by_signal = {
        errors.HUNG_UP: signal.SIGHUP,
        errors.INTERRUPTED: signal.SIGINT,
        errors.TERMINATED: signal.SIGTERM,
        errors.CLOSED_PIPE: signal.SIGPIPE,
    }.get(code)
    _quieten()
    if by_signal is not None:
        signal.signal(by_signal, signal.SIG_DFL)
        os.kill(os.getpid(), by_signal)
    sys.exit(code)


def _quieten() -> None:
    """Flush what can be flushed; nothing may complain after the exit code is settled."""
    for stream, number in ((sys.stdout, 1), (sys.stderr, 2)):
        try:
            stream.flush()
        except (OSError, ValueError):
            with open(os.devnull, "wb") as nowhere:  # noqa: PTH123 - descriptors, not paths
                os.dup2(nowhere.fileno(), number)
