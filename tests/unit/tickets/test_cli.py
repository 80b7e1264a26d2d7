"""The verbs, from words to bytes and exit codes; the boundary runs as it does for people."""

import io
import json
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from msptool import model
from msptool.cli import main
from msptool.tickets.export import EXPORTERS
from tests.unit.tickets.intake.said import alert, machine, result, sarif, scan, webhook
from tests.unit.tickets.site import T0, Site, finding, report

CLIENT = "msptool: 1\nclient: {code: ACME, name: Acme, languages: [ru, en]}\nextends: standard\n"
BARE = b'{"check":"NET-001","subject":{"thing":"sw"},"severity":"high","message":"telnet"}\n'
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(
    site: Site, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> Run:
    """Return a function that runs `msptool tickets …` and gives exit code, stdout and stderr."""
    path = site.root / "client.yaml"
    path.write_text(CLIENT)
    path.chmod(0o600)

    def call(*words: str, stdin: bytes | None = b"") -> tuple[int, str, str]:
        given = None if stdin is None else io.TextIOWrapper(io.BytesIO(stdin))
        monkeypatch.setattr(sys, "stdin", given)
        capfdbinary.readouterr()
        with pytest.raises(SystemExit) as left:
            main(["-C", str(site.root), "tickets", *words])
        out, err = capfdbinary.readouterr()
        return int(left.value.code or 0), out.decode(), err.decode()

    monkeypatch.setattr(signal, "signal", lambda *_: None)  # the boundary's outlive the test
    return call


def _records(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_a_finding_from_a_pipe_to_a_closed_ticket(run: Run) -> None:
    code, out, _ = run("ingest", "-", stdin=BARE)
    assert (code, out) == (0, "tickets: 1 opened\n")
    code, out, _ = run("list")
    head, row = out.splitlines()
    assert head.split() == ["TICKET", "PRIO", "STATE", "SLA", "AGE", "WHO", "SUBJECT"]
    ident = row.split()[0]
    assert row.split()[1:3] == ["high", "open"]
    assert row.endswith("telnet, sw") and "8 h left" in row
    code, out, _ = run("show", ident.lower().replace("-", " "))
    assert code == 0
    assert out.startswith(f"{ident}  high  open  8 h left\nsubject     telnet, sw\n")
    code, out, _ = run("close", ident, "--reason", "fixed", "--comment", "off")
    assert (code, out) == (0, f"{ident}  high  closed  telnet, sw\n")
    assert run("list") == (0, "", "no tickets\n")
    assert run("list", "-q") == (0, "", "")
    assert ident in run("list", "--ended")[1]


def test_what_is_not_json_is_told_by_line_with_exit_3(run: Run) -> None:
    code, out, err = run("ingest", "-", stdin=BARE + b"oops\n" + BARE.replace(b"sw", b"ap"))
    assert (code, out) == (3, "tickets: 2 opened\n")
    assert "error[tickets.part]: not understood: line 2" in err
    code, out, err = run("ingest", "-", "--json", "--format", "seam", stdin=b"oops\n")
    assert code == 3
    assert [record["type"] for record in _records(out)] == ["ingest", "error"]


def test_what_is_none_of_the_formats_is_refused_with_exit_2(run: Run) -> None:
    for said in (b"oops\n", b"{}", b"<html>"):
        code, out, err = run("ingest", "-", stdin=said)
        assert (code, out) == (2, "")
        assert err.startswith("error[tickets.intake]: what this is cannot be told")
    code, out, err = run("ingest", "-", "--format", "sarif", stdin=BARE)
    assert (code, out) == (2, "")
    assert err.startswith("error[tickets.intake]: this is no log in SARIF 2.1.0: ")
    assert run("list") == (0, "", "no tickets\n")
    code, out, err = run("ingest", "--format", "sarif")
    assert code == 2 and "--format goes with a file" in err


@pytest.mark.parametrize("said", [b"", b"\n \n", b"\n" * 70_000])
def test_where_nothing_came_nothing_is_taken_for_silence(run: Run, said: bytes) -> None:
    code, out, err = run("ingest", "-", stdin=said)
    assert (code, out) == (2, "")
    assert err.startswith("error[tickets.nothing]: nothing came in")
    assert run("ingest", "-", "--format", "seam", stdin=said) == (0, "tickets: nothing new\n", "")


def test_a_file_without_anything_is_told_too(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "saved.json"
    path.touch()
    assert run("ingest", str(path))[0] == 2


def test_a_report_that_failed_or_was_cut_off_is_done_in_part(run: Run) -> None:
    first, *_, last = map(model.encode, report(T0, finding()).lines())
    error = model.Failure(code="io.disk", exit=74, message="the disk is full")
    for lines, told in (
        ((model.encode(error),), "a report did not end: the disk is full; all else"),
        ((first, BARE.strip(), model.encode(error)), " (the disk is full); all else"),
        ((first,), "a report did not end: audit "),
        (
            (first, *map(model.encode, report(T0).lines())),
            "a report did not end: audit ",
        ),
    ):
        code, _, err = run("ingest", "-", stdin=b"\n".join(lines))
        assert code == 3 and told in err, err
    code, out, _ = run("ingest", "-", "--json", stdin=first)
    assert code == 3 and _records(out)[-2]["unended"][0].startswith("audit ")
    assert run("ingest", "-", stdin=first + b"\n" + last)[0] == 0


def test_other_programs_are_recognised_by_what_they_say(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "scan.sarif"
    file.write_bytes(sarif(scan(result())))
    assert run("ingest", str(file))[:2] == (0, "tickets: 1 opened\n")
    assert run("ingest", str(file))[:2] == (0, "tickets: nothing new\n")
    assert run("ingest", "-", stdin=webhook(alert()))[:2] == (0, "tickets: 1 opened\n")
    assert run("ingest", "-", stdin=machine("PROBLEM", "DOWN"))[:2] == (0, "tickets: 1 opened\n")
    up = run("ingest", "-", "--format", "nagios", stdin=machine("RECOVERY", "UP"))
    assert up[:2] == (0, "tickets: 1 resolved\n")


def test_a_line_without_end_is_refused_and_the_next_one_is_read(run: Run) -> None:
    long = b'{"type":"' + b"x" * (9 << 20) + b"\n"
    code, out, err = run("ingest", "-", stdin=BARE + long + BARE.replace(b"sw", b"ap"))
    assert (code, out) == (3, "tickets: 2 opened\n")
    assert "not understood: line 2" in err and "longer than 4 MiB" in err


def test_json_ends_in_end_and_says_what_happened(run: Run) -> None:
    code, out, _ = run("ingest", "-", "--json", stdin=BARE)
    ticket, told, end = _records(out)
    assert code == 0
    assert told["opened"] == [ticket["id"]]
    assert end["complete"] is True
    for verb in (("list", "--json"), ("show", ticket["id"], "--json"), ("export", "--json")):
        assert [record["type"] for record in _records(run(*verb)[1])] == ["ticket", "end"]
    added = _records(run("add", "--title", "x", "--priority", "low", "--json")[1])
    assert [record["type"] for record in added] == ["ticket", "end"]


def test_new_runs_are_ingested_without_being_named(run: Run, site: Site) -> None:
    folder = site.commit(report(T0, finding()))
    assert run("ingest")[1] == "tickets: 1 opened\n"
    assert run("ingest")[1] == "tickets: nothing new\n"
    assert run("ingest", "-q") == (0, "", "")
    assert run("ingest", str(folder))[1] == "tickets: nothing new\n"


def test_a_file_of_lines(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "lines.jsonl"
    path.write_bytes(b"".join(model.encode(one) + b"\n" for one in report(T0, finding()).lines()))
    assert run("ingest", str(path))[1] == "tickets: 1 opened\n"


@pytest.mark.parametrize(
    ("words", "code", "part"),
    [
        (("ingest", "/no/such"), 2, "no/such"),
        (("ingest", "-"), 2, "usage.stdin"),
        (("show", "ACME-000000-1"), 2, "one of its characters is wrong"),
        (("show", "nonsense"), 2, "is not a ticket id"),
        (("list", "stats:open"), 2, "did you mean status:"),
        (("lsit",), 2, "did you mean list"),
        (("close", "000000"), 2, "Missing option"),
        (("export", "--format", "xml"), 2, "csv"),
        (("export", "-o", "/no/such/folder/x"), 2, "no folder"),
        (("export", "--format", "csv", "--json"), 2, "jsonl"),
        (("log", "--since", "soon"), 2, "is no time"),
        (("log", "ACME-000000-1"), 2, "one of its characters is wrong"),
        (("add", "--title", " "), 2, "needs a title"),
    ],
)
def test_wrong_words(run: Run, words: tuple[str, ...], code: int, part: str) -> None:
    got, out, err = run(*words, stdin=None)
    assert (got, "bug" in err) == (code, False)
    assert part in err
    assert "--json" in words or out == ""


def test_export_to_a_file(run: Run, tmp_path: Path) -> None:
    run("ingest", "-", stdin=BARE)
    path = tmp_path / "out.csv"
    assert run("export", "--format", "csv", "-o", str(path))[0] == 0
    assert path.read_bytes().startswith(b"id,client,kind,state,")
    assert len(path.read_bytes().splitlines()) == 2


def test_export_into_what_is_no_file_leaves_it_there(run: Run, tmp_path: Path) -> None:
    run("ingest", "-", stdin=BARE)
    link = tmp_path / "link.csv"
    link.symlink_to("/dev/null")
    assert run("export", "--format", "csv", "-o", str(link))[0] == 0
    assert link.is_symlink()
    link.unlink()
    link.symlink_to("gone/out.csv")
    code, _, err = run("export", "--format", "csv", "-o", str(link))
    assert code == 2 and f"no folder {tmp_path / 'gone'}" in err


def test_export_names_all_its_formats(run: Run) -> None:
    shown = run("export", "--help")[1]
    assert all(name in shown for name in EXPORTERS.load())
    assert all(name in run("export", "--format", "nil")[2] for name in EXPORTERS.load())


def test_a_workbook_is_not_shown_on_a_terminal(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    code, out, err = run("export", "--format", "xlsx")
    assert (code, out) == (2, "")
    assert "error[export.terminal]: xlsx is no text for a terminal" in err


def test_an_export_that_fails_leaves_the_old_file(run: Run, site: Site, tmp_path: Path) -> None:
    run("ingest", "-", stdin=BARE + BARE.replace(b"sw", b"ap"))
    old = tmp_path / "out.csv"
    old.write_text("old")
    first, second = sorted(site.workspace.tickets.glob("??/*.jsonl"))
    torn = second.read_bytes()
    second.write_bytes(b"torn" + torn.partition(b"\n")[2])  # nothing opens it any more
    code, _, err = run("export", "--format", "csv", "-o", str(old))
    assert code == 3
    assert f"{second.name}" in err
    assert [first.stem] == [line.split(",")[0] for line in old.read_text().splitlines()[1:]]
    with pytest.MonkeyPatch.context() as broken:
        broken.setattr("msptool.tickets.view.of", lambda *_: 1 / 0)
        kept = old.read_bytes()
        assert run("export", "--format", "csv", "-o", str(old))[0] == 70
        assert old.read_bytes() == kept
        assert list(tmp_path.glob(".msptool*")) == []


def test_the_log_tells_what_happened_and_what_cannot_be_read(run: Run, site: Site) -> None:
    assert run("log") == (0, "", "no events\n")
    ident = run("add", "--title", "Принтер\x1b[2J", "--text", "line\n::error::x")[1].split()[0]
    run("comment", ident, "said")
    code, out, err = run("log")
    opened, said = out.splitlines()
    assert (code, err) == (0, "times of UTC\n")
    assert opened.split()[2:3] == [ident]
    assert opened.endswith("opened Принтер\\x1b[2J line / ::error::x")
    assert said.endswith("  comment said")
    assert run("log", "--limit", "1")[1].splitlines() == [said]
    assert run("log", ident, "--by", "me", "--since", "1h")[1] == out
    assert run("log", "--by", "nobody") == (0, "", "no events\n")
    *records, end = _records(run("log", "--json")[1])
    assert [record["event"]["event"] for record in records] == ["opened", "comment"]
    assert {record["ticket"] for record in records} == {ident}
    assert end["type"] == "end"
    (path,) = site.workspace.tickets.glob("??/*.jsonl")
    path.write_bytes(path.read_bytes() + b"torn")
    for words in (("log",), ("log", ident)):
        code, shown, err = run(*words)
        assert (code, shown) == (3, out)
        assert f"{path.name}:3: not an event" in err


def test_the_log_says_that_there_is_more(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("msptool.cli.tickets_log._SHOWN", 1)
    ident = run("add", "--title", "one")[1].split()[0]
    run("comment", ident, "two")
    zone, more = "times of UTC\n", "the newest 1 events: --limit 0 shows all\n"
    assert run("log")[2] == zone + more
    assert run("log", "--limit", "0")[2] == run("log", ident)[2] == zone
    assert run("log", "-q")[2] == ""


def test_people_speak(run: Run) -> None:
    made = run("add", "--title", "Принтер", "--text", "-", stdin="не печатает".encode())[1]
    ident = made.split()[0]
    run("comment", ident, "caught \x1b[31mfire")
    run("close", ident, "--reason", "fixed")
    assert run("reopen", ident)[0] == 0
    shown = run("show", ident)[1]
    assert "не печатает" in shown
    assert "comment caught \\x1b[31mfire" in shown
    assert "reopened" in shown


def test_a_torn_line_in_the_store_is_told_with_its_place(run: Run, site: Site) -> None:
    run("ingest", "-", stdin=BARE)
    (path,) = site.workspace.tickets.glob("??/*.jsonl")
    path.write_bytes(path.read_bytes() + b"torn")
    code, out, err = run("list")
    assert code == 3
    assert "telnet, sw" in out
    assert f"{path.name}:2" in err
    code, out, err = run("show", path.stem)
    assert "torn" not in out
    assert f"{path.name}:2: not an event" in err


def test_a_filter_may_be_turned_round(run: Run) -> None:
    run("add", "--title", "first", "--priority", "low")
    run("add", "--title", "second", "--priority", "high")
    assert "first" not in run("list", "-prio:low", "--limit", "5")[1]
    assert "first" not in run("list", "second", "-приоритет:низкий")[1]
    assert "second" not in run("list", "--", "-second")[1]
    assert run("list", "-bogus:x")[0] == 2
    assert run("search", "first", "-status:open") == (0, "", "no tickets\n")


def test_csv_and_json_exclude_each_other(run: Run) -> None:
    run("add", "--title", "first")
    assert run("list", "--csv")[1].startswith("client,id,kind,priority,")
    assert run("list", "--csv", "--json")[0] == 2
    for verb, header in (
        (("search", "toner"), "id,client,state,"),
        (("stats",), "by,value,opened,"),
        (("sla", "report"), "client,month,zone,priority,"),
    ):
        code, out, _ = run(*verb, "--csv")
        assert code == 0 and out.startswith(header)
        assert run(*verb, "--csv", "--json")[0] == 2


def test_every_verb_has_help_with_examples_in_80_columns(run: Run) -> None:
    verbs = (
        "ingest", "list", "show", "add", "close", "reopen", "comment", "export", "log", "search",
        "stats", "conflicts", "fsck", "redact", "simulate", "edit",
    )  # fmt: skip
    assert all(verb in run("--help")[1] for verb in verbs)
    for verb in verbs:
        code, out, _ = run(verb, "--help")
        assert code == 0
        assert f"Examples:\n    msptool tickets {verb}" in out
        assert "--json" in out
        assert all(len(line) <= 80 for line in out.splitlines())


def test_times_and_words_of_a_ticket_are_those_of_its_people(run: Run, site: Site) -> None:
    zoned = CLIENT.replace("code: ACME", "code: ACME, zone: Asia/Yekaterinburg")
    (site.root / "client.yaml").write_text(zoned)
    (site.root / "client.yaml").chmod(0o600)
    ident = run("add", "--title", "old switch", "--tag", "a")[1].split()[0]
    assert run("edit", ident, "--tag", "b")[0] == 0
    assert run("visit", "add", ident, "--starts", "2030-05-01 10:00", "--ends", "12:00")[0] == 0
    assert run("snooze", ident, "2030-01-02 00:00")[0] == 0
    page, (_, log, err) = run("show", ident)[1], run("log", ident)
    assert "rests till  2030-01-02 00:00" in page and "history  Asia/Yekaterinburg" in page
    assert err == "times of Asia/Yekaterinburg\n"
    for told in (page, log):
        assert "2030-05-01 10:00 - 2030-05-01 12:00" in told
        assert "rests until 2030-01-02 00:00" in told
        assert "set tags: a, b" in told and "('" not in told and "['" not in told
    assert run("accept", ident, "--until", "2030-01-01", "--comment", "known")[0] == 0
    assert "accepted    until the end of 2030-01-01" in run("show", ident)[1]


def test_a_filter_that_is_no_time_is_named_with_its_key(run: Run) -> None:
    code, out, err = run("list", "due:<foo")
    assert (code, out) == (2, "") and "'due:<foo' is no time" in err


def test_a_tag_is_one_word(run: Run) -> None:
    refused = run("add", "--title", "x", "--tag", "old printer")
    assert refused[:2] == (2, "") and "the tag 'old printer' has a blank" in refused[2]
    ident = run("add", "--title", "x", "--tag", "old")[1].split()[0]
    assert run("edit", ident, "--tag", "two words")[0] == 2
    assert run("edit", ident, "--tag", "spare")[0] == 0
