"""Words, plurals, numbers, dates, durations and sizes in the language of the reader.

The words are data: templates/report/words.LANGUAGE.yaml. Only what two languages need is here;
the plural rules are CLDR's (unicode.org/cldr/charts/latest/supplemental/language_plural_rules).
"""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from types import MappingProxyType

from msptool import model, shipped, yaml12
from msptool.model import Scalar, Words

NBSP = "\u00a0"
_BYTES_STEP = 1024
_UNITS_S = (("d", 86400), ("h", 3600), ("min", 60), ("s", 1))


def _english(n: int) -> int:
    return 0 if n == 1 else 1


def _russian(n: int) -> int:
    tens, ones = n % 100, n % 10
    if ones == 1 and tens != 11:
        return 0
    return 1 if ones in (2, 3, 4) and tens not in (12, 13, 14) else 2


PLURALS: Mapping[str, Callable[[int], int]] = {"en": _english, "ru": _russian}
_DATES = {"en": "{day} {month} {year}", "ru": "{day} {month} {year} г."}
_SEPARATORS = {"en": (",", "."), "ru": (NBSP, ",")}


@dataclass(frozen=True)
class Catalogue:
    """The words of one language: by key, and the forms of what can be counted."""

    words: Mapping[str, str]
    forms: Mapping[str, tuple[str, ...]]
    months: tuple[str, ...]


@functools.cache
def catalogue(language: str) -> Catalogue:
    """Read the words of a language that ship with the program."""
    path = shipped.folder("templates") / "report" / f"words.{language}.yaml"
    data = yaml12.load(path.read_bytes(), file=path.name).data
    forms = {key: tuple(value.split(" | ")) for key, value in _flat(data["forms"]).items()}
    months = tuple(_flat(data["months"]).values())
    return Catalogue(MappingProxyType(_flat(data["words"])), MappingProxyType(forms), months)


def _flat(value: yaml12.Value, path: str = "") -> dict[str, str]:
    """Return nested mappings as one, keys joined by dots."""
    if not isinstance(value, dict):
        return {path: str(value)}
    found: dict[str, str] = {}
    for key, inner in value.items():
        found |= _flat(inner, f"{path}.{key}" if path else str(key))
    return found


@dataclass(frozen=True)
class Tongue:
    """One language, and the time zone in which its times are told."""

    code: str
    zone: tzinfo = UTC

    def say(self, key: str, **values: Scalar) -> str:
        """Return the words of a key, `{name}` filled in; raise KeyError for an unknown key."""
        return model.fill(catalogue(self.code).words[key], values)

    def known(self, group: str, key: str) -> str:
        """Return the words of a code from outside (a state, a kind), else the code itself."""
        return catalogue(self.code).words.get(f"{group}.{key}", key)

    def pick(self, words: Words) -> str:
        """Return words of a rule in this language, else in any that it has."""
        return words.get(self.code) or next((text for text in words.values() if text), "")

    def count(self, what: str, n: int) -> str:
        """Return a number with what is counted, in its right form: 21 узел, 2 узла, 5 узлов."""
        return f"{self.number(n)}{NBSP}{self.form(what, n)}"

    def form(self, what: str, n: int) -> str:
        """Return only the word that goes with a number."""
        return catalogue(self.code).forms[what][PLURALS[self.code](n)]

    def number(self, value: float, digits: int = 0) -> str:
        """Return a number with separated thousands."""
        thousands, point = _SEPARATORS[self.code]
        text = f"{value:,.{digits}f}"
        return text.replace(",", "\0").replace(".", point).replace("\0", thousands)

    def decimal(self, value: float) -> str:
        """Return a number with at most two decimals, none of them a closing zero."""
        digits = len(f"{value:.2f}".rstrip("0").partition(".")[2])
        return self.number(value, digits)

    def date(self, day: date) -> str:
        """Return a date as people write it; a time is first taken to the zone."""
        if isinstance(day, datetime):
            day = day.astimezone(self.zone).date()
        month = catalogue(self.code).months[day.month - 1]
        text = _DATES[self.code].format(day=day.day, month=month, year=day.year)
        return text.replace(" ", NBSP)

    def moment(self, at: datetime) -> str:
        """Return date and time in the zone."""
        return f"{self.date(at)}, {at.astimezone(self.zone):%H:%M}"

    def duration(self, seconds: float) -> str:
        """Return at most two units: 3 d 4 h, 14 min, 2.5 s; days only from two days on."""
        if 0 < seconds < 10:
            return self._unit(self.decimal(round(seconds, 1)), "s")
        rest, parts = round(seconds), []
        for name, size in _UNITS_S if seconds >= 2 * 86400 else _UNITS_S[1:]:
            value, rest = divmod(rest, size)
            if value:
                parts.append(self._unit(self.number(value), name))
            elif parts:
                break
        return " ".join(parts[:2]) or self._unit("0", "s")

    def size(self, count_bytes: float) -> str:
        """Return bytes in binary units."""
        units = ("B", "KiB", "MiB", "GiB", "TiB")
        at, value = 0, float(count_bytes)
        while value >= _BYTES_STEP and at < len(units) - 1:
            at, value = at + 1, value / _BYTES_STEP
        return self._unit(self.decimal(round(value, 1) if value < 10 else round(value)), units[at])

    def _unit(self, number: str, unit: str) -> str:
        return f"{number}{NBSP}{self.say(f'unit.{unit}')}"

    def reason(self, code: str) -> str:
        """Return why an attempt ended without a verdict."""
        return self.pick(model.REASONS.get(code, {})) or code

    def fact(self, name: str, value: Scalar) -> str:
        """Return a fact as a reader wants it: times, sizes and durations by the name's unit."""
        if value is None or value == "":
            return ""
        if isinstance(value, bool):
            return self.say("yes") if value else self.say("no")
        if isinstance(value, str):
            return self._time(value) if name.endswith("_at") else value
        if name.endswith("_bytes"):
            return self.size(value)
        if name.endswith("_s"):
            return self.duration(value)
        return self.decimal(value) + (f"{NBSP}%" if name.endswith("_percent") else "")

    def _time(self, text: str) -> str:
        """Return an ISO date or time as people write it; other text as it is."""
        try:
            at = datetime.fromisoformat(text)
        except ValueError:
            return text
        if len(text) == len("2026-11-24"):
            return self.date(at.date())
        return self.moment(at if at.tzinfo else at.replace(tzinfo=UTC))
