"""What people do to one ticket, from words to bytes and exit codes."""

import errno
import io
import json
import sys
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest
from click.shell_completion import ShellComplete

from msptool import clock, process, terminal
from msptool.cli import root
from msptool.errors import UsageError
from msptool.tickets import editing, listing, related, store
from msptool.tickets.acts import changing
from msptool.tickets.author import author
from tests.unit.tickets import test_cli
from tests.unit.tickets.site import Site

run = test_cli.run
Run = test_cli.Run
RULES = """tickets:
  assign:
  - {category: [printer], queue: Printers, line: L2}
  templates:
    phone: {title: Телефон молчит, type: incident, priority: low, checklist: [Гудок, Кабель]}
"""


def said(outcome: tuple[int, str, str]) -> dict[str, Any]:
    code, out, err = outcome
    assert (code, err) == (0, ""), err
    record, end = map(json.loads, out.splitlines())
    assert end["complete"] is True
    return dict(record)


def new(run: Run, *words: str) -> str:
    return str(said(run("add", "--title", "Принтер", "--json", *words))["id"])


def refused(outcome: tuple[int, str, str], part: str, code: int = 2) -> None:
    assert outcome[0] == code, outcome
    assert part in outcome[2]
    assert "bug" not in outcome[2]


def test_everything_that_may_be_said_of_a_new_request(run: Run) -> None:
    parent = new(run)
    words = (
        "--title", "No mail", "--text", "-", "--requester", "anna@client.example", "--channel",
        "phone", "--type", "incident", "--category", "mail", "--impact", "high", "--urgency",
        "high", "--line", "L2", "--queue", "Mail", "--assignee", "me", "--tag", "vip", "--tag",
        "mail", "--alias", "INC-7", "--parent", parent[-8:], "--check-item", "one",
        "--check-item", "two", "--json",
    )  # fmt: skip
    made = said(run("add", *words, "--tag", "line", "--tag", " ", stdin=b"since nine"))
    assert made["priority"] == "critical"
    assert (made["text"], made["channel"], made["kind"]) == ("since nine", "phone", "incident")
    assert (made["line"], made["queue"], made["assignee"]) == ("L2", "Mail", author())
    assert (made["tags"], made["aliases"], made["parent"]) == (
        ["vip", "mail", "line"],
        ["INC-7"],
        parent,
    )
    assert [item["text"] for item in made["checklist"]] == ["one", "two"]
    assert said(run("show", "inc-7", "--json"))["id"] == made["id"]


def test_rules_and_templates_of_the_profile(run: Run, site: Site) -> None:
    path = site.root / "client.yaml"
    path.write_text(test_cli.CLIENT + RULES)
    path.chmod(0o600)
    made = said(run("add", "--template", "printer", "--json"))
    assert (made["title"], made["queue"], made["line"]) == ("Принтер не печатает", "Printers", "L2")
    assert len(made["checklist"]) == 6
    made = said(run("add", "--template", "phone", "--title", "Телефон 12", "--json"))
    assert (made["title"], made["kind"], made["priority"]) == ("Телефон 12", "incident", "low")
    refused(run("add", "--template", "fone"), "did you mean phone")
    refused(run("add"), "needs a title")


def test_edit_by_options(run: Run) -> None:
    ident = new(run, "--tag", "a", "--priority", "high")
    words = ("--title", "B", "--tag", "b", "--untag", "a", "--alias", "X-1", "--priority", "none",
             "--type", "task", "--assignee", "me", "--text", "-", "--json")  # fmt: skip
    made = said(run("edit", ident, *words, stdin=b"more"))
    assert (made["title"], made["tags"], made["aliases"]) == ("B", ["b"], ["X-1"])
    assert (made["kind"], made["priority"], made["text"]) == ("task", "normal", "more")
    refused(run("edit", ident, "--title", "B"), "is so already")
    refused(run("edit", ident, "--title", " "), "needs a title")
    refused(run("edit", ident, "--parent", "nonsense"), "is not a ticket id")
    refused(run("edit", ident), "no terminal to edit on")


class Screen:
    """A stream that says it is a terminal."""

    def __init__(self, stream: Any, lines: tuple[str, ...] = ()) -> None:
        self.stream, self.lines = stream, list(lines)

    def isatty(self) -> bool:
        return True

    def readline(self) -> str:
        return self.lines.pop(0) if self.lines else ""

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


def edit(
    run: Run, site: Site, monkeypatch: pytest.MonkeyPatch, ident: str, *sheets: str,
    answers: tuple[str, ...] = (),
) -> tuple[int, str, str]:  # fmt: skip
    """Edit a ticket on a terminal: each call of the editor leaves the next sheet."""
    left = list(sheets)

    def foreground(argv: list[str], *, env: Any = None) -> int:
        Path(argv[-1]).write_text(left.pop(0))
        return 0

    monkeypatch.setattr(process, "foreground", foreground)
    monkeypatch.setenv("EDITOR", "ed")
    screen = Screen(sys.stdout)
    monkeypatch.setattr(sys, "stdout", screen)
    real = io.TextIOWrapper
    monkeypatch.setattr(io, "TextIOWrapper", lambda raw: Screen(real(raw), answers))
    try:
        return run("edit", ident)
    finally:
        monkeypatch.setattr(sys, "stdout", screen.stream)
        monkeypatch.setattr(io, "TextIOWrapper", real)
        assert not left


def kept(site: Site) -> list[Path]:
    return sorted((site.root / ".msptool" / "edit").glob("*/*.yaml"))


def test_edit_in_an_editor(run: Run, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    ident = new(run)
    code, out, err = edit(run, site, monkeypatch, ident, "title: Сканер\npriority: high\n")
    assert (code, out, err) == (0, f"{ident}  high  open  Сканер\n", "")
    assert kept(site) == []


def test_a_bad_file_is_offered_again(run: Run, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    ident = new(run)
    sheets = ("title: a: b\n", "titel: x\n", "title: good\n")
    code, out, err = edit(run, site, monkeypatch, ident, *sheets, answers=("\n", "y\n"))
    assert (code, kept(site)) == (0, [])
    assert "good" in out
    assert ":1:" in err and "titel: there is no such key" in err


def test_a_bad_file_is_told_in_russian(
    run: Run, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    ident = new(run)
    monkeypatch.setenv("MSPTOOL_LANG", "ru")
    for sheet, told in (("a: *b\n", "псевдонимы"), ("", "файл пуст"), ("x: 1\n", "такого ключа")):
        _, _, err = edit(run, site, monkeypatch, ident, sheet, answers=("н\n",))
        assert told in err and "исправить? [Y/n]" in err, err


def test_a_bad_file_that_is_not_mended_is_kept(
    run: Run, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    ident = new(run)
    before = site.snapshot()
    code, _, err = edit(run, site, monkeypatch, ident, "line: L9\n", answers=("n\n",))
    (path,) = kept(site)
    assert (code, path.read_text()) == (2, "line: L9\n")
    assert f"what you wrote is kept in {path}" in err
    assert site.snapshot() == before
    code, _, err = edit(run, site, monkeypatch, ident, "line: L9\n", answers=())
    assert code == 2 and len(kept(site)) == 2, "the end of input is a no"


def test_who_was_quicker_is_told_and_nothing_is_lost(
    run: Run, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    ident = new(run)

    def foreground(argv: list[str], *, env: Any = None) -> int:
        site.now = clock.now()
        site.comment(ident, "quick", who="boris@b")
        Path(argv[-1]).write_text("title: slow\n")
        return 0

    code, _, err = 0, "", ""
    monkeypatch.setattr(process, "foreground", foreground)
    monkeypatch.setenv("EDITOR", "ed")
    monkeypatch.setattr(sys, "stdout", Screen(sys.stdout))
    monkeypatch.setattr(io, "TextIOWrapper", lambda _raw: Screen(None))
    code, _, err = run("edit", ident)
    assert code == 2
    assert f"{ident} was changed meanwhile by boris@b; nothing was written" in err
    (path,) = kept(site)
    assert str(path) in err and path.read_text() == "title: slow\n"
    assert site.read(ident).title == "Принтер"


def test_a_full_disk_and_a_file_that_cannot_be_read_lose_nothing(
    run: Run, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    ident = new(run)
    before = site.snapshot()

    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "x")

    with monkeypatch.context() as patch:
        patch.setattr(store, "write", full)
        refused(edit(run, site, monkeypatch, ident, "title: typed\n"), "cannot write", 74)
    (path,) = kept(site)
    assert path.read_text() == "title: typed\n" and site.snapshot() == before
    held = editing.draft(site.workspace, site.read(ident))
    held.path.unlink()
    held.path.mkdir()
    assert held.is_changed()
    with pytest.raises(UsageError, match="cannot be read"):
        held.changes()


def test_an_unchanged_file_writes_nothing(
    run: Run, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    ident = new(run)
    before = site.snapshot()
    code, out, err = edit(run, site, monkeypatch, ident, "title: Принтер\nstatus: open\n")
    assert (code, out, err) == (0, "", "nothing was changed, nothing was written\n")
    assert (site.snapshot(), kept(site)) == (before, [])


def test_assign_and_status(run: Run) -> None:
    ident = new(run)
    assert said(run("assign", ident, "me", "--json"))["assignee"] == author()
    assert said(run("assign", ident, "none", "--json"))["assignee"] == ""
    for state in ("in_progress", "waiting", "open"):
        assert said(run("status", ident, state, "--json"))["state"] == state
    refused(run("status", ident, "open"), "is so already")
    run("close", ident, "--reason", "fixed")
    refused(run("status", ident, "waiting"), "is closed; nothing was written")


def test_comments(run: Run, site: Site) -> None:
    ident = new(run)
    assert said(run("comment", ident, "--internal", "-", "--json", stdin=b"note"))[
        "answered_at"
    ] is None  # fmt: skip
    assert said(run("comment", ident, "on my way", "--json"))["answered_at"]
    before = site.snapshot()
    code, out, err = run("comment", ident, "-", stdin=b"x" * (10 << 20))
    refused((code, out, err), "error[ticket.long]: the comment is longer than 256 KiB")
    assert len(err.splitlines()) == 2
    refused(run("comment", ident, "-", stdin=b" \n"), "is empty")
    refused(run("comment", ident, "-", stdin=None), "usage.stdin")
    assert site.snapshot() == before
    assert "internal note" in run("show", ident)[1]


def test_snoozing_and_accepting(run: Run) -> None:
    ident = new(run)
    made = said(run("snooze", ident, "tomorrow", "09:00", "--comment", "part", "--json"))
    assert (made["state"], made["snoozed_until"][-10:]) == ("snoozed", "T09:00:00Z")
    assert "rests till" in run("show", ident)[1]
    refused(run("snooze", ident, "2020-01-01"), "is over")
    refused(run("snooze", ident, "soon"), "is no time")
    refused(run("snooze", ident), "Missing argument")
    refused(run("accept", ident, "--until", "2099-06-30"), "why will it not be fixed")
    refused(run("accept", ident, "--comment", "x"), "Missing option '--until'")
    refused(run("accept", ident, "--until", "2020-01-01", "--comment", "x"), "is over")
    made = said(run("accept", ident, "--until", "2099-06-30", "--comment", "CIO", "--json"))
    assert (made["reason"], made["accepted_until"]) == ("accepted", "2099-07-01T00:00:00Z")
    assert "accepted    until the end of 2099-06-30" in run("show", ident)[1]


def test_links_are_told_on_both_ends(run: Run) -> None:
    one, other, third = new(run), new(run), new(run)
    assert said(run("link", one, "blocks", other, "--json"))["links"] == [["blocks", other]]
    refused(run("link", one, "blocks", other), "is so already")
    refused(run("link", one, "blocks", one), "linked to itself")
    refused(run("link", one, "hates", other), "not one of")
    assert f"blocks {other}" in run("show", one)[1]
    assert f"blocked by {one}" in run("show", other)[1]
    assert said(run("link", one, "blocks", other, "--remove", "--json"))["links"] == []
    refused(run("link", one, "blocks", other, "--remove"), "is so already")
    assert "blocked by" not in run("show", other)[1]
    made = said(run("merge", other, one, "--json"))
    assert (made["state"], made["duplicate_of"]) == ("closed", one)
    assert f"merged from {other}" in run("show", one)[1]
    part = said(run("split", one, "--title", "Сканер", "--json"))
    assert (part["links"], part["title"]) == ([["split-from", one]], "Сканер")
    assert f"split into {part['id']}" in run("show", one)[1]
    run("edit", third, "--parent", one)
    assert f"children    {third}  open" in run("show", one)[1]
    assert f"came under  {one}" in run("show", third)[1]
    refused(run("edit", one, "--parent", third), "cannot come under itself")
    refused(run("edit", one, "--parent", one), "cannot come under itself")


def test_what_belongs_to_a_ticket_is_found_without_reading_them_all(run: Run, site: Site) -> None:
    asked: list[tuple[str, Any]] = []
    with site.desk(to_write=False) as desk:
        rows = desk.index.rows

        def noted(sql: str, values: Any = ()) -> list[tuple[Any, ...]]:
            asked.append((sql, values))
            return rows(sql, values)

        desk.index.rows = noted  # type: ignore[method-assign]
        related.of(desk.index, "ACME-000000-0", "ACME-000000-0")
        listing.find(desk, listing.asked((), clock.now(), UTC, ended=True), clock.now(), limit=1)
        for sql, values in asked:
            plan = " ".join(str(row[-1]) for row in rows(f"EXPLAIN QUERY PLAN {sql}", values))
            assert "SCAN child" not in plan and "SCAN other" not in plan, plan
            assert "SCAN ticket" not in plan or "ORDER BY active" in sql, plan


def test_an_escalation_demands_what_the_next_line_asks_for(run: Run) -> None:
    ident = new(run, "--assignee", "me")
    words = ["--symptom", "no mail", "--tried", "restart", "--evidence", "log"]
    for at in (0, 2, 4):
        short = words[:at] + words[at + 2 :]
        refused(run("escalate", ident, *short), f"needs to know: {words[at].removeprefix('--')}")
    made = said(run("escalate", ident, *words, "--json"))
    assert (made["line"], made["assignee"]) == ("L2", "")
    refused(run("escalate", ident, *words, "--line", "L1"), "is with L2 already")
    shown = run("show", ident)[1]
    assert "escalated to L2\n      symptom: no mail\n      tried: restart" in shown


def test_time_is_written_down_and_taken_back(run: Run) -> None:
    ident = new(run)
    run("time", "add", ident, "25m", "driver")
    words = ("1h30", "--billable", "--on-site", "--began", "2026-11-02 14:00", "--json")
    first, second = said(run("time", "add", ident, *words))["times"]
    assert (first["minutes"], first["billing"], first["work"]) == (25, "included", "remote")
    assert (second["minutes"], second["billing"], second["work"]) == (90, "billable", "on-site")
    assert second["began_at"] == "2026-11-02T14:00:00Z"
    shown = run("show", ident)[1]
    assert "time        1:55 in all: included 0:25, billable 1:30\n" in shown
    assert "2. 2026-11-02 14:00  1:30  on-site billable" in shown
    (left,) = said(run("time", "void", ident, "1", "--comment", "oops", "--json"))["times"]
    assert left["minutes"] == 90
    assert said(run("time", "void", ident, left["id"], "--json"))["times"] == []
    refused(run("time", "void", ident, "3"), "has no entry '3'")
    refused(run("time", "add", ident, "soon"), "is no length of work")
    refused(run("time", "add", ident, "0m"), "cannot be")
    refused(run("time", "add", ident, "5m", "--began", "2099-01-01"), "is still to come")


def test_a_time_entry_keeps_its_number(run: Run) -> None:
    ident = new(run)
    for length in ("25m", "90m", "40m"):
        run("time", "add", ident, length)
    run("time", "void", ident, "2", "--comment", "the wrong client")
    refused(run("time", "void", ident, "2"), "has no entry")
    shown = run("show", ident)[1]
    assert "0:25" in shown and " 3. " in shown and " 2. " not in shown
    assert "took back: worked 90 min, remote, included; the wrong client\n" in shown
    (left,) = said(run("time", "void", ident, "3", "--json"))["times"]
    assert left["minutes"] == 25


def test_an_act_tells_how_its_times_were_understood(run: Run, site: Site) -> None:
    path = site.root / "client.yaml"
    path.write_text(test_cli.CLIENT.replace("languages", "zone: Europe/Moscow, languages"))
    path.chmod(0o600)
    ident = new(run)
    assert run("assign", ident, "me")[1].endswith("  Принтер\n")
    rests = run("snooze", ident, "2099-12-01")[1]
    assert rests.endswith("  Принтер  until 2099-12-01 09:00 MSK\n")
    visit = run("visit", "add", ident, "--starts", "2099-12-01 10:00", "--ends", "2h")[1]
    assert visit.endswith("  2099-12-01 10:00 MSK - 12:00\n")
    worked = run("time", "add", ident, "1,5h", "--began", "2026-11-02 14:00")[1]
    assert worked.endswith("  1:30 from 2026-11-02 14:00 MSK\n")
    taken = run("accept", ident, "--until", "2099-06-30", "--comment", "CIO")[1]
    assert taken.endswith("  until the end of 2099-06-30\n")


def test_a_clock_that_stands_is_due_at_no_time(run: Run) -> None:
    ident = new(run, "--priority", "high")
    run("status", ident, "waiting")
    shown = run("sla", "why", ident)[1]
    assert "used: paused\n" in shown and "no time" not in shown


def test_visits_on_the_clients_clock(run: Run, site: Site) -> None:
    path = site.root / "client.yaml"
    path.write_text(test_cli.CLIENT.replace("languages", "zone: Europe/Moscow, languages"))
    path.chmod(0o600)
    ident = new(run)
    words = ("--starts", "2099-12-01 10:00", "--ends", "12:00", "--place", "Офис", "--json")
    (made,) = said(run("visit", "add", ident, *words))["visits"]
    assert (made["starts_at"], made["ends_at"]) == ("2099-12-01T07:00:00Z", "2099-12-01T09:00:00Z")
    assert (made["engineer"], made["status"]) == (author(), "planned")
    assert "visits      1. 2099-12-01 10:00 - 12:00 MSK  planned" in run("show", ident)[1]
    done = ("--starts", "2099-12-01 10:20", "--comment", "диск", "--json")
    (made,) = said(run("visit", "done", ident, *done))["visits"]
    assert (made["status"], made["starts_at"]) == ("done", "2099-12-01T07:20:00Z")
    assert (made["ends_at"], made["place"]) == ("2099-12-01T09:20:00Z", "Офис")
    refused(run("visit", "done", ident), "has 0 planned visits")
    run("visit", "add", ident, "--starts", "2099-12-02", "--ends", "2h")
    assert said(run("visit", "cancel", ident, "2", "--json"))["visits"][1]["status"] == "cancelled"
    refused(run("visit", "cancel", ident, "2"), "is so already")
    refused(run("visit", "done", ident, "9"), "has no visit '9'")
    late = ("--starts", "2099-12-02 10:00", "--ends", "09:00")
    refused(run("visit", "add", ident, *late), "ends after it begins")


def test_a_checklist_is_ticked(run: Run) -> None:
    ident = new(run, "--check-item", "кабель", "--check-item", "тонер")
    made = said(run("tick", ident, "2", "--json"))
    assert [item["done"] for item in made["checklist"]] == [False, True]
    assert "to do       1. [ ] кабель\n            2. [x] тонер\n" in run("show", ident)[1]
    assert not said(run("tick", ident, "2", "--undo", "--json"))["checklist"][1]["done"]
    refused(run("tick", ident, "3"), "the checklist has 2 items")
    refused(run("tick", ident, "0"), "not in the range")


def test_what_two_people_did_at_once_is_told_with_winner_and_loser(run: Run, site: Site) -> None:
    ident = new(run)
    site.now = clock.now()
    (path,) = site.workspace.tickets.glob("??/*.jsonl")
    before = path.read_bytes()
    site.act(changing.edit, ident, {"priority": "low"}, who="anna@a")
    one = path.read_bytes()
    path.write_bytes(before)
    site.act(changing.edit, ident, {"priority": "high"}, who="boris@b\x1b[2J")
    path.write_bytes(path.read_bytes() + one.removeprefix(before))
    shown = run("show", ident)[1]
    assert "conflicts   priority: stands: " in shown
    assert "; lost: " in shown and "anna@a" in shown
    assert "\x1b" not in shown and "boris@b\\x1b[2J" in shown


def test_the_page_speaks_russian(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    ident = new(run, "--tag", "vip", "--channel", "phone", "--impact", "low", "--urgency", "high")
    run("time", "add", ident, "10")
    run("tick", ident, "1")
    run("visit", "add", ident, "--starts", "2099-12-01", "--ends", "1h")
    run("link", ident, "relates", new(run))
    monkeypatch.setenv("MSPTOOL_LANG", "ru")
    shown = run("show", ident)[1]
    for label in ("пришла", "метки", "мешает", "время", "выезды", "связи", "где она"):
        assert f"\n{label:<11} " in shown, label
    assert "связана с ACME-" in shown and "влияние low, срочность high" in shown
    assert "ни у кого" in shown and "работа 10 мин" in shown


def test_urgency_is_coloured_on_a_terminal_only(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    ident = new(run, "--priority", "critical")
    assert "\x1b" not in run("show", ident)[1]
    monkeypatch.setattr(terminal, "is_live", lambda _stream: True)
    assert "\x1b[1;31mcritical\x1b[0m" in run("show", ident)[1]
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in run("show", ident)[1]


def completed(site: Site, *words: str) -> list[str]:
    shell = ShellComplete(root, {}, "msptool", "_MSPTOOL_COMPLETE")
    *args, last = words
    found = shell.get_completions(["-C", str(site.root), "tickets", *args], last)
    return [item.value for item in found]


def test_the_shell_completes_ids(run: Run, site: Site) -> None:
    low, high = new(run, "--priority", "low"), new(run, "--priority", "high")
    assert completed(site, "show", "") == [high, low]
    assert completed(site, "show", low) == [low]
    assert completed(site, "comment", low[5:8].lower()) == [low]
    assert completed(site, "link", low, "blocks", "acme-") == [high, low]
    assert completed(site, "time", "void", "ACME") == [high, low]
    assert completed(site, "add", "--template", "new-") == ["new-employee", "new-workstation"]
    run("close", high, "--reason", "fixed")
    assert completed(site, "show", "") == [low]
    assert high in completed(site, "reopen", "ACME-")
    assert completed(site, "show", "%") == [low]


def test_completion_is_silent_about_any_trouble(
    run: Run, site: Site, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    new(run)
    capfdbinary.readouterr()
    (site.root / ".msptool" / "tickets.db").write_bytes(b"no database at all" * 99)
    assert completed(site, "show", "") == []
    (site.root / ".msptool" / "tickets.db").unlink()
    assert completed(site, "show", "") == []
    (site.root / "client.yaml").unlink()
    assert completed(site, "show", "") == []
    assert completed(site, "add", "--template", "") == []
    assert capfdbinary.readouterr() == (b"", b"")
