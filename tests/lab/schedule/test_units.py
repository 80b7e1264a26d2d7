"""Our units, as systemd itself reads them."""

import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from msptool.schedule import systemd
from msptool.schedule.calendar import parse
from msptool.schedule.plan import STEPS
from tests.lab.machine import console_script, program
from tests.unit.schedule.plans import plan

pytestmark = pytest.mark.lab


def _analyze(*words: str, runtime: str = "/run") -> subprocess.CompletedProcess[str]:
    argv = [program("systemd-analyze", "systemd"), "--no-pager", *words]
    env = {**os.environ, "XDG_RUNTIME_DIR": runtime}  # a user's manager keeps its state there
    return subprocess.run(argv, capture_output=True, text=True, timeout=60, check=False, env=env)


def _written(folder: Path, scope: systemd.Scope) -> list[str]:
    made = plan(str(folder / "a b%c$d"), script=console_script("msptool"))
    systemd.write(systemd.units(made, scope), folder)
    return sorted(str(path) for path in folder.iterdir() if path.is_file())


@pytest.mark.parametrize("scope", ["system", "user"])
def test_systemd_finds_no_fault(tmp_path: Path, scope: systemd.Scope) -> None:
    paths = _written(tmp_path, scope)
    assert len(paths) == 2 * len(STEPS)
    done = _analyze("verify", f"--{scope}", "--man=no", *paths, runtime=str(tmp_path))
    complaints = [line for line in done.stderr.splitlines() if "msptool" in line]
    assert (done.returncode, complaints) == (0, [])


def test_verify_would_find_one(tmp_path: Path) -> None:
    path = tmp_path / "broken.service"
    path.write_text("[Service]\nExecStart=/no/such/program\nType=odd\n")
    assert "broken.service" in _analyze("verify", "--man=no", str(path)).stderr


# Measured with systemd 252. What proves needs namespaces, the calls that build a cell and root's
# way to become nobody; a round opens raw sockets beside. A user's manager has few walls.
EXPOSURE = {
    "system": {"run": 3.8, "audit": 2.3, "backup": 2.2, "verify": 3.6, "monitor": 2.2},
    "user": {"run": 7.8, "audit": 6.8, "backup": 6.7, "verify": 7.6, "monitor": 6.7},
}


@pytest.mark.parametrize("scope", ["system", "user"])
def test_the_forms_are_closed(tmp_path: Path, scope: systemd.Scope) -> None:
    _written(tmp_path, scope)
    for step, most in EXPOSURE[scope].items():
        service = tmp_path / f"msptool-ACME-{step}.service"
        said = _analyze(
            "security", f"--{scope}", "--offline=true", str(service), runtime=str(tmp_path)
        ).stdout
        found = re.search(r"Overall exposure level for \S+ (\d+\.\d+)", said)
        assert found, said
        assert float(found[1]) <= most, said


@pytest.mark.parametrize(
    "text",
    ["*-*-* 19:00:00", "*-*-* *:00/15:00", "Mon..Fri 06:30", "*-02-29 12:00", "*-*-31 *:59",
     "Sun *-01,07-1..7 00/6:5", "monthly", "weekly", "hourly", "fri..mon *-*-* 1:5"],
)  # fmt: skip
def test_systemd_computes_the_same_next_moment(text: str) -> None:
    base = datetime(2027, 2, 28, 23, 59, 30, tzinfo=UTC)
    said = _analyze("calendar", f"--base-time={base:%Y-%m-%d %H:%M:%S} UTC", str(parse(text)))
    found = re.search(r"Next elapse: \w+ (\S+ \S+) UTC", said.stdout)
    assert found, said
    expected = datetime.strptime(f"{found[1]} +0000", "%Y-%m-%d %H:%M:%S %z")
    assert parse(text).next_after(base) == expected


def test_our_python_is_the_one_that_is_called() -> None:
    assert (
        Path(console_script("msptool")).read_text().startswith(f"#!{Path(sys.executable).parent}")
    )
