"""Reports on disk: what is joined from a workspace, and what its commands say."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from msgspec.structs import replace

from msptool import clock, files, profile, runs
from msptool.cli import root
from msptool.errors import PartDone, UsageError
from msptool.model import End, Kind, Report
from msptool.report import document, run
from msptool.workspace import Workspace
from tests.unit.report import sample
from tests.unit.report.sample import NOW

CLIENT = """\
msptool: 1
client: {code: ACME, name: "ООО «Ромашка» <b>", languages: [ru, en], zone: Europe/Moscow}
scope: {networks: [192.0.2.0/24], authorised_by: И. П. Смирнов, expires: 2026-12-31}
backup:
  repositories: {nas: {path: nas, password: "env:NAS"}}
  jobs: {files: {repository: nas, paths: [/srv]}}
"""
REPORTS = {
    "audit": sample.audit, "backup": sample.backup, "restore": sample.restore,
    "monitor": sample.monitor,
}  # fmt: skip


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    place = tmp_path / "acme"
    place.mkdir(mode=0o700)
    files.write_text(place / "client.yaml", CLIENT)
    return Workspace(place)


def commit(workspace: Workspace, kind: Kind, *, complete: bool = True) -> Path:
    report: Report = REPORTS[kind]()
    end = End(ended_at=report.end.ended_at, complete=complete)
    return runs.commit(runs.start(workspace, kind), replace(report, end=end))


def build(workspace: Workspace, **more: Any) -> document.Document:
    return run.load(run.build(workspace, profile.load(workspace), now=NOW, **more))


def troubles(joined: document.Document) -> dict[str, list[str]]:
    return {part.kind: [problem.trouble for problem in part.problems] for part in joined.parts}


def test_all_kinds_and_formats(workspace: Workspace) -> None:
    for kind in document.KINDS:
        commit(workspace, kind)
    folder = run.build(workspace, profile.load(workspace), now=NOW)
    assert sorted(path.name for path in folder.iterdir()) == [
        "junit.xml",
        "report.html",
        "report.json",
    ]
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    joined = run.load(folder)
    assert set(joined.reports()) == set(document.KINDS)
    assert [promise.job for promise in joined.promises] == ["files"]
    assert joined.languages == ("ru", "en")
    page = (folder / "report.html").read_text()
    assert "ООО «Ромашка» &lt;b&gt;" in page
    assert "SNMP answers to the community “public”." in page
    assert "SNMP отвечает на community «public»." in page


def test_an_empty_workspace_says_so_for_every_kind(workspace: Workspace) -> None:
    folder = run.build(workspace, profile.load(workspace), now=NOW, languages=["en"])
    joined = run.load(folder)
    assert [part.report for part in joined.parts] == [None] * 4
    page = (folder / "report.html").read_text()
    for words in ("No complete survey", "No complete backup", "no backup is proven", "has not run"):
        assert words in page
    assert 'class="pick' not in page
    assert "No check has given a verdict yet." in page
    assert "No problems found" not in page
    assert run.trouble(joined) is None


def test_the_newest_complete_run_is_told_and_what_came_after_it(workspace: Workspace) -> None:
    whole = commit(workspace, "audit")
    commit(workspace, "audit", complete=False)
    runs.start(workspace, "audit")
    joined = build(workspace)
    assert troubles(joined)["audit"] == ["cut-short", "unfinished"]
    assert whole.is_dir()
    assert joined.parts[0].report is not None
    assert run.trouble(joined) is None


def test_a_half_run_older_than_the_complete_one_is_past(workspace: Workspace) -> None:
    half = runs.start(workspace, "audit")
    half.folder.rename(half.folder.with_name("01AAAAAAAAAAAAAAAAAAAAAAAA-audit.partial"))
    commit(workspace, "audit")
    assert troubles(build(workspace))["audit"] == []


def test_a_changed_or_broken_run_is_left_out_told_and_raised(workspace: Workspace) -> None:
    commit(workspace, "audit")
    changed = commit(workspace, "audit")
    (changed / "findings.jsonl").write_bytes(b"")
    broken = commit(workspace, "monitor")
    (broken / "manifest.json").write_bytes(b"{")
    joined = build(workspace)
    assert troubles(joined) == {
        "audit": ["changed"],
        "backup": [],
        "restore": [],
        "monitor": ["unreadable"],
    }
    assert joined.parts[0].report is not None
    assert isinstance(run.trouble(joined), PartDone)


def test_a_report_is_whole_or_not_there(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "publish", full)
    with pytest.raises(OSError, match="No space"):
        build(workspace)
    assert list(workspace.reports.iterdir()) == []


def test_an_unknown_language_is_refused(workspace: Workspace) -> None:
    with pytest.raises(UsageError, match="no documents in 'de'"):
        build(workspace, languages=["de"])
    assert not workspace.reports.exists()


def test_a_report_that_is_none(workspace: Workspace, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="not a report"):
        run.load(tmp_path)


def cli(workspace: Workspace, *words: str) -> Any:
    answer = CliRunner().invoke(root, ["-C", str(workspace.root), "report", *words])
    if answer.exception is not None and not isinstance(answer.exception, PartDone):
        raise answer.exception
    return answer


def test_build_prints_what_matters_and_where_it_lies(workspace: Workspace) -> None:
    commit(workspace, "audit")
    lines = cli(workspace, "build").stdout.splitlines()
    assert lines[0] == "findings: 1 critical, 7 high, 3 medium, 1 low"
    assert "no complete run yet: restore" in lines
    assert Path(lines[-1].removeprefix("report: ")).is_file()
    assert cli(workspace, "build", "--quiet").output == ""
    path = cli(workspace, "build", "--open-path", "--lang", "en").stdout.strip()
    assert '<html lang="en">' in Path(path).read_text()


def test_json_of_build_and_list(workspace: Workspace) -> None:
    commit(workspace, "audit")
    told, end = map(json.loads, cli(workspace, "build", "--json").stdout.splitlines())
    assert (told["type"], end["type"]) == ("report-built", "end")
    assert told["severities"]["high"] == 7
    assert told["missing"] == ["backup", "restore", "monitor"]
    entry, end = map(json.loads, cli(workspace, "list", "--json").stdout.splitlines())
    assert (entry["type"], entry["id"], entry["page"]) == ("report-entry", told["id"], told["page"])


def test_list_shows_the_newest_first_and_what_cannot_be_read(workspace: Workspace) -> None:
    assert cli(workspace, "list").stdout == ""
    first = run.build(workspace, profile.load(workspace), now=NOW)
    second = run.build(workspace, profile.load(workspace), now=NOW)
    (first / "report.json").write_bytes(b"{")
    rows = [line.split()[:2] for line in cli(workspace, "list").stdout.splitlines()[1:]]
    newest = sorted([first.name, second.name], reverse=True)
    shown = {first.name: "?", second.name: clock.iso(NOW)}
    assert rows == [[name, shown[name]] for name in newest]


def test_a_lost_run_ends_with_part_done_and_a_report(workspace: Workspace) -> None:
    (commit(workspace, "monitor") / "manifest.json").write_bytes(b"{")
    answer = cli(workspace, "build")
    assert isinstance(answer.exception, PartDone)
    assert Path(answer.stdout.splitlines()[-1].removeprefix("report: ")).is_file()
