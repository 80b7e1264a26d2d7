"""The table of nouns says what each noun says of itself."""

from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from msptool.cli import NOUNS, root


def _noun(name: str) -> click.Command:
    found = root.get_command(click.Context(root), name)
    assert found is not None, name
    return found


def _commands(name: str) -> Iterator[tuple[str, ...]]:
    yield from _below((name,), _noun(name))


def _below(words: tuple[str, ...], command: click.Command) -> Iterator[tuple[str, ...]]:
    if not isinstance(command, click.Group):
        yield words
        return
    ctx = click.Context(command)
    for verb in command.list_commands(ctx):
        found = command.get_command(ctx, verb)
        assert found is not None
        yield from _below((*words, verb), found)


@pytest.mark.parametrize("name", NOUNS)
def test_the_line_in_the_table_is_the_first_line_of_the_help(name: str) -> None:
    told = (_noun(name).help or "").split("\n\n")[0].split("\b")[0]
    assert " ".join(told.split()) == NOUNS[name]


# The first two run a network, or a program in it, on your terminal; the third prints JSON anyway.
NO_RESULT = {("demo", "start"), ("demo", "exec"), ("demo", "truth")}


@pytest.mark.parametrize("name", NOUNS)
def test_every_command_has_a_sentence_examples_and_json(name: str) -> None:
    for words in _commands(name):
        told = CliRunner().invoke(root, [*words, "--help"]).output
        assert "Examples:" in told, words
        assert "--json" in told or words in NO_RESULT, words
        assert all(len(line) <= 80 for line in told.splitlines()), words


def test_every_scheduled_step_is_a_command_that_can_be_quiet() -> None:
    from msptool.schedule.plan import STEPS

    for words, _ in STEPS.values():
        told = CliRunner().invoke(root, [*words, "--help"])
        assert told.exit_code == 0, words
        assert "--quiet" in told.output, words
