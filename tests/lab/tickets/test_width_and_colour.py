"""Lists in real terminals: they fit, they are coloured by urgency there and nowhere else."""

import re

import pytest
import wcwidth

from tests.lab.cli import place
from tests.lab.cli.place import FOREIGN, Place

pytestmark = pytest.mark.lab
COLOUR = re.compile(r"\x1b\[[\d;]*m")
VERBS = (
    ("tickets", "list"), ("tickets", "list", "--ended", "--sort", "due"), ("tickets", "stats"),
    ("tickets", "search", "Telnet"), ("tickets", "conflicts"), ("tickets", "list", "@today"),
)  # fmt: skip


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Return a client with tickets, one of them of a long title in wide characters."""
    made = place.make(tmp_path_factory.mktemp("desk") / "acme", *FOREIGN)
    title = "漢字プリンタ " * 30 + "\x1b[2J"
    assert made.call("tickets", "add", "--title", title, "--priority", "critical").returncode == 0
    return made


def _plain(shown: str) -> list[str]:
    return [COLOUR.sub("", line).rstrip("\r") for line in shown.split("\n")]


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("columns", [80, 120])
def test_every_list_fits(desk: Place, columns: int, language: str) -> None:
    for words in VERBS:
        lines = _plain(desk.screen(*words, columns=columns, MSPTOOL_LANG=language))
        assert [line for line in lines if wcwidth.wcswidth(line) > columns] == [], words
        assert [line for line in lines if "\x1b" in line] == [], words


def test_a_wide_terminal_shows_more_columns(desk: Place) -> None:
    heads = [_plain(desk.screen("tickets", "list", columns=n))[0].split() for n in (70, 80, 120)]
    assert heads[0] == ["TICKET", "PRIO", "SLA", "SUBJECT"]
    assert heads[1] == ["TICKET", "PRIO", "STATE", "SLA", "SUBJECT"]
    assert heads[2] == ["TICKET", "PRIO", "STATE", "SLA", "AGE", "WHO", "SUBJECT"]


def test_a_narrow_terminal_loses_nothing(desk: Place) -> None:
    shown = "\n".join(_plain(desk.screen("tickets", "list", columns=40)))
    assert all(f"{head}: " in shown for head in ("TICKET", "PRIO", "STATE", "SLA", "SUBJECT"))


def test_urgency_is_coloured_on_a_terminal_only(desk: Place) -> None:
    shown = desk.screen("tickets", "list", columns=120)
    assert "\x1b[1;31mcritical\x1b[0m" in shown and "\x1b[31mhigh\x1b[0m" in shown
    assert "\x1b[1mTelnet\x1b[0m" in desk.screen("tickets", "search", "telnet", columns=120)
    for words in VERBS:
        assert "\x1b" not in desk.screen(*words, NO_COLOR="1"), words
        assert b"\x1b" not in desk.call(*words).stdout, words


def test_all_clients_of_a_folder(desk: Place) -> None:
    shown = desk.call("tickets", "list", "--all", "-C", str(desk.root.parent))
    assert shown.returncode == 0 and shown.stdout.startswith(b"CLIENT  TICKET")
