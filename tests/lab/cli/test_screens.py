"""How output looks: size, colour, locale, scripts, hostile names. Real terminals and pipes."""

import json
import re
import shutil

import pytest
import wcwidth

from tests.lab.cli.place import FOREIGN, HOSTILE, LOOKS, Place

pytestmark = pytest.mark.lab
LANGUAGES = ("en", "ru")
ids = " ".join


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("words", [(), ("audit",), ("audit", "run"), ("tickets", "add")], ids=ids)
def test_help_fits_a_screen(foreign: Place, words: tuple[str, ...], language: str) -> None:
    shown = foreign.screen(*words, "--help", MSPTOOL_LANG=language)
    lines = shown.splitlines()
    assert max(wcwidth.wcswidth(line) for line in lines) <= 80, shown
    assert words or len(lines) <= 24, shown
    assert bool(re.search("[а-я]", shown)) == (language == "ru")


@pytest.mark.parametrize("locale", ["ru_RU.UTF-8", "ru_RU.KOI8-R", "C.UTF-8"])
def test_the_locale_chooses_the_language_though_it_is_not_installed(
    foreign: Place, locale: str
) -> None:
    shown = foreign.call("--help", LANG=locale).stdout.decode()
    assert ("Каждый день" in shown) == locale.startswith("ru")


LOCALES = (
    {"LC_ALL": "C"},
    {"LC_ALL": "ru_RU.UTF-8"},
    {"PYTHONIOENCODING": "cp866"},
    {"PYTHONIOENCODING": "cp866", "MSPTOOL_LANG": "ru"},
    {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "MSPTOOL_LANG": "ru"},
)


@pytest.mark.parametrize("locale", LOCALES, ids=lambda locale: "-".join(locale.values()))
def test_no_locale_breaks_a_verb(foreign: Place, locale: dict[str, str]) -> None:
    for words in LOOKS:
        done = foreign.call(*words, **locale)
        assert done.returncode == 0, (words, done.stderr)
        assert b"Traceback" not in done.stderr


def test_a_letter_that_an_encoding_lacks_is_written_out(foreign: Place) -> None:
    shown = foreign.call("audit", "show", PYTHONIOENCODING="cp866").stdout.decode("cp866")
    assert "принтер" in shown and "\\u6f22\\u5b57" in shown
    told = foreign.call("audit", "show", "--json", PYTHONIOENCODING="cp866").stdout
    names = [json.loads(line).get("name") for line in told.decode("cp866").splitlines()]
    assert set(FOREIGN) <= set(names)


def test_colour_is_only_for_terminals_that_want_it(foreign: Place) -> None:
    assert "\x1b[" in foreign.screen("doctor"), "or this test shows nothing"
    for words in (("doctor",), *LOOKS):
        assert "\x1b" not in foreign.screen(*words, NO_COLOR="1"), words
        assert "\x1b" not in foreign.screen(*words, TERM="dumb"), words
        done = foreign.call(*words)
        assert b"\x1b" not in done.stdout + done.stderr, words


@pytest.mark.parametrize("columns", [80, 200])
@pytest.mark.parametrize("words", [("audit", "show"), ("tickets", "list")], ids=ids)
def test_columns_stand_straight_under_names_of_other_scripts(
    foreign: Place, words: tuple[str, ...], columns: int
) -> None:
    """Each last cell begins where its heading does, as a terminal counts."""
    shown = foreign.screen(*words, columns=columns, NO_COLOR="1")
    lines = [line.rstrip() for line in shown.splitlines()]
    tables = [at for at, line in enumerate(lines) if re.match("[A-Z]+  +[A-Z]+  ", line)]
    assert tables, shown
    for at in tables:
        heads = list(re.finditer(r"\S+", lines[at]))
        rows = [line for line in lines[at + 1 : at + 1 + len(FOREIGN)]]
        assert max(wcwidth.wcswidth(line) for line in rows) <= columns
        starts = [head.start() for head in heads]
        for row in rows:
            assert all(_gap_before(row, start) for start in starts), f"{lines[at]}\n{row}"


def _gap_before(row: str, column: int) -> bool:
    """Whether a cell may begin at a column: nothing, or a space, stands right before it."""
    at = seen = 0
    while at < len(row) and seen < column:
        seen += max(0, wcwidth.wcwidth(row[at]))
        at += 1
    return column == 0 or at >= len(row) or (seen == column and row[at - 1] == " ")


def test_the_narrow_terminal_loses_nothing(foreign: Place) -> None:
    shown = foreign.screen("audit", "show", columns=40)
    for name in FOREIGN:
        assert f"NAME: {name}" in shown
    assert "WHAT: sw-core answers on tcp/23" in shown


def test_the_wide_terminal_shows_whole_names(foreign: Place) -> None:
    assert "..." not in foreign.screen("audit", "show", columns=200)


EVIL = re.compile(r"\s*(::|<\d|##\[)")


@pytest.mark.parametrize("columns", [0, 40, 80])
def test_a_name_from_the_network_begins_no_line_and_steers_nothing(
    hostile: Place, columns: int
) -> None:
    """Piped (0 columns), in a narrow and in a usual terminal; every verb that shows it."""
    seen = 0
    for words in [*LOOKS, *_tickets(hostile)]:
        if columns:
            shown = hostile.screen(*words, columns=columns, NO_COLOR="1").replace("\r\n", "\n")
        else:
            done = hostile.call(*words)
            shown = (done.stdout + done.stderr).decode()
        lines = shown.split("\n")
        assert not [line for line in lines if EVIL.match(line)], (words, shown)
        shown_as_is = words == (
            "tickets",
            "export",
        )  # JSON for programs: whole, but no control byte
        assert all(line.isprintable() or shown_as_is for line in lines), (words, shown)
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", shown), (words, shown)
        seen += "::error::x" in shown
    assert seen >= 3, "the name is shown, or this test shows nothing"


def _tickets(place: Place) -> list[tuple[str, ...]]:
    told = place.call("tickets", "list", "--json").stdout.splitlines()
    found = [record for record in map(json.loads, told) if record["type"] == "ticket"]
    assert len(found) == len(HOSTILE)
    return [("tickets", "show", record["id"]) for record in found]


def test_the_report_is_built_of_hostile_names(hostile: Place, acme: Place) -> None:
    shutil.copytree(hostile.root / "runs", acme.root / "runs", dirs_exist_ok=True)
    done = acme.call("report", "build")
    shown = (done.stdout + done.stderr).decode()
    assert done.returncode == 0 and all(line.isprintable() for line in shown.splitlines())
