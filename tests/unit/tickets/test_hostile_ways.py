"""Hostile text in every field of a ticket, through every way out of the program."""

import csv
import io
import json
import signal
import sys
import unicodedata
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from msptool import profile
from msptool.cli import main
from msptool.report import gather, tickets
from msptool.report.formats import html
from msptool.tickets import ids
from msptool.tickets.export import EXPORTERS
from tests.unit.tickets import hostile
from tests.unit.tickets.hostile import NOW
from tests.unit.tickets.site import Site

CLIENT = "msptool: 1\nclient: {code: ACME, name: Acme, languages: [ru, en]}\nextends: standard\n"
HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
IDENTS = [ids.numbered("ACME", number) for number in range(len(hostile.TEXTS))]
SAMPLE = IDENTS[::4]
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(
    site: Site, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> Run:
    """Return a function that runs `msptool tickets …` on a store of hostile tickets."""
    path = site.root / "client.yaml"
    path.write_text(CLIENT)
    path.chmod(0o600)
    with site.desk() as held:
        held.write(
            {ident: hostile.history(text, ident)
             for ident, text in zip(IDENTS, hostile.TEXTS, strict=True)}
        )  # fmt: skip
    csv.field_size_limit(1 << 24)

    def call(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", None)
        capfdbinary.readouterr()
        with pytest.raises(SystemExit) as left:
            main(["-C", str(site.root), "tickets", *words])
        out, err = capfdbinary.readouterr()
        return int(left.value.code or 0), out.decode(), err.decode()

    monkeypatch.setattr(signal, "signal", lambda *_: None)  # the boundary's outlive the test
    return call


def _hidden(text: str) -> set[str]:
    return {char for char in text if unicodedata.category(char) in HIDDEN} - {"\n"}


def _letters(text: str) -> str:
    return "".join(char for char in text if char.isalnum() and char.isprintable())


def _is_within(letters: str, text: str) -> bool:
    rest = iter(text)
    return all(letter in rest for letter in letters)


def _no_commands(text: str) -> bool:
    """Tell whether no line begins as a command to a journal or a CI runner."""
    starts = ("::", "##[", "<3>")
    return not any(line.lstrip().startswith(starts) for line in text.splitlines())


def test_list_and_show_and_log(run: Run) -> None:
    listed = ""
    for filters in ((), ("is:child",)):
        code, out, err = run("list", "--limit", "0", *filters)
        assert (code, _hidden(out), err) == (0, set(), "")
        assert _no_commands(out)
        listed += out
    assert all(ident in listed for ident in IDENTS)
    for ident, text in zip(IDENTS, hostile.TEXTS, strict=True):
        if ident in SAMPLE:
            code, out, _ = run("show", ident)
            assert (code, _hidden(out)) == (0, set())
            assert _no_commands(out)
            assert _is_within(_letters(text), out)
    code, out, _ = run("log", "--limit", "0")
    assert (code, _hidden(out)) == (0, set())
    assert len(out.splitlines()) == sum(len(hostile.history(t)) for t in hostile.TEXTS)
    assert _no_commands(out)


def test_json_hides_nothing_and_loses_nothing(run: Run) -> None:
    _, out, _ = run("list", "--json")
    assert _hidden(out) == set()
    told = {one["id"]: one for one in map(json.loads, out.splitlines()) if one["type"] == "ticket"}
    for ident, text in zip(IDENTS, hostile.TEXTS, strict=True):
        one = told[ident]
        for field in ("title", "text", "requester", "category", "channel", "queue", "part"):
            assert one[field] == text, field
        assert one["visits"][0]["place"] == one["times"][0]["text"] == text
        assert one["attachments"][0]["name"] == one["checklist"][0]["text"] == text
        assert one["tags"][0] == one["aliases"][0] == text
        assert [said["text"] for said in one["said"] if said["on"] == "comment"] == [
            text
        ] * 2 * bool(text)
    _, out, _ = run("log", "--json", SAMPLE[1])
    assert _hidden(out) == set()
    said = [json.loads(line) for line in out.splitlines()[:-1]]
    assert {one["ticket"] for one in said} == {SAMPLE[1]}
    assert said[1]["event"]["text"] == hostile.TEXTS[4]


def test_export(run: Run, tmp_path: Path) -> None:
    for name in EXPORTERS.load():
        _export(run, tmp_path, name)


def _export(run: Run, tmp_path: Path, name: str) -> None:
    path = tmp_path / f"out.{name}"
    code, out, err = run("export", "--format", name, "-o", str(path))
    assert out == ""
    assert err.startswith(f"{len(IDENTS)} tickets in {path}\n")
    assert code == (3 if "error[export.cut]: texts that a cell cannot hold" in err else 0)
    assert (code == 3) == (name == "xlsx")  # of 10,000 characters, three times over
    if name == "xlsx":
        rows = list(openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True))
        assert {row[0] for row in rows[1:]} == set(IDENTS)
        return
    assert _hidden(path.read_bytes().decode()) <= {"\r"}
    assert all(ident in path.read_text().replace("\\-", "-") for ident in IDENTS)
    if name == "csv":
        cells = csv.reader(io.StringIO(path.read_bytes().decode(), newline=""))
        assert not any(c.strip().startswith(tuple("=+-@＝")) for row in cells for c in row)


class _Tags(HTMLParser):
    """The names of elements, and of attributes with scripts or addresses."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"script", "iframe", "object", "embed", "img"}:
            self.found.append(tag)
        self.found += [n for n, _ in attrs if n.startswith("on")]
        self.found += [str(v) for n, v in attrs if n in {"href", "src"} and "evil" in str(v)]


def test_the_reports_page(run: Run, site: Site) -> None:
    loaded = profile.load(site.workspace)
    shown, _ = tickets.read(site.workspace, loaded.profile)
    page = html.render(gather.gather(site.workspace, loaded, now=NOW, tickets=shown)).decode()
    tags = _Tags()
    tags.feed(page)
    assert tags.found == []
    assert _hidden(page) == set()
    assert all(ident in page for ident in IDENTS)


def test_messages_of_errors(run: Run) -> None:
    ways: list[tuple[Any, ...]] = [
        ("show",), ("log",), ("list", "status:"), ("list", "opened:"), ("export", "--format"),
        ("log", "--since"), ("comment",),
    ]  # fmt: skip
    for text in hostile.TEXTS[4::3]:
        said = text.replace("\0", "")[:300]  # the kernel takes no NUL
        for verb, *key in ways:
            words = [*key[:-1], f"{key[-1]}{said}"] if key and ":" in key[-1] else [*key, said]
            code, out, err = run(verb, *words, *(["x"] if verb == "comment" else []))
            assert code in {0, 2}, (verb, said, err)
            assert _hidden(out + err) == set(), (verb, said)
            assert _no_commands(err)
