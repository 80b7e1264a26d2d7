"""Ask SNMP v2c agents with pysnmp, under limits it does not have itself.

pysnmp's walks never end on OIDs that do not increase, and take a reply with another OID; so the
walk here is our own loop of GETBULK: strictly increasing, inside the subtree, with limits on rows
and seconds. The program is killed at its deadline by the gate.

Orders: {"groups": [[[label, community], …], …], "subtrees": [oid, …], "objects": {enterprise:
[oid, …]}, "agents": [enterprise, …], "riddles": [[[oid, …], [oid, …]], …], "timeout_s",
"pause_s", "retries", "rows", "host_seconds", "parallel"}. Of each group, the first community that
answers is walked; groups are asked side by side, since most hosts keep silent.
`objects` are asked of agents of that enterprise number; those of "" of every agent. An agent of
`agents`, or of no number, is asked for the first part of each riddle, and for the second where
one of the first answered. An object that is no instance stands for the first of its column.
Prints {"address", "community": label, "rows", "complete", "error"}; the error of a request that
failed here, rather than on the way, is the name of its exception.
"""

import asyncio
import time
from collections.abc import Iterable
from typing import Any

from msptool.audit.workers import stdin

SYSTEM = ("1.3.6.1.2.1.1.1.0", "1.3.6.1.2.1.1.2.0", "1.3.6.1.2.1.1.3.0", "1.3.6.1.2.1.1.5.0")
REPETITIONS = 25


def main() -> None:
    """Ask every target that the gate let through."""
    targets, orders = stdin.read()
    asyncio.run(_ask_all(targets, orders))


async def _ask_all(targets: list[str], orders: dict[str, Any]) -> None:
    gate = asyncio.Semaphore(int(orders["parallel"]))

    async def ask(target: str) -> None:
        pace = Pace(float(orders["pause_s"]))
        async with gate:
            await asyncio.gather(*(_ask(target, group, pace, orders) for group in orders["groups"]))

    await asyncio.gather(*(ask(target) for target in targets))


async def _ask(target: str, group: list[list[str]], pace: "Pace", orders: dict[str, Any]) -> None:
    for label, community in group:
        agent = Agent(target, community, pace, orders)
        answered = False
        try:
            answered = await agent.greet()
            if answered:
                await agent.walk_all()
        except Exception as error:  # noqa: BLE001 - one agent's oddity must not cost the others
            agent.failed(error)
        if answered or agent.result()["error"]:
            stdin.tell(address=target, community=label, **agent.result())
        if answered:
            return


class Refused(Exception):  # noqa: N818 - an agent's answer, not a fault
    """The agent answered with an error status: tooBig, noSuchName of SNMPv1, genErr …"""


class Pace:
    """Requests to one host, at least `pause_s` apart, whichever community they carry."""

    def __init__(self, pause_s: float) -> None:
        self._pause_s = pause_s
        self._next_s = 0.0

    async def turn(self) -> None:
        """Wait for the next one's turn."""
        now = time.monotonic()
        turn = max(now, self._next_s)
        self._next_s = turn + self._pause_s
        await asyncio.sleep(turn - now)


class Agent:
    """One agent and what it told us."""

    def __init__(self, address: str, community: str, pace: Pace, orders: dict[str, Any]) -> None:
        self._address = address
        self._community = community
        self._pace = pace
        self._orders = orders
        self._rows: dict[str, int | str] = {}
        self._error = ""
        self._end_s = time.monotonic() + float(orders["host_seconds"])

    def result(self) -> dict[str, Any]:
        """Return the rows, and why there are no more."""
        return {"rows": self._rows, "complete": not self._error, "error": self._error}

    def failed(self, error: Exception) -> None:
        """Note that asking broke off."""
        self._error = type(error).__name__

    async def greet(self) -> bool:
        """Ask for the system group; return whether the agent answered."""
        await self._get(SYSTEM)
        return bool(self._rows)

    async def walk_all(self) -> None:
        """Walk the ordered subtrees, until one of the limits is reached."""
        await self._ask_objects()
        for subtree in self._orders["subtrees"]:
            await self._walk(subtree)
            if self._error in ("rows", "seconds"):
                return

    async def _ask_objects(self) -> None:
        oid = str(self._rows.get("1.3.6.1.2.1.1.2.0", ""))
        of_maker = oid.startswith("o:1.3.6.1.4.1.")
        maker = oid.removeprefix("o:1.3.6.1.4.1.").split(".")[0] if of_maker else ""
        asked = self._orders["objects"]
        await self._ask([*asked[""], *(asked.get(maker, ()) if maker else ())])
        if maker in ("", *self._orders["agents"]):
            riddles = self._orders["riddles"]
            await self._ask(oid for shows, _ in riddles for oid in shows)
            known = [then for shows, then in riddles if any(map(self._knows, shows))]
            await self._ask(oid for then in known for oid in then)

    def _knows(self, oid: str) -> bool:
        return any(row == oid or row.startswith(f"{oid}.") for row in self._rows)

    async def _ask(self, oids: Iterable[str]) -> None:
        """Ask for objects by their instance, those without an answer for their first one; `self.`
        stands for the agent's sysObjectID.
        """
        own = str(self._rows.get("1.3.6.1.2.1.1.2.0", ""))[2:]
        whole = [f"{own}.{o[5:]}" if o.startswith("self.") else o for o in oids]
        for kind in ("get", "next"):
            wanted = [oid for oid in dict.fromkeys(whole) if not self._knows(oid)]
            for at in range(0, len(wanted), REPETITIONS):
                batch = tuple(wanted[at : at + REPETITIONS])
                if not await self._get(batch, kind):
                    self._error = "lost"
                    return

    async def _get(self, oids: tuple[str, ...], kind: str = "get") -> bool:
        """Keep the values of some objects; return False where no answer came.

        What the agent refuses is asked in halves: too much at once, or one object it will not
        have among many. One alone that it refuses is a value it does not give.
        """
        try:
            answer = await self._send(kind, oids)
        except Refused:
            middle = len(oids) // 2
            return not middle or (
                await self._get(oids[:middle], kind) and await self._get(oids[middle:], kind)
            )
        for oid, value in answer or ():
            column = kind == "next" and any(oid.startswith(f"{asked}.") for asked in oids)
            if value is not None and (oid in oids or column):
                self._rows[oid] = value
        return answer is not None

    async def _walk(self, subtree: str) -> None:
        last, root = subtree, _numbers(subtree)
        while True:
            if time.monotonic() > self._end_s or len(self._rows) >= int(self._orders["rows"]):
                self._error = "seconds" if time.monotonic() > self._end_s else "rows"
                return
            try:
                answer = await self._send("bulk", (last,))
            except Refused:
                answer = None
            if answer is None:
                self._error = "lost"
                return
            for oid, value in answer:
                numbers = _numbers(oid)
                if value is None or numbers[: len(root)] != root:
                    return
                if numbers <= _numbers(last):
                    self._error = "not-increasing"
                    return
                self._rows[oid] = value
                last = oid
            if not answer:
                return

    async def _send(self, kind: str, oids: tuple[str, ...]) -> list[tuple[str, Any]] | None:
        """Return the answered rows; None where nothing came back in time. Raises Refused."""
        from pysnmp.hlapi.v1arch import asyncio as snmp

        await self._pace.turn()
        # Plain pairs: ObjectType would load and compile MIB modules, 25 times slower.
        wanted = [(snmp.ObjectIdentifier(oid), snmp.Null("")) for oid in oids]
        target = snmp.Udp6TransportTarget if ":" in self._address else snmp.UdpTransportTarget
        dispatcher = snmp.SnmpDispatcher()
        try:
            where = await target.create(
                (self._address, 161), float(self._orders["timeout_s"]), int(self._orders["retries"])
            )
            # As octets: pysnmp would write a text as Latin-1, and fail on any other letter.
            community = self._community.encode()
            who = snmp.CommunityData(community, mpModel=1)  # noqa: S508 - what is there
            counts = (0, REPETITIONS) if kind == "bulk" else ()
            ask = {"bulk": snmp.bulk_cmd, "next": snmp.next_cmd, "get": snmp.get_cmd}[kind]
            failed, status, _, rows = await ask(dispatcher, who, where, *counts, *wanted)
        finally:
            dispatcher.transport_dispatcher.close_dispatcher()
        if failed:
            return None
        if int(status):
            raise Refused(str(status))
        return [(str(row[0]), _plain(row[1])) for row in rows]


def _numbers(oid: str) -> tuple[int, ...]:
    return tuple(int(part) for part in oid.split("."))


def _plain(value: Any) -> int | str | None:
    """Return a value as facts keep it; None for noSuchObject and its like."""
    kind = type(value).__name__
    if kind in ("NoSuchObject", "NoSuchInstance", "EndOfMibView", "Null"):
        return None
    if kind == "IpAddress":
        return f"a:{value.prettyPrint()}"
    if kind in ("ObjectIdentifier", "ObjectIdentity"):
        return f"o:{value}"
    if hasattr(value, "asOctets"):
        return f"x:{value.asOctets().hex()}"
    return int(value)


if __name__ == "__main__":
    main()
