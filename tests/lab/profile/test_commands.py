"""init and profile as people and scripts start them."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.lab.machine import console_script

pytestmark = pytest.mark.lab


def _msptool(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run with a closed standard input."""
    return subprocess.run(
        ["sh", "-c", 'exec "$@" <&-', "sh", console_script("msptool"), *words],
        capture_output=True, text=True, timeout=30, check=False, cwd=cwd,
        env={**os.environ, "XDG_STATE_HOME": str(cwd / "state"), "MSPTOOL_LANG": "en"},
    )  # fmt: skip


@pytest.mark.parametrize("plan", ["basic", "standard", "complex"])
def test_a_new_workspace_is_valid_at_once(tmp_path: Path, plan: str) -> None:
    tmp_path.chmod(0o700)
    made = _msptool("init", "acme", "--plan", plan, "--lang", "ru,en", "--zone", "Europe/Moscow",
                    "--name", "ООО «Ромашка»", cwd=tmp_path)  # fmt: skip
    assert made.returncode == 0, made.stderr
    assert "msptool -C acme profile validate" in made.stdout
    told = _msptool("-C", "acme", "profile", "validate", "--json", cwd=tmp_path).stdout
    lines = [json.loads(line) for line in told.splitlines()]
    assert [line["type"] for line in lines] == ["profile", "end"]
    assert (lines[0]["plan"], lines[0]["networks"], lines[0]["authorised"]) == (plan, 0, False)


def test_init_never_asks_and_never_overwrites(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    assert _msptool("init", "acme", cwd=tmp_path).returncode == 2
    assert not (tmp_path / "acme").exists()
    assert _msptool("init", "acme", "--plan", "basic", "-q", cwd=tmp_path).stdout == ""
    before = (tmp_path / "acme/client.yaml").read_bytes()
    again = _msptool("init", "acme", "--plan", "complex", "--json", cwd=tmp_path)
    assert again.returncode == 2
    assert json.loads(again.stdout)["code"] == "workspace.exists"
    assert (tmp_path / "acme/client.yaml").read_bytes() == before


def test_a_mistake_is_shown_where_it_is(tmp_path: Path) -> None:
    file = tmp_path / "p.yaml"
    file.write_text("msptool: 1\nclient: {code: ACME, name: A}\nscope:\n  netwroks: []\n")
    done = _msptool("profile", "validate", "p.yaml", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("error[profile.unknown-key]: p.yaml:4:3: scope.netwroks\n")
    assert "= did you mean networks?" in done.stderr
    assert done.stdout == ""


def test_a_wrong_time_is_found_before_a_timer_is_made(tmp_path: Path) -> None:
    file = tmp_path / "p.yaml"
    file.write_text('msptool: 1\nclient: {code: ACME, name: A}\nschedule: {run: "noonish"}\n')
    done = _msptool("profile", "validate", "p.yaml", cwd=tmp_path)
    assert done.returncode == 2
    assert "error[schedule.calendar]: p.yaml:3:" in done.stderr


def test_trust_is_for_this_very_file(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    _msptool("init", "acme", "--plan", "basic", cwd=tmp_path)
    file = tmp_path / "acme/client.yaml"
    reference = '{path: r, password: "command:echo secret"}'
    file.write_text(
        file.read_text().replace("repositories: {}", f"repositories: {{r: {reference}}}")
    )
    assert "not trusted yet" in _msptool("-C", "acme", "profile", "validate", cwd=tmp_path).stdout
    told = _msptool("-C", "acme", "profile", "trust", cwd=tmp_path).stdout
    assert "backup.repositories.r.password: command:echo secret" in told
    assert "not trusted" not in _msptool("-C", "acme", "profile", "validate", cwd=tmp_path).stdout
    file.write_text(file.read_text() + "\n")
    assert "not trusted yet" in _msptool("-C", "acme", "profile", "validate", cwd=tmp_path).stdout


def test_the_schema_is_json_in_both_forms(tmp_path: Path) -> None:
    plain = _msptool("profile", "schema", cwd=tmp_path).stdout
    short = _msptool("profile", "schema", "--json", cwd=tmp_path).stdout
    assert json.loads(plain) == json.loads(short)
    assert len(short.splitlines()) == 1
