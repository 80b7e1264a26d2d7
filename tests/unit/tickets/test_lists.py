"""Views, Russian typing, orders, folding, phrases: what a person types becomes these rows."""

import csv
import io
import os
import sys
from collections.abc import Iterable
from datetime import UTC, date

import pytest

from msptool import terminal
from msptool.cli import list_words
from msptool.errors import UsageError
from msptool.profile.shape import Tickets
from msptool.tickets import lifecycle, listing, query, searching, spreadsheet, stats, typed
from msptool.tickets.acts import asking, changing
from msptool.tickets.sla import reckoner, report
from tests.unit.test_terminal import Screen
from tests.unit.tickets.site import HOUR, PROFILE, T0, Site

OWN = {"hot": "prio:>=high @mine", "loop": "@loop", "torn": "'", "mine": "assignee:boris"}


@pytest.mark.parametrize(
    ("term", "meant"),
    [
        ("статус:открыта", "status:open"),
        ("-Статус:открыта,закрыта", "-status:open,closed"),
        ("приоритет:>=высокий", "prio:>=high"),
        ("клиент:acme", "client:acme"),
        ("исполнитель:я", "assignee:me"),
        ("срок:<2d", "due:<2d"),
        ("ыефегыЖщзут", "status:open"),  # typed with the keyboard in Russian
        ("зкшщЖЮ=ршпр", "prio:>=high"),
        ("STATUS:open", "status:open"),
        ("принтер", "принтер"),
        ("нет:ключа", "нет:ключа"),
        ("", ""),
        ("-", "-"),
    ],
)
def test_what_is_typed_in_russian_is_meant_in_english(term: str, meant: str) -> None:
    assert typed.meant(term, query.KEYS) == meant


def test_a_view_is_its_text_and_may_name_others() -> None:
    assert typed.expanded(["@breaching", "x"], {}) == ("sla:breaching", "x")
    assert typed.expanded(["@hot"], OWN) == ("prio:>=high", "assignee:boris")
    assert typed.expanded(["@phrase"], {"phrase": '"two words" a'}) == ("two words", "a")
    assert typed.expanded(["@", "a@b"], {}) == ("@", "a@b")


@pytest.mark.parametrize("name", ["mne", "loop", "torn"])
def test_a_view_that_is_none(name: str) -> None:
    with pytest.raises(UsageError) as told:
        typed.expanded([f"@{name}"], OWN)
    assert told.value.code == "tickets.view"
    assert name != "mne" or told.value.nearest == ("@mine",)


@pytest.fixture
def desk(site: Site) -> Site:
    """Return a desk with a parent of two children, one of them closed, and a stranger."""
    top = site.act(asking.add, "switch down", priority="high", assignee="anna@desk")
    site.later()
    site.act(asking.add, "host one gone", priority="low", parent=top.id)
    gone = site.act(asking.add, "host two gone", priority="critical", parent=top.id)
    site.close(gone.id, reason="fixed")
    site.later()
    site.act(asking.add, "=cmd|' /C calc'!A0", priority="normal", text="drum, then toner\x1b[31m")
    site.now = T0 + 3 * HOUR
    return site


def _rows(site: Site, *terms: str, sort: str = "urgency", limit: int = 0) -> list[listing.Row]:
    wanted = listing.asked(terms, site.now, UTC, ended=False, children=False, me="anna@desk")
    with site.desk(to_write=False) as held:
        return list(listing.find(held, wanted, site.now, limit=limit, sort=sort).rows)


def test_children_are_folded_only_under_a_parent_that_is_shown(desk: Site) -> None:
    titles = [(row.title, row.children) for row in _rows(desk)]
    assert titles == [("switch down", 1), ("=cmd|' /C calc'!A0", 0)]
    assert [row.title for row in _rows(desk, "prio:low")] == ["host one gone"]
    assert [row.title for row in _rows(desk, "is:child")] == ["host one gone"]
    assert len(_rows(desk, "status:open,closed", "gone")) == 2


@pytest.mark.parametrize("name", query.SORTS)
def test_every_order_turns_round(desk: Site, name: str) -> None:
    there = [row.id for row in _rows(desk, sort=name)]
    assert [row.id for row in _rows(desk, sort=f"-{name}")] == there[::-1]


def test_an_unknown_order_is_told(desk: Site) -> None:
    with pytest.raises(UsageError):
        _rows(desk, sort="ago")


def test_words_in_quotes_stand_in_this_order(desk: Site) -> None:
    assert [row.title for row in _rows(desk, "switch dow")] == ["switch down"]
    assert _rows(desk, "down switch") == []
    assert [row.title for row in _rows(desk, "down", "switch")] == ["switch down"]
    assert _rows(desk, "client:beta") == []
    assert len(_rows(desk, "client:beta,acme")) == 2


def test_csv_runs_nothing_in_a_spreadsheet(desk: Site) -> None:
    text = "".join(spreadsheet.rows(_rows(desk), desk.now))
    header, *lines = list(csv.reader(io.StringIO(text, newline="")))
    assert tuple(header) == spreadsheet.LIST
    assert [line[header.index("title")] for line in lines] == ["switch down", "'=cmd|' /C calc'!A0"]
    assert all(line[0] == "ACME" for line in lines)


def test_who_has_a_ticket_fits_the_terminal_as_it_is_shown(
    desk: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.act(asking.add, "x", assignee="\x1b]52;" * 5)
    desk.act(asking.add, "y", assignee="@SUM(1)")
    rows = _rows(desk)
    terminal.prepare()
    screen = Screen()
    monkeypatch.setattr(sys, "stdout", screen)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "1")
    lines = list_words.table(rows, desk.now, clients=False).splitlines()
    assert max(map(len, lines)) <= 100
    who = lines[0].index("WHO")
    shown = {line[who : who + 12].strip() for line in lines[1:]}
    assert "@SUM(1)" in shown and any(said.startswith("\\x1b]") for said in shown)


def _search(site: Site, *terms: str, limit: int = 20) -> searching.Hits:
    with site.desk(to_write=False) as held:
        return searching.search(held, terms, site.now, limit=limit)


def _read(lines: Iterable[str]) -> list[dict[str, str]]:
    text = "".join(lines)
    assert text.count("\n") == text.count("\r\n")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_hits_as_csv_run_nothing_and_have_no_marks(desk: Site) -> None:
    (hit,) = _read(spreadsheet.hits(_search(desk, "toner").hits))
    assert hit["title"] == "'=cmd|' /C calc'!A0"
    assert hit["snippet"].startswith("drum, then toner") and "\x1b" not in hit["snippet"]
    assert tuple(hit) == searching.Record.__struct_fields__


def test_figures_as_csv_run_nothing_and_end_in_the_whole(desk: Site) -> None:
    desk.act(asking.add, "x", priority="low", assignee="@SUM(1+9)")
    with desk.desk(to_write=False) as held:
        told = stats.lines("assignee", [stats.tallies(held, "assignee", T0, desk.now)])
    lines = _read(spreadsheet.stats(told))
    assert "'@SUM(1+9)" in [line["value"] for line in lines]
    whole = lines[-1]
    assert (whole["by"], whole["opened"], whole["closed"], whole["open"]) == ("", "5", "1", "4")


def test_months_as_csv_have_a_line_a_priority_and_the_whole(desk: Site) -> None:
    with desk.desk(to_write=False) as held:
        plan = reckoner.of(desk.profile, reckoner.folder(desk.workspace))
        month = report.of(held, plan, date(2026, 11, 1), desk.now)
    lines = _read(spreadsheet.months([month, month]))
    assert [line["priority"] for line in lines] == [*lifecycle.LEVELS[::-1], ""] * 2
    whole = lines[-1]
    assert (whole["client"], whole["month"], whole["opened"]) == ("ACME", "2026-11", "4")
    assert whole["entries"] == "0" and lines[0]["entries"] == ""


def test_search_finds_ended_ones_the_title_first(desk: Site) -> None:
    desk.act(asking.add, "another", text="a host, far down among many other words, is gone")
    found = _search(desk, "host", "gone")
    assert [hit.row.title for hit in found.hits][2] == "another"
    assert {hit.row.state for hit in found.hits} == {"open", "closed"}
    assert found.total == 3
    assert _search(desk, "host", limit=1).total == 3
    assert [h.row.title for h in _search(desk, "gone", "status:closed").hits] == ["host two gone"]
    assert _search(desk, "host", "-one").total == 2


def test_a_snippet_shows_the_word_and_is_raw_between_its_marks(desk: Site) -> None:
    (hit,) = _search(desk, "ton").hits
    assert ("toner", True) in searching.pieces(hit.snippet)
    assert searching.plain(hit.snippet).startswith("drum, then toner")


def test_an_id_is_found_as_it_is_said(desk: Site) -> None:
    ident = _rows(desk)[0].id
    for said in (ident, ident.lower(), ident.split("-")[1].lower(), ident.replace("-", "")):
        assert _search(desk, said).hits[0].row.id == ident
    desk.act(changing.edit, ident, {"aliases": ("JIRA-77",)})
    assert _search(desk, "jira-77").hits[0].row.id == ident


@pytest.mark.parametrize("words", [("status:open",), ("-x",), ("!?",)])
def test_search_needs_a_word(desk: Site, words: tuple[str, ...]) -> None:
    with pytest.raises(UsageError):
        _search(desk, *words)


@pytest.mark.parametrize(
    "hostile", ['"', 'a" OR b', "NEAR(", "title:x AND", "*", "a^b", "{}", "\x00"]
)
def test_no_word_is_an_expression(desk: Site, hostile: str) -> None:
    assert len(_search(desk, "switch " + hostile).hits) <= 1
    _rows(desk, hostile.replace(":", ""))


def test_the_profile_holds_views() -> None:
    assert Tickets(views={"hot": "prio:>=high"}).views["hot"]
    assert PROFILE.tickets.views == {}


def index_rows(site: Site) -> tuple[list[tuple[object, ...]], ...]:
    from msptool.tickets import rows

    columns = ", ".join(rows.COLUMNS)
    with site.desk(to_write=False) as held:
        tickets = held.index.rows(f"SELECT {columns} FROM ticket ORDER BY id")  # noqa: S608
        words = held.index.rows(
            "SELECT id, words.title, words.text FROM words JOIN ticket ON number = words.rowid"
            " ORDER BY id"
        )
        files = held.index.rows("SELECT shard, name, mtime_ns, size FROM file ORDER BY name")
        others = held.index.rows("SELECT * FROM problem UNION ALL SELECT *, 0, 0 FROM alias")
    return tickets, words, files, sorted(others)


def test_many_files_are_read_as_few_are(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """In batches, with commits between; or shard by shard."""
    from msptool.tickets import bulk, database, index, loading

    for n in range(40):
        site.act(asking.add, f"ticket {n}", aliases=(f"OLD-{n}",), text="принтер " * n)
    path = sorted(site.workspace.tickets.glob("??/*.jsonl"))[7]
    path.write_bytes(path.read_bytes() + b"torn\n")
    (path.parent / os.fsdecode(b"\xff.jsonl")).touch()
    database.remove(site.workspace.derived / database.NAME)
    monkeypatch.setattr(index, "_MANY", 1 << 30)
    slowly = index_rows(site)
    database.remove(site.workspace.derived / database.NAME)
    monkeypatch.setattr(index, "_MANY", 1)
    monkeypatch.setattr(loading, "TICKETS", 7)
    monkeypatch.setattr(bulk, "_COMMIT_EVERY", 10)
    assert index_rows(site) == slowly
    assert len(slowly[0]) == 40


def test_another_writer_between_two_commits_is_no_harm(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    from msptool.tickets import bulk, database, index, loading

    for n in range(12):
        site.act(asking.add, f"ticket {n}")
    database.remove(site.workspace.derived / database.NAME)
    monkeypatch.setattr(index, "_MANY", 1)
    monkeypatch.setattr(loading, "TICKETS", 2)
    monkeypatch.setattr(bulk, "_COMMIT_EVERY", 4)
    versions = iter([1, 1, 2])
    monkeypatch.setattr(bulk, "_seen_version", lambda _: next(versions))
    tickets, words, *_ = index_rows(site)
    assert len(tickets) == len(words) == 12
