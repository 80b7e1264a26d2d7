"""What -q may say: a finding is told once, and again only when it comes back."""

from pathlib import Path

import msgspec
import pytest

from msptool import runs
from msptool.cli import news
from msptool.model import Attempt, Report
from msptool.workspace import Workspace
from tests.unit.tickets.site import HOUR, T0, attempt, finding, report

TELNET, SSH = finding(), finding(part="tcp/22", severity="low")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path)


def kept(workspace: Workspace, *made: Report) -> None:
    for one in made:
        run = runs.start(workspace, one.header.kind)
        named = run.final.with_name(f"{one.header.run}-{one.header.kind}")
        runs.commit(runs.Run(one.header.run, one.header.kind, run.folder, named), one)


def told(workspace: Workspace, *made: Report, fail_on: str = "high") -> list[str]:
    """Keep runs; return what the last of them says."""
    kept(workspace, *made)
    return news.lines(workspace, made[-1], fail_on).splitlines()


LINE = "high     NET-001  sw-core tcp/23  port 23 answers as BusyBox"


def test_the_first_time_it_is_told(workspace: Workspace) -> None:
    assert told(workspace, report(T0, TELNET)) == [LINE]


def test_the_second_time_it_is_known(workspace: Workspace) -> None:
    assert told(workspace, report(T0, TELNET), report(T0 + HOUR, TELNET)) == []


def test_a_known_one_hides_no_other(workspace: Workspace) -> None:
    other = finding(part="tcp/2323")
    lines = told(workspace, report(T0, TELNET), report(T0 + HOUR, TELNET, other))
    assert len(lines) == 1 and "tcp/2323" in lines[0]


def test_what_was_mended_and_returns_is_told_again(workspace: Workspace) -> None:
    mended = report(T0 + HOUR, attempts=(attempt("pass"),))
    assert told(workspace, report(T0, TELNET), mended, report(T0 + 2 * HOUR, TELNET)) == [LINE]


@pytest.mark.parametrize(
    "between",
    [(attempt("unknown", reason="host-off"),), (), (attempt("pass", "other"),),
     (msgspec.structs.replace(attempt("fail"), unsure=("tcp/23",)),)],
    ids=["host-off", "looked-elsewhere", "another-thing", "unsure"],
)  # fmt: skip
def test_what_was_not_looked_at_in_between_is_no_news(
    workspace: Workspace, between: tuple[Attempt, ...]
) -> None:
    silent = report(T0 + HOUR, attempts=between)
    assert told(workspace, report(T0, TELNET), silent, report(T0 + 2 * HOUR, TELNET)) == []


def test_only_what_reaches_the_limit_is_told(workspace: Workspace) -> None:
    assert told(workspace, report(T0, TELNET, SSH)) == [LINE]
    assert told(workspace, report(T0 + HOUR, SSH), fail_on="never") == []


def test_a_run_of_another_kind_or_a_later_one_tells_nothing(workspace: Workspace) -> None:
    kept(workspace, report(T0, TELNET, kind="monitor"), report(T0 + 2 * HOUR, TELNET))
    assert told(workspace, report(T0 + HOUR, TELNET)) == [LINE]


def test_a_run_that_cannot_be_read_is_passed_over(workspace: Workspace) -> None:
    kept(workspace, report(T0, TELNET))
    broken = report(T0 + HOUR, TELNET)
    kept(workspace, broken)
    (workspace.runs / f"{broken.header.run}-audit" / "findings.jsonl").write_text("{")
    assert told(workspace, report(T0 + 2 * HOUR, TELNET)) == []


def test_names_from_the_network_begin_no_line_and_steer_nothing(workspace: Workspace) -> None:
    hostile = finding(part="\x1b]52;c;x\x07\n::error::x")
    [line] = told(workspace, report(T0, hostile))
    assert line.startswith("high ") and line.isprintable()
