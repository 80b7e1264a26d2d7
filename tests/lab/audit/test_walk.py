"""`msptool audit walk`: what it records of a real snmpd, in both forms, is what others see."""

import json
from pathlib import Path
from typing import Any

import pytest

from msptool.audit import replay
from tests.lab.audit import namespace, snmpd

pytestmark = pytest.mark.lab
# What counts on while it is read: uptimes, packets, questions.
MOVING = (
    "1.3.6.1.2.1.1.3.0", "1.3.6.1.2.1.2.2.1.1", "1.3.6.1.2.1.31.", "1.3.6.1.2.1.11.",
    "1.3.6.1.6.3.",
)  # fmt: skip


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], Path]:
    folder = tmp_path_factory.mktemp("walk")
    return namespace.told("walk", str(folder)), folder


def still(rows: dict[str, Any]) -> dict[str, Any]:
    return {oid: value for oid, value in rows.items() if not oid.startswith(MOVING)}


def test_both_forms_hold_what_snmpbulkwalk_sees(ran: tuple[dict[str, Any], Path]) -> None:
    rows = ran[0]["rows"]
    assert still(rows["snmprec"]) == still(rows["net-snmp"])
    assert still(rows["snmpwalk"]) == still(rows["net-snmp"])
    assert set(rows["snmprec"]) == set(rows["net-snmp"]) and len(rows["snmprec"]) > 50


def test_a_walk_is_told_and_its_secrets_are_not(ran: tuple[dict[str, Any], Path]) -> None:
    done = ran[0]["done"]
    assert (done["whole"]["rc"], done["printed"]["rc"]) == (0, 0)
    assert " rows in " in done["whole"]["out"]
    said = json.dumps({name: one["out"] + one["err"] for name, one in done.items()})
    assert not any(word in said for word in (snmpd.COMMUNITY, "the digest's word", "cipher's"))


def test_json_says_how_it_went(ran: tuple[dict[str, Any], Path]) -> None:
    lines = [json.loads(line) for line in ran[0]["done"]["json"]["out"].splitlines()]
    *rows, walk, end = lines
    assert {row["type"] for row in rows} == {"varbind"} and end["type"] == "end"
    assert all(row["oid"].startswith("1.3.6.1.2.1.1.") for row in rows)
    assert (walk["credential"], walk["version"], walk["complete"]) == ("profile:2", "3", True)
    assert walk["rows"] == len(rows) > 5


def test_a_file_that_is_there_is_kept(ran: tuple[dict[str, Any], Path]) -> None:
    assert ran[0]["done"]["taken"]["rc"] == 2
    assert "--force" in ran[0]["done"]["taken"]["err"]


@pytest.mark.parametrize("name", ["outside", "late"])
def test_what_is_not_authorised_is_refused(ran: tuple[dict[str, Any], Path], name: str) -> None:
    told = ran[0]["done"][name]
    assert told["rc"] == 5 and "nothing was sent" in told["err"]


def test_a_credential_that_fails_gives_way_to_the_next(ran: tuple[dict[str, Any], Path]) -> None:
    *_, walk, _ = map(json.loads, ran[0]["done"]["key"]["out"].splitlines())
    assert (walk["credential"], walk["version"]) == ("profile:3", "2c")


def test_nobody_there_is_done_in_part(ran: tuple[dict[str, Any], Path]) -> None:
    told = ran[0]["done"]["nobody"]
    assert told["rc"] == 3 and "no SNMP agent answered" in told["err"]


def test_a_recording_identifies_what_was_walked(ran: tuple[dict[str, Any], Path]) -> None:
    found = replay.replay(ran[1] / "a.snmprec")
    live = replay.identified("a", ran[0]["rows"]["net-snmp"])
    assert found == live and found.error == "" and found.interfaces == 1
