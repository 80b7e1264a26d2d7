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


async def first_rows(
    talk: Talk, roots: Sequence[bytes], keep: Keep, refused: Callable[[str], None]
) -> list[Column]:
    """Return the columns that the agent has, with their first rows kept; `refused` hears the error
    status of one that it will not tell. Raises Over.
    """
    columns = [Column.of(root) for root in roots]
    at, size = 0, _FIRST
    while at < len(columns):
        part = [column for column in columns[at : at + size] if not column.key]
        try:
            await _step(talk, part, 1, keep, refused)
        except Silent as failed:
            talk.failed(failed)
            size = max(1, size // 5)
            continue
        at += size
    return [column for column in columns if not column.done]


async def walk(talk: Talk, columns: Sequence[Column], keep: Keep, most: int = 0) -> None:
    """Read columns to their ends, or until some `most` rows are read. Raises Over."""
    at, enough = 0, talk.rows + most
    while at < len(columns):
        abreast = ABREAST if talk.rung < len(REPETITIONS) - 1 else _ABREAST_ONE_BY_ONE
        batch, at = [c for c in columns[at : at + abreast] if not c.done], at + abreast
        while batch:
            try:
                await _step(talk, batch, rounds(len(batch), talk.rung), keep)
            except (Silent, Refused) as failed:
                talk.failed(failed)
            batch = [column for column in batch if not column.done]
            if most and talk.rows >= enough:
                return


async def _step(
    talk: Talk,
    batch: Sequence[Column],
    rows: int,
    keep: Keep,
    refused: Callable[[str], None] | None = None,
) -> None:
    """Ask once for the next rows of some columns. What a version 1 agent does not have it refuses
    whole, and names the first of it. With `refused` a column that is refused alone is at its end.
    """
    kind: Kind = "bulk" if rows > 1 else "next"
    wanted = [column for column in batch if not column.done]
    while wanted:
        try:
            found = await talk.ask(kind, [column.last for column in wanted], rows)
        except Refused as no:
            if no.status == "noSuchName" and 1 <= no.index <= len(wanted):
                wanted.pop(no.index - 1).done = True
                continue
            if kind == "bulk" or (len(wanted) == 1 and refused is None):
                raise
            await _halves(talk, wanted, keep, refused, no.status)
            return
        if not found:  # not one row fits (RFC 3416, 4.2.3)
            raise Refused("tooBig")
        for at, column in enumerate(wanted):
            column.take(found[at :: len(wanted)], talk, keep)
        return


async def _halves(
    talk: Talk,
    wanted: Sequence[Column],
    keep: Keep,
    refused: Callable[[str], None] | None,
    status: str,
) -> None:
    """Ask in two what was refused whole."""
    if len(wanted) == 1 and refused is not None:
        refused(status)
        wanted[0].done = True
        return
    middle = len(wanted) // 2
    await _step(talk, wanted[:middle], 1, keep, refused)
    await _step(talk, wanted[middle:], 1, keep, refused)
