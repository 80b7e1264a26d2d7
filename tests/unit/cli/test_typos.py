"""A slip of the finger in any verb, option or choice gets the nearest word, in both languages."""

import signal
from collections.abc import Iterator

import click
import pytest

from msptool.cli import boundary, root
from tests.unit.cli.test_russian import _pages

PAGES = [(path.split()[1:], command) for path, command, _ in _pages()]


def slip(word: str) -> str:
    """Swap the two middle letters that differ."""
    at = next(at for at in range(len(word) // 2, 0, -1) if word[at] != word[at - 1])
    return word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :]


def typos() -> Iterator[tuple[list[str], str]]:
    """Yield words with one typo, and the word that was meant."""
    for words, command in PAGES:
        if words and len(words[-1]) > 2:
            yield [*words[:-1], slip(words[-1])], words[-1]
        for option in command.params:
            long = [name for name in option.opts if name.startswith("--") and len(name) > 5]
            yield from (([*words, slip(name)], name) for name in long)
            if long and isinstance(option.type, click.Choice):
                choices = [str(one) for one in option.type.choices if len(str(one)) > 3]
                yield from (([*words, long[0], slip(choice)], choice) for choice in choices)


@pytest.mark.parametrize("language", ["en", "ru"])
def test_each_typo_names_what_was_meant(
    language: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MSPTOOL_LANG", language)
    monkeypatch.setattr(signal, "signal", lambda *_: None)  # the boundary's outlive the test
    tried, missed = 0, []
    for words, meant in typos():
        with pytest.raises(SystemExit) as left:
            boundary.run(root, words)
        told = capsys.readouterr()
        question = {"en": "= did you mean ", "ru": "= может быть, "}[language]
        near = [line for line in told.err.splitlines() if line.startswith(question)]
        if left.value.code != 2 or told.out or len(near) != 1 or meant not in near[0]:
            missed.append((words, meant, told.err))
        tried += 1
    assert tried > 100 and missed == []
