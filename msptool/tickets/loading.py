"""Files of tickets as rows of the index, in batches: a shard's rows always in one."""

import os
import time
from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

from msptool.tickets import rows, store, tables
from msptool.tickets.clocks import Reckoner
from msptool.tickets.events import Redacted
from msptool.tickets.ticket import Ticket

TICKETS = 200  # a batch, or the shard that passes it
Batch: TypeAlias = dict[str, list[Sequence[Any]]]  # rows by table; of tickets and words alike many


def read(root: str, shards: Sequence[str], reckoner: Reckoner) -> Iterator[Batch]:
    """Read shards below a folder of tickets; those that are gone meanwhile are left out."""
    batch = _empty()
    for shard in shards:
        _shard(f"{root}/{shard}", shard, reckoner, batch)
        if len(batch["ticket"]) >= TICKETS:
            yield batch
            batch = _empty()
    yield batch


def redacted(tickets: Sequence[Ticket]) -> int:
    """Return how often something was redacted in tickets."""
    return sum(isinstance(event, Redacted) for ticket in tickets for event in ticket.history)


def _empty() -> Batch:
    return {table: [] for table in tables.INSERTS}


def _shard(folder: str, shard: str, reckoner: Reckoner, batch: Batch) -> None:
    looked_ns = time.time_ns()
    try:
        mtime_ns = os.stat(folder).st_mtime_ns  # noqa: PTH116 - of a thousand
        found = [(e.name, e.stat(follow_symlinks=False)) for e in store.entries(folder)]
    except FileNotFoundError:
        return
    for name, stat in sorted(found):
        tickets, problems = store.read_entry(folder, shard, name)
        for ticket in tickets:
            batch["ticket"].append(rows.of(ticket, name, reckoner.clocks(ticket)))
            batch["words"].append(rows.words(ticket))
        for table, told in tables.beside(shard, name, tickets, problems):
            batch[table].append(told)
        if count := redacted(tickets):
            batch["about"].append((f"redacted {name}", str(count)))
        batch["file"].append((shard, name, stat.st_mtime_ns, stat.st_size, stat.st_ino))
    batch["shard"].append((shard, mtime_ns, looked_ns))
