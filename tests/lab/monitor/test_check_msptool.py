"""The Nagios door: one line and 0, 1, 2 or 3, whatever happens."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.lab.machine import console_script

pytestmark = pytest.mark.lab
LINE = re.compile(r"MSPTOOL (OK|WARNING|CRITICAL|UNKNOWN) - [^|\n]+( \| ('[^']+'=[^ |]+ ?)+)?\n")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    tmp_path.chmod(0o700)
    _profile(tmp_path, "monitor: {load_per_cpu: 9999, memory_percent: 100, disk_percent: 100}")
    return tmp_path


def _profile(place: Path, more: str) -> None:
    (place / "client.yaml").write_text(f"msptool: 1\nclient: {{code: ACME, name: A}}\n{more}\n")


def _monitor(place: Path) -> None:
    argv = [console_script("msptool"), "-C", str(place), "monitor", "check", "--fail-on", "never"]
    subprocess.run(argv, check=True, capture_output=True)


def _ask(*words: str, **env: str) -> tuple[int, str]:
    done = subprocess.run(
        [console_script("check_msptool"), *words],
        capture_output=True, text=True, timeout=30, check=False, env={**os.environ, **env},
    )  # fmt: skip
    assert done.stderr == ""
    return done.returncode, done.stdout


def test_the_four_states(place: Path) -> None:
    assert _ask("-C", str(place))[0] == 3
    _monitor(place)
    code, said = _ask("-C", str(place))
    assert (code, bool(LINE.fullmatch(said))) == (0, True), said
    assert re.search(r"'/[^']*'=\d+(\.\d+)?%;;100;0;100", said)
    _profile(place, "monitor: {memory_percent: 0.0001, load_per_cpu: 9999, disk_percent: 100}")
    _monitor(place)
    assert _ask("-C", str(place))[0] == 1
    _profile(place, "monitor: {disk_percent: 0.0001}")
    _monitor(place)
    code, said = _ask("-C", str(place))
    assert code == 2
    assert "high SRV-006" in said
    assert LINE.fullmatch(said)


def test_old_runs_are_unknown(place: Path) -> None:
    _monitor(place)
    assert _ask("-C", str(place), "--max-age", "0.0000001")[0] == 3
    assert _ask("-C", str(place), "--kind", "restore")[0] == 3


def test_a_changed_run_is_unknown(place: Path) -> None:
    _monitor(place)
    table = next((place / "runs").iterdir()) / "attempts.jsonl"
    table.write_text(table.read_text().replace("pass", "fail"))
    code, said = _ask("-C", str(place))
    assert (code, bool(LINE.fullmatch(said))) == (3, True), said


@pytest.mark.parametrize(
    "words",
    [["--foo"], ["--max-age", "abc"], ["--max-age", "1_0"], ["--max-age", "-1"], ["-t", "0"],
     ["--kind", "all"], ["-C", "/nowhere"], ["surplus"]],
)  # fmt: skip
def test_wrong_usage_is_unknown(words: list[str]) -> None:
    code, said = _ask(*words)
    assert code == 3
    assert LINE.fullmatch(said), said


@pytest.mark.parametrize("words", [["--help"], ["--version"]])
def test_help_and_version_are_unknown_too(words: list[str]) -> None:
    code, said = _ask(*words)
    assert (code, said.strip() != "") == (3, True)


def test_an_import_that_fails_is_unknown(tmp_path: Path) -> None:
    """As on a machine where a library was half upgraded."""
    (tmp_path / "msgspec.py").write_text("raise ImportError('half an upgrade')\n")
    code, said = _ask("-C", str(tmp_path), PYTHONPATH=str(tmp_path))
    assert code == 3
    assert "half an upgrade" in said


def test_it_does_not_pay_for_a_command_line(place: Path) -> None:
    _monitor(place)
    code = "import sys; from msptool import nagios\n"
    code += "import os; os._exit = lambda c: (print([m for m in ('click', 'yaml', 'psutil')"
    code += f" if m in sys.modules]), sys.exit(c))\nnagios.main(['-C', {str(place)!r}])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.splitlines()[-1] == "[]", done.stdout + done.stderr


def test_no_answer_in_time_is_unknown(place: Path) -> None:
    """A file that blocks when it is opened, as on a dead network drive."""
    _monitor(place)
    table = next((place / "runs").iterdir()) / "findings.jsonl"
    table.unlink()
    os.mkfifo(table)
    code, said = _ask("-C", str(place), "-t", "1")
    assert (code, "time limit" in said) == (3, True), said


def test_any_locale_gets_its_line(place: Path) -> None:
    _monitor(place)
    shutil.copytree(place, place.parent / "приём", dirs_exist_ok=True)
    for encoding in ("ascii", "cp866", "utf-8"):
        code, _ = _ask("-C", str(place.parent / "приём"), "--kind", "audit", LC_ALL="C",
                       PYTHONIOENCODING=encoding, PYTHONUTF8="0")  # fmt: skip
        assert code == 3
