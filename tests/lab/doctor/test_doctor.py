"""What the doctor says of this machine, and of one that lacks something."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.lab.machine import console_script, program

pytestmark = pytest.mark.lab


def _doctor(*words: str, path: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [console_script("msptool"), "doctor", *words],
        capture_output=True, text=True, timeout=60, check=False, stdin=subprocess.DEVNULL,
        env={**os.environ, "PATH": path or os.environ["PATH"]},
    )  # fmt: skip


def _only(folder: Path, *names: str, **scripts: str) -> str:
    """Return a PATH that has these programs of the machine, and these scripts."""
    for name in names:
        (folder / name).symlink_to(program(name, name))
    for name, script in scripts.items():
        (folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (folder / name).chmod(0o755)
    return str(folder)


def test_a_machine_with_everything_needed() -> None:
    program("nmap", "nmap")
    program("restic", "restic")
    done = _doctor()
    assert done.returncode == 0, done.stdout
    assert "ok      nmap 7." in done.stdout
    assert "ok      restic 0." in done.stdout
    assert _doctor("-q").stdout == ""


def test_json_ends_in_end_and_names_every_need() -> None:
    lines = [json.loads(line) for line in _doctor("--json").stdout.splitlines()]
    assert lines[-1]["type"] == "end"
    states = {line["name"]: line["state"] for line in lines[:-1]}
    assert states["scapy"] == "ok"
    assert {"raw sockets", "user namespaces", "timers", "git"} <= set(states)


def test_a_missing_restic_is_4_with_the_remedy(tmp_path: Path) -> None:
    done = _doctor("-q", path=_only(tmp_path, "nmap", "git", "sh"))
    assert done.returncode == 4
    assert done.stdout.startswith("MISSING restic: ")
    assert "= apt install restic" in done.stdout
    assert len(done.stdout.splitlines()) == 1


@pytest.mark.parametrize(
    ("script", "word"),
    [("echo 'Nmap version 7.70 ( x )'", "too old"), ("exit 3", "does not answer"),
     ("echo gibberish", "does not answer")],
)  # fmt: skip
def test_an_old_or_broken_nmap_is_missing(tmp_path: Path, script: str, word: str) -> None:
    done = _doctor("-q", path=_only(tmp_path, "restic", "git", "sh", nmap=script))
    assert done.returncode == 4
    assert done.stdout.startswith("MISSING nmap: ")
    assert word in done.stdout


def test_what_is_only_less_does_not_fail(tmp_path: Path) -> None:
    done = _doctor(path=_only(tmp_path, "nmap", "restic", "sh"))
    assert done.returncode == 0
    assert "LESS    git: " in done.stdout
    assert "LESS    user namespaces: " in done.stdout
