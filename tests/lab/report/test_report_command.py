"""`msptool report` as a program: exit codes, streams, and a page that needs nothing."""

import json
import subprocess
from pathlib import Path

import pytest
from msgspec.structs import replace

from msptool import files, runs
from msptool.workspace import Workspace
from tests.lab.machine import console_script
from tests.unit.report import sample

pytestmark = pytest.mark.lab
CLIENT = "msptool: 1\nclient: {code: ACME, name: Acme, languages: [en, ru]}\n"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    place = tmp_path / "acme"
    place.mkdir(mode=0o700)
    files.write_text(place / "client.yaml", CLIENT)
    made = Workspace(place)
    for report in (sample.audit(), sample.restore()):
        begun = runs.start(made, report.header.kind)
        runs.commit(begun, replace(report, header=replace(report.header, run=begun.ident)))
    return made


def report(
    workspace: Workspace, *words: str, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [console_script("msptool"), "report", *words, "-C", str(workspace.root)],
        capture_output=True, text=True, timeout=60, check=False, stdin=subprocess.DEVNULL, env=env,
    )  # fmt: skip


def test_build_in_any_locale(workspace: Workspace) -> None:
    for language, word in (("C", "report"), ("ru_RU.UTF-8", "отчёт")):
        done = report(workspace, "build", env={"LC_ALL": language, "PATH": "/usr/bin:/bin"})
        assert (done.returncode, done.stderr) == (0, "")
        page = Path(done.stdout.splitlines()[-1].removeprefix(f"{word}: ")).read_text()
        assert "Restore test" in page
        assert "Проверка восстановления" in page
    assert len(list(workspace.reports.iterdir())) == 2


def test_an_unreadable_run_is_part_done_and_json_ends_in_an_error(workspace: Workspace) -> None:
    newest = next(runs.folders(workspace, "audit"))
    (newest / "things.jsonl").write_bytes(b"")
    done = report(workspace, "build", "--json")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 3
    assert [line["type"] for line in lines] == ["report-built", "error"]
    assert lines[0]["missing"] == ["audit", "backup", "monitor"]
    assert "error[report.left-out]" in done.stderr


def test_a_mistyped_language_is_wrong_usage(workspace: Workspace) -> None:
    done = report(workspace, "build", "--lang", "de")
    assert done.returncode == 2
    assert not workspace.reports.exists()
