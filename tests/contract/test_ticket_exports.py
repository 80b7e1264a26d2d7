"""What every exporter of tickets promises; a new one is found here, not listed.

A reader per format stands below, another program's wherever there is one: without one the suite
fails.
"""

import csv
import io
import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from html.parser import HTMLParser
from typing import Any, get_args
from zoneinfo import ZoneInfo

import icalendar
import msgspec
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from msptool.errors import UsageError
from msptool.tickets import clocks, events, lifecycle, view
from msptool.tickets.events import AnyEvent, Pen
from msptool.tickets.export import EXPORTERS, Reader, find, ical, texts, words, xlsx
from msptool.tickets.fold import fold
from msptool.tickets.sla import reckoner
from msptool.tickets.view import View
from tests.unit.tickets import hostile
from tests.unit.tickets.hostile import NOW
from tests.unit.tickets.site import PROFILE

csv.field_size_limit(1 << 24)
BERLIN = ZoneInfo("Europe/Berlin")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝")
HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
TAGS = frozenset(
    {"h1", "h2", "h3", "p", "ul", "li", "strong", "blockquote", "br", "table", "thead", "tbody",
     "tr", "th", "td"}
)  # fmt: skip


def _read_csv(data: bytes) -> list[tuple[str, str]]:
    rows = list(csv.DictReader(io.StringIO(data.decode(), newline="")))
    return [(row["id"], row["title"]) for row in rows]


def _read_jsonl(data: bytes) -> list[tuple[str, str]]:
    found = [json.loads(line) for line in data.split(b"\n")[:-1]]
    return [(one["id"], one["title"]) for one in found]


def _read_xlsx(data: bytes) -> list[tuple[str, str]]:
    rows = _sheet(data, 0)
    return [(row[0], row[xlsx.TICKETS.index("title")] or "") for row in rows[1:]]


def _sheet(data: bytes, at: int) -> list[tuple[Any, ...]]:
    book = openpyxl.load_workbook(io.BytesIO(data))
    return list(book.worksheets[at].iter_rows(values_only=True))


def _read_ical(data: bytes) -> list[tuple[str, str]]:
    split = (str(todo["summary"]).partition(" ") for todo in _components(data, "VTODO"))
    return [(ident, title) for ident, _, title in split]


def _components(data: bytes, name: str) -> list[Any]:
    found = icalendar.Calendar.from_ical(data).walk(name)
    assert not any(one.errors for one in found)
    return list(found)


class _Page(HTMLParser):
    """The headings of tickets; fails at whatever is not a plain element."""

    def __init__(self) -> None:
        super().__init__()
        self.headings: list[str] = []
        self.text = ""
        self.inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert (tag in TAGS, attrs) == (True, []), self.get_starttag_text()
        self.inside = tag
        if tag == "h2":
            self.headings.append("")

    def handle_endtag(self, tag: str) -> None:
        self.inside = ""

    def handle_data(self, data: str) -> None:
        self.text += data
        if self.inside == "h2":
            self.headings[-1] += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(decl)

    handle_pi = unknown_decl = handle_comment


@cache
def _markdown() -> MarkdownIt:
    """Return a reader that takes all there is: HTML, tables, bare links with and without scheme."""
    made = MarkdownIt("gfm-like", {"html": True, "linkify": True})
    assert made.linkify is not None
    made.linkify.set({"fuzzy_link": True, "fuzzy_email": True, "fuzzy_ip": True})
    return made


def _page(data: bytes) -> _Page:
    page = _Page()
    page.feed(_markdown().render(data.decode()))
    page.close()
    return page


def _read_markdown(data: bytes) -> list[tuple[str, str]]:
    split = (heading.partition(":") for heading in _page(data).headings)
    return [(ident, title.strip()) for ident, _, title in split]


READERS: Mapping[str, Callable[[bytes], list[tuple[str, str]]]] = {
    "csv": _read_csv,
    "ical": _read_ical,
    "jsonl": _read_jsonl,
    "markdown": _read_markdown,
    "xlsx": _read_xlsx,
}
TEXT_FORMATS = sorted(set(READERS) - {"xlsx"})


def _is_within(letters: str, text: str) -> bool:
    """Tell whether text has these letters in this order, whatever stands between them."""
    rest = iter(text)
    return all(letter in rest for letter in letters)


def _letters(text: str) -> str:
    return "".join(char for char in text if char.isalnum() and char.isprintable())


def _of(history: Sequence[AnyEvent], ident: str = "ACME-000000-0") -> View:
    ticket = fold(ident, history)
    assert ticket is not None
    return view.of(ticket, reckoner.of(PROFILE), NOW)


@cache
def view_of(text: str, number: int = 0) -> View:
    ident = f"ACME-{number:06d}-0"
    return _of(hostile.history(text, ident), ident)


def export_of(name: str, views: Sequence[View], reader: Reader | None = None) -> bytes:
    return b"".join(find(name)(iter(views), reader or Reader(("ru", "en"), BERLIN)))


def test_every_exporter_has_a_reader_here() -> None:
    assert set(EXPORTERS.load()) == set(READERS)


@pytest.mark.parametrize("name", sorted(READERS))
class TestExporter:
    def test_every_ticket_once_in_the_order_given(self, name: str) -> None:
        views = [view_of(f"ticket {number}", number) for number in (3, 1, 2)]
        assert READERS[name](export_of(name, views)) == [(one.id, one.title) for one in views]
        assert export_of(name, views) == export_of(name, views)

    def test_an_empty_store(self, name: str) -> None:
        assert READERS[name](export_of(name, [])) == []

    def test_hostile_text_in_every_field(self, name: str) -> None:
        views = [view_of(text, number) for number, text in enumerate(hostile.TEXTS)]
        found = READERS[name](export_of(name, views))
        assert [ident for ident, _ in found] == [one.id for one in views]
        for text, (_, title) in zip(hostile.TEXTS, found, strict=True):
            assert _is_within(_letters(text), title)

    def test_it_needs_one_ticket_at_a_time(self, name: str) -> None:
        last = []

        def views() -> Iterator[View]:
            for number in range(8):
                last.append(number)
                yield view_of("x" * 100, number)

        pieces = find(name)(views(), Reader())
        taken = next(pieces)
        taken += b"" if name == "xlsx" else next(pieces)
        assert len(last) < 3 or name in {"xlsx", "markdown"}  # what those hold waits on disk
        assert taken + b"".join(pieces) == export_of(name, list(views()), Reader())


@pytest.mark.parametrize("name", TEXT_FORMATS)
def test_no_control_bytes(name: str) -> None:
    text = export_of(name, [view_of(text, at) for at, text in enumerate(hostile.TEXTS)]).decode()
    breaks = {"\n"} if name in {"jsonl", "markdown"} else {"\r", "\n"}
    assert {char for char in text if unicodedata.category(char) in HIDDEN} <= breaks


hostile_text = st.sampled_from(hostile.TEXTS) | st.tuples(
    st.sampled_from([*FORMULA_STARTS, "", "\n"]), st.text()
).map("".join)


@given(hostile_text)
def test_csv_runs_no_formula(text: str) -> None:
    data = export_of("csv", [view_of(text)])
    for row in csv.reader(io.StringIO(data.decode(), newline="")):
        assert not any(cell.strip().startswith(FORMULA_STARTS) for cell in row)


def test_csv_speaks_the_clients_language_and_jsonl_all() -> None:
    told = {"en": "use SSH", "ru": "перейдите на SSH"}
    one = msgspec.structs.replace(view_of("x"), remedy=told)
    assert "перейдите" in export_of("csv", [one]).decode()
    assert "use SSH" not in export_of("csv", [one]).decode()
    assert json.loads(export_of("jsonl", [one]))["remedy"] == told


def test_jsonl_loses_no_character_and_csv_no_letter() -> None:
    for text in hostile.TEXTS:
        one = view_of(text)
        back = json.loads(export_of("jsonl", [one]))
        assert back == json.loads(msgspec.json.encode(one))
        row = next(csv.DictReader(io.StringIO(export_of("csv", [one]).decode(), newline="")))
        for field in ("text", "tags", "checklist", "said", "visits", "times", "attachments"):
            assert _is_within(_letters(text), row[field]), field


class TestXlsx:
    def test_nothing_is_a_formula_or_a_link_and_text_is_kept(self) -> None:
        views = [view_of(text, number) for number, text in enumerate(hostile.TEXTS)]
        book = openpyxl.load_workbook(io.BytesIO(export_of("xlsx", views)))
        for sheet in book.worksheets:
            cells = [cell for row in sheet.iter_rows() for cell in row]
            assert {cell.data_type for cell in cells} <= {"s", "n", "d", "inlineStr"}
            assert not any(cell.hyperlink for cell in cells)
        for row, text in enumerate(hostile.TEXTS, start=2):
            shown = book.worksheets[0].cell(row, xlsx.TICKETS.index("title") + 1)
            value = str(shown.value or "").replace("_x005F_", "_")  # which openpyxl leaves
            assert value == texts.inert(text)
            if value.strip().startswith(FORMULA_STARTS):
                assert shown.quotePrefix, "editing the cell makes it a formula"

    def test_dates_are_dates_of_the_clients_zone(self) -> None:
        rows = _sheet(export_of("xlsx", [view_of("x")]), 0)
        row = dict(zip(xlsx.TICKETS, rows[1], strict=True))
        assert row["opened_at"] == datetime(2026, 11, 2, 9, 0)  # noqa: DTZ001 - Excel has no zones
        assert "Открыта (Europe/Berlin)" in rows[0]

    def test_sheets_of_times_and_visits(self) -> None:
        data = export_of("xlsx", [view_of("x", 1), view_of("y", 2)], Reader(("en",), UTC))
        assert openpyxl.load_workbook(io.BytesIO(data)).sheetnames == [
            "Tickets", "Time entries", "Visits",
        ]  # fmt: skip
        times, visits = _sheet(data, 1), _sheet(data, 2)
        assert [row[0] for row in times[1:]] == ["ACME-000001-0", "ACME-000002-0"]
        assert times[1][2:] == (25, "a@x", "included", "remote", "x")
        assert visits[2][3:] == ("y", "y", "planned", "y")

    def test_heading_stays_and_filters(self) -> None:
        book = openpyxl.load_workbook(io.BytesIO(export_of("xlsx", [view_of("x")])))
        sheet = book.worksheets[0]
        assert sheet.freeze_panes == "B2"
        assert sheet.auto_filter.ref.startswith("A1:")
        assert sheet.column_dimensions["G"].width > 40

    @pytest.mark.parametrize("text", ["x" * 40_000, "👩" * 20_000, "х" * 32_767])
    def test_what_a_cell_cannot_hold_is_cut_with_a_mark_and_told(self, text: str) -> None:
        told: list[tuple[str, str]] = []
        reader = Reader(("en",), UTC, lambda ticket, field: told.append((ticket, field)))
        shown = _read_xlsx(export_of("xlsx", [view_of(text)], reader))[0][1]
        assert len(shown.encode("utf-16-le")) // 2 <= xlsx.CELL_UNITS
        if text.startswith("х"):
            assert ("ACME-000000-0", "title") not in told
            assert shown == text
        else:
            assert ("ACME-000000-0", "title") in told
            cut = re.search(r" \[cut here: (\d+) more characters\]$", shown)
            assert cut is not None
            assert len(shown[: cut.start()]) + int(cut[1]) == len(text)

    def test_more_rows_than_a_sheet_has_are_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(xlsx, "ROWS", 3)
        with pytest.raises(UsageError, match="rows do not fit"):
            export_of("xlsx", [view_of("x", number) for number in range(3)])

    def test_what_is_internal_stays_out(self) -> None:
        pen = Pen("a@b", NOW)
        made = hostile.history("x")
        said = [events.Comment(**pen.mark(made), text="not for the client", internal=True)]
        one = _of([*made, *said])
        for name in ("xlsx", "markdown"):
            assert not any("not for" in str(row) for row in _sheet(export_of("xlsx", [one]), 0))
            assert "not for" not in export_of("markdown", [one]).decode(), name
        assert "not for the client" in export_of("jsonl", [one]).decode()


class TestMarkdown:
    def test_a_reader_sees_the_text_and_nothing_else(self) -> None:
        for text in hostile.TEXTS:
            page = _page(export_of("markdown", [view_of(text)]))  # it fails at any other element
            seen = page.text.replace("\N{NO-BREAK SPACE}", " ")
            for line in texts.inert(text).split("\n"):
                assert line.strip() in seen, line

    def test_lines_and_their_indents_are_kept(self) -> None:
        data = export_of("markdown", [view_of("one\n    two\n\nthree")])
        html = _markdown().render(data.decode())
        assert "one<br />\n\xa0\xa0\xa0\xa0two</p>\n<p>three" in html

    def test_words_of_the_client(self) -> None:
        assert "- **Состояние:** открыта" in export_of("markdown", [view_of("x")]).decode()
        english = export_of("markdown", [view_of("x")], Reader(("de", "ru"), UTC)).decode()
        assert "- **State:** open\n" in english


class TestIcal:
    def _visit(self, starts: datetime, **more: Any) -> list[AnyEvent]:
        made = hostile.history("x")
        mark = Pen("a@b", NOW).mark(made)
        ends = starts + timedelta(hours=1)
        return [
            *made,
            events.Visit(**mark, visit=mark["eid"], starts_at=starts, ends_at=ends, **more),
        ]

    def _events(self, history: Sequence[AnyEvent]) -> list[Any]:
        return _components(export_of("ical", [_of(history)]), "VEVENT")

    @pytest.mark.parametrize(
        ("starts", "told"),
        [
            ("2026-03-29T00:30:00+00:00", "DTSTART;TZID=Europe/Berlin:20260329T013000"),
            ("2026-03-29T01:30:00+00:00", "DTSTART;TZID=Europe/Berlin:20260329T033000"),
            ("2026-10-25T00:30:00+00:00", "DTSTART;TZID=Europe/Berlin:20261025T023000"),
            ("2026-10-25T01:30:00+00:00", "DTSTART:20261025T013000Z"),  # the second 02:30
            ("2026-10-25T02:30:00+00:00", "DTSTART;TZID=Europe/Berlin:20261025T033000"),
            ("2050-07-01T08:00:00+00:00", "DTSTART:20500701T080000Z"),  # no rules told so far on
        ],
    )
    def test_days_on_which_clocks_change(self, starts: str, told: str) -> None:
        at = datetime.fromisoformat(starts)
        history = self._visit(at)
        assert f"{told}\r\n" in export_of("ical", [_of(history)]).decode()
        back = self._events(history)[-1]
        assert back["dtstart"].dt.astimezone(UTC) == at
        assert back["dtend"].dt.astimezone(UTC) == at + timedelta(hours=1)

    @pytest.mark.parametrize(
        "name", ["Europe/Berlin", "Europe/Moscow", "Africa/Casablanca", "Australia/Lord_Howe"]
    )
    def test_the_zone_comes_with_its_rules(self, name: str) -> None:
        zone = ZoneInfo(name)
        data = export_of("ical", [view_of("x")], Reader(("en",), zone))
        (told,) = _components(data, "VTIMEZONE")
        made = told.to_tz(lookup_tzid=False)
        for hours in range(0, 17 * 365 * 24, 61):
            wall = (datetime(2020, 1, 2, tzinfo=UTC) + timedelta(hours=hours)).astimezone(zone)
            if not wall.fold:
                bare = wall.replace(tzinfo=None)
                assert made.utcoffset(bare) == wall.utcoffset(), wall

    def test_a_change_keeps_the_uid_and_raises_the_sequence(self) -> None:
        first = self._visit(NOW)
        pen, visit = Pen("a@b", NOW), first[-1]
        assert isinstance(visit, events.Visit)
        moved = events.Visit(
            **pen.mark(first), visit=visit.visit, starts_at=NOW + timedelta(days=1),
            ends_at=NOW + timedelta(days=1, hours=2), status="cancelled",
        )  # fmt: skip
        before, after = self._events(first)[-1], self._events([*first, moved])[-1]
        assert before["uid"] == after["uid"]
        assert (before["sequence"], after["sequence"]) == (0, 1)
        assert (before["status"], after["status"]) == ("CONFIRMED", "CANCELLED")

    def test_a_visit_that_was_a_mistake_is_cancelled(self) -> None:
        history = self._visit(NOW)
        gone = events.Voided(**Pen("a@b", NOW).mark(history), of=history[-1].eid)
        one = self._events([*history, gone])[-1]
        assert (one["status"], one["sequence"]) == ("CANCELLED", 1)

    def test_a_todo_is_due_until_it_is_done(self) -> None:
        made = hostile.history("x")
        pen = Pen("a@b", NOW)
        closed = events.Closed(**pen.mark(made), reason="fixed")

        def todo(history: Sequence[AnyEvent]) -> Any:
            return _components(export_of("ical", [_of(history)]), "VTODO")[0]

        before, after = todo(made), todo([*made, closed])
        assert before["due"].dt == _of(made).resolve_due_at
        assert before["status"] == "NEEDS-ACTION"
        assert (after["status"], after.get("due")) == ("COMPLETED", None)
        assert after["completed"].dt == NOW
        assert before["uid"] == after["uid"] == ical.uid(made[0].eid)
        assert after["sequence"] == before["sequence"] + 1

    def test_lines_are_folded_at_75_bytes(self) -> None:
        data = export_of("ical", [view_of("漢字ёж👩" * 300)])
        assert max(map(len, data.split(b"\r\n"))) <= 75
        assert b"\n" not in data.replace(b"\r\n", b"")
        assert _components(data, "VTODO")[0]["summary"].endswith("ёж👩")

    def test_nobody_is_written_to(self) -> None:
        data = export_of("ical", [view_of("anna@client.example")])
        assert not re.search(rb"^(ATTENDEE|ORGANIZER|METHOD|ATTACH|URL|BEGIN:VALARM)", data, re.M)


@pytest.mark.parametrize("name", sorted(READERS))
@pytest.mark.parametrize("year", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
def test_times_that_no_calendar_has(name: str, year: str) -> None:
    at = datetime.fromisoformat(year)
    odd = msgspec.structs.replace(
        view_of("x"), opened_at=at, changed_at=at, resolve_due_at=at, ended_at=at, snoozed_until=at
    )
    assert READERS[name](export_of(name, [odd]))[0][1] == "x"


def test_every_column_and_value_has_its_words() -> None:
    assert {*xlsx.TICKETS, *xlsx.TIMES, *xlsx.VISITS} <= words.FIELDS.keys()
    closed = (events.Kind, clocks.Standing, events.Work, events.VisitStatus, events.Tie)
    assert all(word in words.VALUES for kind in closed for word in get_args(kind))
    assert {*lifecycle.STATES, *lifecycle.LEVELS} <= words.VALUES.keys()


def test_an_unknown_format_is_named_with_those_there_are() -> None:
    with pytest.raises(UsageError) as told:
        find("=x\x1b")
    assert set(told.value.nearest) == set(READERS)
