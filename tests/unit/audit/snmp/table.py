"""An agent that answers from a table, in memory, as odd as a test wants it."""

import asyncio
from bisect import bisect_right
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from msptool.audit.snmp import ber
from msptool.audit.snmp.engine import Refused, Silent
from msptool.audit.snmp.orders import Orders
from msptool.audit.snmp.pdu import Kind, Varbind
from msptool.audit.snmp.survey import Survey
from msptool.audit.snmp.talk import Limits, Talk

Value = int | str
END = 0x82


def value(plain: Value) -> tuple[int, bytes]:
    """Return a value of facts as it travels."""
    if isinstance(plain, int):
        return 0x46 if plain >= 0 else 2, plain.to_bytes(9, "big", signed=True)
    kind, _, text = plain.partition(":")
    if kind == "x":
        return ber.OCTETS, bytes.fromhex(text)
    if kind == "a":
        return 0x40, bytes(map(int, text.split(".")))
    return ber.OID, ber.oid(text)


class Table:
    """A session. `most`: objects in a question, beyond which it is refused as too big; `bad`:
    objects that are refused; `lost`: objects whose questions get no answer; `old`: version 1.
    `asked` is what was asked, in order.
    """

    def __init__(self, rows: Mapping[str, Value], **traits: Any) -> None:
        known = sorted((ber.arcs(ber.oid(name)), name) for name in rows)
        self.keys = [key for key, _ in known]
        self.names = [name for _, name in known]
        self.rows = rows
        self.most: int = traits.get("most", 1000)
        self.bad: Collection[str] = traits.get("bad", ())
        self.lost: Collection[str] = traits.get("lost", ())
        self.old: bool = traits.get("old", False)
        self.hook: Callable[[int], None] = traits.get("hook", lambda _: None)
        self.asked: list[tuple[Kind, tuple[str, ...], int]] = []

    async def ask(
        self, kind: Kind, oids: Sequence[bytes], rows: int, waits_s: Sequence[float]
    ) -> list[Varbind]:
        names = tuple(map(ber.dotted, oids))
        self.asked.append((kind, names, rows))
        self.hook(len(self.asked))
        if set(names) & set(self.lost):
            raise Silent
        if len(oids) * max(rows, 1) > self.most:
            raise Refused("tooBig")
        for at, name in enumerate(names, 1):
            if name in self.bad:
                raise Refused("genErr", at)
        return self._answers(kind, names, rows)

    def _answers(self, kind: Kind, names: Sequence[str], rows: int) -> list[Varbind]:
        if kind == "get":
            return [self._exact(name, at) for at, name in enumerate(names, 1)]
        found = []
        places = [bisect_right(self.keys, ber.arcs(ber.oid(name))) for name in names]
        for more in range(rows if kind == "bulk" else 1):
            found += [
                self._at(place + more, name, at)
                for at, (place, name) in enumerate(zip(places, names, strict=True), 1)
            ]
        return found

    def _exact(self, name: str, at: int) -> Varbind:
        if name in self.rows:
            return (ber.oid(name), *value(self.rows[name]))
        if self.old:
            raise Refused("noSuchName", at)
        return ber.oid(name), 0x80, b""

    def _at(self, place: int, name: str, at: int) -> Varbind:
        if place < len(self.names):
            return self._exact(self.names[place], at)
        if self.old:
            raise Refused("noSuchName", at)
        return ber.oid(name), END, b""

    def close(self) -> None:
        """Nothing is held."""


def talk(session: Any, limits: Limits | None = None, now_s: Callable[[], float] = float) -> Talk:
    """Return a conversation with it, at a standstill of the clock."""
    return Talk(lambda: session, limits or Limits(), now_s)


def surveyed(session: Any, orders: Orders, limits: Limits | None = None) -> Survey:
    """Return what a survey learns of it."""
    survey = Survey(talk(session, limits), orders)

    async def ask() -> None:
        assert await survey.greet()
        await survey.read()

    asyncio.run(ask())
    return survey
