"""What a monitoring server is told: the newest runs as one state, one line and numbers.

Format: Monitoring Plugins Development Guidelines, "Plugin Output" and "Performance data".
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from msptool import model, runs
from msptool.errors import MsptoolError
from msptool.escape import visible
from msptool.model import Finding, Kind, Report, Scalar, Thing
from msptool.standing import standing
from msptool.workspace import Workspace

OK, WARNING, CRITICAL, UNKNOWN = 0, 1, 2, 3
NAMES = ("OK", "WARNING", "CRITICAL", "UNKNOWN")
KINDS: tuple[Kind, ...] = ("monitor", "backup", "restore", "audit")
_SHOWN = 5
_BAD = ("critical", "high")
# An attempt that saw nothing is our concern where we are the only probe; an audit always has some.
_MUST_SEE = ("monitor", "backup", "restore")


@dataclass(frozen=True)
class State:
    """What the server gets: exit code, text, performance data."""

    code: int
    text: str
    perfdata: tuple[str, ...] = ()

    def line(self) -> str:
        """Return the one line; nothing in it can end it or pass for performance data."""
        text = visible(self.text).replace("|", "/")
        data = f" | {' '.join(self.perfdata)}" if self.perfdata else ""
        return f"MSPTOOL {NAMES[self.code]} - {text}{data}"


def gather(workspace: Workspace, kinds: Sequence[Kind], *, named: bool) -> dict[Kind, Report]:
    """Return what stands of each kind.

    Raise MsptoolError where one that is needed is not there: those `named`, else the monitor's.
    """
    found: dict[Kind, Report] = {}
    for kind in kinds:
        folder = runs.newest(workspace, kind)
        if folder is not None:
            found[kind] = standing(workspace, runs.load(folder))
        elif named or kind == "monitor":
            raise MsptoolError("nagios.no-run", f"no complete {kind} run in {workspace.root}")
    return found


def judge(reports: Mapping[Kind, Report], now: datetime, max_age: timedelta) -> State:
    """Return the state: old data are no data, then the worst finding, then what was not seen."""
    perfdata = _perfdata(reports, now)
    old = [
        f"{kind} run is {_hours(now - report.end.ended_at)} old"
        for kind, report in reports.items()
        if not timedelta(minutes=-10) <= now - report.end.ended_at <= max_age
    ]
    if old:
        return State(UNKNOWN, f"{', '.join(old)} (limit {_hours(max_age)})", perfdata)
    findings = _worst_first(reports.values())
    unseen = sum(_unseen(reports[kind]) for kind in reports if kind in _MUST_SEE)
    return State(_code(findings, unseen), _text(reports, findings, unseen), perfdata)


def _worst_first(reports: Iterable[Report]) -> list[Finding]:
    """Return the findings of all runs; one that two runs have counts once."""
    found = {
        model.fingerprint(finding.check, finding.subject): finding
        for report in reports
        for finding in report.findings
    }
    return sorted(found.values(), key=lambda one: model.SEVERITIES.index(one.severity))


def _unseen(report: Report) -> int:
    return sum(attempt.outcome == "unknown" for attempt in report.attempts)


def _code(findings: Sequence[Finding], unseen: int) -> int:
    severities = {finding.severity for finding in findings}
    if severities & set(_BAD):
        return CRITICAL
    if "medium" in severities:
        return WARNING
    return UNKNOWN if unseen else OK


def _text(reports: Mapping[Kind, Report], findings: Sequence[Finding], unseen: int) -> str:
    client = next(iter(reports.values())).header.client
    weighty = [finding for finding in findings if finding.severity in (*_BAD, "medium")]
    names = {thing.id: thing.name for report in reports.values() for thing in report.things}
    told = [_named(finding, names) for finding in weighty[:_SHOWN]]
    if len(weighty) > _SHOWN:
        told.append(f"{len(weighty) - _SHOWN} more")
    if unseen:
        told.append(f"{unseen} attempts saw nothing")
    return f"{client}: {', '.join(told) or 'no findings of medium or above'}"


def _named(finding: Finding, names: Mapping[str, str]) -> str:
    """Return `high SRV-006 web /srv`; a part that the name holds already is not repeated."""
    name = names.get(finding.subject.thing, finding.subject.thing)
    part = finding.subject.part
    return f"{finding.severity} {finding.check} {name if part in name else f'{name} {part}'}"


def _hours(age: timedelta) -> str:
    return f"{age.total_seconds() / 3600:.1f} h"


def _perfdata(reports: Mapping[Kind, Report], now: datetime) -> tuple[str, ...]:
    counts = dict.fromkeys(model.SEVERITIES[:3], 0)
    for finding in _worst_first(reports.values()):
        if finding.severity in counts:
            counts[finding.severity] += 1
    ages = {
        f"{kind}_age": max(0, round((now - report.end.ended_at).total_seconds()))
        for kind, report in reports.items()
    }
    things = reports["monitor"].things if "monitor" in reports else ()
    return (
        *(datum(severity, count, low="0") for severity, count in counts.items()),
        *(datum(name, seconds, unit="s", low="0") for name, seconds in ages.items()),
        *(one for thing in things for one in _measures(thing)),
    )


def _measures(thing: Thing) -> Iterable[str]:
    facts = thing.facts
    if thing.kind == "agent":
        load, memory = facts.get("load_per_cpu"), facts.get("memory_percent")
        yield datum("load_per_cpu", load, warn=facts.get("load_limit"), low="0")
        limit = facts.get("memory_limit")
        yield datum("memory", memory, unit="%", warn=limit, low="0", high="100")
    elif thing.kind == "volume":
        used, limit = facts.get("used_percent"), facts.get("limit_percent")
        yield datum(str(facts["mount"]), used, unit="%", crit=limit, low="0", high="100")


def datum(
    label: str,
    value: Scalar,
    *,
    unit: str = "",
    warn: Scalar = None,
    crit: Scalar = None,
    low: str = "",
    high: str = "",
) -> str:
    """Return `'label'=value[unit];warn;crit;min;max`; a value that is not known is `U`."""
    clean = visible(label).replace("=", "_").replace("|", "/").replace("'", "''")
    measured = f"{_number(value)}{unit}" if _number(value) else "U"
    limits = ";".join((_number(warn), _number(crit), low, high)).rstrip(";")
    return f"'{clean}'={measured}" + (f";{limits}" if limits else "")


def _number(value: Scalar) -> str:
    """Return a number with a point, never with an exponent; "" for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    return f"{value:.3f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
