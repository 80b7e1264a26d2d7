"""Exports by the real command, read by a real office; what memory many tickets take."""

import csv
import io
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from msptool.tickets import ids
from msptool.tickets.export import texts, xlsx
from tests.contract.test_ticket_exports import export_of, view_of
from tests.lab.msptool import msptool
from tests.lab.terminal import Terminal
from tests.unit.tickets import hostile
from tests.unit.tickets.site import Site

pytestmark = pytest.mark.lab
CLIENT = "msptool: 1\nclient: {code: ACME, name: Acme, zone: Europe/Berlin}\nextends: basic\n"
COUNT = 20_000 if os.environ.get("MSPTOOL_FULL") else 300
MOST_MIB = 120
AS_SHOWN = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,true,false,-1"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Return a store of many tickets of some 4 kB."""
    made = Site(tmp_path_factory.mktemp("acme"))
    (made.root / "client.yaml").write_text(CLIENT)
    (made.root / "client.yaml").chmod(0o600)
    with made.desk() as held:
        for first in range(0, COUNT, 1000):
            idents = [ids.numbered("ACME", n) for n in range(first, min(COUNT, first + 1000))]
            held.write({one: hostile.history("text of some length " * 3, one) for one in idents})
    return made


# A child begins as a copy of its parent, and keeps that as its most memory: of this small one.
SMALL_PARENT = """
import resource, subprocess, sys
code = subprocess.call(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10, file=sys.stderr)
sys.exit(code)
"""


@pytest.mark.parametrize("name", ["jsonl", "csv", "xlsx", "markdown", "ical"])
def test_memory_does_not_grow_with_the_tickets(site: Site, tmp_path: Path, name: str) -> None:
    argv = msptool("-C", str(site.root), "tickets", "export", "--format", name)
    out = tmp_path / "out"
    with out.open("wb") as file:
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-c", SMALL_PARENT, *argv], stdout=file, stderr=subprocess.PIPE,
            check=True, timeout=600,
        )  # fmt: skip
    most_mib = int(done.stderr.split()[-1])
    print(f"{COUNT} tickets as {name}: {out.stat().st_size >> 10} KiB, {most_mib} MiB")
    assert out.stat().st_size > COUNT
    assert most_mib <= MOST_MIB


def test_a_workbook_goes_into_a_pipe_but_not_onto_a_terminal(site: Site) -> None:
    argv = msptool("-C", str(site.root), "tickets", "export", "--format", "xlsx", "status:open")
    done = subprocess.run(argv, capture_output=True, check=True, timeout=60)  # noqa: S603
    assert zipfile.ZipFile(io.BytesIO(done.stdout)).testzip() is None
    seen = Terminal(argv, 24, 80, {"PYTHONPATH": os.environ.get("PYTHONPATH", "")})
    seen.until(rb"write it with -o FILE")
    assert seen.end() == 2
    assert b"error[export.terminal]: xlsx is no text for a terminal" in seen.said
    assert b"PK\x03\x04" not in seen.said


def test_a_reader_that_leaves_early_is_no_trouble(site: Site) -> None:
    argv = msptool("-C", str(site.root), "tickets", "export")
    with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:  # noqa: S603
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.readline()
        running.stdout.close()
        assert running.stderr.read() == b""


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is a heavy guest")
class TestLibreOffice:
    """The office that clients have: what it makes of our files."""

    def _converted(self, path: Path, to: str, *options: str) -> Path:
        out = path.parent / "out"
        argv = ["soffice", f"-env:UserInstallation=file://{path.parent}/office", "--headless",
                *options, "--convert-to", to, "--outdir", str(out), str(path)]  # fmt: skip
        subprocess.run(argv, check=True, capture_output=True, timeout=120)  # noqa: S603, S607
        return out

    def test_a_workbook_says_what_was_said(self, tmp_path: Path) -> None:
        path = tmp_path / "t.xlsx"
        views = [view_of(text, number) for number, text in enumerate(hostile.TEXTS)]
        path.write_bytes(export_of("xlsx", views))
        found = self._converted(path, AS_SHOWN) / "t-Заявки.csv"
        csv.field_size_limit(1 << 24)
        rows = list(csv.DictReader(io.StringIO(found.read_bytes().decode(), newline="")))
        assert [row["Тема"] for row in rows] == [texts.inert(text) for text in hostile.TEXTS]
        assert rows[0]["Открыта (Europe/Berlin)"] == "2026-11-02 09:00:00"
        assert len(rows[0]) == len(xlsx.TICKETS)

    def test_csv_brings_no_formula_and_no_link(self, tmp_path: Path) -> None:
        path = tmp_path / "t.csv"
        short = [text for text in hostile.TEXTS if len(text) < 300]
        views = [view_of(text, number) for number, text in enumerate(short)]
        path.write_bytes(export_of("csv", views))
        found = self._converted(path, "fods", "--infilter=CSV:44,34,76,1,,0,false,true")
        read = (found / "t.fods").read_text()
        assert "=cmd" in read
        assert "table:formula" not in read
        assert "xlink:href" not in read
