"""One who writes tickets until stopped, and says of each event when the store called it written.

It runs in a process of its own, forked by `herd`. `take_out` takes durability out of that process:
what a harness does not find in such a store, it does not find at all.
"""

import os
import random
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path

from msptool import clock, files
from msptool.errors import DiskError, UsageError
from msptool.tickets import desk
from msptool.tickets.acts import asking, changing, ending, tying, working
from msptool.tickets.desk import Desk
from msptool.tickets.events import FORMAT, AnyEvent, Comment, Opened, Pen
from msptool.workspace import Workspace
from tests.unit.tickets.site import PROFILE

FULL = b"full\n"
_MANY = 12  # so many files go by syncfs
_ENOUGH = 150  # tickets; from then on few are opened


def run(root: Path, number: int, seed: int, acks: int) -> None:
    """Do one act after the other on a store that others write to as well; never return."""
    dice = random.Random(f"{seed} {number}")
    _acknowledge(acks)
    while True:
        try:
            with desk.opened(Workspace(root), PROFILE, to_write=True) as held:
                _some(held, dice)(held, dice, Pen(f"writer{number}@crash", clock.now()))
        except UsageError:  # a move that has no effect: nothing was written
            continue
        except DiskError:
            os.write(acks, FULL)


def _acknowledge(acks: int) -> None:
    """Say into a pipe what was written, as soon as the desk says so: less than PIPE_BUF, whole."""
    write = Desk.write

    def acknowledged(self: Desk, new: Mapping[str, Sequence[AnyEvent]]) -> None:
        write(self, new)
        lines = [f"{ident} {event.eid}\n" for ident, events in new.items() for event in events]
        os.write(acks, "".join(lines).encode())

    setattr(Desk, "write", acknowledged)  # noqa: B010 - of this process


Act = Callable[[Desk, random.Random, Pen], object]


def _some(held: Desk, dice: random.Random) -> Act:
    there = _count(held)
    if not there or dice.random() < (0.3 if there < _ENOUGH else 0.02):
        return _add
    return dice.choice((_one,) * 8 + (_split, _many, _many_new))


def _count(held: Desk) -> int:
    return int(held.index.rows("SELECT count(*) FROM ticket")[0][0])


def _any(held: Desk, dice: random.Random) -> str:
    sql = "SELECT id FROM ticket ORDER BY id LIMIT 1 OFFSET ?"
    return str(held.index.rows(sql, (dice.randrange(_count(held)),))[0][0])


def _add(held: Desk, dice: random.Random, pen: Pen) -> None:
    asking.add(held, "a printer", pen=pen, text="x" * dice.randrange(3000))


def _split(held: Desk, dice: random.Random, pen: Pen) -> None:
    asking.split(held, _any(held, dice), "a part of it", pen=pen)


def _one(held: Desk, dice: random.Random, pen: Pen) -> None:
    ident, other = _any(held, dice), _any(held, dice)
    later = pen.at + timedelta(days=1)
    said, name = "said " * dice.randrange(1, 300), f"e{dice.random()}"
    acts: tuple[Callable[[], object], ...] = (
        lambda: changing.comment(held, ident, said, pen=pen),
        lambda: changing.edit(held, ident, {"assignee": name}, pen=pen),
        lambda: ending.close(held, ident, "fixed", pen=pen),
        lambda: ending.reopen(held, ident, pen=pen),
        lambda: ending.snooze(held, ident, later, pen=pen),
        lambda: tying.link(held, ident, other, "relates", pen=pen),
        lambda: tying.merge(held, ident, other, pen=pen),
        lambda: working.work(held, ident, 15, pen=pen),
        lambda: changing.escalate(held, ident, pen=pen, symptom="s", tried="t", evidence="e"),
    )
    dice.choice(acts)()


def _many(held: Desk, dice: random.Random, pen: Pen) -> None:
    """Write to many tickets at once, as an ingest does."""
    found = {ident: held.read(ident) for ident in {_any(held, dice) for _ in range(_MANY * 2)}}
    held.write({
        ident: (Comment(**pen.mark(ticket.history), text="to all"),)
        for ident, ticket in found.items()
    })  # fmt: skip


def _many_new(held: Desk, _dice: random.Random, pen: Pen) -> None:
    new = [
        Opened(
            **pen.mark(), format=FORMAT, ticket=held.draw(), client=held.client, kind="task",
            title="one of many",
        )
        for _ in range(_MANY)
    ]  # fmt: skip
    held.write({event.ticket: (event,) for event in new})


def take_out(without: str) -> None:
    """Take durability out of this process: `all` of it, that of names in `folders`, or that of
    `bulk` writes.
    """
    if without in ("all", "bulk"):
        setattr(files, "_sync_file_system", lambda _handle: None)  # noqa: B010
    if without == "all":
        setattr(os, "fsync", lambda _handle: None)  # noqa: B010
    elif without == "folders":
        setattr(files, "sync_folder", lambda _path: None)  # noqa: B010
