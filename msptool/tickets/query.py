"""Filters that one can type: `status:open prio:>=high check:NET-001 sla:late telnet`."""

import difflib
import operator
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeAlias, TypeVar

from msptool.errors import UsageError
from msptool.tickets import lifecycle
from msptool.tickets.view import View

T = TypeVar("T", bound=str)
Test: TypeAlias = Callable[[View], bool]
_COMPARE: Mapping[str, Callable[[int, int], bool]] = {
    ">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt, "=": operator.eq,
}  # fmt: skip


def parse(terms: Sequence[str]) -> Test:
    """Return a test that all terms pass; raise UsageError at an unknown key or value.

    A term without a known key's colon is a word to be found in id, title, text or names.
    """
    tests = [_term(term) for term in terms]
    return lambda view: all(test(view) for test in tests)


def names_state(terms: Iterable[str]) -> bool:
    """Tell whether terms ask for states themselves, so that none is left out unasked."""
    return any(term.startswith("status:") for term in terms)


def _term(term: str) -> Test:
    key, colon, value = term.partition(":")
    if not colon or not key.isalpha():
        return _word(term)
    if key not in KEYS:
        raise _unknown("filter", key, [f"{name}:" for name in KEYS])
    return KEYS[key](value)


def _word(word: str) -> Test:
    wanted = _plain(word)

    def test(view: View) -> bool:
        texts = (view.id, view.title, view.text, view.name, view.requester)
        return any(wanted in _plain(text) for text in texts)

    return test


def _plain(text: str) -> str:
    """Return text without case, its accents composed: macOS types and stores them apart."""
    return unicodedata.normalize("NFC", text).casefold()


def _status(value: str) -> Test:
    wanted = lifecycle.ACTIVE if value == "active" else {_known(value, lifecycle.STATES)}
    return lambda view: view.state in wanted


def _priority(value: str) -> Test:
    sign = next((sign for sign in _COMPARE if value.startswith(sign)), "")
    level = _known(value.removeprefix(sign), lifecycle.LEVELS)
    wanted, compare = lifecycle.LEVELS.index(level), _COMPARE[sign or "="]
    return lambda view: compare(lifecycle.LEVELS.index(view.priority), wanted)


def _check(value: str) -> Test:
    return lambda view: view.check.casefold() == value.casefold()


def _thing(value: str) -> Test:
    wanted = _plain(value)
    return lambda view: wanted in (_plain(view.name), _plain(view.thing))


def _sla(value: str) -> Test:
    wanted = _known(value, ("late", "running", "met", "missed", "none"))
    return lambda view: wanted in (view.response, view.resolution)


KEYS: Mapping[str, Callable[[str], Test]] = {
    "status": _status,
    "prio": _priority,
    "check": _check,
    "thing": _thing,
    "sla": _sla,
}


def _known(value: str, allowed: Sequence[T]) -> T:
    for one in allowed:
        if one == value:
            return one
    raise _unknown("value", value, allowed)


def _unknown(what: str, value: str, allowed: Sequence[str]) -> UsageError:
    near = difflib.get_close_matches(value, allowed, n=2, cutoff=0.4)
    return UsageError(
        "tickets.filter", f"unknown {what} {value[:40]!r}",
        hint=f"known here: {', '.join(allowed)}", nearest=tuple(near),
    )  # fmt: skip
