"""What is asked of an agent: the system group first; it decides which makers' objects; then the
columns that are read, of those tables that the agent has.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from msptool.audit.snmp import ber, pdu, walk
from msptool.audit.snmp.ber import Malformed
from msptool.audit.snmp.engine import Refused, Rejected, Silent
from msptool.audit.snmp.orders import GREETING_S, Orders
from msptool.audit.snmp.talk import Over, Talk, ended
from msptool.audit.snmp.walk import Reader, Row

SYSTEM = ("1.3.6.1.2.1.1.1.0", "1.3.6.1.2.1.1.2.0", "1.3.6.1.2.1.1.3.0", "1.3.6.1.2.1.1.5.0")
_OBJECT_ID = SYSTEM[1]
_ENTERPRISES = "1.3.6.1.4.1"
_AT_ONCE = 25
_ALL_OVER = frozenset({"rows", "bytes", "seconds", "restarted", "silent"})


class Survey:
    """One agent and what it told us."""

    def __init__(self, talk: Talk, orders: Orders) -> None:
        self._talk = talk
        self._orders = orders
        self.rows: dict[str, int | str] = {}
        self.error = ""

    def result(self) -> dict[str, Any]:
        """Return the rows, and why there are no more."""
        return {"rows": self.rows, "complete": not self.error, "error": self.error}

    def failed(self, reason: str, detail: str = "") -> None:
        """Note why there is no more; the first reason stays."""
        self.error = self.error or (f"{reason}: {detail}" if detail else reason)

    async def greet(self, waits_s: Sequence[float] = GREETING_S) -> bool:
        """Ask for the system group; return whether the agent let us in. Where it did not, or said
        what nobody understands, the error says how.
        """
        try:
            found = await self._talk.greet([*map(ber.oid, SYSTEM)], waits_s)
        except Refused as refused:
            return await self._greet_one_by_one(refused.status)
        except Silent as silent:
            over = ended(silent, met=False)
            if over.reason != "silent":
                self.failed(over.reason)
        except (Over, Rejected) as broken:
            self._broke(broken)
        else:
            self._keep((ber.dotted(name), tag, value) for name, tag, value in found)
            return True
        return False

    async def _greet_one_by_one(self, status: str) -> bool:
        """Ask an agent that refuses the whole for its parts: it is there."""
        try:
            await self._get(SYSTEM)
        except (Silent, Over, Rejected) as broken:
            self._broke(broken)
        if not self.rows:
            self.failed("refused", status)
        return bool(self.rows)

    async def read(self) -> None:
        """Read what the orders want, until a limit is reached or the agent is gone."""
        try:
            await self._ask_objects()
            await self._read_tables()
            await self._read_own()
        except (Silent, Over, Rejected) as broken:
            self._broke(broken)
        if not self.rows:  # it lets us in, and shows nothing
            self.failed("refused", "noSuchObject")

    def _broke(self, broken: Silent | Over | Rejected) -> None:
        if isinstance(broken, Over):
            self.failed(broken.reason, broken.detail)
        elif isinstance(broken, Rejected):
            self.failed(broken.reason)
        else:
            self.failed(ended(broken, met=True).reason)

    def _keep(self, rows: Iterable[Row]) -> None:
        """Keep values as facts have them; what is none, or broken, is not there. The two kinds of
        which there are most stand here once more.
        """
        kept = self.rows
        for name, tag, value in rows:
            if tag == ber.OCTETS:
                kept[name] = f"x:{value.hex()}"
                continue
            if tag == pdu.COUNTER and 0 < len(value) <= 8:
                kept[name] = int.from_bytes(value, "big")
                continue
            try:
                plain = pdu.plain(tag, value)
            except Malformed:
                continue
            if plain is not None:
                kept[name] = plain

    # Objects

    def _maker(self) -> str:
        oid = str(self.rows.get(_OBJECT_ID, ""))
        return oid.removeprefix(f"o:{_ENTERPRISES}.").split(".")[0] if _ENTERPRISES in oid else ""

    async def _ask_objects(self) -> None:
        maker, asked = self._maker(), self._orders.objects
        await self._ask([*asked.get("", ()), *(asked.get(maker, ()) if maker else ())])
        if maker in ("", *self._orders.agents):
            riddles = self._orders.riddles
            await self._ask(oid for shows, _ in riddles for oid in shows)
            known = [then for shows, then in riddles if any(map(self._knows, shows))]
            await self._ask(oid for then in known for oid in then)

    def _knows(self, oid: str) -> bool:
        return oid in self.rows or any(row.startswith(f"{oid}.") for row in self.rows)

    async def _ask(self, oids: Iterable[str]) -> None:
        """Ask for objects by their instance, those without an answer for their first one."""
        own = str(self.rows.get(_OBJECT_ID, ""))[2:]
        whole = [f"{own}.{o[5:]}" if o.startswith("self.") else o for o in oids]
        for kind in ("get", "next"):
            wanted = [oid for oid in dict.fromkeys(whole) if _is_oid(oid) and not self._knows(oid)]
            for at in range(0, len(wanted), _AT_ONCE):
                batch = wanted[at : at + _AT_ONCE]
                await (self._get(batch) if kind == "get" else self._first(batch))

    async def _get(self, oids: Sequence[str]) -> None:
        """Keep the values of some objects. What the agent refuses is asked without the object that
        it names, or in halves; one alone that it refuses is a value it does not give.
        """
        if not oids:
            return
        try:
            found = await self._talk.ask("get", [*map(ber.oid, oids)])
        except Refused as refused:
            at = refused.index - 1
            if refused.status == "noSuchName" and 0 <= at < len(oids):
                await self._get([*oids[:at], *oids[at + 1 :]])
            elif len(oids) > 1:
                middle = len(oids) // 2
                await self._get(oids[:middle])
                await self._get(oids[middle:])
            return
        named = zip(oids, found, strict=True)
        self._keep((name, tag, value) for name, (_, tag, value) in named)

    async def _first(self, oids: Sequence[str]) -> None:
        await Reader(self._talk, self._keep, _not_given).first_rows([*map(ber.oid, oids)])

    # Tables

    async def _read_tables(self) -> None:
        reader = Reader(self._talk, self._keep, self.failed)
        tables = [[ber.oid(oid) for oid in table] for table in self._orders.tables]
        roots = [root for table in tables for root in table]
        there = {column.root: column for column in await reader.first_rows(roots)}
        for table in tables:
            try:
                await reader.walk([there[root] for root in table if root in there])
            except Over as over:
                if over.reason in _ALL_OVER or not await self._is_there():
                    raise
                self.failed(over.reason, over.detail)

    async def _is_there(self) -> bool:
        """Tell whether an agent that would not tell this table is there for the next."""
        try:
            await self._talk.ask("get", [ber.oid(SYSTEM[0])])
        except Silent:
            return False
        except Refused:
            return True
        return True

    async def _read_own(self) -> None:
        """Read the beginning of what the maker of an agent that no family knows calls its own."""
        maker = self._maker()
        if not (self._orders.own_rows and maker.isdigit()) or maker in (
            *self._orders.objects,
            *self._orders.agents,
        ):
            return
        column = walk.Column.of(ber.oid(f"{_ENTERPRISES}.{maker}"))
        await Reader(self._talk, self._keep, self.failed).walk([column], self._orders.own_rows)


def _not_given(_reason: str, _detail: str) -> None:
    """An object that an agent refuses by itself is one that it does not give."""


def _is_oid(text: str) -> bool:
    try:
        return bool(ber.oid(text))
    except Malformed:
        return False
