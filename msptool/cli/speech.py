"""The engineer's language: English sentences are the keys, Russian is looked up where they leave.

What the command line says goes through `_`, its values in numbered holes. What lower rooms say
travels in English, so that exceptions, JSON and logs are the same everywhere, and is recognised
where it leaves: f"no folder {path.parent}" has the key "no folder {0}". What people type in
English (severities, priorities, states, verbs) is shown as it is typed. Nothing Russian is loaded
for an engineer who reads English. A sentence without Russian stays English; tests name those.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from msptool import terminal

Table = Mapping[str, str]
_HOLE = re.compile(r"\{(\d)\}")
_ANY = "(.*?)"
_NO_COMMA = "((?:(?!, ).)*?)"


def is_russian() -> bool:
    """Whether the engineer reads Russian."""
    return terminal.language() == "ru"


def _(sentence: str, *values: object) -> str:
    """Return one of the command line's own sentences, its holes filled with values."""
    if is_russian():
        from msptool.cli.russian.words import WORDS

        sentence = WORDS.get(sentence, sentence)
    return _filled(sentence, tuple(str(value) for value in values))


def told(kind: str, text: str) -> str:
    """Return a sentence that another room finished, whole or part by part between its commas.

    `kind` names its table, so that no other text is ever taken for one of these sentences.
    """
    if not is_russian():
        return text
    from msptool.cli.russian.words import TOLD

    whole = _translated(text, TOLD[kind], _NO_COMMA)
    if whole != text:
        return whole
    return ", ".join(_translated(part, TOLD[kind]) for part in text.split(", "))


def age(seconds: float) -> str:
    """Return an age as people say it: "6 h", "3 d"."""
    text = terminal.age(seconds)
    if not is_russian():
        return text
    from msptool.cli.russian.words import UNITS

    number, unit = text.split(" ")
    return f"{number} {UNITS[unit]}"


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


def _translated(text: str, table: Table, value: str = _ANY) -> str:
    """Return the Russian of a finished sentence; the text itself if no key fits.

    `value` is what a hole takes. A value may be a phrase of its own ("can be written by others"):
    it is looked up whole.
    """
    if text in table:
        return table[text]
    from msptool.cli.russian.phrases import PHRASES

    for key in _specific(tuple(table)):
        found = _pattern(key, value).fullmatch(text)
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
def _pattern(key: str, value: str) -> re.Pattern[str]:
    words = _HOLE.split(key)[::2]
    return re.compile(value.join(re.escape(word) for word in words), re.DOTALL)


def _filled(sentence: str, values: tuple[str, ...]) -> str:
    """Fill the holes at one go, so that a value that looks like a hole stays what it is."""
    return _HOLE.sub(lambda hole: values[int(hole[1])], sentence)
