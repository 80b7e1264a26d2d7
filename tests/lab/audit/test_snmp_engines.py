"""Every SNMP engine keeps the same contract, held against a real snmpd 5.9."""

import asyncio
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import pytest

from msptool.audit.snmp import ber, codec, pdu, reference
from msptool.audit.snmp.engine import (
    Credential,
    Pace,
    Refused,
    Rejected,
    Restarted,
    Session,
    Silent,
)
from msptool.audit.snmp.pdu import Varbind
from tests.lab.audit import snmpd

pytestmark = pytest.mark.lab
WAITS = (0.5, 0.5, 1.0)
DESCR, NAME, NOWHERE = "1.3.6.1.2.1.1.1.0", "1.3.6.1.2.1.1.5.0", "1.3.6.1.2.1.1.99.0"
V1 = Credential(label="1", version="1", community=snmpd.COMMUNITY)
V2C = Credential(label="2c", version="2c", community=snmpd.COMMUNITY)
NOBODY = Credential(label="noauth", version="3", user="nobody")
USERS = snmpd.users()
# Four methods of digests with four ciphers, not each pair, where an engine is slow.
FEW = [USERS[len(snmpd.PRIVS) * at + at % len(snmpd.PRIVS)] for at in (1, 2, 3, 4)]
STRONG = next(one for one in USERS if one.label == "SHA-256 AES-256")


def engines() -> list[Any]:
    every = bool(os.environ.get("MSPTOOL_FULL"))
    known = [(codec, USERS), (reference, USERS if every else FEW)]
    return [
        pytest.param(module, one, id=f"{module.__name__.rpartition('.')[2]} {one.label}")
        for module, users in known
        for one in (V1, V2C, NOBODY, *users)
    ]


ENGINES = pytest.mark.parametrize("engine", [codec, reference], ids=["codec", "reference"])


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with snmpd.running(tmp_path_factory.mktemp("snmpd")) as known:
        yield known


def talk(engine: ModuleType, port: int, who: Credential, *questions: Any) -> list[list[Varbind]]:
    """Ask one question after the other in a session; a callable in between is called."""

    async def all_of() -> list[list[Varbind]]:
        session: Session = engine.session("127.0.0.1", port, who, Pace(0.0))
        found = []
        try:
            for one in questions:
                if callable(one):
                    one()
                    continue
                kind, names, rows = one
                found.append(await session.ask(kind, [*map(ber.oid, names)], rows, WAITS))
        finally:
            session.close()
        return found

    return asyncio.run(all_of())


def told(rows: list[Varbind]) -> list[tuple[str, int | str | None]]:
    return [(ber.dotted(name), pdu.plain(tag, value)) for name, tag, value in rows]


@pytest.mark.parametrize(("engine", "who"), engines())
def test_every_credential_reads_the_same(engine: ModuleType, who: Credential, port: int) -> None:
    many = "next" if who.version == "1" else "bulk"
    got, following = talk(
        engine, port, who, ("get", (DESCR, NAME), 0), (many, ("1.3.6.1.2.1.1",), 4)
    )
    assert told(got) == [
        (DESCR, "x:" + b"a switch of the lab".hex()), (NAME, "x:" + b"lab-switch".hex()),
    ]  # fmt: skip
    names = [name for name, _ in told(following)]
    assert names == [f"1.3.6.1.2.1.1.{n}.0" for n in range(1, 2 if many == "next" else 5)]


@ENGINES
def test_what_is_not_there_is_no_value_and_in_version_1_a_refusal(
    engine: ModuleType, port: int
) -> None:
    (rows,) = talk(engine, port, V2C, ("get", (DESCR, NOWHERE), 0))
    assert told(rows)[1] == (NOWHERE, None)
    with pytest.raises(Refused) as refused:
        talk(engine, port, V1, ("get", (DESCR, NOWHERE), 0))
    assert (refused.value.status, refused.value.index) == ("noSuchName", 2)


@ENGINES
def test_the_end_of_the_view(engine: ModuleType, port: int) -> None:
    (rows,) = talk(engine, port, V2C, ("next", ("2.1",), 0))
    assert rows[0][1] == pdu.END_OF_VIEW


WRONG = {
    "wrong-user": {"user": "stranger"},
    "wrong-auth-key": {"auth_password": "not the word"},
    "wrong-privacy-key": {"priv_password": "not the word"},
}


@ENGINES
@pytest.mark.parametrize("reason", WRONG)
def test_what_is_wrong_is_told_apart(engine: ModuleType, reason: str, port: int) -> None:
    who = msgspec.structs.replace(STRONG, **WRONG[reason])
    with pytest.raises(Rejected) as rejected:
        talk(engine, port, who, ("get", (DESCR,), 0))
    assert rejected.value.reason == reason


@ENGINES
def test_too_low_a_level_is_refused(engine: ModuleType, port: int) -> None:
    open_ = msgspec.structs.replace(STRONG, priv="", priv_password="")
    with pytest.raises(Refused) as refused:
        talk(engine, port, open_, ("get", (DESCR,), 0))
    assert refused.value.status == "authorizationError"


@ENGINES
def test_a_wrong_community_is_silence(engine: ModuleType, port: int) -> None:
    who = Credential(label="x", version="2c", community="guessed")
    with pytest.raises(Silent):
        talk(engine, port, who, ("get", (DESCR,), 0))


@pytest.fixture
def again(tmp_path: Path) -> Iterator[tuple[int, Callable[[str], None]]]:
    """Yield the port of an snmpd and what starts it anew, with an engine id."""
    running = snmpd.running(tmp_path)
    port = running.__enter__()

    def restart(ident: str) -> None:
        nonlocal running
        running.__exit__(None, None, None)
        text = snmpd.config().replace(snmpd.ENGINE_ID, ident)
        running = snmpd.running(tmp_path, text, port)
        running.__enter__()

    try:
        yield port, restart
    finally:
        running.__exit__(None, None, None)


@ENGINES
def test_an_agent_that_booted_once_more_is_understood(
    engine: ModuleType, again: tuple[int, Callable[[str], None]]
) -> None:
    port, restart = again
    question = ("get", (DESCR,), 0)
    first, second = talk(engine, port, STRONG, question, lambda: restart(snmpd.ENGINE_ID), question)
    assert told(first) == told(second)


def test_an_agent_that_is_another_engine_now_is_told(
    again: tuple[int, Callable[[str], None]],
) -> None:
    """Of our own engine alone: to pysnmp it is silent, and a new session helps."""
    port, restart = again
    question = ("get", (DESCR,), 0)
    with pytest.raises(Restarted):
        talk(codec, port, STRONG, question, lambda: restart("80001f8803aabbccddee00"), question)
