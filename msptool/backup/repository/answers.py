"""What restic answers: its words as records. Pure.

`check`, `restore` and `init` know `--json` only since 0.18, 0.16 and 0.15; older ones speak plain
text, so both are read.
"""

import re
from collections.abc import Mapping
from typing import TypeVar

import msgspec

from msptool.backup import names
from msptool.backup.repository.outcome import told
from msptool.backup.walk import Kind
from msptool.model import Instant

T = TypeVar("T")


class Summary(msgspec.Struct, frozen=True):
    """The last line of `backup --json`; `snapshot_id` has 8 digits before 0.15."""

    message_type: str
    snapshot_id: str = ""
    total_files_processed: int = 0
    total_bytes_processed: int = 0
    data_added: int = 0
    data_added_packed: int | None = None

    @property
    def added_bytes(self) -> int:
        """What the repository grew by; before 0.15 only known before compression."""
        return self.data_added if self.data_added_packed is None else self.data_added_packed


class Status(msgspec.Struct, frozen=True):
    """A line of progress of `backup --json` and, since 0.16, of `restore --json`."""

    message_type: str
    total_bytes: int = 0
    bytes_done: int = 0
    bytes_restored: int = 0
    seconds_remaining: float = 0


class Made(msgspec.Struct, frozen=True):
    """What restic itself wrote into a snapshot of how it was made (since 0.17).

    `backup_start` is of the machine's clock, also where `--time` claimed another.
    """

    backup_start: Instant
    backup_end: Instant
    files_new: int = 0
    files_changed: int = 0
    files_unmodified: int = 0
    data_added: int = 0
    data_added_packed: int = 0
    total_files_processed: int = 0
    total_bytes_processed: int = 0


class Snapshot(msgspec.Struct, frozen=True):
    """A snapshot as `snapshots --json` tells it. `original`: the id that it had before restic
    copied, tagged or rewrote it.
    """

    id: str
    time: Instant
    paths: tuple[str, ...] = ()
    tags: tuple[str, ...] | None = None
    excludes: tuple[str, ...] | None = None
    hostname: str = ""
    username: str = ""
    tree: str = ""
    parent: str = ""
    original: str = ""
    program_version: str = ""
    summary: Made | None = None


class Size(msgspec.Struct, frozen=True):
    """What a restore will write, as `stats` counts it."""

    total_size: int
    total_file_count: int = 0


_KINDS: Mapping[str, Kind] = {
    "file": "file", "dir": "folder", "symlink": "link", "fifo": "other", "dev": "other",
    "chardev": "other",
}  # fmt: skip


class Node(msgspec.Struct, frozen=True):
    """A line of `ls --json`; the first one is the snapshot's and has no path."""

    type: str = ""
    path: str = ""
    size: int = 0
    mode: int = 0
    mtime: Instant | None = None

    @property
    def kind(self) -> Kind | None:
        """What it is; None for what is no name, and for a socket."""
        return _KINDS.get(self.type) if self.path else None


class Hit(msgspec.Struct, frozen=True):
    """A path in a snapshot (full id) that `find` tells of."""

    path: str = ""
    snapshot: str = ""


class _Held(msgspec.Struct, frozen=True):
    matches: tuple[Hit, ...] = ()
    snapshot: str = ""


class _Problem(msgspec.Struct, frozen=True):
    message_type: str = ""
    item: str = ""
    message: str = ""
    error: dict[str, object] = {}


class _Checked(msgspec.Struct, frozen=True):
    broken_packs: tuple[str, ...] | None = None


def parse_summary(stdout: bytes) -> Summary | None:
    """Return the summary that ends `backup --json`; None if it was cut."""
    for line in reversed(stdout.splitlines()):
        found = _decoded(line, Summary)
        if found is not None and found.message_type == "summary":
            return found
    return None


def parse_status(line: bytes) -> Status | None:
    """Return a line of progress; None for any other line."""
    found = _decoded(line, Status)
    return found if found is not None and found.message_type == "status" else None


def parse_snapshots(stdout: bytes) -> tuple[Snapshot, ...]:
    """Return all snapshots, oldest first; raise msgspec.DecodeError for anything else."""
    decoded = msgspec.json.decode(stdout, type=tuple[Snapshot, ...] | None)
    return tuple(sorted(decoded or (), key=lambda snapshot: snapshot.time))


class Lock(msgspec.Struct, frozen=True):
    """A lock as `cat lock` tells it."""

    time: Instant
    hostname: str = ""
    username: str = ""
    pid: int = 0
    exclusive: bool = False


def parse_ids(stdout: bytes) -> tuple[str, ...]:
    """Return the ids that `list` tells, one a line."""
    return tuple(re.findall(r"^[0-9a-f]{64}$", stdout.decode(errors="replace"), re.MULTILINE))


def parse_lock(stdout: bytes) -> Lock | None:
    """Return what `cat lock` tells; None if it told something else."""
    return _decoded(stdout.strip(), Lock)


def parse_unreadable(stderr: bytes) -> tuple[str, ...]:
    """Return the ids (8 digits or more) of snapshots that could not be read.

    `snapshots` says 0 and leaves them out.
    """
    found = re.findall(r"load snapshot ([0-9a-f]{8,64})", told(stderr))
    return tuple(dict.fromkeys(found))


def parse_size(stdout: bytes) -> Size | None:
    """Return what a restore will write, if restic could tell."""
    return _decoded(stdout.strip(), Size)


def parse_nodes(stdout: bytes) -> tuple[Node, ...]:
    """Return what `ls` lists."""
    lines = (_decoded(line, Node) for line in stdout.splitlines())
    return tuple(node for node in lines if node is not None)


def parse_problems(stderr: bytes) -> dict[str, str]:
    """Return what restic complained of by item, of `backup` and `restore`.

    Names that are no UTF-8 come as they are from plain text, and spoilt (U+FFFD) from JSON.
    """
    found: dict[str, str] = {}
    for line in stderr.splitlines():
        problem = _decoded(line, _Problem)
        if problem is not None and problem.item:
            found.setdefault(problem.item, str(problem.error.get("message", problem.message)))
    pattern = rb"^(?:ignoring error for|error:) (/.*?): (.*)$"
    for item, message in re.findall(pattern, stderr, re.MULTILINE):
        found.setdefault(names.text(item), message.decode(errors="replace"))
    return found


def parse_packs(stdout: bytes, stderr: bytes) -> tuple[str, ...]:
    """Return the ids of packs that `check --read-data` found broken."""
    packs: list[str] = []
    for line in stdout.splitlines():
        checked = _decoded(line, _Checked)
        packs += (checked.broken_packs or ()) if checked else ()
    pattern = r"(?:Pack ID does not match, want|[Pp]ack) ([0-9a-f]{64})"
    packs += re.findall(pattern, told(stderr))
    return tuple(dict.fromkeys(packs))


def parse_found(stdout: bytes) -> tuple[Hit, ...]:
    """Return the paths that `find --pack` tells, each once for each snapshot."""
    hits = _decoded(stdout.strip(), tuple[Hit, ...]) or ()
    return tuple(dict.fromkeys(hit for hit in hits if hit.path))


def parse_holders(stdout: bytes) -> tuple[Hit, ...]:
    """Return the paths that `find` tells, each once for each snapshot."""
    held = _decoded(stdout.strip(), tuple[_Held, ...]) or ()
    hits = (Hit(match.path, one.snapshot) for one in held for match in one.matches)
    return tuple(dict.fromkeys(hits))


def parse_pack_list(stdout: bytes) -> frozenset[str]:
    """Return the ids that `list packs` tells; newer versions say each in JSON or quoted."""
    return frozenset(re.findall(r"\b[0-9a-f]{64}\b", told(stdout)))


def _decoded(data: bytes, kind: type[T]) -> T | None:
    try:
        return msgspec.json.decode(data, type=kind)
    except msgspec.DecodeError:
        return None
