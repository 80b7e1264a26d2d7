"""What is in a snapshot: by its sealed manifest, and by restic's listing where there is none.

A listing has no hashes; restic spoils names in it that are no UTF-8, so those are left out of
what can be compared.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from fnmatch import fnmatchcase
from posixpath import normpath

from msptool.backup import manifest, names
from msptool.backup.jobs import Task
from msptool.backup.manifest import Entry
from msptool.backup.repository import answers, locks, restic
from msptool.backup.restore.listing import Listed
from msptool.backup.verdicts import TABLE
from msptool.backup.walk import Kind
from msptool.errors import ToolFailed, UsageError
from msptool.workspace import Workspace

_SPOILT = "\ufffd"
_NEAR = 3


@dataclass(frozen=True)
class Contents:
    """The entries of a snapshot, sorted by path. `sealed`: they are those of its manifest."""

    entries: tuple[Entry, ...]
    sealed: bool


def of(workspace: Workspace, asked: Task, listed: Listed) -> Contents:
    """Return what a snapshot holds; raise ToolFailed where nothing can tell."""
    found = manifest.load(workspace, asked.name, listed.snapshot.id) if listed.seal else None
    if found is not None:  # lost or spoilt: restic can still tell
        return Contents(tuple(entry for entry in found[1] if not entry.unread), sealed=True)
    done, outcome = locks.unlocking(
        asked.access, restic.list_argv(asked.access, listed.snapshot.id)
    )
    if outcome.verdict != "ok":
        raise ToolFailed(
            TABLE[outcome.verdict].code,
            f"snapshot {listed.snapshot.id[:8]} cannot be listed: {outcome.detail}",
            hint=f"msptool backup list {asked.name}",
        )
    nodes = answers.parse_nodes(done.stdout)
    entries = (_entry(node) for node in nodes if node.kind and _SPOILT not in node.path)
    listing = sorted(entries, key=lambda entry: entry.path)
    return Contents(below(listing, listed.roots), sealed=False)  # without the folders above


def _entry(node: answers.Node) -> Entry:
    """Return a node of restic's; where a link led is not told, so nothing of it is judged."""
    kind: Kind = node.kind or "other"
    return Entry(
        path=names.written(node.path),
        kind=kind,
        size_bytes=node.size,
        mode=node.mode & 0o7777,
        mtime_ns=int(node.mtime.timestamp() * 1e9) if node.mtime else 0,
        moved=kind == "link",
    )


def found(contents: Contents, listed: Listed, paths: Sequence[str]) -> tuple[str, ...]:
    """Return paths as people type them as they stand in a snapshot (written form).

    With or without the leading slash, or from one of the folders that were backed up; raise
    UsageError, with the nearest names, for one that is not there.
    """
    there = {entry.path for entry in contents.entries}
    for path in list(there):
        while (path := path.rpartition("/")[0]) and path not in there:
            there.add(path)
    return tuple(dict.fromkeys(_found(path, there, listed) for path in paths))


def _found(path: str, there: set[str], listed: Listed) -> str:
    clean = normpath("/" + path.strip("/"))
    forms = [form for at in ("", *listed.roots) for form in (at + clean, at + names.written(clean))]
    for form in forms:
        if form in there or form == "/":
            return form
    raise UsageError(
        "restore.not-found",
        f"snapshot {listed.snapshot.id[:8]} has no {path}",
        nearest=_nearest(names.written(clean), there),
        hint="msptool backup browse JOB --find NAME looks through all snapshots",
    )


def _nearest(path: str, there: set[str]) -> tuple[str, ...]:
    """Return the same name elsewhere, else names like it in the folder that does exist."""
    name = path.rpartition("/")[2]
    same = sorted(other for other in there if other.rpartition("/")[2] == name)
    if same:
        return tuple(same[:_NEAR])
    beside = {other.rpartition("/")[2]: other for other in sorted(there)}
    return tuple(beside[near] for near in get_close_matches(name, list(beside), _NEAR))


def below(entries: Iterable[Entry], paths: Sequence[str]) -> tuple[Entry, ...]:
    """Return the entries at or below some paths; all without any."""
    if not paths or "/" in paths:
        return tuple(entries)
    wanted = set(paths)
    return tuple(entry for entry in entries if _lies_in(entry.path, wanted))


def _lies_in(path: str, wanted: set[str]) -> bool:
    while path:
        if path in wanted:
            return True
        path = path.rpartition("/")[0]
    return False


@dataclass(frozen=True)
class Child:
    """A name directly in a folder, with all files below it counted. `entry`: None for a folder
    above what was backed up.
    """

    name: str
    path: str
    entry: Entry | None
    files: int
    bytes: int

    @property
    def kind(self) -> Kind:
        """What it is."""
        return self.entry.kind if self.entry else "folder"


def children(entries: Iterable[Entry], folder: str) -> tuple[Child, ...]:
    """Return what lies directly in a folder, or the file itself."""
    inside: dict[str, Child] = {}
    prefix = folder.rstrip("/") + "/"
    for entry in entries:
        if entry.path == folder and entry.kind != "folder":
            return (Child(entry.path.rpartition("/")[2], entry.path, entry, 1, entry.size_bytes),)
        if not entry.path.startswith(prefix):
            continue
        name, _, deeper = entry.path[len(prefix) :].partition("/")
        before = inside.get(name)
        is_file = entry.kind == "file"
        inside[name] = Child(
            name,
            prefix + name,
            entry if not deeper else (before.entry if before else None),
            (before.files if before else 0) + is_file,
            (before.bytes if before else 0) + is_file * entry.size_bytes,
        )
    return tuple(inside[name] for name in sorted(inside))


@dataclass(frozen=True)
class Version:
    """One state of a file: in which snapshots it is seen first and last."""

    entry: Entry
    first: Listed
    last: Listed


def versions(shown: Iterable[tuple[Listed, Contents]], pattern: str) -> tuple[Version, ...]:
    """Return the states of all files whose name (or path, for a pattern with a slash) matches.

    `shown`: the snapshots, oldest first. Two states differ by hash, where there is one, else by
    size and time.
    """
    states: dict[tuple[object, ...], Version] = {}
    whole = "/" in pattern
    for listed, contents in shown:
        for entry in contents.entries:
            name = entry.path if whole else entry.path.rpartition("/")[2]
            if entry.kind == "folder" or not fnmatchcase(name, pattern):
                continue
            state = entry.sha256 or (entry.size_bytes, entry.mtime_ns // 10**9)
            key = (entry.path, entry.target, state)
            first = states[key].first if key in states else listed
            states[key] = Version(entry, first, listed)
    return tuple(sorted(states.values(), key=lambda v: (v.entry.path, v.first.snapshot.time)))
