"""Read columns and subtrees of an agent, several at a time, whatever it does: each OID behind the
one before and inside its subtree, smaller questions where large ones fail, and an end.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from msptool.audit.snmp import ber, pdu
from msptool.audit.snmp.ber import Malformed
from msptool.audit.snmp.engine import Refused, Silent
from msptool.audit.snmp.pdu import Kind, Varbind
from msptool.audit.snmp.talk import REPETITIONS, Over, Talk, rounds

Row: TypeAlias = tuple[str, int, bytes]  # OID, tag of the value, its content
Keep: TypeAlias = Callable[[list[Row]], None]
ABREAST = 4  # columns in a question: with 25 rows each they fill an answer
_ABREAST_ONE_BY_ONE = 16
_FIRST = 25  # objects asked for their first row at once
ZERO = b"\0"  # 0.0, before all there is


@dataclass(slots=True)
class Column:
    """A subtree that is being read: how far we are, and whether it goes on."""

    root: bytes
    text: str
    last: bytes
    key: tuple[int, ...] = ()
    done: bool = False

    @classmethod
    def of(cls, root: bytes) -> "Column":
        """Begin with a subtree; b"" is all."""
        return cls(root, ber.dotted(root) if root else "", root or ZERO)

    def take(self, found: Sequence[Varbind], talk: Talk, keep: Keep) -> None:
        """Keep rows that go on from the last; raise Over where they do not."""
        root, size, key = self.root, len(self.root), self.key
        prefix = f"{self.text}." if root else ""
        fresh: list[Row] = []
        weight = 0
        try:
            for name, tag, value in found:
                if tag in pdu.NOTHING or not name.startswith(root):
                    self.done = True
                    break
                here, text = ber.index(name[size:])
                if here <= key:
                    raise Over("not-increasing")
                key, self.last = here, name
                fresh.append((prefix + text if root else ber.dotted(name), tag, value))
                weight += len(name) + len(value)
        except Malformed:
            raise Over("garbled") from None
        finally:
            self.key = key
            talk.rows += len(fresh)
            talk.bytes += weight
            keep(fresh)


def no_more(reason: str, detail: str = "") -> None:
    """End the whole where one column cannot be read on."""
    raise Over(reason, detail)


@dataclass(frozen=True)
class Reader:
    """Reads columns of one agent. `spoiled` hears reason and detail of a column that cannot be
    read on; unless it raises, the others are.
    """

    talk: Talk
    keep: Keep
    spoiled: Callable[[str, str], None] = no_more

    async def first_rows(self, roots: Sequence[bytes]) -> list[Column]:
        """Return the columns that the agent has, with their first rows kept. Raises Over."""
        columns = [Column.of(root) for root in roots]
        at, size = 0, _FIRST
        while at < len(columns):
            part = [column for column in columns[at : at + size] if not column.key]
            try:
                await self._step(part, 1, forgiving=True)
            except Silent as failed:
                self.talk.failed(failed)
                size = max(1, size // 5)
                continue
            at += size
        return [column for column in columns if not column.done]

    async def walk(self, columns: Sequence[Column], most: int = 0) -> None:
        """Read columns to their ends, or until some `most` rows are read. Raises Over."""
        at, enough = 0, self.talk.rows + most
        while at < len(columns):
            one_by_one = self.talk.rung == len(REPETITIONS) - 1
            abreast = _ABREAST_ONE_BY_ONE if one_by_one else ABREAST
            batch, at = [c for c in columns[at : at + abreast] if not c.done], at + abreast
            while batch:
                try:
                    await self._step(batch, rounds(len(batch), self.talk.rung))
                except (Silent, Refused) as failed:
                    self.talk.failed(failed)
                batch = [column for column in batch if not column.done]
                if most and self.talk.rows >= enough:
                    return

    async def _step(self, batch: Sequence[Column], rows: int, *, forgiving: bool = False) -> None:
        """Ask once for the next rows of some columns. What a version 1 agent does not have it
        refuses whole, and names the first of it. Forgiving, what is refused alone is spoiled.
        """
        kind: Kind = "bulk" if rows > 1 else "next"
        wanted = [column for column in batch if not column.done]
        while wanted:
            try:
                found = await self.talk.ask(kind, [column.last for column in wanted], rows)
            except Refused as no:
                if no.status == "noSuchName" and 1 <= no.index <= len(wanted):
                    wanted.pop(no.index - 1).done = True
                    continue
                if kind == "bulk" or (len(wanted) == 1 and not forgiving):
                    raise
                await self._halves(wanted, no.status, forgiving=forgiving)
                return
            if not found:  # not one row fits (RFC 3416, 4.2.3)
                raise Refused("tooBig")
            self._share(wanted, found)
            return

    def _share(self, wanted: Sequence[Column], found: Sequence[Varbind]) -> None:
        for at, column in enumerate(wanted):
            try:
                column.take(found[at :: len(wanted)], self.talk, self.keep)
            except Over as over:
                column.done = True
                self.spoiled(over.reason, over.detail)

    async def _halves(self, wanted: Sequence[Column], status: str, *, forgiving: bool) -> None:
        """Ask in two what was refused whole."""
        if len(wanted) == 1:
            wanted[0].done = True
            self.spoiled("refused", status)
            return
        middle = len(wanted) // 2
        await self._step(wanted[:middle], 1, forgiving=forgiving)
        await self._step(wanted[middle:], 1, forgiving=forgiving)
