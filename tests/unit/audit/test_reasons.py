"""`audit explain`: an asset found by any of its names, and why it is one machine."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from msptool.audit import look, nmap, reasons
from msptool.audit.facts import AnyFact
from msptool.audit.look import Looked
from msptool.audit.mission import Mission
from msptool.audit.run import audit
from msptool.cli import root
from msptool.errors import UsageError
from msptool.profile import load
from msptool.terminal import Progress
from msptool.workspace import Workspace
from tests.unit.audit.build import NOW
from tests.unit.audit.scans import agent, alive, ssh, told

PROFILE = """
msptool: 1
client: {code: ACME, name: Acme}
scope: {networks: [192.0.2.0/24], authorised_by: A. Client, expires: 2026-11-24}
"""
A, B, C, D = (f"192.0.2.{n}" for n in range(1, 5))
MAC1, MAC2 = "00:25:90:11:22:01", "00:25:90:aa:bb:02"
SITE = [
    alive(A, MAC1), alive(B, MAC2), ssh(A, "k"), ssh(B, "k"),
    agent(A, serials=["FOC1234X0AB"], name="sw-core.example.org"),
    alive(C), told(C, "rdp", name="TWIN"), alive(D), told(D, "rdp", name="TWIN"),
    told(B, "ipp", serial="To be filled by O.E.M.", model="LaserJet 4",
         firmware="\x1b[31m1.2"),
]  # fmt: skip


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    (tmp_path / "client.yaml").write_text(PROFILE)
    monkeypatch.setattr(nmap, "program", lambda: ("/nowhere/nmap", "7.93"))
    return Workspace(tmp_path)


def scan(workspace: Workspace, monkeypatch: pytest.MonkeyPatch, *facts: AnyFact) -> None:
    def seen(mission: Mission) -> Looked:
        with mission.logbook.stage("discover") as journal:
            journal.add("all", facts)
            journal.end()
        return Looked(mission.logbook)

    monkeypatch.setattr(look, "look", seen)
    audit(workspace, load(workspace), progress=Progress(None), now=NOW)


@pytest.fixture
def audited(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    scan(workspace, monkeypatch, *SITE)
    return workspace


@pytest.mark.parametrize(
    "word", [A, "sw-core", "SW-CORE.example.org", "00-25-90-11-22-01", "002590112201",
             "foc1234x0ab", f"mac:{MAC1}"]
)  # fmt: skip
def test_an_asset_is_found_by_any_of_its_names(audited: Workspace, word: str) -> None:
    found = reasons.find(audited, word)
    assert found.addresses == (A,)
    assert reasons.find(audited, found.id) == found


def test_reasons_tell_who_said_what_and_what_was_not_believed(audited: Workspace) -> None:
    found = reasons.find(audited, A)
    states = {tie.key.partition(":")[0]: (tie.state, tie.why) for tie in found.ties}
    assert states["hostkey"] == ("demoted", "their MACs differ")
    assert states["serial"] == ("alone", "")
    taken = {c.field: (c.value, c.by) for c in found.claims if c.state == "taken"}
    assert taken["serial"] == ("FOC1234X0AB", "SNMP ENTITY-MIB")
    refused = [c.value for c in reasons.find(audited, B).claims if c.state == "refused"]
    assert refused == ["To be filled by O.E.M."]


def test_a_machine_that_is_off_keeps_its_reasons(
    audited: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = reasons.find(audited, "sw-core")
    scan(audited, monkeypatch, *(fact for fact in SITE if fact.address != A))
    assert reasons.find(audited, "sw-core") == before


@pytest.mark.parametrize(
    ("word", "code"),
    [("twin", "audit.ambiguous"), ("nobody", "audit.unknown"), ("", "audit.unknown")],
)
def test_what_is_unknown_or_ambiguous_lists_whom_it_may_mean(
    audited: Workspace, word: str, code: str
) -> None:
    with pytest.raises(UsageError) as caught:
        reasons.find(audited, word)
    assert caught.value.code == code and len(caught.value.nearest) >= 2


def test_without_an_audit_there_is_nothing_to_explain(workspace: Workspace) -> None:
    with pytest.raises(UsageError) as caught:
        reasons.find(workspace, A)
    assert caught.value.code == "audit.none"


def run(workspace: Workspace, *words: str) -> str:
    argv = ["-C", str(workspace.root), "audit", "explain", *words]
    done = CliRunner().invoke(root, argv, catch_exceptions=False)
    assert done.exit_code == 0
    return done.output


def test_the_command_shows_it_to_people_and_to_programs(audited: Workspace) -> None:
    shown = run(audited, B)
    assert "their MACs differ" in shown and "LaserJet" in shown and "\x1b" not in shown
    first, *_ = map(json.loads, run(audited, B, "--json").splitlines())
    assert (first["type"], first["addresses"]) == ("explanation", [B])


def test_the_command_speaks_russian(audited: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MSPTOOL_LANG", "ru")
    shown = run(audited, A)
    assert "разные MAC" in shown and "принято" in shown and "ПРИЗНАК" in shown
