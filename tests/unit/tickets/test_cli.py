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
    code, out, err = run("ingest", "-", "--json", stdin=b"oops\n")
    assert code == 3
    assert [record["type"] for record in _records(out)] == ["ingest", "error"]


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


def test_every_verb_has_help_with_examples_in_80_columns(run: Run) -> None:
    verbs = ("ingest", "list", "show", "add", "close", "reopen", "comment", "export")
    assert all(verb in run("--help")[1] for verb in verbs)
    for verb in verbs:
        code, out, _ = run(verb, "--help")
        assert code == 0
        assert f"Examples:\n    msptool tickets {verb}" in out
        assert "--json" in out
        assert all(len(line) <= 80 for line in out.splitlines())
