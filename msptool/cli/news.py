"""What -q may say: findings that are new or back, so that cron does not mail a known one daily."""

from collections.abc import Iterator
from itertools import islice

from msptool import runs, terminal
from msptool.cli import base
from msptool.errors import UsageError
from msptool.escape import visible
from msptool.model import Finding, Report, fill, fingerprint
from msptool.workspace import Workspace

_RUNS = 10  # how far to look back for the last verdict on a thing, past hosts that were off


def of(workspace: Workspace, report: Report, fail_on: str = "info") -> tuple[Finding, ...]:
    """Return the findings, at least as bad as `fail_on`, that the last verdict did not have.

    A host that was off, or a run that looked elsewhere, is no verdict: what was known before it
    is not news after it.
    """
    worth = [finding for finding in report.findings if base.verdict((finding,), fail_on)]
    left, known = {_mark(finding): finding for finding in worth}, set[str]()
    for earlier in islice(_before(workspace, report), _RUNS if worth else 0):
        found = {_mark(finding) for finding in earlier.findings}
        known |= left.keys() & found
        left = {
            mark: finding
            for mark, finding in left.items()
            if mark not in found and not _judged(finding, earlier)
        }
        if not left:
            break
    return tuple(finding for finding in worth if _mark(finding) not in known)


def lines(workspace: Workspace, report: Report, fail_on: str) -> str:
    """Return a line for each finding that is news; "" if none is."""
    return "\n".join(line(finding, report) for finding in of(workspace, report, fail_on))


def line(finding: Finding, report: Report) -> str:
    """Return `high     NET-001  sw-core tcp/23  Telnet is enabled`."""
    subject = finding.subject
    name = next((thing.name for thing in report.things if thing.id == subject.thing), "")
    rule = next(rule for rule in report.rules if rule.check == finding.check)
    where = f"{name or subject.thing} {subject.part}".rstrip()
    message = fill(rule.message[terminal.language()], finding.facts)
    return f"{finding.severity:<8} {finding.check}  {visible(where)}  {visible(message)}"


def _mark(finding: Finding) -> str:
    return fingerprint(finding.check, finding.subject)


def _judged(finding: Finding, report: Report) -> bool:
    """Whether a run looked at this very thing and did not find it."""
    return any(
        attempt.outcome in ("pass", "fail") and finding.subject.part not in attempt.unsure
        for attempt in report.attempts
        if (attempt.check, attempt.thing) == (finding.check, finding.subject.thing)
    )


def _before(workspace: Workspace, report: Report) -> Iterator[Report]:
    """Yield earlier runs of the same kind that can be read, newest first."""
    for folder in runs.folders(workspace, report.header.kind):
        if folder.name < report.header.run:
            try:
                yield runs.load(folder)
            except (UsageError, OSError, ValueError):
                continue
