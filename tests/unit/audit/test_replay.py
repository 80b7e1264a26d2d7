import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from msptool.audit import agent, mib, replay
from msptool.cli import root
from msptool.errors import UsageError
from tests.unit.audit.agents import octets

SWITCH = """1.3.6.1.2.1.1.1.0|4|Cisco IOS Software, C2960X Software, Version 15.2(7)E4, RELEASE
1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.9.1.1208
1.3.6.1.2.1.2.2.1.2.1|4|Gi0/1
1.3.6.1.2.1.2.2.1.2.2|4|Gi0/2
1.3.6.1.2.1.2.2.1.8.2|2|6
1.3.6.1.2.1.47.1.1.1.1.5.1001|2|3
1.3.6.1.2.1.47.1.1.1.1.11.1001|4|FOC1234X0AB
1.3.6.1.2.1.47.1.1.1.1.13.1001|4|WS-C2960X-24TS-L
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "switch.snmprec").write_text(SWITCH)
    (tmp_path / "broken.snmprec").write_bytes(b"\0\1\2")
    (tmp_path / "notes.md").write_text("not a recording")
    return tmp_path


def test_a_recording_says_what_the_device_is(folder: Path) -> None:
    found = replay.replay(folder / "switch.snmprec")
    assert (found.name, found.vendor, found.model, found.serial, found.version) == (
        "switch", "Cisco", "WS-C2960X-24TS-L", "FOC1234X0AB", "15.2(7)E4",
    )  # fmt: skip
    assert (found.interfaces, found.error) == (1, "")


def test_one_line_a_recording_the_unreadable_too(folder: Path) -> None:
    words = ["audit", "identify", "--walk", str(folder), "--json", str(folder / "gone.walk")]
    done = CliRunner().invoke(root, words, standalone_mode=False)
    told = [json.loads(line) for line in done.output.splitlines()]
    assert [(one["name"], bool(one["error"])) for one in told] == [
        ("broken", True), ("switch", False), ("gone", True),
    ]  # fmt: skip
    assert done.return_value == 3 and {*told[0]} == {*told[1]}


def test_empty_places_calls_and_layers_are_no_interfaces() -> None:
    rows = {
        f"{mib.IF_DESCR}.{n}": octets(name)
        for n, name in enumerate(("Gi0", "Gi1", "Voice Over IP Peer: 1", "Virtual-Template1"))
    } | {f"{mib.IF_OPER}.1": 6, f"{mib.IF_TYPE}.2": 104}
    assert agent.present(rows) == 1


def test_why_names_the_witnesses_and_what_became_of_them(folder: Path) -> None:
    stack = "1.3.6.1.2.1.47.1.1.1.1.5.1|2|11\n1.3.6.1.2.1.47.1.1.1.1.11.1|4|N/A\n"
    (folder / "switch.snmprec").write_text(SWITCH + stack)
    words = ["audit", "identify", "--walk", str(folder / "switch.snmprec"), "--why"]
    done = CliRunner().invoke(root, words, standalone_mode=False)
    lines = [line.split() for line in done.output.splitlines()]
    assert ["serial", "0.86", "ENTITY-MIB", "taken", "FOC1234X0AB"] in lines
    assert any(line[0] == "serial" and line[-2:] == ["refused", "N/A"] for line in lines)


def test_why_says_what_cannot_be_read(folder: Path) -> None:
    for name, told in (("gone.walk", "gone.walk: No such file"), ("broken.snmprec", "no SNMP")):
        with pytest.raises(UsageError, match=told):
            replay.hearing(folder / name)
