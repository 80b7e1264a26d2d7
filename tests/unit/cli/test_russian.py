"""The engineer's Russian: nothing is left in English, and nothing is said that the code does not.

Tests name each sentence that lacks a Russian one, with the place that says it.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from msptool.cli import SECTIONS, boundary, root, speech
from msptool.cli.russian import errors, help, phrases, words  # noqa: A004 - the table's name
from tests.unit.cli import sentences

HOLE = re.compile(r"\{\d\}")
TABLES = {
    "help": help.HELP,
    "phrases": phrases.PHRASES,
    "words": words.WORDS,
    "headings": words.HEADINGS,
    **{f"told {kind}": table for kind, table in words.TOLD.items()},
    **{code: errors.of(code) for code in errors.ERRORS},
}
# What is the same in both languages: names of programs, units, paths, commands.
SAME = re.compile(
    r"[\W\d_]*|(msptool|apt|pip|sudo|export|chmod|crontab|systemctl)\b.*"
    r"|SLA|RPO|RTO|snmp|scope.*|command:.*|backup\..*|audit\.hints.*"
)


def _flat(folder: Path) -> str:
    """Return the source below a folder, its wrapped strings joined."""
    read = [p.read_text() for p in sorted(folder.rglob("*.py")) if "russian" not in p.parts]
    return re.sub(r"(['\"])\s*\n\s*f?\1", "", "\n".join(read))


CODE = _flat(sentences.PACKAGE)
CLICK = _flat(Path(click.__file__).parent)


def _stands_in(source: str, key: str) -> bool:
    """Whether each longer word of a sentence is said in a source; some are put together there."""
    return all(word in source for word in re.findall(r"[A-Za-z][a-z'-]{3,}", HOLE.sub(" ", key)))


@pytest.fixture
def russian(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MSPTOOL_LANG", "ru")


def test_every_error_and_hint_has_its_russian(russian: None) -> None:
    said = list(sentences.of_errors())
    assert len(said) > 150, "the reader of the code has lost its way"
    missing = [
        f"{sentence.where} {sentence.code}: {sentence.text}"
        for sentence in said
        if speech.failed(sentence.code, sentence.text) == sentence.text
        and not SAME.fullmatch(HOLE.sub("", sentence.text))
    ]
    assert missing == []


def test_no_russian_error_has_lost_its_english() -> None:
    """Sentences put together on the way, and click's own, are found by their pieces."""
    lost = [
        f"{code}: {text}"
        for code, table in errors.ERRORS.items()
        for text in table
        if not _stands_in(CODE + CLICK, text)
    ]
    assert lost == []


def test_every_word_of_the_command_line_has_its_russian() -> None:
    missing = [
        f"{where}: {text}" for text, where in sentences.of_words("_") if text not in words.WORDS
    ]
    assert missing == []


def test_every_line_and_heading_stands_in_the_code_word_for_word() -> None:
    said = sentences.literals()
    assert [key for key in (*words.WORDS, *words.HEADINGS) if key not in said] == []


def test_what_other_rooms_say_is_said_there() -> None:
    keys = [key for table in words.TOLD.values() for key in table]
    assert [key for key in keys if not _stands_in(CODE, key)] == []
    assert {kind for kind, _ in sentences.of_words("told")} == set(words.TOLD)


@pytest.mark.parametrize("name", TABLES)
def test_translations_fill_no_other_holes(name: str) -> None:
    wrong = {
        english: told
        for english, told in TABLES[name].items()
        if not set(HOLE.findall(told)) <= set(HOLE.findall(english))
        or (told == english and not SAME.fullmatch(HOLE.sub("", english)))
    }
    assert wrong == {}


def _pages() -> Iterator[tuple[str, click.Command, click.Context]]:
    yield from _below(root, _context(root, "msptool", None))


def _below(
    command: click.Command, ctx: click.Context
) -> Iterator[tuple[str, click.Command, click.Context]]:
    yield ctx.command_path, command, ctx
    if isinstance(command, click.Group):
        for name in command.list_commands(ctx):
            found = command.get_command(ctx, name)
            assert found is not None
            yield from _below(found, _context(found, name, ctx))


def _context(command: click.Command, name: str, parent: click.Context | None) -> click.Context:
    return command.context_class(command, info_name=name, parent=parent, **command.context_settings)


# Names of programs, formats and of what is typed in English; every other word is Russian.
NAMES = {"git", "snmprec", "snmpwalk", "error", 
    "apt", "cron", "crontab", "csv", "jsonl", "restic", "root", "systemd", "Prometheus", "Schema",
    "ical", "markdown", "user", "host", "me",
    "env", "file", "command",
    "en", "ru", "seed", "status", "prio", "thing", "sla", "fixed",
    "assignee", "client", "due", "is", "mine", "unassigned", "breaching", "today", "urgency",
    "age", "changed",
    "who", "requester", "id", "priority",
    "none", "open", "phone", "mail", "portal", "printer", "accounts", "request", "waiting",
}  # fmt: skip
PAGES = [words for words, _, _ in _pages()]


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("path", PAGES)
def test_help_fits_80_columns(path: str, language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MSPTOOL_LANG", language)
    shown = CliRunner().invoke(root, [*path.split()[1:], "--help"]).output
    assert [line for line in shown.splitlines() if len(line) > 80] == []
    if path == "msptool":
        assert len(shown.splitlines()) <= 24


def test_every_paragraph_and_option_of_help_has_its_russian() -> None:
    missing = []
    for path, command, ctx in _pages():
        shown = [part for part in (command.help or "").split("\n\n") if not part.startswith("\b")]
        shown += [
            option.help or ""
            for option in command.get_params(ctx)
            if isinstance(option, click.Option)
        ]
        flat = [" ".join(text.split()) for text in shown]
        missing += [f"{path}: {text}" for text in flat if text not in help.HELP]
    assert missing == []


@pytest.mark.parametrize("path", PAGES)
def test_no_english_is_left_in_russian_help(path: str, russian: None) -> None:
    shown = CliRunner().invoke(root, [*path.split()[1:], "--help"]).output
    prose = shown.partition("\n\n")[2]
    for typed in (r"Примеры:\n(    .*\n)+", r"\[[a-z|-]+\]", r"по\s+умолчанию: \w+"):
        prose = re.sub(typed, "", prose)  # what is typed stays English
    verbs = {word for page in PAGES for word in page.split()}
    left = set(re.findall(r"(?<![\w./-])[A-Za-z][a-z]+(?![\w./-])", prose)) - verbs - NAMES
    assert not left, shown


def test_the_nouns_and_the_exit_codes_are_russian() -> None:
    lines = [line for rows in SECTIONS.values() for line in rows.values()]
    lines.append(" ".join(boundary.EXIT_LINE.split()))
    assert [line for line in lines if line not in help.HELP] == []


def test_values_that_look_like_holes_stay_what_they_are(russian: None) -> None:
    assert speech._("Next: {0}", "{1} {0}") == "Дальше: {1} {0}"
    assert speech.failed("file.permission", "no permission: {1} {0}") == "нет прав: {1} {0}"


@pytest.mark.parametrize(
    ("kind", "english", "told"),
    [
        ("progress", "1.5 MiB of 2 GiB, 3 MiB/s, about 2 min left",
         "1.5 MiB из 2 GiB, 3 MiB/с, осталось около 2 мин"),
        ("round", "9 assets, 3 findings; without raw sockets",
         "узлов: 9, проблем: 3; без сырых сокетов"),
        ("round", "files ok, sql not-restorable", "files в порядке, sql не восстанавливается"),
        ("round", "/srv/a of b/report.html", "/srv/a of b/report.html"),
        ("tool", "0.9.6 is too old, 0.14 is needed", "0.9.6 слишком стара, нужна 0.14"),
        ("tool", "7.93", "7.93"),
    ],
)  # fmt: skip
def test_what_other_rooms_say_is_recognised_where_it_leaves(
    russian: None, kind: str, english: str, told: str
) -> None:
    assert speech.told(kind, english) == told


def test_english_readers_load_no_russian(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MSPTOOL_LANG", "en")
    for name in [name for name in sys.modules if name.startswith("msptool.cli.russian")]:
        monkeypatch.delitem(sys.modules, name)
    assert speech._("Next: {0}", 1) == "Next: 1"
    assert speech.told("round", "2 findings") == "2 findings"
    assert speech.failed("a.b", "x") == "x" and speech.headings(("JOB",)) == ["JOB"]
    CliRunner().invoke(root, ["audit", "--help"])
    assert not [name for name in sys.modules if name.startswith("msptool.cli.russian")]
