"""Runs on disk: written under a temporary name, visible only when complete.

`runs/ULID-KIND/` holds manifest.json, one .jsonl a kind of record, facts of the run's own kind,
and evidence/. A folder that still ends in `.partial` is a run that was cut short.
"""

import hashlib
import os
import platform
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import TypeVar, cast, get_args

import msgspec

from msptool import __version__, files, model, ulid
from msptool.errors import Place, UsageError
from msptool.model import End, Evidence, Header, Privilege, Report
from msptool.profile.load import Loaded
from msptool.workspace import Workspace

PARTIAL = ".partial"
_MANIFEST = "manifest.json"
# The vantage of what a run read from a workspace or a repository, wherever it ran.
ANYWHERE = "anywhere"
_TABLES = ("rules", "things", "links", "attempts", "findings", "evidence")
T = TypeVar("T")


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """The header and end of a report, and the SHA-256 of every file of the run."""

    header: Header
    end: End
    files: dict[str, str]


@dataclass(frozen=True)
class Run:
    """A run being written; `folder` is the temporary one."""

    ident: str
    kind: model.Kind
    folder: Path
    final: Path


def start(workspace: Workspace, kind: model.Kind) -> Run:
    """Open a new run; the caller holds the workspace's lock."""
    ident = ulid.new()
    final = workspace.runs / f"{ident}-{kind}"
    folder = files.make_folder(final.with_name(final.name + PARTIAL))
    files.make_folder(folder / "evidence")
    return Run(ident, kind, folder, final)


def host() -> str:
    """Return this machine's name; "localhost" where it has none."""
    return platform.node() or "localhost"


def privilege() -> Privilege:
    """Return what we may do here."""
    return "root" if os.geteuid() == 0 else "user"


def header(
    run: Run,
    loaded: Loaded,
    *,
    started_at: datetime,
    tools: Mapping[str, str],
    vantage: str = "",
    privileged: Privilege | None = None,
) -> Header:
    """Return the head of a run's report: from what authority it looked, with which tools.

    `vantage` and `privileged` are this machine's own where a run looks at no network.
    """
    profile = loaded.profile
    return Header(
        run=run.ident,
        client=profile.client.code,
        kind=run.kind,
        msptool=__version__,
        tools=tools,
        scope=profile.scope.networks,
        scope_sha256=loaded.scope_sha256,
        profile_sha256=loaded.sha256,
        vantage=vantage or f"agent:{host()}",
        privilege=privileged or privilege(),
        started_at=started_at,
    )


def keep(
    run: Run, kind: str, data: bytes, *, source: str, at: datetime, redacted: bool = False
) -> Evidence:
    """Keep raw bytes as evidence, named by their hash; the same bytes are kept once."""
    digest = hashlib.sha256(data).hexdigest()
    path = f"evidence/{digest}.{kind}"
    if not (run.folder / path).exists():
        files.write(run.folder / path, data)
    return Evidence(
        sha256=digest,
        kind=kind,
        path=path,
        source=source,
        taken_at=at,
        size_bytes=len(data),
        redacted=redacted,
    )


class Part:
    """What one program prints, written to the run's evidence as it comes; `name` is its file's.

    Raises DiskError where it cannot be written: what leaves no evidence is not looked at.
    """

    def __init__(self, run: Run, stage: str, kind: str) -> None:
        """Begin the next file of a stage: STAGE-N.KIND."""
        folder = run.folder / "evidence"
        number = 1 + sum(1 for _ in folder.glob(f"{stage}-*.{kind}"))
        self.name = f"{stage}-{number}.{kind}"
        self._path = folder / self.name
        with files.disk_errors(self._path):
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
            self._handle = os.open(self._path, flags, files.PRIVATE_FILE)

    def write(self, data: bytes) -> None:
        """Append to it."""
        with files.disk_errors(self._path):
            files.write_all(self._handle, data)

    def close(self) -> None:
        """End it; what stands in it is evidence, whole or not."""
        os.close(self._handle)


def record(run: Run, stage: str, kind: str, data: bytes) -> str:
    """Keep what is known at once as the next file of a stage; return its name."""
    part = Part(run, stage, kind)
    try:
        part.write(data)
    finally:
        part.close()
    return part.name


def recorded(run: Run) -> dict[str, Evidence]:
    """Return the evidence in a run's folder by the name of its file."""
    found = {}
    for path in sorted((run.folder / "evidence").iterdir()):
        state = path.stat()
        found[path.name] = Evidence(
            sha256=files.sha256(path),
            kind=path.name.partition(".")[2],
            path=f"evidence/{path.name}",
            source=path.name.partition(".")[0].rpartition("-")[0] or path.name,
            taken_at=datetime.fromtimestamp(state.st_mtime, UTC),
            size_bytes=state.st_size,
        )
    return found


def keep_facts(run: Run, name: str, facts: Iterable[msgspec.Struct]) -> None:
    """Keep a run's own facts as `NAME.jsonl`, for a later run to compare with."""
    files.write_pieces(run.folder / f"{name}.jsonl", _jsonl(facts))


def load_facts(folder: Path, name: str, kind: type[T]) -> list[T]:
    """Read back what `keep_facts` kept of a committed run; empty where the run has none.

    Raises UsageError where it was changed since or cannot be read.
    """
    path = facts_file(folder, name)
    if path is None:
        return []
    decoder = msgspec.json.Decoder(kind)
    with _unreadable(path):
        return [decoder.decode(line) for line in path.read_bytes().splitlines()]


def facts_file(folder: Path, name: str) -> Path | None:
    """Return the file of a committed run's own facts; None where it has none of that name.

    Raises UsageError where it was changed since.
    """
    path = folder / f"{name}.jsonl"
    digest = load_manifest(folder).files.get(path.name)
    if digest is not None:
        _refuse_changed(path, digest)
        return path
    if path.exists():
        raise _unvouched(path)
    return None


def commit(run: Run, report: Report) -> Path:
    """Write the records and the manifest, then make the run visible; return its folder."""
    for name, records in _tables(report).items():
        files.write_pieces(run.folder / f"{name}.jsonl", _jsonl(records))
    hashes = {
        str(path.relative_to(run.folder)): files.sha256(path)
        for path in sorted(run.folder.rglob("*"))
        if path.is_file()
    }
    manifest = Manifest(header=report.header, end=report.end, files=hashes)
    text = msgspec.json.format(msgspec.json.encode(manifest), indent=1)
    files.write(run.folder / _MANIFEST, text)
    files.publish(run.folder, run.final)
    return run.final


def reopen(run: Run) -> Run:
    """Take back what a kill left of the end of a run that goes on: files half written, and a
    manifest, which would vouch for an older self.
    """
    for torn in run.folder.rglob(files.TEMPORARY):
        torn.unlink()
    (run.folder / _MANIFEST).unlink(missing_ok=True)
    return run


def _tables(report: Report) -> Mapping[str, tuple[model.Line, ...]]:
    return {name: getattr(report, name) for name in _TABLES}


def _jsonl(records: Iterable[msgspec.Struct]) -> Iterator[bytes]:
    """Yield records as lines, some in a piece."""
    known = iter(records)
    while lines := [msgspec.json.encode(record) + b"\n" for record in islice(known, 32)]:
        yield b"".join(lines)


def load(folder: Path) -> Report:
    """Read a committed run; raise UsageError where a file is missing, changed or unreadable."""
    manifest = load_manifest(folder)
    for name, digest in manifest.files.items():
        _refuse_changed(folder / name, digest)
    lines: list[model.Line] = []
    for name in _TABLES:
        path = folder / f"{name}.jsonl"
        if path.name not in manifest.files:
            raise _unvouched(path)
        with _unreadable(path):
            lines += map(model.decode, path.read_bytes().splitlines())
    return collect(manifest.header, manifest.end, lines)


def _refuse_changed(path: Path, digest: str) -> None:
    with _unreadable(path):
        found = files.sha256(path)
    if found != digest:
        raise UsageError(
            "run.changed",
            "the file is missing or was changed after the run",
            place=Place(file=str(path)),
            hint="restore it, or delete the run's folder and run again",
        )


@contextmanager
def _unreadable(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, msgspec.DecodeError) as error:
        raise _broken(path, str(error)) from error


def _unvouched(path: Path) -> UsageError:
    return _broken(path, "the manifest does not vouch for it")


def _broken(path: Path, why: str) -> UsageError:
    return UsageError(
        "run.unreadable",
        f"not a run: {why}",
        place=Place(file=str(path)),
        hint="restore it, or delete the run's folder and run again",
    )


def load_manifest(folder: Path) -> Manifest:
    """Read only the head of a run; raise UsageError if it cannot be read."""
    path = folder / _MANIFEST
    with _unreadable(path):
        manifest = msgspec.json.decode(path.read_bytes(), type=Manifest)
    if manifest.header.schema != model.SCHEMA:
        raise UsageError(
            "run.schema",
            f"written as {manifest.header.schema}; this program reads {model.SCHEMA}",
            place=Place(file=str(path)),
            hint="use the msptool that wrote it, or a newer one",
        )
    return manifest


def collect(header: Header, end: End, lines: Iterable[model.Line]) -> Report:
    """Sort loose records into a report."""
    found: dict[type, list[model.Line]] = {}
    for line in lines:
        found.setdefault(type(line), []).append(line)

    def of(kind: type[T]) -> tuple[T, ...]:
        return tuple(line for line in found.get(kind, ()) if isinstance(line, kind))

    return Report(
        header=header,
        end=end,
        rules=of(model.Rule),
        things=of(model.Thing),
        links=of(model.Link),
        attempts=of(model.Attempt),
        findings=of(model.Finding),
        evidence=of(Evidence),
    )


def folders(workspace: Workspace, kind: model.Kind | None = None) -> Iterator[Path]:
    """Yield the folders of committed runs, newest first."""
    if not workspace.runs.is_dir():
        return
    for path in sorted(workspace.runs.iterdir(), reverse=True):
        ident, _, of_kind = path.name.partition("-")
        committed = ulid.is_ulid(ident) and not of_kind.endswith(PARTIAL) and path.is_dir()
        if committed and (kind or of_kind) == of_kind:
            yield path


def newest(workspace: Workspace, kind: model.Kind) -> Path | None:
    """Return the newest complete run of a kind."""
    return next(
        (path for path in folders(workspace, kind) if load_manifest(path).end.complete), None
    )


def cut_short(workspace: Workspace, kind: model.Kind | None = None) -> list[Run]:
    """Return runs that never ended, newest first; only an audit may go on with one."""
    if not workspace.runs.is_dir():
        return []
    found = []
    for folder in sorted(workspace.runs.iterdir(), reverse=True):
        ident, _, of_kind = folder.name.removesuffix(PARTIAL).partition("-")
        cut = folder.name.endswith(PARTIAL) and ulid.is_ulid(ident) and folder.is_dir()
        if cut and of_kind in get_args(model.Kind) and (kind or of_kind) == of_kind:
            final = folder.with_name(folder.name.removesuffix(PARTIAL))
            found.append(Run(ident, cast("model.Kind", of_kind), folder, final))
    return found
