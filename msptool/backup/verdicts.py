"""Verdicts: how a backup or its proof ended. A closed list, in one table, gravest first.

What a verdict means for a client differs by what was learnt of the data:

- `bad`: the data was looked at and is not what was backed up. "Damaged" means that the rest comes
  back; "not restorable", that nothing or whole folders do not, from anywhere but perhaps this
  machine's cache; "absent", that restic restores without complaint what it was never given;
  "bad content", that it comes back as it was, and was worth nothing when it was backed up.
- `blind`: nothing was learnt. It must never hide or resolve a `bad` one, nor look like one:
  corruption that is reported as "could not run" is read as a network failure and left.
- `old`: the data is well, and too old for what was agreed.
- `good`.

A job has the gravest verdict that applies, and a finding for each.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from msptool.model import Words

Verdict: TypeAlias = Literal[
    "not-restorable",
    "damaged",
    "absent",
    "bad-content",
    "incomplete-source",
    "repository-missing",
    "storage-unreachable",
    "wrong-password",
    "locked",
    "disk-full",
    "could-not-run",
    "stale",
    "ok",
]
Sort: TypeAlias = Literal["bad", "blind", "old", "good"]


@dataclass(frozen=True)
class Meaning:
    """What a verdict says of the data, its stable error code where it is one, and its words."""

    sort: Sort
    code: str
    words: Words


TABLE: Mapping[Verdict, Meaning] = {
    "not-restorable": Meaning(
        "bad", "repo.not-restorable", {"en": "not restorable", "ru": "не восстанавливается"}
    ),
    "damaged": Meaning("bad", "repo.damaged", {"en": "damaged", "ru": "повреждено"}),
    "absent": Meaning("bad", "backup.absent", {"en": "files absent", "ru": "нет файлов"}),
    "bad-content": Meaning(
        "bad", "backup.bad-content", {"en": "bad content", "ru": "содержимое негодно"}
    ),
    "incomplete-source": Meaning(
        "bad", "backup.incomplete", {"en": "incomplete source", "ru": "источник прочитан не весь"}
    ),
    "repository-missing": Meaning(
        "blind", "repo.missing", {"en": "repository missing", "ru": "хранилища нет на месте"}
    ),
    "storage-unreachable": Meaning(
        "blind", "repo.unreachable", {"en": "storage unreachable", "ru": "хранилище недоступно"}
    ),
    "wrong-password": Meaning(
        "blind", "repo.password", {"en": "wrong password", "ru": "пароль не подходит"}
    ),
    "locked": Meaning("blind", "repo.locked", {"en": "locked", "ru": "заблокировано"}),
    "disk-full": Meaning("blind", "disk.full", {"en": "disk full", "ru": "нет места на диске"}),
    "could-not-run": Meaning(
        "blind", "backup.failed", {"en": "could not run", "ru": "не удалось выполнить"}
    ),
    "stale": Meaning("old", "backup.stale", {"en": "stale", "ru": "устарело"}),
    "ok": Meaning("good", "", {"en": "ok", "ru": "в порядке"}),
}


def sort_of(verdict: Verdict) -> Sort:
    """Return what a verdict says of the data."""
    return TABLE[verdict].sort


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the gravest of some verdicts; "ok" of none."""
    order = list(TABLE)
    return min(verdicts, key=order.index, default="ok")


def known(text: str) -> Verdict | None:
    """Return the verdict that a word from outside names."""
    return next((verdict for verdict in TABLE if verdict == text), None)
