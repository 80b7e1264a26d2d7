"""restic: what it is told (pure), and the thin call. Tried with 0.14.0, 0.18.0 and 0.19.1."""

import re
import signal
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from urllib.parse import unquote, urlsplit

from msptool import process
from msptool.backup import words as own
from msptool.backup.repository import started
from msptool.backup.repository.outcome import Outcome, classify, hopeless
from msptool.errors import ToolMissing
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
