"""Several processes at once: the lock makes them take turns, and nothing is opened twice."""

import subprocess
import sys
from pathlib import Path

import pytest

from msptool import model
from tests.lab.conftest import FULL
from tests.unit.tickets.site import T0, Site, finding, report

pytestmark = pytest.mark.lab
_REPOSITORY = Path(__file__).parents[3]
TIMES = (13, 12) * 4 if FULL else (4,) * 4  # ingests of each process
INGESTER = """
import sys
from pathlib import Path
from msptool.tickets import ingest
from msptool.workspace import Workspace
from tests.unit.tickets.site import PROFILE
lines = sys.stdin.buffer.read().splitlines()
for _ in range(int(sys.argv[2])):
    done = ingest.ingest_lines(Workspace(Path(sys.argv[1])), PROFILE, lines)
    print(len(done.opened), len(done.touched), len(done.seen), flush=True)
"""


def _together(root: Path, lines: bytes, *commands: list[str]) -> list[str]:
    """Run all at once, each with these lines on stdin; return all lines that they print."""
    (root / "lines").write_bytes(lines)
    running = []
    for words in commands:
        with (root / "lines").open("rb") as file:
            running.append(
                subprocess.Popen(words, cwd=_REPOSITORY, stdin=file, stdout=subprocess.PIPE)
            )
    told = [one.communicate(timeout=120)[0].decode() for one in running]
    assert [one.returncode for one in running] == [0] * len(commands)
    return sorted("".join(told).splitlines())


def test_many_ingests_of_the_same_findings_are_one_ticket_each(tmp_path: Path) -> None:
    """As loose findings, so that no receipt passes over any: each ingest looks at all of them."""
    site = Site(tmp_path)
    found = [finding(part=f"tcp/{port}", thing=f"sw{port % 7}") for port in range(60)]
    lines = b"\n".join(map(model.encode, found))
    told = _together(tmp_path, lines, *(_ingester(tmp_path, count) for count in TIMES))
    assert len(told) == sum(TIMES) == (100 if FULL else 16)
    assert told.count("0 0 60") == len(told) - 1
    tickets = [ticket for ticket in site.all() if ticket.about]
    assert len({ticket.fingerprint for ticket in tickets}) == len(tickets) == 60
    assert all(len(ticket.history) == 1 for ticket in tickets)


def test_one_run_ingested_by_many_is_ingested_once(tmp_path: Path) -> None:
    site = Site(tmp_path)
    told = report(T0, finding(), finding(part="tcp/80"))
    lines = b"\n".join(map(model.encode, told.lines()))
    said = _together(tmp_path, lines, *[_ingester(tmp_path, 2)] * 2)
    assert said == ["0 0 0"] * 3 + ["2 2 0"]
    assert len(site.all()) == 2


def _ingester(root: Path, count: int) -> list[str]:
    return [sys.executable, "-c", INGESTER, str(root), str(count)]
