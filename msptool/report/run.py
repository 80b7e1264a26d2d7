"""Build a report: `reports/ULID/` with one file a format, visible only when all are written."""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from msptool import files, ulid
from msptool.errors import PartDone, Place, UsageError
from msptool.model import LANGUAGES, Instant, Kind, Severity
from msptool.profile.load import Loaded
from msptool.report import document, tickets
from msptool.report.document import LOST, Document
from msptool.report.formats import FORMATS
from msptool.report.gather import gather
from msptool.report.summary import summarise
from msptool.workspace import Workspace

PARTIAL = ".partial"
MACHINE = "report.json"
PAGE = "report.html"


def build(
    workspace: Workspace,
    profile: Loaded,
    *,
    now: datetime,
    languages: Sequence[str] | None = None,
) -> Path:
    """Join the newest runs and the tickets, write every format, return the report's folder.

    What could not be read is told in the document (`load(folder).parts`), not raised.
    """
    desk, unreadable = tickets.read(workspace, profile.profile)
    joined = gather(
        workspace,
        profile,
        now=now,
        tickets=desk,
        unreadable_tickets=unreadable,
        languages=_known(languages),
    )
    return write(workspace, joined)


def _known(languages: Sequence[str] | None) -> Sequence[str] | None:
    for language in languages or ():
        if language not in LANGUAGES:
            raise UsageError(
                "report.language",
                f"no documents in {language!r}",
                hint=f"known languages: {', '.join(LANGUAGES)}",
            )
    return languages


def write(workspace: Workspace, joined: Document) -> Path:
    """Write a document in every format; a half-written report is never visible."""
    final = workspace.reports / joined.id
    temporary = files.make_folder(final.with_name(final.name + PARTIAL))
    try:
        for form in FORMATS:
            files.write(temporary / form.file, form.render(joined))
        files.publish(temporary, final)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise
    return final


def load(folder: Path) -> Document:
    """Read a report back; raise UsageError where it cannot be read."""
    path = folder / MACHINE
    try:
        return document.decode(path.read_bytes())
    except (OSError, msgspec.DecodeError) as error:
        raise UsageError(
            "report.unreadable", f"not a report: {error}", place=Place(file=str(path))
        ) from error


class Built(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag="report-built"):
    """What `report build --json` says."""

    id: str
    folder: str
    page: str
    severities: Mapping[Severity, int]
    coverage_decided: int
    coverage_asked: int
    missing: tuple[Kind, ...]
    cut: tuple[Kind, ...]


def built(folder: Path, joined: Document) -> bytes:
    """Return one line of JSON about a report."""
    told = summarise(joined)
    line = Built(
        id=joined.id,
        folder=str(folder),
        page=str(folder / PAGE),
        severities=told.severities,
        coverage_decided=told.coverage.decided,
        coverage_asked=told.coverage.asked,
        missing=told.missing,
        cut=told.cut,
    )
    return msgspec.json.encode(line)


def trouble(joined: Document) -> PartDone | None:
    """Return what to raise after a report that had to leave out what it could not read."""
    lost = [p.run for part in joined.parts for p in part.problems if p.trouble in LOST]
    if joined.unreadable_tickets:
        lost.append(f"{joined.unreadable_tickets} lines of tickets")
    if not lost:
        return None
    return PartDone(
        "report.left-out",
        f"the report was built without what cannot be read: {', '.join(lost)}",
        hint="restore it from a backup, or delete it, and build the report again",
    )


class Entry(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag="report-entry"):
    """A line of the list of reports."""

    id: str
    built_at: Instant | None
    languages: tuple[str, ...]
    page: str


class _Head(msgspec.Struct, frozen=True):
    """What the list reads of a document; the rest is passed over."""

    built_at: Instant
    languages: tuple[str, ...]


def entries(workspace: Workspace) -> Iterator[Entry]:
    """Yield the reports of a workspace, newest first; one that cannot be read has no time."""
    if not workspace.reports.is_dir():
        return
    for folder in sorted(workspace.reports.iterdir(), reverse=True):
        if ulid.is_ulid(folder.name):
            head = _head(folder / MACHINE)
            yield Entry(
                id=folder.name,
                built_at=head.built_at if head else None,
                languages=head.languages if head else (),
                page=str(folder / PAGE),
            )


def _head(path: Path) -> _Head | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=_Head)
    except (OSError, msgspec.DecodeError):
        return None
