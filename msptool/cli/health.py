"""How a monitor pass reads on a terminal."""

from collections import Counter

from msptool import model, terminal
from msptool.cli import base
from msptool.cli.speech import _
from msptool.escape import visible
from msptool.model import Finding, Report, Thing


def show(report: Report) -> None:
    """Print what was measured and found, and what could not be judged."""
    base.say(_measured(report))
    for finding in report.findings:
        base.say(_finding(finding, report))
    base.say(_unseen(report))


def _measured(report: Report) -> str:
    facts = [_glance(thing) for thing in report.things if thing.kind != "job"]
    return visible(f"{report.header.client} {'; '.join(fact for fact in facts if fact)}")


def _glance(thing: Thing) -> str:
    """Return `web: load 0.4/CPU, memory 41 %` or `/srv 63 %`."""
    facts = thing.facts
    if thing.kind == "volume":
        return f"{facts['mount']} {facts.get('used_percent', '?')} %"
    load, memory = facts.get("load_per_cpu", "?"), facts.get("memory_percent", "?")
    return _("{0}: load {1}/CPU, memory {2} %", thing.name, load, memory)


def _finding(finding: Finding, report: Report) -> str:
    rule = next(rule for rule in report.rules if rule.check == finding.check)
    message = model.fill(rule.message[terminal.language()], finding.facts)
    return f"{finding.severity:<8} {finding.check}  {visible(message)}"


def _unseen(report: Report) -> str:
    """Return why attempts ended without a verdict; "" if none did."""
    gaps = [attempt for attempt in report.attempts if attempt.outcome == "unknown"]
    if not gaps:
        return _("fine") if not report.findings else ""
    counted = Counter(model.REASONS[gap.reason][terminal.language()] for gap in gaps)
    told = ", ".join(f"{reason} {count}" for reason, count in counted.most_common())
    return _("NOT SEEN  {0} of {1} attempts: {2}", len(gaps), len(report.attempts), told)
