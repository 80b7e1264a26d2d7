"""What every exporter of tickets promises; a new one is found here, not listed.

A reader per format stands below: without one the suite fails.
"""

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from msptool.model import Subject
from msptool.tickets import events, view
from msptool.tickets.export import EXPORTERS, Reader, find
from msptool.tickets.fold import fold
from msptool.tickets.sla import reckoner
from msptool.tickets.view import View
from tests.unit.tickets.site import PROFILE

NOW = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)


def _read_csv(data: bytes) -> list[tuple[str, str]]:
    rows = list(csv.DictReader(io.StringIO(data.decode(), newline="")))
    return [(row["id"], row["title"]) for row in rows]


def _read_jsonl(data: bytes) -> list[tuple[str, str]]:
    found = [json.loads(line) for line in data.split(b"\n")[:-1]]
    return [(one["id"], one["title"]) for one in found]


READERS: Mapping[str, Callable[[bytes], list[tuple[str, str]]]] = {
    "csv": _read_csv,
    "jsonl": _read_jsonl,
}
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
HOSTILE = (
    "=cmd|'/c calc'!A1", "+1+1", "-2", "@SUM(A1)", "\t=1", "\r=1", " =1", "=\x00",
    "\x1b]52;c;aGk=\x07", "\x9b2J", "\u202eevil", "a\nb\r\nc", '"quoted", and; semicolons',
    "<script>alert(1)</script>", "{{7*7}} [/red] `x`", "Кириллица и ёлка", "é\u0301 漢字 👩‍👩‍👧",
    "x" * 10_000, "\n" * 500, "",
)  # fmt: skip


def _is_within(letters: str, text: str) -> bool:
    """Tell whether text has these letters in this order, whatever stands between them."""
    rest = iter(text)
    return all(letter in rest for letter in letters)


def _view(title: str, number: int = 0) -> View:
    words = {"en": title, "ru": title}
    about = events.About(
        check=title, subject=Subject(client="ACME", thing=title, part=title), name=title,
        severity="high", title=words, message=words, remedy=words, standards=(title,),
        evidence=(title,), seen=events.Sighting(seen_at=NOW),
    )  # fmt: skip
    opened = events.Opened(
        **events.Pen("a@b", NOW).mark(), format=1, ticket=f"ACME-{number:06d}-0", client="ACME",
        kind="incident", title=title, text=title, requester=title, about=about,
    )  # fmt: skip
    ticket = fold(opened.ticket, [opened])
    assert ticket is not None
    return view.of(ticket, reckoner.of(PROFILE), NOW)


def _export(name: str, views: Sequence[View]) -> bytes:
    return b"".join(find(name)(views, Reader(("ru", "en"), ZoneInfo("Europe/Berlin"))))


def test_every_exporter_has_a_reader_here() -> None:
    assert set(EXPORTERS.load()) == set(READERS)


@pytest.mark.parametrize("name", sorted(READERS))
class TestExporter:
    def test_every_ticket_once_in_the_order_given(self, name: str) -> None:
        views = [_view(f"ticket {number}", number) for number in (3, 1, 2)]
        assert [ident for ident, _ in READERS[name](_export(name, views))] == [
            one.id for one in views
        ]
        assert _export(name, views) == _export(name, views)

    def test_an_empty_store(self, name: str) -> None:
        assert READERS[name](_export(name, [])) == []

    @pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text)[:24])
    def test_hostile_text_in_every_field(self, name: str, text: str) -> None:
        found = READERS[name](_export(name, [_view(text), _view("next", 1)]))
        assert [ident for ident, _ in found] == ["ACME-000000-0", "ACME-000001-0"]
        letters = "".join(char for char in text if char.isalnum() and char.isprintable())
        assert _is_within(letters, found[0][1])

    def test_no_control_bytes(self, name: str) -> None:
        data = _export(name, [_view(text, number) for number, text in enumerate(HOSTILE)])
        data.decode()
        assert not set(data) & (set(range(32)) - {9, 10, 13})


hostile = st.sampled_from(HOSTILE) | st.tuples(
    st.sampled_from([*FORMULA_STARTS, "", "\n"]), st.text()
).map("".join)


@given(hostile)
def test_csv_runs_no_formula(text: str) -> None:
    data = _export("csv", [_view(text)])
    for row in csv.reader(io.StringIO(data.decode(), newline="")):
        assert not any(cell.strip().startswith(FORMULA_STARTS) for cell in row)


def test_csv_speaks_the_clients_language_and_jsonl_all() -> None:
    words = {"en": "use SSH", "ru": "перейдите на SSH"}
    one = msgspec.structs.replace(_view("x"), remedy=words)
    assert "перейдите" in _export("csv", [one]).decode()
    assert "use SSH" not in _export("csv", [one]).decode()
    assert json.loads(_export("jsonl", [one]))["remedy"] == words
