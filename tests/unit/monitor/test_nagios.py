"""The plugin's answer: the worst of what is known, and old data are no data."""

import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msptool.model import Attempt, End, Finding, Header, Kind, Report, Severity, Subject, Thing
from msptool.monitor import nagios
from tests.unit.monitor.seen import NOW

DAY = timedelta(hours=26)


def _report(
    *severities: Severity, kind: Kind = "monitor", unknown: int = 0, age: timedelta = timedelta(0),
    things: tuple[Thing, ...] = (),
) -> Report:  # fmt: skip
    header = Header(run="R", client="ACME", kind=kind, msptool="1", started_at=NOW - age)
    return Report(
        header=header,
        end=End(ended_at=NOW - age, complete=True),
        things=things,
        findings=tuple(
            Finding(check=f"SRV-{at:03}", subject=Subject(thing="agent:web"), severity=severity)
            for at, severity in enumerate(severities)
        ),
        attempts=(Attempt(check="C", thing="t", outcome="unknown", reason="timed-out"),) * unknown,
    )


@pytest.mark.parametrize(
    ("severities", "unknown", "code"),
    [
        ((), 0, nagios.OK), (("low", "info"), 0, nagios.OK), (("medium", "low"), 0, nagios.WARNING),
        (("high",), 0, nagios.CRITICAL), (("medium", "critical"), 3, nagios.CRITICAL),
        ((), 1, nagios.UNKNOWN), (("medium",), 1, nagios.WARNING),
    ],
)  # fmt: skip
def test_states(severities: tuple[Severity, ...], unknown: int, code: int) -> None:
    state = nagios.judge({"monitor": _report(*severities, unknown=unknown)}, NOW, DAY)
    assert state.code == code
    assert state.line().startswith(f"MSPTOOL {nagios.NAMES[code]} - ")


@pytest.mark.parametrize("age", [timedelta(hours=27), timedelta(hours=-1)])
def test_old_data_and_data_from_the_future_are_unknown_however_bad(age: timedelta) -> None:
    reports: dict[Kind, Report] = {
        "monitor": _report("critical", age=age), "audit": _report(kind="audit")
    }  # fmt: skip
    assert nagios.judge(reports, NOW, DAY).code == nagios.UNKNOWN


def test_an_audit_always_has_gaps_and_they_are_no_alarm() -> None:
    reports: dict[Kind, Report] = {
        "monitor": _report(), "audit": _report(kind="audit", unknown=40)
    }  # fmt: skip
    assert nagios.judge(reports, NOW, DAY).code == nagios.OK


def test_a_finding_of_two_runs_counts_once() -> None:
    reports: dict[Kind, Report] = {
        "monitor": _report("high"), "restore": _report("high", kind="restore")
    }  # fmt: skip
    assert "'high'=1;" in nagios.judge(reports, NOW, DAY).line()


def test_measures_and_limits_are_performance_data() -> None:
    things = (
        Thing(id="agent:w", kind="agent", name="w", facts={"load_per_cpu": 0.25, "load_limit": 2.0,
              "memory_percent": None, "memory_limit": 90.0}),
        Thing(id="volume:w:/", kind="volume", name="w /", facts={"mount": "/", "used_percent": 81.5,
              "limit_percent": 90.0}),
    )  # fmt: skip
    perfdata = nagios.judge({"monitor": _report(things=things)}, NOW, DAY).perfdata
    assert perfdata[-3:] == (
        "'load_per_cpu'=0.25;2;;0", "'memory'=U;90;;0;100", "'/'=81.5%;;90;0;100"
    )  # fmt: skip


PERFDATUM = re.compile(r"'(?:[^'=|\n]|'')+'=(?:U|-?\d+(?:\.\d+)?)[%a-zA-Z]*(?:;[\d.]*){0,4}")


@given(st.text(min_size=1), st.one_of(st.none(), st.integers(), st.floats(0, 1e9)))
def test_no_label_breaks_the_grammar(label: str, value: float | None) -> None:
    assert PERFDATUM.fullmatch(nagios.datum(label, value, unit="%", warn=90.0))


@given(st.text())
def test_no_text_breaks_the_line(text: str) -> None:
    line = nagios.State(nagios.OK, text, ("'a'=1",)).line()
    assert line.count("|") == 1
    assert line.splitlines() == [line]
    assert not re.search(r"[\x00-\x1f\x7f-\x9f]", line)
