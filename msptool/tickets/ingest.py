"""Reports become tickets: read all, plan, write, and leave a receipt for each run.

Every file is written whole, and the receipt last: a kill in between leaves tickets that the next
ingest of the same run finds and completes.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from msptool import clock, runs
from msptool.errors import UsageError
from msptool.model import Report
from msptool.profile import Profile
from msptool.tickets import batch, desk, intake, receipts
from msptool.tickets.batch import Batch, Refused
from msptool.tickets.outcome import Outcome
from msptool.tickets.taking import Taking
from msptool.workspace import Workspace


def ingest_report(
    workspace: Workspace, profile: Profile, report: Report, now: datetime | None = None
) -> Outcome:
    """Ingest one report; a run that has its receipt is passed over."""
    return _ingest(workspace, profile, [batch.of_report(report, profile.client.code)], now)


def ingest_lines(
    workspace: Workspace, profile: Profile, lines: Iterable[bytes], now: datetime | None = None
) -> Outcome:
    """Ingest reports and loose findings as a pipe carries them; see `batch.of_lines`."""
    said = batch.of_lines(lines, profile.client.code)
    return _ingest(
        workspace, profile, said.batches, now, refused=said.refused, unended=said.unended
    )


def ingest_stream(
    workspace: Workspace,
    profile: Profile,
    stream: BinaryIO,
    *,
    name: str = "auto",
    at: datetime | None = None,
    now: datetime | None = None,
) -> Outcome:
    """Ingest what another program, or msptool, wrote: of a format (see `intake`), or of the one
    that its beginning shows. `at`: when it was received; now, if not said. Raises UsageError where
    nothing came: what wrote it may have failed. With the name `seam` that is no finding.
    """
    now = now or clock.now()
    head = stream.read(intake.HEAD_BYTES)
    if name == "auto" and not head.strip():
        raise UsageError(
            "tickets.nothing", "nothing came in: the command that should write it may have failed",
            hint="--format seam takes silence for no finding",
        )  # fmt: skip
    found = intake.recognise(head) if name == "auto" else name
    if found == intake.SEAM:
        return ingest_lines(workspace, profile, _lines(head, stream), now)
    data = head + stream.read(intake.find(found).limit_bytes + 1 - len(head))
    taken = intake.take(found, data, profile.client.code, min(at or now, now))
    return _ingest(workspace, profile, taken.batches, now, refused=taken.refused)


def _lines(head: bytes, stream: BinaryIO) -> Iterator[bytes]:
    """Yield the lines of a stream of which the beginning was read already; of one that is far too
    long only as much as shows that it is.
    """
    *whole, begun = head.split(b"\n")
    yield from whole
    most = batch.LINE_LIMIT_BYTES + 2
    while line := begun + stream.readline(most):
        begun = b""
        rest = line
        while len(rest) >= most and not rest.endswith(b"\n"):
            rest = stream.readline(most)
        yield line


def ingest_runs(workspace: Workspace, profile: Profile, now: datetime | None = None) -> Outcome:
    """Ingest every committed run that has no receipt, oldest first."""
    broken: list[str] = []
    found = _pending(workspace, profile.client.code, broken)
    return _ingest(workspace, profile, found, now, broken=broken)


def _pending(workspace: Workspace, client: str, broken: list[str]) -> Iterator[Batch]:
    """Yield the batches of runs to be ingested; note those that cannot be read in `broken`."""
    for folder in reversed(list(runs.folders(workspace))):
        try:
            if _is_pending(workspace, folder):
                yield batch.of_report(runs.load(folder), client)
        except UsageError as error:
            broken.append(f"{folder.name} ({error.message})")


def _is_pending(workspace: Workspace, folder: Path) -> bool:
    receipt = receipts.load(workspace, folder.name.partition("-")[0])
    if receipt is None:
        return True
    return not receipt.whole and runs.load_manifest(folder).end.complete


def _ingest(
    workspace: Workspace,
    profile: Profile,
    batches: Iterable[Batch],
    now: datetime | None,
    *,
    refused: Iterable[Refused] = (),
    unended: Iterable[str] = (),
    broken: Iterable[str] = (),
) -> Outcome:
    with desk.opened(workspace, profile, to_write=True) as held:
        taking = Taking(held, now or clock.now())
        for one in batches:
            taking.take(one)
        taking.follow_children()
        problems = held.index.problems()
    return Outcome(
        **taking.told(),
        runs=tuple(taking.runs),
        refused=tuple(refused),
        unended=tuple(unended),
        broken=tuple(broken),
        problems=problems,
    )
