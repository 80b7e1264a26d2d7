"""The engineer's language: English sentences are the keys, Russian is looked up where they leave.

Sentences stand in the code in English, as f-strings, and travel so: exceptions, JSON and logs are
the same everywhere. In a Russian key the values of an f-string are numbered holes, in the order
of the source: f"no folder {path.parent}" is "no folder {0}". Nothing Russian is loaded for an
engineer who reads English. A sentence that has no Russian stays English; tests name those.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from msptool import terminal

Table = Mapping[str, str]
_HOLE = re.compile(r"\{(\d)\}")


def is_russian() -> bool:
    """Whether the engineer reads Russian."""
    return terminal.language() == "ru"


def _(sentence: str, *values: object) -> str:
    """Return one of the command line's own sentences, its holes filled with values."""
    if is_russian():
        from msptool.cli.russian.words import WORDS

        sentence = WORDS.get(sentence, sentence)
    return _filled(sentence, tuple(str(value) for value in values))


def told(text: str) -> str:
    """Return finished lines as the engineer reads them, each found by what stands round its values.

    JSON is for programs, and stays as it is.
    """
    if not is_russian() or text.startswith("{"):
        return text
    from msptool.cli.russian.words import WORDS

    return "\n".join(_translated(line, WORDS) for line in text.split("\n"))


def headings(titles: Sequence[str]) -> list[str]:
    """Return the headings of a table."""
    if not is_russian():
        return list(titles)
    from msptool.cli.russian.words import HEADINGS

    return [HEADINGS.get(title, title) for title in titles]


def failed(code: str, text: str) -> str:
    """Return an error's message or hint; `code` says whose sentence it is."""
    if not is_russian():
        return text
    from msptool.cli.russian import errors

    return _translated(text, errors.of(code))


def helped(text: str) -> str:
    """Return a paragraph of help, whatever its line breaks; what must not be wrapped keeps them."""
    if not is_russian():
        return text
    from msptool.cli.russian.help import HELP

    first, _, examples = text.partition("\n")
    if first == "\b":
        title, _, lines = examples.partition("\n")
        return f"\b\n{HELP.get(title, title)}\n{lines}"
    flat = " ".join(text.split())
    found = _translated(flat, HELP)
    return text if found == flat else found


def _translated(text: str, table: Table) -> str:
    """Return the Russian of a finished sentence; the text itself if no key fits.

    A value may be a phrase of its own ("can be written by others"): it is looked up whole.
    """
    if text in table:
        return table[text]
    from msptool.cli.russian.phrases import PHRASES

    for key in _specific(tuple(table)):
        found = _pattern(key).fullmatch(text)
        if found:
            values = tuple(PHRASES.get(value, value) for value in found.groups())
            return _filled(table[key], values)
    return text


@lru_cache(maxsize=256)
def _specific(keys: tuple[str, ...]) -> tuple[str, ...]:
    """Return the keys with holes, those with the most words of their own first."""
    holed = [key for key in keys if _HOLE.search(key)]
    return tuple(sorted(holed, key=lambda key: -len(_HOLE.sub("", key))))


@lru_cache(maxsize=1024)
def _pattern(key: str) -> re.Pattern[str]:
    words = _HOLE.split(key)[::2]
    return re.compile("(.*?)".join(re.escape(word) for word in words), re.DOTALL)


def _filled(sentence: str, values: tuple[str, ...]) -> str:
    """Fill the holes at one go, so that a value that looks like a hole stays what it is."""
    return _HOLE.sub(lambda hole: values[int(hole[1])], sentence)
