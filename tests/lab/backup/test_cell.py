"""The cell holds what takes over a probe, as root and as an ordinary user; controls run outside."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from msptool.backup import words
from tests.lab.backup import examined
from tests.lab.backup.examined import Case

pytestmark = pytest.mark.lab
HOSTILE = Path(__file__).with_name("hostile.py")


@pytest.fixture(params=["root", "ordinary"])
def case(request: pytest.FixtureRequest) -> Iterator[Case]:
    if request.param == "root" and os.geteuid() != 0:
        pytest.skip("we are no root; the other half runs as we are")
    with examined.case(ordinary=request.param == "ordinary") as made:
        made.file("data/file.txt", b"restored")
        (made.base / "hostile.py").write_bytes(HOSTILE.read_bytes())
        yield made


@pytest.fixture
def port() -> Iterator[int]:
    """A listener on loopback, and one on an abstract Unix socket of the same number."""
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket(socket.AF_UNIX) as other:
        number = server.getsockname()[1]
        other.bind(f"\0msptool-{number}")
        other.listen()
        yield number


def attack(case: Case, name: str, word: object, timeout_s: float = 30) -> str:
    """Run an attack as the job's own probe; return the verdict and what was said."""
    argv = ["/usr/bin/python3", str(case.base / "hostile.py"), name, str(word)]
    case.job["probes"] = [{"match": "/data/*", "argv": argv, "timeout_s": timeout_s}]
    told = case.one()
    return f"{told.verdict} {told.detail}".strip()


def hidden(path: Path) -> str:
    return str(path).lstrip("/")


def outside(case: Case, name: str, word: object) -> int:
    """Run the same attack without a cell."""
    argv = [sys.executable, str(HOSTILE), name, str(word), str(case.tree / "data" / "file.txt")]
    return subprocess.run(argv, capture_output=True, timeout=60, cwd=case.base).returncode


def left(marker: str) -> list[str]:
    """Return the processes whose command line has a marker."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if marker in line:
            found.append(line)
    return found


def test_it_reaches_no_network(case: Case, port: int) -> None:
    assert outside(case, "network", port) == 1
    assert attack(case, "network", port) == "ok"


def test_it_reads_nothing_of_ours(case: Case) -> None:
    assert outside(case, "read", hidden(case.canary)) == 1
    assert attack(case, "read", hidden(case.canary)) == "ok"
    other = case.file("private/other.txt", b"another's")
    assert attack(case, "read", hidden(other)) == "ok"


def test_it_writes_nowhere_but_into_its_scratch(case: Case) -> None:
    assert attack(case, "write", case.base) == "ok"
    assert not list(case.base.rglob("*planted*"))
    assert (case.tree / "data" / "file.txt").read_bytes() == b"restored"
    assert outside(case, "write", case.base) == 1


def test_it_starts_few_processes_and_none_is_left(case: Case) -> None:
    assert attack(case, "fork", 400) == "ok"
    assert not left(str(case.base / "hostile.py"))


def test_it_gets_neither_memory_nor_disk_without_end(case: Case) -> None:
    assert outside(case, "memory", 3 << 30) == 1
    assert attack(case, "memory", 3 << 30) == "ok"
    said = attack(case, "disk", 8 << 30, timeout_s=100)
    assert said in ("ok", f"could-not-run {words.NO_SCRATCH}"), said
    assert not list((case.base / "scratch").glob("errand*"))


def test_it_has_no_rights(case: Case) -> None:
    assert attack(case, "privileges", "x") == "ok"


def test_it_ends_with_its_time_and_leaves_nothing(case: Case) -> None:
    started = time.monotonic()
    assert attack(case, "sleep", "x", timeout_s=2) == f"could-not-run {words.NO_TIME}"
    assert time.monotonic() - started < 20
    assert not left(str(case.base / "hostile.py"))
    assert attack(case, "spin", "x", timeout_s=1) == f"could-not-run {words.NO_TIME}"


def test_it_dies_with_us(case: Case) -> None:
    argv = ["/usr/bin/python3", str(case.base / "hostile.py"), "sleep", "x"]
    case.job["probes"] = [{"match": "/data/*", "argv": argv, "timeout_s": 100}]
    marker = f"{case.base}/hostile.py sleep"
    with case.start() as program:
        until = time.monotonic() + 20
        while len(left(marker)) < 2 and time.monotonic() < until:
            time.sleep(0.05)
        assert len(left(marker)) >= 2
        os.kill(program.pid, signal.SIGKILL)
    time.sleep(1)
    assert not left(marker)


def test_without_a_cell_nothing_is_looked_at(case: Case) -> None:
    """In a user namespace that has but one user there is nobody to become."""
    case.file("data/cut.zip", b"PK\x03\x04" + bytes(100))
    (case.base / "job.json").write_text('{"repository": "nas"}')
    done = subprocess.run(
        ["unshare", "-Ur", sys.executable, examined.__file__, case.base],
        capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(HOSTILE.parents[3])},
    )  # fmt: skip
    assert f'"could-not-run","detail":"{words.NO_CELL}: ' in done.stdout, done.stderr


def test_a_link_on_the_way_is_not_followed(case: Case) -> None:
    """A planted link may lead to a file of ours, whatever the manifest says of the folder."""
    (case.base / "elsewhere").mkdir()
    (case.base / "elsewhere" / "a.zip").write_bytes(b"PK\x03\x04")
    (case.tree / "folder").symlink_to("../elsewhere")
    case.file("b/x.zip", b"PK\x03\x04").unlink()
    (case.tree / "b" / "x.zip").symlink_to("../../elsewhere/a.zip")
    assert case.examine().probed == ()
