"""`msptool tickets sla`, from words to text and JSON."""

import json
import re
import signal
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from msptool.cli import main
from msptool.tickets.acts import asking, working
from tests.unit.tickets.site import Site

CLIENT = """\
msptool: 1
client: {code: ACME, name: Acme, languages: [ru, en], zone: Europe/Moscow}
extends: basic
tickets:
  calendar: {holidays: RU, eve_less_h: 1, closed: [{date: 2026-11-05, why: "\\e[31mmove"}]}
  time: {included_h: 10}
"""
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(
    site: Site, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> Run:
    """Return a function that runs `msptool tickets sla …`: exit code, stdout and stderr."""
    path = site.root / "client.yaml"
    path.write_text(CLIENT)
    path.chmod(0o600)
    from msptool import profile

    site.profile = profile.load(site.workspace).profile
    site.now = datetime(2026, 11, 3, 9, tzinfo=UTC)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    monkeypatch.setattr("msptool.clock.now", lambda: site.now)

    def call(*words: str) -> tuple[int, str, str]:
        capfdbinary.readouterr()
        with pytest.raises(SystemExit) as left:
            main(["-C", str(site.root), "tickets", "sla", *words])
        out, err = capfdbinary.readouterr()
        return int(left.value.code or 0), out.decode(), err.decode()

    return call


def test_why_tells_intervals_and_sums(run: Run, site: Site) -> None:
    ident = site.act(asking.add, "printer", priority="high").id
    site.later(24 * 3)
    code, out, _ = run("why", ident)
    lines = out.splitlines()
    assert code == 0
    assert re.match(rf"{ident}  high  business Europe/Moscow holidays [\d.]+, RU", lines[0])
    assert lines[1].split() == ["FROM", "TO", "COUNTS", "DOES", "NOT", "WHY"]
    assert lines[2].split()[-3:] == ["5:00", "working", "hours"]
    assert any("1:00      short day: Unity Day (holidays" in line for line in lines)
    assert any("holiday: Unity Day (holidays" in line for line in lines)
    assert any("closure: \\x1b[31mmove (client.yaml)" in line for line in lines)
    assert lines[-3] == "counted 8:00, paused 0:00, outside working hours 64:00"
    assert lines[-2] == "response: 8:00 of 8:00 used, due 2026-11-06 12:00 +0300: warning"
    assert "\x1b" not in out


def test_why_in_json_is_intervals_sums_and_end(run: Run, site: Site) -> None:
    ident = site.act(asking.add, "printer", priority="high").id
    site.later(24)
    records = [json.loads(line) for line in run("why", ident, "--json")[1].splitlines()]
    kinds = [record["type"] for record in records]
    assert kinds == [*["sla-interval"] * (len(records) - 2), "sla", "end"]
    assert (
        sum(r["seconds"] for r in records[:-2] if r["counted"]) == records[-2]["counted_h"] * 3600
    )
    assert records[-2]["response"]["promised_h"] == 8


def test_why_of_a_priority_without_a_promise(run: Run, site: Site) -> None:
    path = site.root / "client.yaml"
    path.write_text(CLIENT.replace("extends: basic\n", ""))
    ident = site.act(asking.add, "printer").id
    code, out, _ = run("why", ident)
    assert (code, out) == (0, f"{ident}: nothing is promised for priority normal\n")


def test_report_of_a_month(run: Run, site: Site) -> None:
    ident = site.act(asking.add, "printer", priority="high").id
    site.act(working.work, ident, 90)
    code, out, _ = run("report")
    lines = out.splitlines()
    assert (code, lines[0]) == (0, "ACME  2026-11  Europe/Moscow")
    assert next(line for line in lines if line.startswith("high")).split()[:4] == [
        "high", "1", "0", "1"]  # fmt: skip
    assert "worked: 1:30 in 1 entries" in lines
    assert "in the contract: 1:30 / 10:00; beyond it: 0:00" in lines
    code, out, _ = run("report", "--month", "2026-12", "--json")
    made, end = (json.loads(line) for line in out.splitlines())
    assert (made["type"], made["month"], end["type"]) == ("sla-report", "2026-12", "end")
    assert [row["priority"] for row in made["rows"]] == ["critical", "high", "normal", "low"]
    assert made["time"]["entries"] == 0


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("why", "ACME-000000-1"), "one of its characters is wrong"),
        (("why",), "ID"),
        (("report", "--month", "2026-13"), "is no month"),
        (("report", "--month", "november"), "is no month"),
        (("reprot",), "did you mean report"),
    ],
)
def test_wrong_words(run: Run, words: tuple[str, ...], part: str) -> None:
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert part in err


def test_an_unknown_country_is_told_once(run: Run, site: Site) -> None:
    (site.root / "client.yaml").write_text(CLIENT.replace("holidays: RU", "holidays: XX"))
    ident = site.act(asking.add, "printer").id
    code, _, err = run("why", ident)
    assert code == 2
    assert "profile.holidays" in err and "XX" in err


def test_an_unknown_country_is_told_before_anything_is_written(run: Run, site: Site) -> None:
    (site.root / "client.yaml").write_text(CLIENT.replace("holidays: RU", "holidays: DE-XX"))
    from msptool import profile
    from msptool.errors import ProfileError

    site.profile = profile.load(site.workspace).profile
    with pytest.raises(ProfileError):
        site.act(asking.add, "printer")
    assert site.snapshot() == {}
