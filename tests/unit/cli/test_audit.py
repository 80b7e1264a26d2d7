import json

import pytest
from click.testing import CliRunner

from msptool.audit.checks import CHECKS
from msptool.cli import root
from msptool.errors import UsageError


def listed(*words: str) -> list[str]:
    """Return the ids that `audit checks --json` lists, without the end line."""
    done = CliRunner().invoke(root, ["audit", "checks", *words, "--json"], catch_exceptions=False)
    *rules, end = map(json.loads, done.output.splitlines())
    assert end["type"] == "end"
    return [rule["check"] for rule in rules]


def test_checks_in_json_are_those_that_were_asked_for() -> None:
    assert listed() == list(CHECKS.load())
    assert listed("net-001") == ["NET-001"]


@pytest.mark.parametrize("words", [["NOPE"], ["NOPE", "--json"], [""]])
def test_a_check_that_is_not_there_is_wrong_usage(words: list[str]) -> None:
    with pytest.raises(UsageError) as caught:
        CliRunner().invoke(root, ["audit", "checks", *words], catch_exceptions=False)
    assert caught.value.code == "check.unknown"
