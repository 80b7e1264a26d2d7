"""Chance, by name: each value has a generator of its own, so that a new host moves no other."""

from collections.abc import Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")


class Draw:
    """The chances of one host (or of the "site") under one seed."""

    def __init__(self, seed: int, host: str) -> None:
        self._name = f"{seed}:{host}"

    def of(self, field: str) -> Random:
        """Return the generator of a field, always at its start."""
        return Random(f"{self._name}:{field}")  # noqa: S311 - a lottery, no secret

    def pick(self, field: str, choices: Sequence[T]) -> T:
        """Return one of the choices."""
        return self.of(field).choice(choices)

    def number(self, field: str, least: int, most: int) -> int:
        """Return a whole number, both ends included."""
        return self.of(field).randint(least, most)

    def real(self, field: str, least: float, most: float) -> float:
        """Return a number in between."""
        return self.of(field).uniform(least, most)

    def chance(self, field: str, probability: float) -> bool:
        """Return True as often as `probability` says."""
        return self.of(field).random() < probability

    def shape(self, field: str, pattern: str) -> str:
        """Fill a vendor's pattern: # digit, @ capital letter, % digit or capital, ! hex digit."""
        random = self.of(field)
        sets = {"#": _DIGITS, "@": _LETTERS, "%": _DIGITS + _LETTERS, "!": "0123456789ABCDEF"}
        return "".join(random.choice(sets[mark]) if mark in sets else mark for mark in pattern)

    def data(self, field: str, size_bytes: int) -> bytes:
        """Return bytes, for keys and addresses."""
        return self.of(field).randbytes(size_bytes)


# Letters and digits that vendors print: no I, O and Q beside 1 and 0.
_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
_DIGITS = "0123456789"
