"""What a command loads: `--help` what click loads, a noun nothing of another's."""

import os
import re
import subprocess
import sys

import pytest

from msptool.cli import NOUNS

pytestmark = pytest.mark.lab
HEAVY = {
    "scapy", "pysnmp", "nmap", "jinja2", "psutil", "cryptography", "yaml", "msgspec", "wcwidth",
    "asyncio", "holidays", "subprocess", "importlib.metadata", "zoneinfo", "sqlite3", "ssl",
}  # fmt: skip
# What a noun's help may load beside click and the command line's own modules.
ROOMS = {
    "audit": {"audit"}, "backup": {"backup"}, "monitor": {"monitor"}, "tickets": {"tickets"},
    "report": {"report"}, "demo": {"demo"}, "init": set(), "profile": set(), "schedule": set(),
    "doctor": set(), "run": set(),
}  # fmt: skip


def loaded(*words: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "msptool", *words],
        env={**os.environ, "MSPTOOL_LANG": "en"}, capture_output=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:].decode()
    return set(re.findall(r"^import time:.*\| +(\S+)$", done.stderr.decode(), re.MULTILINE))


def tops(names: set[str]) -> set[str]:
    return {heavy for heavy in HEAVY if any(f"{name}.".startswith(f"{heavy}.") for name in names)}


@pytest.mark.parametrize("words", [["--help"], ["--version"], []])
def test_the_first_help_loads_click_and_the_command_line(words: list[str]) -> None:
    names = loaded(*words)
    assert not tops(names)
    ours = {name for name in names if name.split(".")[0] == "msptool"}
    assert ours <= {
        "msptool", "msptool.cli", "msptool.cli.boundary", "msptool.cli.grouping",
        "msptool.cli.manual", "msptool.cli.speech", "msptool.clock", "msptool.errors",
        "msptool.escape", "msptool.terminal",
    }  # fmt: skip


@pytest.mark.parametrize("noun", NOUNS)
def test_a_nouns_help_loads_no_library_and_no_other_room(noun: str) -> None:
    names = loaded(noun, "--help")
    assert not tops(names) - {"subprocess"}
    rooms = {
        name.split(".")[1] for name in names if name.count(".") >= 1 and name.startswith("msptool.")
    }
    others = {"audit", "backup", "monitor", "tickets", "report", "demo"} - ROOMS[noun]
    assert not rooms & others


def test_every_noun_is_here() -> None:
    assert set(ROOMS) == set(NOUNS)
