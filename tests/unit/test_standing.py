"""A run that proves one thing hides nothing of another."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from msptool import model, runs
from msptool.model import Attempt, End, Finding, Header, Report, Rule, Subject, Thing
from msptool.monitor import nagios
from msptool.report import gather
from msptool.standing import standing
from msptool.workspace import Workspace

T0 = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
WORDS = {"en": "x", "ru": "ы"}
RULE = Rule(check="BKP-013", title=WORDS, message=WORDS, remedy=WORDS, severity="high",
            category="backup")  # fmt: skip


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path)


def tried(
    workspace: Workspace, *jobs: str, bad: str = "", kind: model.Kind = "restore", done: bool = True
) -> Report:
    """Commit a run that names jobs a and b and tried some of them; `bad` failed."""
    run = runs.start(workspace, kind)
    kept = runs.keep(run, "txt", bad.encode(), source="restic", at=T0)
    report = Report(
        header=Header(run=run.ident, client="ACME", kind=kind, msptool="0", started_at=T0),
        end=End(ended_at=T0, complete=done),
        rules=(RULE,) if jobs else (),
        things=tuple(Thing(id=f"job:{job}", kind="job", name=job) for job in "ab"),
        attempts=tuple(
            Attempt(check="BKP-013", thing=f"job:{job}", outcome="fail" if job == bad else "pass")
            for job in jobs
        ),
        findings=tuple(
            Finding(check="BKP-013", subject=Subject(thing=f"job:{bad}"), severity="high",
                    evidence=(kept.sha256,))
            for _ in bad[:1]
        ),
        evidence=(kept,),
    )  # fmt: skip
    runs.commit(run, report)
    return report


def bad(report: Report) -> list[str]:
    return sorted(finding.subject.thing for finding in report.findings)


def test_damage_of_a_job_that_was_not_tried_again_still_stands(workspace: Workspace) -> None:
    first = tried(workspace, "a", "b", bad="a")
    told = standing(workspace, tried(workspace, "b"))
    assert bad(told) == ["job:a"]
    assert {a.thing: a.outcome for a in told.attempts} == {"job:a": "fail", "job:b": "pass"}
    assert first.evidence[0] in told.evidence and told.rules == (RULE,)


def test_what_was_tried_again_stands_as_it_is_now(workspace: Workspace) -> None:
    tried(workspace, "a", "b", bad="a")
    tried(workspace, "a")
    told = standing(workspace, tried(workspace, "b"))
    assert bad(told) == [] and len(told.attempts) == 2


def test_cut_spoilt_and_later_runs_and_those_of_other_kinds_say_nothing(
    workspace: Workspace,
) -> None:
    tried(workspace, "a", bad="a", kind="backup")
    tried(workspace, "a", bad="a", done=False)
    spoilt = tried(workspace, "a", bad="a")
    (workspace.runs / f"{spoilt.header.run}-restore" / "findings.jsonl").write_text("{")
    newest = tried(workspace, "b")
    tried(workspace, "a", bad="a")
    assert standing(workspace, newest) == newest


def test_an_audit_looks_at_all_anew(workspace: Workspace) -> None:
    tried(workspace, "a", bad="a", kind="audit")
    newest = tried(workspace, "b", kind="audit")
    assert standing(workspace, newest) == newest


@pytest.mark.parametrize("kind", ["backup", "restore"])
def test_report_and_monitoring_server_are_told(workspace: Workspace, kind: model.Kind) -> None:
    tried(workspace, "a", "b", bad="a", kind=kind)
    last = tried(workspace, "b", kind=kind)
    part = gather.part(workspace, kind)
    assert part.report is not None and bad(part.report) == ["job:a"]
    assert part.report.header == last.header
    tried(workspace, kind="monitor")
    found = nagios.gather(workspace, nagios.KINDS, named=False)
    assert nagios.judge(found, T0, timedelta(hours=1)).code == nagios.CRITICAL
