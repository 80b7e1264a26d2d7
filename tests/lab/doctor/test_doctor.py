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


def _states(done: subprocess.CompletedProcess[str]) -> dict[str, dict[str, str]]:
    return {line["name"]: line for line in map(json.loads, done.stdout.splitlines()[:-1])}


def test_what_proofs_need_is_tried() -> None:
    seen = _states(_doctor("--json"))
    assert {seen[name]["state"] for name in ("cell", "ssh", "pg_dump", "zstd", "SQLite")} == {"ok"}
    assert seen["PostgreSQL server"]["version"]
    if os.geteuid() == 0:
        assert (seen["test restores"]["state"], seen["test restores"]["version"]) == ("ok", "image")


def test_where_no_cell_can_be_had_that_is_told_with_the_remedy() -> None:
    """In a user namespace of one user there is nobody to become, and no image can be mounted."""
    done = subprocess.run(
        ["unshare", "-Ur", console_script("msptool"), "doctor", "--json"],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    seen = _states(done)
    assert seen["cell"]["state"] == "less" and "not allowed (" in seen["cell"]["version"]
    assert "allow user namespaces" in seen["cell"]["remedy"]
    assert seen["test restores"]["state"] == "less"
    assert seen["test restores"]["version"].startswith("bind: ")
    assert done.returncode == 0


def test_without_the_programs_of_databases_that_is_told(tmp_path: Path) -> None:
    path = _only(tmp_path, "nmap", "restic", "sh")
    seen = _states(_doctor("--json", path=path))
    for name, package in (("pg_dump", "postgresql-client"), ("ssh", "openssh-client")):
        assert (seen[name]["state"], seen[name]["remedy"]) == ("less", f"apt install {package}")
