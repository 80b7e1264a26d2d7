"""Timers on a machine with systemd as PID 1: installed, started, and taken away again."""

import json
import re
import sys
from pathlib import Path

import pytest

from tests.lab.machine import Machine, console_script

pytestmark = pytest.mark.lab
NAMES = {
    f"msptool-ACME-{step}.{kind}" for step in ("run", "monitor") for kind in ("service", "timer")
}


@pytest.fixture
def place(machine: Machine, tmp_path: Path) -> Path:
    tmp_path.chmod(0o700)
    made = machine.run(console_script("msptool"), "init", str(tmp_path / "w s"), "--plan",
                       "standard", "--code", "ACME")  # fmt: skip
    assert made.returncode == 0, made.stderr
    return tmp_path / "w s"


def _msptool(machine: Machine, place: Path, *words: str) -> tuple[int, str]:
    done = machine.run(console_script("msptool"), "-C", str(place), *words,
                       env={"XDG_STATE_HOME": str(place.parent / "state")})  # fmt: skip
    assert "bug" not in done.stderr, done.stderr
    return done.returncode, done.stdout


def _lines(path: Path) -> list[str]:
    return path.read_text().splitlines()


def _units(machine: Machine) -> set[str]:
    return set(machine.run("ls", "/etc/systemd/system").stdout.split()) - {"timers.target.wants"}


def _rows(machine: Machine, place: Path) -> dict[str, dict[str, str]]:
    lines = [
        json.loads(line)
        for line in _msptool(machine, place, "schedule", "show", "--json")[1].splitlines()
    ]
    assert lines[-1]["type"] == "end"
    return {line["step"]: line for line in lines[:-1]}


def test_installed_started_shown_and_removed(machine: Machine, place: Path) -> None:
    assert _rows(machine, place)["run"]["state"] == "missing"
    assert _msptool(machine, place, "schedule", "install", "-q") == (0, "")
    assert _units(machine) == NAMES
    code, said = _msptool(machine, place, "schedule", "install")
    assert (code, said) == (0, "nothing to be installed\n")
    rows = _rows(machine, place)
    assert {row["state"] for row in rows.values()} == {"ok"}
    listed = machine.run("systemctl", "list-timers", "--all", "--no-legend").stdout
    assert all(f"msptool-ACME-{step}.timer" in listed for step in rows)
    code, said = _msptool(machine, place, "schedule", "remove")
    assert (code, {line.partition(": ")[2] for line in said.splitlines()}) == (0, NAMES)
    assert _units(machine) == set()
    assert "msptool" not in machine.run("systemctl", "list-timers", "--all").stdout
    assert _msptool(machine, place, "schedule", "remove")[1] == "nothing to be removed\n"


def test_the_closed_unit_does_its_work(machine: Machine, place: Path) -> None:
    """Behind all its walls a pass must still see what an open shell sees."""
    _msptool(machine, place, "schedule", "install", "-q")
    try:
        started = machine.run("systemctl", "start", "msptool-ACME-monitor.service")
        assert started.returncode == 0, started.stderr
        folder = next((place / "runs").iterdir())
        attempts = [json.loads(line) for line in _lines(folder / "attempts.jsonl")]
        assert {attempt["outcome"] for attempt in attempts} <= {"pass", "fail", "skipped"}
        outside = _msptool(machine, place, "monitor", "check", "--json", "--fail-on", "never")[1]
        volumes = {line["thing"] for line in map(json.loads, outside.splitlines())
                   if line.get("check") == "SRV-006" and line["type"] == "attempt"}  # fmt: skip
        assert volumes == {a["thing"] for a in attempts if a["check"] == "SRV-006"} != set()
        assert _rows(machine, place)["monitor"]["last_at"]
    finally:
        _msptool(machine, place, "schedule", "remove", "-q")


def test_findings_do_not_make_a_unit_fail(machine: Machine, place: Path) -> None:
    profile = place / "client.yaml"
    profile.write_text(profile.read_text().replace("services: []", "services: [gone.service]"))
    _msptool(machine, place, "schedule", "install", "-q")
    try:
        started = machine.run("systemctl", "start", "msptool-ACME-monitor.service")
        assert started.returncode == 0, started.stderr
        shown = machine.run("systemctl", "show", "-p", "Result,ExecMainStatus",
                            "msptool-ACME-monitor.service").stdout  # fmt: skip
        assert set(shown.split()) == {"Result=success", "ExecMainStatus=1"}
    finally:
        _msptool(machine, place, "schedule", "remove", "-q")


def test_a_changed_profile_shows_and_a_dropped_step_goes(machine: Machine, place: Path) -> None:
    _msptool(machine, place, "schedule", "install", "-q")
    try:
        profile = place / "client.yaml"
        text = profile.read_text().replace("extends: standard", "extends: basic")
        profile.write_text(f'{text}\nschedule: {{run: "*-*-* 03:00:00"}}\n')
        states = {step: row["state"] for step, row in _rows(machine, place).items()}
        assert states == {"run": "changed", "monitor": "extra"}
        machine.run("systemctl", "stop", "msptool-ACME-run.timer")
        _msptool(machine, place, "schedule", "install", "-q")
        assert {step: row["state"] for step, row in _rows(machine, place).items()} == {"run": "ok"}
        assert _units(machine) == {"msptool-ACME-run.service", "msptool-ACME-run.timer"}
    finally:
        _msptool(machine, place, "schedule", "remove", "-q")


def test_a_workspace_of_the_same_code_does_not_take_over(machine: Machine, place: Path) -> None:
    _msptool(machine, place, "schedule", "install", "-q")
    try:
        other = place.parent / "other"
        machine.run(
            console_script("msptool"), "init", str(other), "--plan", "basic", "--code", "ACME"
        )
        assert _msptool(machine, other, "schedule", "install")[0] == 2
        assert {row["state"] for row in _rows(machine, place).values()} == {"ok"}
    finally:
        _msptool(machine, place, "schedule", "remove", "-q")


def test_the_walls_let_the_work_through_and_nothing_else(machine: Machine, place: Path) -> None:
    """The unit of `run`, with a program in its place that tries what a round needs."""
    text = _msptool(machine, place, "schedule", "install", "--system", "--dry-run", "--json")[1]
    drafts = {line["name"]: line for line in map(json.loads, text.splitlines()[:-1])}
    unit = drafts["/etc/systemd/system/msptool-ACME-run.service"]["text"]
    tries = Path(__file__).with_name("inside_walls.py")
    command = f'ExecStart="{sys.executable}" "{tries}" "{place}"'
    answers = place / "answers"
    unit = re.sub("^ExecStart=.*$", f"{command}\nStandardOutput=file:{answers}", unit, flags=re.M)
    machine.unit("walls.service", unit)
    machine.run("systemctl", "start", "walls.service")
    said = dict(line.split(": ", 1) for line in answers.read_text().splitlines())
    works = ("libraries", "packets", "restore", "sandbox", "cell")
    assert {said[step] for step in works} == {"yes"}, said
    assert "Read-only file system" in said["write_outside"]
    assert "Operation not permitted" in said["namespace"]


@pytest.mark.parametrize("mode", [0o777, 0o775])
def test_a_workspace_that_others_can_replace_is_refused(
    machine: Machine, place: Path, mode: int
) -> None:
    place.parent.chmod(mode)
    done = machine.run(console_script("msptool"), "-C", str(place), "schedule", "install", "--json")
    assert done.returncode == 2
    assert json.loads(done.stdout)["code"] == "schedule.unsafe"
    assert _units(machine) == set()
