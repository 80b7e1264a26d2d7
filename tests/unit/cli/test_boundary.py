"""Every way a command can end: its code, its words on stderr, its line on stdout."""

import errno
import json
import re
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import click
import pytest

from msptool import errors
from msptool.cli import boundary, grouping, root
from msptool.errors import MsptoolError, Place

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(autouse=True)
def _signals() -> Iterator[None]:
    which = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = [signal.getsignal(one) for one in which]
    yield
    for one, handler in zip(which, before, strict=True):
        signal.signal(one, handler)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command that ends as `how` says; return the code, stdout and stderr."""

    def end(how: Any, *words: str) -> tuple[int, str, str]:
        @click.command()
        @click.option("--json", "as_json", is_flag=True)
        def command(as_json: bool) -> Any:
            if isinstance(how, BaseException):
                raise how
            return how() if callable(how) else how

        return leave(command, *words)

    def leave(command: click.Command, *words: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as left:
            boundary.run(command, words)
        told = capsys.readouterr()
        assert isinstance(left.value.code, int)
        return left.value.code, told.out, told.err

    return lambda how, *words: (leave if isinstance(how, click.Command) else end)(how, *words)


CLASSES = [
    (errors.UsageError, 2, "error"), (errors.ProfileError, 2, "error"),
    (errors.UnsafeError, 2, "error"), (errors.PartDone, 3, "error"),
    (errors.ToolFailed, 3, "error"), (errors.ToolMissing, 4, "error"),
    (errors.OutOfScope, 5, "refused"), (errors.Busy, 6, "error"),
    (errors.DiskError, 74, "error"), (MsptoolError, 70, "error"),
]  # fmt: skip


def test_every_class_of_error_is_listed_here() -> None:
    def below(kind: type[MsptoolError]) -> set[type[MsptoolError]]:
        return {kind}.union(*(below(inner) for inner in kind.__subclasses__()))

    of_house = {kind for kind in below(MsptoolError) if kind.__module__ == "msptool.errors"}
    assert {kind for kind, _, _ in CLASSES} == of_house


@pytest.mark.parametrize(("kind", "code", "word"), CLASSES)
def test_each_class_has_its_code_and_one_line(
    run: Run, kind: type[MsptoolError], code: int, word: str
) -> None:
    told = run(kind("some.code", "what happened", hint="what to do"))
    assert told == (code, "", f"{word}[some.code]: what happened\n= what to do\n")


def test_the_place_and_the_line_are_shown_with_a_caret(run: Run) -> None:
    place = Place("client.yaml", 14, 3, "scope.netwroks", "  netwroks: [192.0.2.0/24]")
    error = errors.ProfileError(
        "profile.unknown-key", "scope.netwroks", place=place, hint="known here: networks",
        nearest=("networks",),
    )  # fmt: skip
    code, out, err = run(error)
    assert (code, out) == (2, "")
    assert err == (
        "error[profile.unknown-key]: client.yaml:14:3: scope.netwroks\n"
        "14 |   netwroks: [192.0.2.0/24]\n"
        "   |   ^\n"
        "= did you mean networks?\n"
        "= known here: networks\n"
    )


def test_the_engineers_language_changes_words_not_codes(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MSPTOOL_LANG", "ru_RU.UTF-8")
    assert run(errors.Busy("a.b", "x", nearest=("y",)))[2] == "ошибка[a.b]: x\n= может быть, y?\n"
    assert run(errors.OutOfScope("a.b", "x"))[2] == "отказано[a.b]: x\n"


@pytest.mark.parametrize("column", [1, 40, 500, 900])
def test_of_a_long_line_the_place_is_shown(run: Run, column: int) -> None:
    source = "".join(chr(0x4E00 + at % 80) for at in range(1000))
    _, _, err = run(errors.ProfileError("a.b", "x", place=Place("f", 1, column, "", source)))
    _, line, caret = err.splitlines()
    assert len(line) < 100
    shown, at = line.removeprefix("1 | "), caret.index("^") - 4
    assert shown[at // 2] == source[column - 1], "a wide character takes two columns"


HOSTILE = "\x1b]52;c;x\x07\n::error::x\n<0>y\u202e"


@pytest.mark.parametrize("where", ["message", "hint", "file", "source", "nearest", "key"])
def test_nothing_untrusted_begins_a_line_or_steers_the_terminal(run: Run, where: str) -> None:
    given = {"message": "m", "hint": "h", "file": "f", "source": "s", "nearest": "n", "key": "k"}
    given[where] = HOSTILE
    place = Place(given["file"], 1, 1, given["key"], given["source"])
    error = errors.UsageError(
        "a.b", given["message"], hint=given["hint"], place=place, nearest=(given["nearest"],)
    )
    code, out, err = run(error, "--json")
    assert code == 2
    for line in err.splitlines():
        assert re.match(r"error\[|= |\d+ \| | +\| ", line), line
        assert line.isprintable()
    record = json.loads(out)
    assert record["message"] == given["message"], "JSON carries it as it is"
    assert "\x1b" not in out and out.count("\n") == 1


def test_with_json_the_error_stands_in_place_of_the_end(run: Run) -> None:
    place = Place("client.yaml", 14, 3, "scope.netwroks", "x")
    error = errors.ProfileError("profile.unknown-key", "m", place=place, nearest=("networks",))
    code, out, err = run(error, "--json")
    assert json.loads(out) == {
        "type": "error", "code": "profile.unknown-key", "exit": 2, "message": "m",
        "file": "client.yaml", "line": 14, "column": 3, "key": "scope.netwroks",
        "nearest": ["networks"],
    }  # fmt: skip
    assert code == 2 and err.startswith("error[profile.unknown-key]: client.yaml:14:3: m\n")


@pytest.mark.parametrize(
    ("result", "code"), [(None, 0), (0, 0), (1, 1), (3, 3), (True, 0), (False, 0), ("x", 0)]
)
def test_what_a_command_returns_is_the_code(run: Run, result: object, code: int) -> None:
    assert run(lambda: result) == (code, "", "")


def fail_deep(secret: str) -> NoReturn:
    raise ZeroDivisionError(f"of {secret}")


def test_a_bug_is_one_line_and_a_report_without_values(run: Run, tmp_path: Path) -> None:
    code, out, err = run(lambda: fail_deep("hunter2"), "--json")
    assert code == 70
    assert re.fullmatch(
        r"error\[bug.unexpected\]: a bug in msptool: ZeroDivisionError in test_boundary.py:\d+\n"
        r"= please file (\S+); it holds no client data\n",
        err,
    )
    assert "Traceback" not in err and json.loads(out)["code"] == "bug.unexpected"
    [report] = (tmp_path / "state" / "msptool" / "crashes").iterdir()
    text = report.read_text()
    assert str(report) in err and report.stat().st_mode & 0o077 == 0
    assert "fail_deep" in text and "ZeroDivisionError" in text and "msptool 0" in text
    assert "hunter2" not in text.replace('fail_deep("hunter2")', ""), "source is ours, values not"


def test_a_bug_where_nothing_can_be_written(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", "/proc/nowhere")
    code, _, err = run(lambda: fail_deep("x"))
    assert code == 70 and "--debug" in err


def test_a_crash_while_telling_of_a_crash_does_not_hide_the_first(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash() -> NoReturn:
        raise LookupError("of its own")

    monkeypatch.setattr("msptool.workspace.state_home", crash)
    code, _, err = run(lambda: fail_deep("x"))
    assert code == 70 and "ZeroDivisionError in" in err and "--debug" in err


def test_a_trace_is_shown_only_with_debug(run: Run) -> None:
    @click.command()
    @click.option("--debug", is_flag=True)
    def command(debug: bool) -> None:
        fail_deep("x")

    assert "Traceback" not in run(command)[2]
    assert "Traceback" in run(command, "--debug")[2]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EIO, errno.EDQUOT])
def test_a_full_disk_wherever_it_was_met(run: Run, number: int) -> None:
    code, _, err = run(OSError(number, "No space", "/mnt/x"))
    assert code == 74 and err.startswith("error[disk.failed]: /mnt/x: cannot write: No space\n")


def test_a_missing_permission_is_no_bug(run: Run) -> None:
    code, _, err = run(PermissionError(errno.EACCES, "denied", "/root/x"))
    assert code == 2 and "/root/x" in err


@pytest.mark.parametrize(("left", "code"), [(SystemExit(5), 5), (SystemExit("x"), 70)])
def test_an_exit_from_below_is_kept(run: Run, left: SystemExit, code: int) -> None:
    assert run(left)[0] == code


@pytest.mark.parametrize(
    ("words", "told", "near"),
    [
        (["adit"], "no command 'adit'", "audit"),
        (["audit", "rnu"], "no command 'rnu'", "run"),
        (["tickets", "lst"], "no command 'lst'", "list"),
        (["audit", "run", "--jsn"], "No such option '--jsn'.", "--json"),
        (["audit", "run", "--fail-on", "hgh"], "'--fail-on': 'hgh' is not one of", "high"),
        (["audit", "run", "--fail-on", "it's"], "'--fail-on': \"it's\" is not one of", ""),
        (["audit", "checks", "NET-O06"], "", "NET-006"),
        (["zzzzzz"], "no command 'zzzzzz'", ""),
        (["--wrkspace", "x"], "No such option '--wrkspace'.", "--workspace"),
        (["-C"], "Option '-C' requires an argument.", ""),
        (["-C", "", "audit", "run"], "-C is empty", ""),
        (["audit\x1b[2J"], "no command 'audit\\x1b[2J'", "audit"),
    ],
)  # fmt: skip
def test_a_typo_gets_the_nearest_word(run: Run, words: list[str], told: str, near: str) -> None:
    code, out, err = run(root, *words)
    first, *rest = err.splitlines()
    assert (code, out) == (2, "")
    assert re.match(r"error\[[a-z.-]+\]: ", first) and told in first
    found = [line for line in rest if line.startswith("= did you mean ")]
    assert bool(found) == bool(near), err
    assert not near or near in found[0]
    assert "Usage:" not in err


def test_a_noun_alone_shows_its_verbs_and_is_wrong_usage(run: Run) -> None:
    code, out, err = run(root, "audit")
    assert (code, out) == (2, "")
    assert err.startswith("Usage: msptool audit") and "  run  " in err
    code, out, _ = run(root, "audit", "--json")
    assert code == 2 and json.loads(out)["type"] == "error"


@pytest.mark.parametrize("words", [["--help"], ["-h"], ["audit", "--help"], ["--version"], []])
def test_help_is_a_result(run: Run, words: list[str]) -> None:
    code, out, err = run(root, *words)
    assert (code, err) == (0, "") and out


def test_help_is_one_screen_in_the_order_of_use(run: Run) -> None:
    lines = run(root, "--help")[1].splitlines()
    assert len(lines) <= 24 and max(map(len, lines)) <= 80
    assert lines[-1] == f"Exit: {boundary.EXIT_LINE}"
    for code in (0, errors.FINDINGS, *{kind.exit for kind, _, _ in CLASSES} - {70, 74}):
        assert re.search(rf"\b{code} [a-z]", boundary.EXIT_LINE), code


def test_a_group_keeps_the_order_of_its_commands() -> None:
    group = grouping.Helpful(commands={"z": click.Command("z"), "a": click.Command("a")})
    assert group.list_commands(click.Context(group)) == ["z", "a"]
