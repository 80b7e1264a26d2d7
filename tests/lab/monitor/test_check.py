"""A whole pass, as cron and people start it."""

import json
import os
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from tests.lab.machine import Machine, console_script

pytestmark = pytest.mark.lab


@pytest.fixture
def place(tmp_path: Path) -> Path:
    tmp_path.chmod(0o700)
    _profile(tmp_path, "")
    return tmp_path


def _profile(place: Path, more: str) -> None:
    (place / "client.yaml").write_text(f"msptool: 1\nclient: {{code: ACME, name: A}}\n{more}\n")


def _check(place: Path, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [console_script("msptool"), "-C", str(place), "monitor", "check", *words],
        capture_output=True, text=True, timeout=60, check=False,
        env={**os.environ, "XDG_STATE_HOME": str(place / "state"), **env},
    )  # fmt: skip


def _lines(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


def _attempts(lines: list[dict[str, Any]]) -> dict[str, str]:
    return {one["check"]: one.get("reason") or one["outcome"] for one in lines
            if one["type"] == "attempt"}  # fmt: skip


FULL = "monitor: {disk_percent: 0.001}"


def test_a_pass_is_a_report_and_a_run(place: Path) -> None:
    done = _check(place, "--json", "--fail-on", "never")
    lines = _lines(done)
    assert (done.returncode, lines[0]["type"], lines[-1]["type"]) == (0, "report", "end")
    assert _attempts(lines)["MON-001"] in ("pass", "fail")
    run = next((place / "runs").iterdir())
    assert run.name == f"{lines[0]['run']}-monitor"
    things = [json.loads(line) for line in (run / "things.jsonl").read_text().splitlines()]
    measured = {key for thing in things for key in thing["facts"]}
    assert {"load_per_cpu", "memory_percent", "used_percent", "inodes_percent"} <= measured


def test_volumes_agree_with_df(place: Path) -> None:
    things = [line for line in _lines(_check(place, "--json")) if line.get("kind") == "volume"]
    for thing in things:
        mount = thing["facts"]["mount"]
        said = subprocess.run(["df", "--output=pcent", mount], capture_output=True, text=True,
                              check=True)  # fmt: skip
        shown = int(said.stdout.split()[-1].rstrip("%"))
        assert shown - 2 <= thing["facts"]["used_percent"] <= shown  # df rounds up
    assert things


def test_quiet_says_what_is_new_and_then_nothing(place: Path) -> None:
    assert _check(place, "-q").stdout == ""
    _profile(place, FULL)
    first, second = _check(place, "-q"), _check(place, "-q")
    assert (first.returncode, second.returncode) == (1, 1)
    assert "SRV-006" in first.stdout
    assert (second.stdout, second.stderr) == ("", "")
    assert _check(place, "-q", "--fail-on", "critical").returncode == 0


def test_findings_read_in_the_engineers_language(place: Path) -> None:
    _profile(place, FULL)
    assert "заполнен на" in _check(place, MSPTOOL_LANG="ru").stdout
    assert "full (" in _check(place, MSPTOOL_LANG="en").stdout


def test_a_job_without_a_proof_is_a_finding(place: Path) -> None:
    _profile(place, "backup:\n  repositories: {r: {path: r, password: 'env:P'}}\n"
                    "  jobs: {files: {repository: r, paths: [/srv]}}")  # fmt: skip
    done = _check(place, "--json")
    found = [line for line in _lines(done) if line["type"] == "finding"]
    assert [(one["check"], one["subject"]) for one in found if one["check"] == "BKP-003"] == [
        ("BKP-003", {"client": "ACME", "thing": "job:files"})
    ]
    assert done.returncode == 1


SERVICES = "monitor: {services: [ssh.service]}"


def _fake_path(place: Path, script: str) -> str:
    """Return a PATH on which systemctl is this script."""
    folder = place / "bin"
    folder.mkdir()
    (folder / "systemctl").write_text(f"#!/bin/sh\n{script}\n")
    (folder / "systemctl").chmod(0o755)
    return f"{folder}:{os.environ['PATH']}"


def test_a_systemctl_that_hangs_is_unknown_and_the_rest_is_judged(place: Path) -> None:
    _profile(place, SERVICES)
    started = time.monotonic()
    done = _check(place, "--json", PATH=_fake_path(place, "trap '' TERM; sleep 60"))
    assert time.monotonic() - started < 10
    attempts = _attempts(_lines(done))
    assert attempts["MON-003"] == "timed-out"
    assert attempts["SRV-006"] == "pass"


@pytest.mark.parametrize(
    ("script", "reason"),
    [("echo Failed to connect to bus >&2; exit 1", "probe-failed"), ("exit 0", "unreadable"),
     ("head -c 3000000 /dev/zero", "probe-failed")],
)  # fmt: skip
def test_a_systemctl_that_talks_nonsense_is_unknown(place: Path, script: str, reason: str) -> None:
    _profile(place, SERVICES)
    done = _check(place, "--json", PATH=_fake_path(place, script))
    assert _attempts(_lines(done))["MON-003"] == reason


def test_two_passes_at_once_are_refused_and_a_backup_in_the_way_is_not(place: Path) -> None:
    from msptool import files
    from msptool.workspace import Workspace

    with files.lock(place / ".msptool" / "monitor.lock", what="monitor check"):
        assert _check(place).returncode == 6
    with Workspace(place).lock("backup run"):
        assert _check(place).returncode == 0


def test_services_on_a_real_manager(machine: Machine, place: Path) -> None:
    machine.unit(
        "good.service", "[Service]\nExecStart=/bin/sleep 600\n[Unit]\nDefaultDependencies=no"
    )
    machine.unit("bad.service", "[Service]\nExecStart=/bin/false\n[Unit]\nDefaultDependencies=no")
    machine.unit("idle.service", "[Service]\nExecStart=/bin/sleep 600")
    machine.run("systemctl", "start", "good.service", "bad.service")
    _profile(place, "monitor: {services: [good.service, bad, idle.service, absent.service]}")
    done = machine.run(
        console_script("msptool"), "-C", str(place), "monitor", "check", "--json",
        env={"XDG_STATE_HOME": str(place / "state")},
    )  # fmt: skip
    found = {line["subject"]["part"]: line for line in _lines(done)
             if line["type"] == "finding" and line["check"] == "MON-003"}  # fmt: skip
    assert {unit: line["facts"]["state"] for unit, line in found.items()} == {
        "bad": "failed (failed)", "idle.service": "inactive (dead)", "absent.service": "not-found"
    }  # fmt: skip
    evidence = {line["sha256"] for line in _lines(done) if line["type"] == "evidence"}
    assert {sha for line in found.values() for sha in line["evidence"]} == evidence != set()
