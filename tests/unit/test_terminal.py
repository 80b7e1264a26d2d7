import io
import json
import sys
import unicodedata

import pytest
import wcwidth
from hypothesis import given
from hypothesis import strategies as st

from msptool import terminal


class Screen(io.TextIOWrapper):
    """A terminal of a width, in an encoding."""

    def __init__(self, encoding: str = "utf-8", *, live: bool = True) -> None:
        self.bytes = io.BytesIO()
        super().__init__(self.bytes, encoding=encoding, errors="msptool", write_through=True)
        self.live = live

    def isatty(self) -> bool:
        return self.live

    def said(self) -> str:
        return self.bytes.getvalue().decode(self.encoding)


@pytest.fixture(autouse=True)
def _terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal.prepare()
    for name in ("NO_COLOR", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")


def width(monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))


ROWS = [
    ("high", "NET-001", "sw-core", "Telnet management enabled"),
    ("low", "NET-002", "中文服务器", "漢字" * 60),
    ("low", "NET-003", unicodedata.normalize("NFD", "йод-й"), "é" * 200),
    ("low", "NET-004", "\x1b[31mred\u202e", "\x1b]52;c;x\x07" * 20),
]
HEADERS = ("SEVERITY", "CHECK", "THING", "WHAT")


@pytest.mark.parametrize("columns", [60, 80, 120, 200])
def test_columns_stand_straight_and_fit(monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    width(monkeypatch, columns)
    lines = terminal.table(HEADERS, ROWS, stream=Screen()).split("\n")
    assert len(lines) == 5
    starts = set()
    for line in lines:
        assert line.isprintable() and wcwidth.wcswidth(line) <= columns
        first = max(line.find(row[1]) for row in (HEADERS, *ROWS))
        starts.add(first)
    assert starts == {10}
    third = [wcwidth.wcswidth(line[: line.rindex("  ")]) for line in lines[1:2]]
    assert third, "a row has its columns"
    for row in ROWS:
        assert any(row[1] in line for line in lines), "ids are never cut"


def test_a_wide_terminal_cuts_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    width(monkeypatch, 200)
    name = "n" * 150
    assert name in terminal.table(("A", "B"), [("x", name)], stream=Screen())


def test_in_a_pipe_nothing_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    width(monkeypatch, 40)
    name = "n" * 300
    told = terminal.table(("A", "B"), [("x", name)], stream=Screen(live=False))
    assert name in told and told.count("\n") == 1


@pytest.mark.parametrize("flexible", [0, 1])
def test_in_a_pipe_a_very_long_cell_widens_no_other_row(flexible: int) -> None:
    rows = [["a", "b", "c"], ["x" * 5_000, "y", "z"]]
    text = terminal.table(("1", "2", "3"), rows, flexible=flexible, stream=Screen(live=False))
    _, short, long = text.splitlines()
    assert len(short) < 100 and long == "x" * 5_000 + "  y  z"


def test_a_narrow_terminal_gets_a_line_a_value(monkeypatch: pytest.MonkeyPatch) -> None:
    width(monkeypatch, 40)
    told = terminal.table(("A", "B"), [("1", "n" * 50), ("2", "m")], stream=Screen())
    assert told == f"A: 1\nB: {'n' * 50}\n\nA: 2\nB: m"


@pytest.mark.parametrize("start", ["::error::x", "<0>x", "##[error]x", "  ::stop-commands::x"])
@pytest.mark.parametrize("live", [True, False])
def test_no_row_begins_with_a_command_to_a_runner(start: str, live: bool) -> None:
    for line in terminal.table(("NAME", "B"), [(start, "x")], stream=Screen(live=live)).split("\n"):
        assert not line.lstrip().startswith(("::", "<0>", "##["))


@pytest.mark.parametrize("encoding", ["ascii", "cp866", "koi8-r", "latin-1"])
def test_columns_are_counted_as_the_encoding_shows_them(encoding: str) -> None:
    screen = Screen(encoding)
    screen.write(terminal.table(("A", "B"), [("принтер", "1"), ("漢字é", "2")], stream=screen))
    head, *rows = screen.said().splitlines()
    assert {row.rindex("  ") + 2 for row in rows} == {head.rindex("B")}


@given(st.text(st.characters(codec="utf-8")))
def test_json_stays_json_in_any_encoding(text: str) -> None:
    terminal.prepare()
    for encoding in ("ascii", "cp866", "koi8-r"):
        screen = Screen(encoding)
        screen.write(json.dumps({"x": text}, ensure_ascii=False))
        assert json.loads(screen.said()) == {"x": text}


def test_a_closed_stream_becomes_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(sys, name, None)
    terminal.prepare()
    print("x")
    assert sys.stdin is None, "nothing to read is not an empty file"
    for stream in (sys.stdout, sys.stderr):
        stream.close()


@given(st.text(st.sampled_from("ab漢字é\u0301й̆🖨")), st.integers(8, 40))
def test_a_cut_text_fits_and_keeps_both_ends(text: str, limit: int) -> None:
    cut = terminal.shorten(text, limit)
    assert terminal.columns(cut) <= limit
    if terminal.columns(text) <= limit:
        assert cut == text
    else:
        head, _, tail = cut.partition("...")
        assert text.startswith(head) and text.endswith(tail) and tail


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({}, "en"),
        ({"LANG": "ru_RU.UTF-8"}, "ru"),
        ({"LANG": "de_DE"}, "en"),
        ({"LANG": "ru_RU", "LC_MESSAGES": "C"}, "en"),
        ({"LANG": "C", "LC_ALL": "ru"}, "ru"),
        ({"LC_ALL": "ru", "MSPTOOL_LANG": "en"}, "en"),
        ({"LC_ALL": "C", "MSPTOOL_LANG": "ru"}, "ru"),
        ({"LC_ALL": "", "LANG": "ru"}, "ru"),
    ],
)
def test_the_engineers_language(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], language: str
) -> None:
    monkeypatch.delenv("MSPTOOL_LANG")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert terminal.language() == language


def test_colour_only_where_it_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    assert terminal.paint("x", "high", Screen()) == "\x1b[31mx\x1b[0m"
    assert terminal.paint("x", "nothing", Screen()) == "x"
    assert terminal.paint("x", "high", Screen(live=False)) == "x"
    for name, value in (("NO_COLOR", "1"), ("TERM", "dumb"), ("TERM", "")):
        with monkeypatch.context() as patch:
            patch.setenv(name, value) if value else patch.delenv(name)
            assert terminal.paint("x", "high", Screen()) == "x", (name, value)


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(0, "0 s"), (89, "89 s"), (90, "2 min"), (5399, "90 min"), (5400, "2 h"), (6 * 3600, "6 h"),
     (172_799, "48 h"), (172_800, "2 d"), (3 * 86400, "3 d")],
)  # fmt: skip
def test_ages_as_people_say_them(seconds: float, told: str) -> None:
    assert terminal.age(seconds) == told


class Hand:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def test_progress_on_a_terminal_leaves_a_line_a_step(monkeypatch: pytest.MonkeyPatch) -> None:
    width(monkeypatch, 60)
    screen, hand = Screen(), Hand()
    progress = terminal.Progress(screen, now_s=hand)
    progress.step("ports", "1/38 \x1b[2J" + "x" * 100)
    hand.now_s = 72
    progress.step("ports", "2/38")
    progress.done("ports", "38 hosts")
    parts = screen.said().split("\r\x1b[K")
    assert [wcwidth.wcswidth(part.rstrip("\n")) <= 60 for part in parts] == [True] * 4
    assert parts[2] == "> ports  2/38  1:12"
    assert parts[3] == "✓ ports      38 hosts  1:12\n"
    progress.clear()
    assert screen.said().endswith("1:12\n"), "nothing to take back"


def test_progress_without_colour_writes_no_escape(monkeypatch: pytest.MonkeyPatch) -> None:
    width(monkeypatch, 60)
    monkeypatch.setenv("NO_COLOR", "1")
    screen = Screen()
    progress = terminal.Progress(screen)
    progress.step("ports", "a long detail that must be gone")
    progress.done("ports")
    assert "\x1b" not in screen.said()
    assert f"\r{' ' * 59}\r✓ ports" in screen.said()


def test_progress_in_a_log_is_a_line_a_minute() -> None:
    screen, hand = Screen("ascii", live=False), Hand()
    progress = terminal.Progress(screen, now_s=hand)
    for second in range(0, 181, 10):
        hand.now_s = second
        progress.step("ports", "::error::\n")
    progress.done("ports", "38 hosts")
    lines = screen.said().splitlines()
    assert len(lines) == 4 and lines[-1].startswith("ok ports")
    assert all(line[:2] == "20" and line.endswith("Z ports ::error::\\x0a") for line in lines[:3])
    assert "\x1b" not in screen.said()


def test_a_silent_progress_says_nothing() -> None:
    progress = terminal.Progress(None)
    progress.step("a")
    progress.done("a")
    progress.clear()


def test_what_is_counted_without_tables_takes_the_columns_that_they_say() -> None:
    import wcwidth

    known = [chr(n) for n in range(0x20, 0x3000) if terminal._ONE_COLUMN.fullmatch(chr(n))]
    assert {"a", "я", "Ё", "«", "—", "…"} <= set(known)
    assert [char for char in known if wcwidth.wcwidth(char) != 1] == []


def test_a_cut_never_splits_a_wide_character() -> None:
    assert terminal.cut("абвгд", 3) == "абв"
    assert terminal.cut("漢字", 3) == "漢"
    assert terminal.cut("漢字", 0) == ""
