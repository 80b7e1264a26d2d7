"""An audit from authority to report, with the probes' catch given: nothing is sent."""

import io
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from msptool import runs
from msptool.audit import court, look, nmap
from msptool.audit.asset import Asset
from msptool.audit.checks import CHECKS, Exhibit
from msptool.audit.conclude import known_before
from msptool.audit.facts import Alive
from msptool.audit.look import Looked
from msptool.audit.mission import Mission
from msptool.audit.run import Outcome, audit
from msptool.errors import OutOfScope
from msptool.judge import Said
from msptool.profile import load
from msptool.terminal import Progress
from msptool.workspace import Workspace

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
PROFILE = """
msptool: 1
client: {code: ACME, name: Acme}
scope: {networks: [192.0.2.0/24], authorised_by: A. Client, expires: 2026-11-24}
"""


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A workspace whose network is one machine that answers, and that no probe is sent to."""
    (tmp_path / "client.yaml").write_text(PROFILE)

    def seen(mission: Mission) -> Looked:
        fact = Alive(address="192.0.2.7", mac="52:54:00:00:00:07", at=NOW, source="nmap")
        with mission.logbook.stage("discover") as journal:
            journal.add("192.0.2.0/24", [fact])
            journal.end()
        return Looked(mission.logbook)

    monkeypatch.setattr(look, "look", seen)
    monkeypatch.setattr(nmap, "program", lambda: ("/nowhere/nmap", "7.93"))
    return Workspace(tmp_path)


def audited(workspace: Workspace, progress: Progress | None = None) -> Outcome:
    return audit(workspace, load(workspace), progress=progress or Progress(None), now=NOW)


def damage(folder: Path, name: str) -> None:
    (folder / name).write_bytes(b"{")


@pytest.mark.parametrize("name", ["manifest.json", "assets.jsonl"])
def test_a_damaged_run_costs_no_audit_its_scan(workspace: Workspace, name: str) -> None:
    audited(workspace)
    [older] = runs.folders(workspace, "audit")
    audited(workspace)
    newest = next(runs.folders(workspace, "audit"))
    assert newest != older
    damage(newest, name)
    said = io.StringIO()
    kept = known_before(workspace, Progress(said))
    assert [*kept.values()] == runs.load_facts(older, "assets", Asset) and len(kept) == 1
    assert newest.name in said.getvalue() and older.name not in said.getvalue()
    again = audited(workspace).report
    assert runs.load(next(runs.folders(workspace, "audit"))) == again
    assert [thing.kind for thing in again.things].count("asset") == 1


def test_a_check_that_crashed_can_be_traced_in_the_evidence(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(_exhibit: Exhibit) -> list[Said]:
        raise ZeroDivisionError("hunter2")

    known = CHECKS.load()
    broken = {**known, "NET-001": replace(known["NET-001"], judge=crash, needs=())}
    monkeypatch.setattr(court, "CHECKS", broken.values())
    report = audited(workspace).report
    assert ("NET-001", "check-crashed") in {(a.check, a.reason) for a in report.attempts}
    [kept] = [evidence for evidence in report.evidence if evidence.kind == "crash.txt"]
    told = (next(runs.folders(workspace, "audit")) / kept.path).read_text()
    assert told.startswith("NET-001 on ") and told.endswith("ZeroDivisionError\n")
    assert "in crash" in told


def test_the_plan_ends_with_the_clients_day(workspace: Workspace) -> None:
    """UTC is in the next day by then, and the client in New York is not."""
    late = datetime(2026, 11, 25, 4, 0, tzinfo=UTC)
    with pytest.raises(OutOfScope):
        audit(workspace, load(workspace), progress=Progress(None), now=late)
    head = "{code: ACME, name: Acme, zone: America/New_York}"
    workspace.client_file.write_text(PROFILE.replace("{code: ACME, name: Acme}", head))
    audit(workspace, load(workspace), progress=Progress(None), now=late)


def test_where_no_run_can_be_read_an_audit_begins_anew(workspace: Workspace) -> None:
    assert len(known_before(workspace, Progress(None))) == 0
    audited(workspace)
    damage(next(runs.folders(workspace, "audit")), "manifest.json")
    assert len(known_before(workspace, Progress(None))) == 0
    audited(workspace)
