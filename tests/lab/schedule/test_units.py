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
    assert len(paths) == 10
    done = _analyze("verify", f"--{scope}", "--man=no", *paths, runtime=str(tmp_path))
    complaints = [line for line in done.stderr.splitlines() if "msptool" in line]
    assert (done.returncode, complaints) == (0, [])


def test_verify_would_find_one(tmp_path: Path) -> None:
    path = tmp_path / "broken.service"
    path.write_text("[Service]\nExecStart=/no/such/program\nType=odd\n")
    assert "broken.service" in _analyze("verify", "--man=no", str(path)).stderr


# Measured with systemd 252. What a day's round needs keeps it from 2.5: it opens raw sockets,
# reads every file, and gives restored files their owners back.
EXPOSURE = {"run": 2.6, "audit": 2.4, "backup": 2.3, "verify": 2.5, "monitor": 2.3}


@pytest.mark.parametrize("step", EXPOSURE)
def test_the_form_for_root_is_closed(tmp_path: Path, step: str) -> None:
    _written(tmp_path, "system")
    service = tmp_path / f"msptool-ACME-{step}.service"
    said = _analyze("security", "--offline=true", str(service)).stdout
    found = re.search(r"Overall exposure level for \S+ (\d+\.\d+)", said)
    assert found, said
    assert float(found[1]) <= EXPOSURE[step], said


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
