"""Several clients in one folder: one that is broken hides no other."""

import io
import json
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from msptool import clock
from msptool.cli import main
from msptool.tickets import clients

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> Run:
    """Return a function that runs `msptool -C FOLDER tickets …`; FOLDER/ of two clients."""
    tmp_path.chmod(0o700)
    monkeypatch.setattr(signal, "signal", lambda *_: None)

    def call(*words: str, at: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"")))
        capfdbinary.readouterr()
        with pytest.raises(SystemExit) as left:
            main(["-C", str(tmp_path / at), "tickets", *words])
        out, err = capfdbinary.readouterr()
        return int(left.value.code or 0), out.decode(), err.decode()

    for code, priority in (("ACME", "low"), ("BETA", "critical")):
        _client(tmp_path, code)
        call("add", "--title", f"toner of {code}", "--priority", priority, at=code.lower())
    return call


def _client(root: Path, code: str) -> Path:
    folder = root / code.lower()
    folder.mkdir(mode=0o700)
    profile = folder / "client.yaml"
    profile.write_text(
        f"msptool: 1\nclient: {{code: {code}, name: x}}\nextends: standard\n"
        "tickets: {views: {toner: toner}}\n"
    )
    profile.chmod(0o600)
    return folder


def test_lists_are_merged_by_urgency_under_the_client(run: Run) -> None:
    code, out, err = run("list", "--all")
    head, first, second = out.splitlines()
    assert (code, err) == (0, "")
    assert head.split()[0] == "CLIENT"
    assert (first.split()[0], second.split()[0]) == ("BETA", "ACME")
    assert [r.split()[0] for r in run("list", "--all", "--sort", "id")[1].splitlines()[1:]] == [
        "ACME", "BETA"
    ]  # fmt: skip
    assert "ACME" not in run("list", "--all", "client:beta", "@toner")[1]
    assert run("list", "--all", "--limit", "1")[2] == "1 more: --limit 0 shows all\n"


def test_all_verbs_take_all_clients(run: Run) -> None:
    records = [json.loads(line) for line in run("list", "--all", "--json")[1].splitlines()]
    assert [r.get("client") for r in records] == ["BETA", "ACME", None]
    assert records[-1]["complete"] is True
    code, out, _ = run("search", "--all", "toner")
    assert code == 0 and "toner of ACME" in out and "toner of BETA" in out
    assert [line.split()[0] for line in run("stats", "--all")[1].splitlines()] == [
        "GROUP", "ACME", "BETA", "all"
    ]  # fmt: skip
    assert run("conflicts", "--all") == (0, "", "no conflicts\n")
    assert run("list", "--all", "--csv")[1].count("\r\n") == 3
    assert run("search", "--all", "--csv", "toner")[1].count("\r\n") == 3
    assert run("stats", "--all", "--csv")[1].count("\r\n") == 4
    assert run("sla", "report", "--all", "--csv")[1].count("\r\n") == 11


def _broken(folder: Path) -> str:
    (folder / "client.yaml").write_text("msptool: [")
    return "error[profile."


def _foreign(folder: Path) -> str:
    folder.chmod(0o777)
    return "error[workspace.unsafe]"


def _torn(folder: Path) -> str:
    (path,) = folder.glob("tickets/??/*.jsonl")
    whole = path.read_bytes()
    path.unlink()
    path.write_bytes(whole + b"torn")
    return "error[tickets.unreadable]"


@pytest.mark.parametrize("harm", [_broken, _foreign, _torn])
def test_one_that_is_broken_hides_no_other(
    run: Run, tmp_path: Path, harm: Callable[[Path], str]
) -> None:
    expected = harm(tmp_path / "beta")
    code, out, err = run("list", "--all")
    assert code == 3
    assert "toner of ACME" in out
    assert expected in err and " beta: " in err and "::" not in err
    assert len(err.splitlines()) == 1
    code, out, err = run("list", "--all", "--json")
    last = json.loads(out.splitlines()[-1])
    assert (code, last["type"], last["complete"]) == (3, "end", False)


def test_a_mistake_in_the_filters_is_told_once(run: Run) -> None:
    code, out, err = run("list", "--all", "stats:open")
    assert (code, out) == (2, "") and err.count("error[") == 1


def test_a_folder_without_clients(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for place in ("empty", "acme/client.yaml", "gone"):
        code, out, err = run("list", "--all", at=place)
        assert (code, out) == (2, "") and "clients.none" in err
    assert [path.name for path in clients.folders(tmp_path)] == ["acme", "beta"]


@pytest.mark.parametrize("harm", [None, _broken, _foreign, _torn])
def test_the_months_of_all_clients(
    run: Run, tmp_path: Path, harm: Callable[[Path], str] | None
) -> None:
    expected = harm(tmp_path / "beta") if harm else ""
    code, out, err = run("sla", "report", "--all")
    assert code == (3 if harm else 0)
    assert any(line.startswith("ACME  ") for line in out.splitlines())
    assert expected in err and len(err.splitlines()) == bool(harm)
    code, out, _ = run("sla", "report", "--all", "--json")
    *months, last = map(json.loads, out.splitlines())
    assert {"ACME"} <= {month["client"] for month in months} <= {"ACME", "BETA"}
    assert {month["type"] for month in months} == {"sla-report"}
    assert (last["type"], last["complete"]) == ("end", harm is None)


def test_a_month_that_is_none_is_told_once(run: Run) -> None:
    code, out, err = run("sla", "report", "--all", "--month", "2026-13")
    assert (code, out) == (2, "") and err.count("error[") == 1


def test_the_months_of_two_clients_stand_apart(run: Run) -> None:
    out = run("sla", "report", "--all")[1]
    first, second = out.split("\n\n")
    assert first.startswith("ACME  ") and second.startswith("BETA  ")


def test_days_are_each_clients_own(run: Run, tmp_path: Path) -> None:
    """Of two zones of which one is always a day ahead, one has opened nothing today."""
    for code, zone in (("acme", "Pacific/Kiritimati"), ("beta", "Etc/GMT+12")):
        profile = tmp_path / code / "client.yaml"
        profile.write_text(profile.read_text().replace("name: x", f"name: x, zone: {zone}"))
    day = clock.now().astimezone(ZoneInfo("Pacific/Kiritimati")).date().isoformat()
    for words in (
        ["list", "--all", f"opened:{day}"],
        ["search", "--all", "toner", f"opened:{day}"],
    ):
        out = run(*words)[1]
        assert "toner of ACME" in out and "toner of BETA" not in out
    lines = [json.loads(one) for one in
             run("stats", "--all", "--since", day, "--json")[1].splitlines()]  # fmt: skip
    assert {one["value"]: one["opened"] for one in lines[:-1]} == {"ACME": 1, "BETA": 0, "": 1}
    assert run("stats", "--all", "--since", "soon")[2].count("error[") == 1
