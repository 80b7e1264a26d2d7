"""restic: what it is told (pure), what it answers (pure), and the thin call between.

Tried with 0.14.0, 0.18.0 and 0.19.1. `check`, `restore` and `init` know `--json` only since 0.18,
0.16 and 0.15; older ones pass it over and speak plain text, so both are read.
"""

import re
import signal
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from urllib.parse import unquote, urlsplit

import msgspec

from msptool import process
from msptool.backup import names
from msptool.backup import words as own
from msptool.backup.repository import started
from msptool.backup.repository.outcome import Outcome, classify, hopeless, told
from msptool.backup.walk import Kind
from msptool.errors import ToolMissing
from msptool.model import Instant
from msptool.process import Done, SecretFile, Word

T = TypeVar("T")

MINIMUM = (0, 14, 0)
SHORT_S = 300.0  # 0.14 tries a lost file for some 40 s before it gives up
KNOCK_S = 60.0
# --json makes it report 60 times a second, which fills any buffer in a night; RESTIC_* of our
# own environment never reach it (process.environment).
ENV = {"RESTIC_PROGRESS_FPS": "1"}


@dataclass(frozen=True)
class Tool:
    """The restic that is installed."""

    program: str
    version: str


@dataclass(frozen=True)
class Access:
    """A repository and what opens it. `cache`: None reads everything from the repository.

    `location`: a secret where it holds one (a REST server's user and password). `options`: what
    restic needs to reach it, before any verb's own. `book`: where what we start is written down.
    """

    tool: Tool
    location: Word
    password: SecretFile
    cache: Path | None = None
    options: tuple[str, ...] = ()
    book: Path | None = None

    @property
    def folder(self) -> Path | None:
        """Where a local repository lies; None for a remote one."""
        local = isinstance(self.location, str) and self.location.startswith("/")
        return Path(str(self.location)) if local else None

    @property
    def place(self) -> str:
        """Where it lies, without user and password: what tells it from another."""
        if isinstance(self.location, str):
            return self.location
        scheme, _, rest = self.location.text.partition("://")
        return f"{scheme}://{rest.rpartition('@')[2]}"

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must be blanked in whatever restic says."""
        return _secrets((self.password, self.location))


def _secrets(words: Iterable[Word]) -> tuple[str, ...]:
    """Return the secrets among some words; of a URL its password too, as it is and quoted."""
    found = [word.text for word in words if isinstance(word, SecretFile)]
    quoted = [urlsplit(text[5:]).password or "" for text in found if text.startswith("rest:http")]
    return (*found, *quoted, *map(unquote, quoted))


def find() -> Tool:
    """Return the installed restic; raise ToolMissing if there is none or it is too old."""
    program = process.find("restic")
    done = process.run([program, "version"], timeout_s=30)
    version = parse_version(done.stdout)
    if version is None or version < MINIMUM:
        wanted = ".".join(map(str, MINIMUM[:2]))
        shown = ".".join(map(str, version)) if version else "of an unknown version"
        raise ToolMissing(
            "tool.old",
            f"{program} is {shown}; msptool needs {wanted} or newer",
            hint="apt install restic; then: msptool doctor",
        )
    return Tool(program, ".".join(map(str, version)))


def parse_version(stdout: bytes) -> tuple[int, ...] | None:
    """Return the version that `restic version` tells."""
    found = re.match(rb"restic (\d+)\.(\d+)\.(\d+)", stdout)
    return tuple(int(part) for part in found.groups()) if found else None


# What restic is told.


def argv(access: Access, verb: str, *flags: str, operands: Iterable[str] = ()) -> list[Word]:
    """Return the words of a call. Operands stand after `--`: none can become an option."""
    cache = f"--cache-dir={access.cache}" if access.cache else "--no-cache"
    where: list[Word] = (
        [f"--repo={access.location}"]
        if isinstance(access.location, str)
        else ["--repository-file", access.location]
    )
    head: list[Word] = [access.tool.program, verb, *where, cache, "--json", *access.options]
    return [*head, "--password-file", access.password, *flags, "--", *operands]


def backup_argv(
    access: Access,
    paths: Iterable[str],
    excludes: Iterable[str],
    tags: Iterable[str],
    *flags: str,
) -> list[Word]:
    """Return the call that makes a snapshot of absolute paths."""
    chosen = [f"--exclude={pattern}" for pattern in excludes] + [f"--tag={tag}" for tag in tags]
    return argv(access, "backup", *chosen, *flags, operands=paths)


def stdin_argv(access: Access, path: str, tags: Iterable[str], *flags: str) -> list[Word]:
    """Return the call that makes a snapshot of its input, as a file of this absolute path."""
    return backup_argv(access, (), (), tags, "--stdin", f"--stdin-filename={path}", *flags)


def restore_argv(
    access: Access, snapshot: str, target: Path, includes: Iterable[str] = ()
) -> list[Word]:
    """Return the call that restores a snapshot, or what some patterns take of it, below a folder.

    Later patterns outweigh earlier ones; `!` takes out.
    """
    flags = [f"--include={pattern}" for pattern in includes]
    return argv(access, "restore", f"--target={target}", *flags, operands=[snapshot])


def list_argv(access: Access, snapshot: str) -> list[Word]:
    """Return the call that lists a whole snapshot."""
    return argv(access, "ls", operands=[snapshot])


def check_argv(access: Access, part: str) -> list[Word]:
    """Return the call that reads all packs, or the n-th of t parts of them (`n/t`)."""
    whole = part in ("", "1/1")
    return argv(access, "check", "--read-data" if whole else f"--read-data-subset={part}")


def dump_argv(access: Access, snapshot: str, path: str) -> list[Word]:
    """Return the call that writes a folder as a tar, or a file as it is, to stdout."""
    return argv(access, "dump", "--archive=tar", operands=[snapshot, path])


def size_argv(access: Access, snapshot: str) -> list[Word]:
    """Return the call that tells how much a restore will write."""
    return argv(access, "stats", "--mode=restore-size", operands=[snapshot])


def raw_size_argv(access: Access) -> list[Word]:
    """Return the call that tells how much all snapshots take in the repository."""
    return argv(access, "stats", "--mode=raw-data")


def find_argv(access: Access, packs: Iterable[str]) -> list[Word]:
    """Return the call that tells which files need some packs."""
    return argv(access, "find", "--pack", operands=packs)


def holders_argv(access: Access, patterns: Iterable[str]) -> list[Word]:
    """Return the call that tells which snapshots hold what some patterns take."""
    return argv(access, "find", operands=patterns)


def packs_argv(access: Access) -> list[Word]:
    """Return the call that lists all packs."""
    return argv(access, "list", operands=["packs"])


def locks_argv(access: Access) -> list[Word]:
    """Return the call that lists the ids of locks."""
    return argv(access, "list", "--no-lock", operands=["locks"])


def lock_argv(access: Access, ident: str) -> list[Word]:
    """Return the call that tells whose a lock is."""
    return argv(access, "cat", "--no-lock", operands=["lock", ident])


def config_argv(access: Access) -> list[Word]:
    """Return the call that reads the least that opens a repository."""
    return argv(access, "cat", "--no-lock", operands=["config"])


def forget_argv(access: Access, snapshots: Iterable[str]) -> list[Word]:
    """Return the call that removes these snapshots and no others."""
    return argv(access, "forget", operands=snapshots)


def prune_argv(access: Access) -> list[Word]:
    """Return the call that removes the data that no snapshot needs."""
    return argv(access, "prune")


# What restic answers.


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


# The call.


def call(
    access: Access,
    words: list[Word],
    *,
    timeout_s: float = SHORT_S,
    stdin: bytes = b"",
    on_line: Callable[[bytes], None] | None = None,
    cwd: Path | None = None,
    on_data: Callable[[bytes], None] | None = None,
) -> tuple[Done, Outcome]:
    """Run restic to its end and return how it ended. Ctrl-C reaches it as SIGINT, on which it
    takes its lock away (0.14 leaves it on SIGTERM).

    What it said is read before the password is blanked in it: the password may be a word of it.
    """
    with started.recorded(access.book, started.digest(access.place)) as record:
        done = process.run(
            words,
            timeout_s=timeout_s,
            stdin=stdin,
            env=ENV,
            on_line=on_line,
            on_data=on_data,
            give_up=hopeless,
            cwd=cwd,
            on_start=record.started,
            stop_with=signal.SIGINT,
            blank_secrets=False,
        )
        record.ended(done)
    outcome = ended(access, done)
    if done.timed_out and access.folder is None and outcome.verdict == "could-not-run":
        outcome = _silent(access, outcome, timeout_s)
    return done, outcome


def _silent(access: Access, outcome: Outcome, timeout_s: float) -> Outcome:
    """Tell a server that hangs from work that takes long: a REST server that accepts and never
    answers keeps 0.14 waiting for ever, newer ones for 5 minutes a try.
    """
    if timeout_s <= SHORT_S:
        return Outcome("storage-unreachable", own.NO_STORAGE)
    knocked = knock(access)
    return knocked if knocked.verdict == "storage-unreachable" else outcome


def knock(access: Access) -> Outcome:
    """Ask a remote repository for a sign of life, before something long; a folder needs none."""
    if access.folder is not None:
        return Outcome("ok")
    return call(access, config_argv(access), timeout_s=KNOCK_S)[1]


def ended(access: Access, done: Done) -> Outcome:
    """Return how restic ended, its secrets blanked."""
    outcome = classify(done)
    detail = process.redact(outcome.detail.encode(), access.secrets).decode()
    return Outcome(outcome.verdict, detail)


def blanked(access: Access, done: Done) -> bytes:
    """Return what restic said, to be kept: what opens the repository is blanked in it."""
    return process.redact(done.stdout + done.stderr, access.secrets)
