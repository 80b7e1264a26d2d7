"""The day's round of a client who is served without backups."""

import json
from pathlib import Path

from click.testing import CliRunner

from msptool.cli import root


def test_a_client_without_backups_has_a_whole_round(tmp_path: Path) -> None:
    there = tmp_path / "acme"
    made = CliRunner().invoke(root, ["init", str(there), "--plan", "basic", "--code", "ACME"])
    assert made.exit_code == 0, made.output
    argv = ["-C", str(there), "run", "--skip", "audit", "--skip", "monitor", "--json"]
    done = CliRunner().invoke(root, argv)
    steps = {line["step"]: line for line in map(json.loads, done.stdout.splitlines()[:-1])}
    assert {name: line["error"] for name, line in steps.items()} == {
        "backup": "", "verify": "", "tickets": "", "report": "",
    }  # fmt: skip
    assert steps["backup"]["said"] == steps["verify"]["said"] == "no job in the profile"
