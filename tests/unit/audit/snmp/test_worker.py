"""Which credential of a host's is taken, and how failures are told."""

import asyncio
import json
from collections.abc import Sequence
from typing import Any

import pytest

from msptool.audit.snmp.engine import Credential, Rejected, Silent
from msptool.audit.snmp.orders import Orders
from msptool.audit.snmp.pdu import Kind, Varbind
from msptool.audit.snmp.survey import SYSTEM
from msptool.audit.workers import snmp
from tests.unit.audit.snmp.table import Table

ROWS: dict[str, int | str] = {SYSTEM[0]: "x:61"}
HOST = "192.0.2.7"


def community(label: str, **more: Any) -> Credential:
    return Credential(label=label, community=label, **more)


def told(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    answers: dict[str, Exception | dict[str, int | str]],
    *groups: tuple[Credential, ...],
    **orders: Any,
) -> list[dict[str, Any]]:
    """Ask one host, whose agent answers by the label and version of a credential."""

    def session(_: str, who: Credential, *__: Any) -> Table:
        answer = answers.get(f"{who.label} {who.version}", Silent())
        rows = {} if isinstance(answer, Exception) else answer

        def fail(_: int) -> None:
            if isinstance(answer, Exception):
                raise answer

        return Table(rows, hook=fail)

    monkeypatch.setattr(snmp, "_session", session)
    asyncio.run(snmp.ask_all([HOST], Orders(groups=groups, **orders)))
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


Args = tuple[pytest.MonkeyPatch, pytest.CaptureFixture[str]]


@pytest.fixture
def edges(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Args:
    return monkeypatch, capsys


def ended(records: list[dict[str, Any]]) -> list[tuple[str, str, bool, str]]:
    assert records[-1] == {"address": HOST, "done": True}
    return [(r["community"], r["version"], bool(r["rows"]), r["error"]) for r in records[:-1]]


def test_whoever_keeps_silent_is_waited_for_as_ordered(edges: Args) -> None:
    waited: list[tuple[float, ...]] = []

    class Mute(Table):
        async def ask(
            self, kind: Kind, oids: Sequence[bytes], rows: int, waits_s: Sequence[float]
        ) -> list[Varbind]:
            waited.append(tuple(waits_s))
            raise Silent

    edges[0].setattr(snmp, "_session", lambda *_: Mute({}))
    groups = ((community("a"),),)
    asyncio.run(snmp.ask_all([HOST], Orders(groups=groups, greeting_s=(0.3, 0.4, 0.7))))
    assert waited == [(0.3, 0.4, 0.7), (0.4, 0.7)]


def test_a_failing_request_is_told_and_the_next_credential_asked(edges: Args) -> None:
    group = (community("odd", version="2c"), community("good"), community("unasked"))
    records = told(*edges, {"odd 2c": ValueError("odd"), "good 2c": ROWS}, group)
    assert ended(records) == [("odd", "2c", False, "ValueError"), ("good", "2c", True, "")]


def test_a_community_that_2c_does_not_answer_is_asked_as_version_1(edges: Args) -> None:
    records = told(*edges, {"old 1": ROWS}, (community("old"),))
    assert ended(records) == [("old", "1", True, "")]


def test_a_version_that_is_named_is_the_only_one(edges: Args) -> None:
    assert ended(told(*edges, {"x 1": ROWS}, (community("x", version="2c"),))) == []


def test_a_user_who_is_refused_is_told_and_the_next_credential_asked(edges: Args) -> None:
    users = tuple(Credential(label=name, version="3", user=name) for name in ("a", "b", "c"))
    answers: dict[str, Exception | dict[str, int | str]] = {
        "a 3": Rejected("wrong-user"),
        "b 3": Rejected("wrong-privacy-key"),
        "c 3": ROWS,
    }
    assert ended(told(*edges, answers, users)) == [
        ("a", "3", False, "wrong-user"),
        ("b", "3", False, "wrong-privacy-key"),
        ("c", "3", True, ""),
    ]


def test_a_credential_is_not_tried_outside_of_its_networks(edges: Args) -> None:
    elsewhere = community("x", version="2c", networks=("198.51.100.0/24",))
    here = community("y", version="2c", networks=("192.0.2.0/29",))
    assert ended(told(*edges, {"x 2c": ROWS, "y 2c": ROWS}, (elsewhere, here))) == [
        ("y", "2c", True, "")
    ]


def test_an_agent_that_shows_nothing_is_no_silence(edges: Args) -> None:
    records = told(*edges, {"x 2c": {"1.3.6.1.9": 1}}, (community("x"),))
    assert ended(records) == [("x", "2c", False, "refused: noSuchObject")]


def test_groups_are_all_asked(edges: Args) -> None:
    records = told(
        *edges, {"public 2c": ROWS, "mine 2c": ROWS}, (community("mine"),), (community("public"),)
    )
    assert sorted(ended(records)) == [("mine", "2c", True, ""), ("public", "2c", True, "")]


def test_a_subtree_comes_with_its_types(edges: Args) -> None:
    rows: dict[str, int | str] = {**ROWS, "1.3.6.1.9.1": 7, "1.3.6.1.9.2": "o:1.3.6"}
    records = told(*edges, {"x 2c": rows}, (community("x"),), subtree="1.3.6.1.9")
    assert records[0]["varbinds"] == [
        ["1.3.6.1.9.1", 0x46, "000000000000000007"], ["1.3.6.1.9.2", 6, "2b06"],
    ]  # fmt: skip
