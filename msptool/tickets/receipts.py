"""Receipts: which run was ingested, and which fingerprints it saw: `tickets/receipts/RUN.json`.

They keep "seen again" out of the tickets. One line of JSON; where two laptops ingested one run,
git's union driver leaves two lines, and they are read as one.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from msptool import files, ulid
from msptool.errors import UsageError
from msptool.model import Instant, Kind
from msptool.tickets import store
from msptool.workspace import Workspace

RECEIPTS = "receipts"
SUFFIX = ".json"
_NEWEST = 500


class Receipt(Struct, frozen=True, kw_only=True):
    """What one run said. `whole`: it may have resolved; `seen`: fingerprint to ticket id."""

    run: str
    kind: Kind
    started_at: Instant
    ingested_at: Instant
    whole: bool
    seen: Mapping[str, str]


_DECODER = msgspec.json.Decoder(Receipt)


def path_of(workspace: Workspace, run: str) -> Path:
    """Return where a run's receipt lies; raise UsageError unless the run's id is a ULID."""
    if not ulid.is_ulid(run):
        raise UsageError("report.run", f"{run[:40]!r} is not a run's id")
    return workspace.tickets / RECEIPTS / f"{run}{SUFFIX}"


def load(workspace: Workspace, run: str) -> Receipt | None:
    """Return a run's receipt; None if there is none that can be read."""
    path = path_of(workspace, run)
    return _merged(_lines(path)) if path.is_file() else None


def write(workspace: Workspace, receipt: Receipt) -> None:
    """Write a run's receipt, in place of an earlier one of the same run."""
    path = path_of(workspace, receipt.run)
    store.durable_folder(path.parent)
    files.write(path, msgspec.json.encode(receipt) + b"\n")


def seen_since(
    workspace: Workspace, run: str, started_at: datetime, now: datetime
) -> frozenset[str]:
    """Return the ids of tickets whose finding was seen by runs that began after a run.

    Only receipts of later ids are read: run ids are ULIDs, and sort by the time of beginning. But
    an id may come from a wrong clock or from a pipe: no run began later than it was ingested, and
    one from the future is not later than all others for ever.
    """
    later = filter(None, (load(workspace, name) for name in _names(workspace) if name > run))
    return frozenset(
        ticket
        for receipt in later
        if min(started_at, now) <= min(receipt.started_at, receipt.ingested_at) <= now
        for ticket in receipt.seen.values()
    )


def since(workspace: Workspace, at: datetime) -> Iterator[Receipt]:
    """Yield the receipts of runs that began since a time, as their ids say, oldest first."""
    oldest = ulid.of(int(at.timestamp() * 1000), 0)
    for name in _names(workspace):
        receipt = load(workspace, name) if name >= oldest else None
        if receipt is not None:
            yield receipt


def last_seen(workspace: Workspace, ticket: str) -> Receipt | None:
    """Return the receipt of the newest run that saw a ticket's finding, among the newest 500."""
    found = (load(workspace, name) for name in reversed(_names(workspace)[-_NEWEST:]))
    return next((r for r in found if r is not None and ticket in r.seen.values()), None)


def _names(workspace: Workspace) -> list[str]:
    """Return the ids of runs that have a receipt, oldest first."""
    folder = workspace.tickets / RECEIPTS
    return sorted(p.stem for p in folder.glob(f"*{SUFFIX}") if ulid.is_ulid(p.stem))


def _lines(path: Path) -> Iterable[Receipt]:
    return filter(None, map(decode, path.read_bytes().split(b"\n")))


def decode(line: bytes) -> Receipt | None:
    """Return what a line of a receipt says; None where it is none."""
    try:
        return _DECODER.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _merged(found: Iterable[Receipt]) -> Receipt | None:
    known = list(found)
    if not known:
        return None
    return msgspec.structs.replace(
        known[0],
        whole=any(r.whole for r in known),
        seen={key: ticket for r in known for key, ticket in r.seen.items()},
    )
