"""How the SNMP worker takes agents that refuse, fall silent, or break our library."""

import asyncio
import json
from collections.abc import Collection
from typing import Any

import pytest
from pysnmp.hlapi.v1arch import asyncio as pysnmp
from pysnmp.proto.rfc1902 import Integer32, OctetString

from msptool.audit.workers import snmp

OBJECTS = tuple(f"1.3.6.1.4.1.9.{number}.0" for number in range(1, 60))
ORDERS: dict[str, Any] = {
    "subtrees": [], "objects": {"": OBJECTS}, "rows": 1000, "host_seconds": 60,
    "timeout_s": 1.0, "retries": 1, "riddles": [], "agents": [],
}  # fmt: skip
NO_PACE = snmp.Pace(0.0)


class Small(snmp.Agent):
    """An agent that refuses more than `most` objects or a bad one, and loses what holds a lost."""

    most = 100
    bad: Collection[str] = ()
    lost: Collection[str] = ()

    async def _send(self, kind: str, oids: tuple[str, ...]) -> list[tuple[str, Any]] | None:
        if set(oids) & set(self.lost):
            return None
        if len(oids) > self.most or set(oids) & set(self.bad):
            raise snmp.Refused
        return [(oid, 7) for oid in oids]


def told(agent: snmp.Agent) -> dict[str, Any]:
    async def ask() -> None:
        assert await agent.greet()
        await agent.walk_all()

    asyncio.run(ask())
    return agent.result()


def small(**traits: Any) -> Small:
    kind = type("Kind", (Small,), traits)
    agent: Small = kind("192.0.2.7", "public", NO_PACE, ORDERS)
    return agent


@pytest.mark.parametrize("most", [1, 3, 100])
def test_what_is_too_big_is_asked_in_parts(most: int) -> None:
    result = told(small(most=most))
    assert (set(result["rows"]), result["complete"]) == ({*snmp.SYSTEM, *OBJECTS}, True)


def test_one_refused_object_costs_no_other() -> None:
    result = told(small(bad=(snmp.SYSTEM[3], OBJECTS[4])))
    assert {*snmp.SYSTEM, *OBJECTS} - set(result["rows"]) == {snmp.SYSTEM[3], OBJECTS[4]}
    assert result["complete"]


def test_objects_that_got_lost_leave_the_answer_incomplete() -> None:
    result = told(small(lost=OBJECTS[30:31]))
    assert OBJECTS[0] in result["rows"]
    assert (result["complete"], result["error"]) == (False, "lost")


def test_a_failing_request_is_told_and_the_next_community_asked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Odd(Small):
        async def greet(self) -> bool:
            if self._community == "odd":
                raise ValueError("odd")
            return await super().greet()

        async def walk_all(self) -> None:
            raise KeyError("walk")

    monkeypatch.setattr(snmp, "Agent", Odd)
    group = [["profile:1", "odd"], ["profile:2", "good"], ["profile:3", "unasked"]]
    asyncio.run(snmp._ask("192.0.2.7", group, NO_PACE, ORDERS))
    records = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(r["community"], bool(r["rows"]), r["complete"], r["error"]) for r in records] == [
        ("profile:1", False, False, "ValueError"),
        ("profile:2", True, False, "KeyError"),
    ]


@pytest.mark.parametrize("community", ["public", "сервер-7", "gerät"])
def test_a_community_travels_as_utf_8(community: str, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[bytes] = []

    async def get_cmd(_: Any, who: Any, *__: Any) -> tuple[None, Integer32, int, tuple[()]]:
        sent.append(OctetString(who.communityName).asOctets())
        return None, Integer32(0), 0, ()

    monkeypatch.setattr(pysnmp, "get_cmd", get_cmd)
    asyncio.run(snmp.Agent("192.0.2.7", community, NO_PACE, ORDERS).greet())
    assert sent == [community.encode()]


RIDDLES = [[["1.3.6.1.4.1.6574.1.5"], ["1.3.6.1.4.1.6574.1.5.2.0", "self.7.0"]],
           [["1.3.6.1.4.1.24681.1"], ["1.3.6.1.4.1.24681.1.9.0"]]]  # fmt: skip


class NetSnmp(snmp.Agent):
    """An agent of no maker's number that answers below one maker's subtree; `asked`: by kind."""

    asked: list[tuple[str, str]]

    async def _send(self, kind: str, oids: tuple[str, ...]) -> list[tuple[str, Any]] | None:
        self.asked = [*getattr(self, "asked", ()), *((kind, oid) for oid in oids)]
        known = {"1.3.6.1.2.1.1.2.0": "o:1.3.6.1.4.1.8072.3.2.10", "1.3.6.1.4.1.6574.1.5.2.0": 9}
        after = {"1.3.6.1.4.1.6574.1.5": "1.3.6.1.4.1.6574.1.5.1.0"}
        if kind == "get":
            return [(oid, known.get(oid)) for oid in oids]
        return [(after.get(oid, "1.3.6.1.6.1"), 7) for oid in oids]


def test_an_agent_of_no_maker_is_asked_for_the_rest_of_a_family_that_it_shows() -> None:
    orders = {**ORDERS, "objects": {"": []}, "agents": ["8072"], "riddles": RIDDLES}
    agent = NetSnmp("192.0.2.7", "public", NO_PACE, orders)
    rows = told(agent)["rows"]
    assert rows["1.3.6.1.4.1.6574.1.5.1.0"] == 7 and rows["1.3.6.1.4.1.6574.1.5.2.0"] == 9
    assert "1.3.6.1.6.1" not in rows, "what comes after a column is none of it"
    assert ("get", "1.3.6.1.4.1.8072.3.2.10.7.0") in agent.asked
    assert not any(oid.startswith("1.3.6.1.4.1.24681.1.9") for _, oid in agent.asked)
