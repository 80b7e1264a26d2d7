"""Ask SNMP agents, many at a time, under limits; the program is killed at its deadline by the gate.

Reads targets and Orders (audit/snmp/orders.py). Prints, as soon as it is known, {"address",
"community": label, "version", "rows", "complete", "error"}, and behind the last of a host
{"address", "done": true}. An error is a key of reasons.REASONS, ": " and a detail perhaps; that of
a request that failed here, rather than on the way, is the name of its exception. With a `subtree`
a record has "varbinds", [OID, tag, hex] each, instead of "rows", and "reading" counts them before.
"""

import asyncio
import gc
from collections.abc import Sequence
from functools import partial
from typing import Any

import msgspec

from msptool import clock
from msptool.audit.snmp import codec, whole
from msptool.audit.snmp.engine import Credential, Pace, Session, Version, holds_at
from msptool.audit.snmp.orders import Orders
from msptool.audit.snmp.survey import Survey
from msptool.audit.snmp.talk import Talk
from msptool.audit.workers import stdin

_FEW = 4  # agents at a time


def main() -> None:
    """Ask every target that the gate let through."""
    # Rows are no cycles: looking for some after each 700 of them takes 7 % of the CPU.
    gc.set_threshold(50_000, 20, 20)
    targets, given = stdin.read()
    asyncio.run(ask_all(targets, msgspec.convert(given, Orders)))


async def ask_all(targets: list[str], orders: Orders) -> None:
    """Ask as many at a time as the orders say."""
    # pysnmp takes so much CPU for an answer that many agents would starve each other.
    most = _FEW if orders.engine == "pysnmp" else orders.parallel
    gate = asyncio.Semaphore(min(most, orders.parallel))
    everyone = Pace(orders.pause_all_s)

    async def ask(target: str) -> None:
        pace = Pace(orders.pause_s, everyone)
        async with gate:
            await asyncio.gather(
                *(ask_group(target, group, pace, orders) for group in orders.groups)
            )
            stdin.tell(address=target, done=True)

    await asyncio.gather(*map(ask, targets))


async def ask_group(target: str, group: tuple[Credential, ...], pace: Pace, orders: Orders) -> None:
    """Read the agent with the first credential of a group that it lets in."""
    for credential in group:
        if not holds_at(credential, target):
            continue
        told, version = await _by_version(target, credential, pace, orders)
        if told is not None:
            stdin.tell(address=target, community=credential.label, version=version, **told)
            if told.get("rows") or told.get("varbinds"):
                return


async def _by_version(
    target: str, credential: Credential, pace: Pace, orders: Orders
) -> tuple[dict[str, Any] | None, str]:
    """Ask as the credential says; of a community as version 2c, and whoever keeps silent as 1."""
    versions: tuple[Version, ...] = (credential.version,) if credential.version else ("2c", "1")
    for nth, version in enumerate(versions):
        who = msgspec.structs.replace(credential, version=version)
        told = await _asked(target, who, pace, orders, orders.greeting_s[nth:])
        if told is not None:
            return told, version
    return None, ""


async def _asked(
    target: str, who: Credential, pace: Pace, orders: Orders, waits_s: Sequence[float]
) -> dict[str, Any] | None:
    """Return what an agent told to one credential; None where nobody answered to it."""
    talk = Talk(partial(_session, target, who, pace, orders), orders.limits, clock.monotonic_s)
    talk.rung = talk.least_rung = 2 if who.version == "1" else 0
    survey = Survey(talk, orders)
    try:
        if await survey.greet(waits_s):
            if orders.subtree is not None:
                return await whole.read(talk, orders.subtree, survey, partial(_reading, target))
            await survey.read()
    except Exception as error:  # noqa: BLE001 - one agent's oddity must not cost the others
        survey.failed(type(error).__name__)
    finally:
        talk.close()
    told = survey.result()
    notes = {"restarts": talk.restarts} if talk.restarts else {}
    return {**told, **notes} if told["rows"] or told["error"] else None


def _reading(target: str, rows: int) -> None:
    stdin.tell(address=target, reading=rows)


def _session(target: str, who: Credential, pace: Pace, orders: Orders) -> Session:
    if orders.engine == "pysnmp":
        from msptool.audit.snmp import reference

        return reference.session(target, orders.port, who, pace)
    return codec.session(target, orders.port, who, pace)


if __name__ == "__main__":
    main()
