"""The doctor's table: what is missing and what is only less."""

import pytest

from msptool import tools
from msptool.errors import ToolMissing
from msptool.tools import Lacking, Need


def _probe(error: Exception) -> str:
    raise error


@pytest.mark.parametrize("error", [Lacking("1.0 is too old"), ToolMissing("tool.missing", "gone")])
@pytest.mark.parametrize(("needed", "state"), [(True, "missing"), (False, "less")])
def test_only_what_the_main_job_needs_is_missing(
    error: Exception, needed: bool, state: str
) -> None:
    need = Need("x", "work", "apt install x", lambda: _probe(error), needed=needed)
    seen = tools.look([need])[0]
    assert (seen.state, seen.version, seen.remedy) == (state, str(error), "apt install x")


def test_what_is_there_shows_its_version() -> None:
    seen = tools.look([Need("x", "work", "apt install x", lambda: "1.2", needed=True)])[0]
    assert (seen.state, seen.version, seen.remedy) == ("ok", "1.2", "")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Nmap version 7.93 ( https://nmap.org )", (7, 93)),
        ("restic 0.14.0 compiled with go1.19.8", (0, 14, 0)),
        ("git version 2.39.5", (2, 39, 5)),
        ("*** Zstandard CLI (64-bit) v1.5.4, by Yann Collet ***", (1, 5, 4)),
        ("7", (7,)),
        ("no number", ()),
    ],
)
def test_versions_are_numbers(text: str, number: tuple[int, ...]) -> None:
    assert tools.number(text) == number


def test_ten_is_newer_than_nine() -> None:
    assert tools.number("7.100") > tools.number("7.80")


def test_an_old_library_and_an_absent_one_are_lacking() -> None:
    with pytest.raises(Lacking, match="too old"):
        tools.package("pytest", "999")
    with pytest.raises(Lacking, match="not installed"):
        tools.package("no-such-library-anywhere", "1")


def test_requirements_of_extras_are_not_needed() -> None:
    told = ["click>=8.2", "PyYAML >= 6.0.2", 'ruff>=0.8; extra == "dev"', "plain"]
    assert tools.required(told) == [("click", "8.2"), ("plain", "0"), ("PyYAML", "6.0.2")]


def test_every_library_of_the_package_is_looked_for() -> None:
    names = {need.name.lower() for need in tools.needs()}
    assert {
        "click", "cryptography", "jinja2", "msgspec", "psutil", "pysnmp", "python-nmap", "pyyaml",
        "scapy",
    } <= names  # fmt: skip
    assert all(need.remedy and need.gives for need in tools.needs())
