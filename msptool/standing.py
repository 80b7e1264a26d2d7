"""What stands: a run, and of the things it names and did not try what the last run said that did.

`backup verify JOB` proves one job; the damage found yesterday in another one is still there.
"""

from msgspec.structs import replace

from msptool import runs
from msptool.errors import UsageError
from msptool.model import Report
from msptool.workspace import Workspace

LOOK_BACK = 100  # runs
_IN_PARTS = ("backup", "restore")  # an audit or a monitor pass says of each known thing how it went


def standing(workspace: Workspace, report: Report) -> Report:
    """Return a report with the attempts, findings and evidence of its untried things added.

    Of each thing those of the newest earlier run of its kind that tried it; runs that cannot be
    read are passed over.
    """
    kind, newest = report.header.kind, f"{report.header.run}-{report.header.kind}"
    if kind not in _IN_PARTS:
        return report
    left = {thing.id for thing in report.things} - {a.thing for a in report.attempts}
    earlier = [folder for folder in runs.folders(workspace, kind) if folder.name < newest]
    for folder in earlier[:LOOK_BACK]:
        if not left:
            break
        try:
            told = runs.load(folder)
        except UsageError:
            continue
        tried = left & {attempt.thing for attempt in told.attempts if told.end.complete}
        report = _joined(report, told, tried) if tried else report
        left -= tried
    return report


def _joined(report: Report, earlier: Report, things: set[str]) -> Report:
    findings = tuple(f for f in earlier.findings if f.subject.thing in things)
    shown = {digest for finding in findings for digest in finding.evidence}
    rules = {rule.check: rule for rule in (*earlier.rules, *report.rules)}
    evidence = {e.sha256: e for e in earlier.evidence if e.sha256 in shown}
    return replace(
        report,
        rules=tuple(rules.values()),
        attempts=(*report.attempts, *(a for a in earlier.attempts if a.thing in things)),
        findings=(*report.findings, *findings),
        evidence=tuple((evidence | {e.sha256: e for e in report.evidence}).values()),
    )
