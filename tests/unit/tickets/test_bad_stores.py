"""A store as accidents leave it: what is said, and that nothing is lost. Disks: see tests/lab."""

import io
import json
import signal
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from msptool.cli import main
from msptool.tickets import database, events, store
from msptool.tickets.acts import asking, ending
from msptool.tickets.events import Opened, Pen
from tests.unit.tickets.site import T0, Site

CLIENT = "msptool: 1\nclient: {code: ACME, name: Acme}\nextends: standard\n"
TEMPLATES = Path(__file__).parents[3] / "templates" / "workspace"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(
    site: Site, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> Run:
    """Return a function that runs `msptool tickets …` and gives exit code, stdout and stderr."""
    path = site.root / "client.yaml"
    path.write_text(CLIENT)
    path.chmod(0o600)
    for name in ("gitattributes", "gitignore"):
        (site.root / f".{name}").write_text((TEMPLATES / name).read_text())

    def call(*words: str, stdin: bytes = b"") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capfdbinary.readouterr()
        with pytest.raises(SystemExit) as left:
            main(["-C", str(site.root), "tickets", *words])
        out, err = capfdbinary.readouterr()
        return int(left.value.code or 0), out.decode(), err.decode()

    monkeypatch.setattr(signal, "signal", lambda *_: None)  # the boundary's outlive the test
    return call


@pytest.fixture
def ident(run: Run) -> str:
    code, out, _ = run("add", "--title", "a printer")
    assert code == 0
    return out.split()[0]


BROKEN = {
    "torn": b'{"event":"comment","eid":"01',
    "foreign": b"hello",
    "binary": b"\x00\xff\xfe\x00",
    "marker": b"<<<<<<< HEAD",
    "gigantic": b"x" * (store.LINE_BYTES + 10),
}


@pytest.mark.parametrize("code", BROKEN)
def test_a_broken_line(site: Site, run: Run, ident: str, code: str) -> None:
    path = store.path_of(site.workspace, ident)
    path.write_bytes(path.read_bytes() + BROKEN[code])  # a torn tail has no line break
    assert run("list")[0] == 3
    left, out, err = run("show", ident)
    assert (left, "a printer" in out) == (0, True)
    assert "not readable: " in err
    left, out, err = run("comment", ident, "on")
    assert left == 0
    assert BROKEN[code] in path.read_bytes(), "a write carries it along"
    left, out, _ = run("fsck")
    assert left == 1
    assert f"[{code}] tickets/{path.parent.name}/{path.name}:2: " in out
    assert "= msptool tickets fsck --mend puts it aside" in out
    left, out, _ = run("fsck", "--mend")
    assert left == 0
    assert f"mended  [{code}]" in out
    left, out, err = run("fsck")
    assert (left, out) == (0, "")
    assert "nothing is wrong" in err
    left, out, _ = run("fsck", "--json")
    assert [json.loads(line)["type"] for line in out.splitlines()] == ["end"]
    assert len(site.read(ident).history) == 2


@pytest.mark.parametrize("how", ["gone", "garbage", "short", "folder"])
def test_an_index_that_is_no_index(site: Site, run: Run, ident: str, how: str) -> None:
    path = site.workspace.derived / database.NAME
    data = path.read_bytes()
    path.unlink()
    if how == "folder":
        path.mkdir()
    elif how != "gone":
        path.write_bytes(b"\x13" * 9000 if how == "garbage" else data[:4096])
    assert ident in run("list")[1]
    left, out, _ = run("add", "--title", "more")
    assert (left, len(site.all())) == (0, 2)
    left, out, err = run("reindex")
    if how == "folder":
        assert left == 74 and "tickets.db: the index cannot be written" in err
    else:
        assert (left, err) == (0, "2 tickets in the index\n")
    left, out, _ = run("fsck", "--mend")
    assert left == 0
    assert ident in run("list")[1]


def test_ten_megabytes_of_comment_are_refused_and_named(run: Run, site: Site, ident: str) -> None:
    before = site.snapshot()
    left, _, err = run("comment", ident, "x" * 10_000_000)
    assert left == 2
    assert err == (
        "error[ticket.long]: the comment is longer than 256 KiB\n"
        "= attach it as a file: msptool tickets attach ID FILE\n"
    )
    assert site.snapshot() == before
    big = site.root.parent / "big.txt"
    big.write_bytes(b"x" * 10_000_000)
    left, _, err = run("attach", ident, str(big), str(big.parent / "none"))
    assert (left, err.splitlines()[0]) == (
        2, "error[attachment.unreadable]: cannot read none: No such file or directory",
    )  # fmt: skip
    assert site.snapshot() == before
    for folder in (".", "/"):
        assert f"cannot read {folder}: not a file" in run("attach", ident, folder)[2]
    assert run("attach", ident, str(big))[0] == 0
    out = site.root.parent / "back.txt"
    assert run("attachment", "get", ident, "big.txt", "-o", str(out))[0] == 0
    assert out.read_bytes() == big.read_bytes()
    left, _, err = run("attachment", "get", ident, "none", "-o", str(out))
    assert (left, err.splitlines()[0]) == (
        2, f"error[attachment.missing]: {ident} has no attachment 'none'",
    )  # fmt: skip


def test_a_ten_megabyte_comment_of_a_stranger_is_put_aside(
    site: Site, run: Run, ident: str
) -> None:
    mark = Pen("x@y", T0).mark(site.read(ident).history)
    line = events.encode(events.Comment(**mark, text="x" * 10_000_000))
    path = store.path_of(site.workspace, ident)
    path.write_bytes(path.read_bytes() + line + b"\n")
    assert run("comment", ident, "on")[0] == 0
    assert run("fsck", "--mend")[0] == 0
    (kept,) = (site.workspace.tickets / "quarantine").iterdir()
    assert kept.read_bytes() == line
    assert len(site.read(ident).history) == 2


def test_an_id_that_two_laptops_drew_leads_to_both(site: Site, run: Run, ident: str) -> None:
    theirs = Opened(**Pen("boris@b", T0).mark(), format=2, ticket=ident, client="ACME",
                    kind="task", title="theirs")  # fmt: skip
    store.write({store.path_of(site.workspace, ident): [theirs]})
    tickets = {ticket.title: ticket.id for ticket in site.all()}
    assert ident in tickets.values()
    for title, one in tickets.items():
        assert title in run("show", one)[1]
        assert run("comment", one, f"about {title}")[0] == 0
    assert {t.title: len(t.history) for t in site.all()} == {"a printer": 2, "theirs": 2}
    left, out, _ = run("fsck")
    assert (left, out.count("[clash]")) == (0, 1)
    assert all(one in out for one in tickets.values())
    ours, other = sorted(tickets.values(), key=lambda one: one != ident)
    for one, beside in ((ours, other), (other, ours)):
        shown = run("show", one)[1]
        assert f"the id {ident} was drawn for {beside} too; it leads to all" in shown
        assert json.loads(run("show", one, "--json")[1].splitlines()[0])["clashed"] == ident
    exported = run("export", "--format", "markdown")[1].replace("\\", "")
    assert exported.count(f"- **Also known as:** {ident}") == 1


@pytest.mark.parametrize("wrong", [timedelta(hours=1), timedelta(days=365), -timedelta(days=365)])
def test_a_wrong_clock_moves_no_order(site: Site, run: Run, wrong: timedelta) -> None:
    one = site.act(asking.add, "x").id
    site.now += wrong
    site.act(ending.close, one, reason="fixed", who="boris@wrong")
    site.now += timedelta(minutes=1) - wrong
    site.act(ending.reopen, one)
    ticket = site.read(one)
    assert (ticket.state, ticket.opened_at) == ("open", T0)
    assert abs(ticket.since - site.now) <= timedelta(minutes=1)
    left, out, _ = run("fsck")
    assert left == ("[future]" in out) == (wrong > timedelta(days=1))
    assert "[skew]" in out and "boris@wrong" in out


def test_a_secret_is_piped_or_asked_for_and_never_said(
    site: Site, run: Run, ident: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("comment", ident, "it is correcthorse")
    typed: list[tuple[str, ...]] = [
        (ident, "correcthorse"), ("--everywhere", "correcthorse"), (ident, "-", "-"),
    ]  # fmt: skip
    for words in typed:
        left, out, err = run("redact", *words)
        assert (left, "correcthorse" in out + err) == (2, False)
    assert "redact.where" in run("redact")[2]
    assert "redact.terminal" in run("redact", ident)[2]
    assert "redact.short" in run("redact", ident, "-", stdin=b"abc\n")[2]
    left, out, err = run("redact", ident, "-", stdin=b"correcthorse\n")
    assert (left, out) == (0, f"{ident}\n")
    assert "taken out: 1 texts in 1 tickets" in err
    assert "Change the secret itself" in err
    for words in (
        ("show", ident),
        ("list", "correcthorse"),
        ("export",),
        ("log", ident),
        ("fsck",),
    ):
        _, out, err = run(*words)
        assert "correcthorse" not in out + err
    assert "no tickets" in run("list", "correcthorse")[2]
    assert not [p for p in site.root.rglob("*") if p.is_file() and b"correcth" in p.read_bytes()]
    left, out, err = run("redact", "--everywhere", "-", "--json", stdin=b"correcthorse\n")
    assert (left, json.loads(out.splitlines()[0])["texts"]) == (0, 0)


def test_an_attachment_is_deleted_for_good(site: Site, run: Run, ident: str) -> None:
    scan = site.root.parent / "scan.pdf"
    scan.write_bytes(b"correcthorse")
    assert run("attach", ident, str(scan))[0] == 0
    left, out, _ = run("redact", ident, "--attachment", "scan.pdf")
    assert (left, out) == (0, f"{ident}\n")
    assert run("attachment", "get", ident, "scan.pdf", "-o", str(scan))[0] == 2
    assert run("redact", ident, "--attachment", "scan.pdf")[0] == 2


def test_a_name_from_a_clone_leads_nowhere(
    site: Site, run: Run, ident: str, tmp_path: Path
) -> None:
    scan = site.root.parent / "scan.pdf"
    scan.write_bytes(b"x")
    run("attach", ident, str(scan))
    path = store.path_of(site.workspace, ident)
    path.write_bytes(path.read_bytes().replace(b"scan.pdf", b"../../evil"))
    site.comment(ident, "so that the folder's time changes")
    (tmp_path / "out").mkdir()
    left, _, err = run("attachment", "get", ident, "../../evil", "-o", str(tmp_path / "out"))
    assert (left, "attachment.name" in err) == (2, True)
    assert not list(tmp_path.rglob("evil"))
