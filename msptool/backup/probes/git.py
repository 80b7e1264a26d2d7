"""git repositories: every object is read and hashed, every ref leads to one (git fsck).

Nothing that the repository says of itself is obeyed: its objects and refs are looked at from a
repository of ours beside it, whose configuration and hooks are our own.
"""

import re
import shutil
from collections.abc import Iterable
from pathlib import Path

from msptool import process
from msptool.backup import words
from msptool.backup.manifest import Entry
from msptool.backup.probes.cell import Limits, Told
from msptool.backup.probes.kinds import PROBES, Probe, Subject
from msptool.errors import ToolMissing

NAME = "git"
_LIMIT_S = 1800.0
_SHA256 = re.compile(rb"^\s*objectformat\s*=\s*sha256\s*$", re.IGNORECASE | re.MULTILINE)
_REFTABLE = re.compile(rb"^\s*refstorage\s*=", re.IGNORECASE | re.MULTILINE)
_HARMLESS = re.compile(
    rb"notice: |warning: |dangling |error: refs/remotes/[^:]+/HEAD: invalid sha1 pointer 0+$"
)
_OF_REFS = (2, 8, 10)  # the bits of git-fsck's exit code for what refs lead to, and for refs
_BORROWED = ("objects/info/alternates", "objects/info/http-alternates", "commondir")


def repositories(entries: Iterable[Entry]) -> dict[str, int]:
    """Return the folders (written form) that are git repositories, with the bytes below them."""
    known = {entry.path: entry for entry in entries}
    found = {
        path.removesuffix("/HEAD"): 0
        for path in known
        if path.endswith("/HEAD") and _is_folder(known, path.removesuffix("HEAD") + "objects")
        and _is_folder(known, path.removesuffix("HEAD") + "refs")
    }  # fmt: skip
    for entry in known.values() if found else ():
        for folder in found:
            if entry.path.startswith(folder + "/"):
                found[folder] += entry.size_bytes
    return found


def _is_folder(known: dict[str, Entry], path: str) -> bool:
    return path in known and known[path].kind == "folder"


def look(subject: Subject) -> Told:
    """Run git fsck on a repository's objects and refs."""
    theirs, ours = subject.path, subject.scratch / "repository"
    if any((theirs / name).exists() for name in _BORROWED) or _is_partial(theirs):
        return Told("could-not-run", words.GIT_BORROWS)
    settings = _read(theirs / "config")
    if _REFTABLE.search(settings):
        return Told("could-not-run", words.GIT_UNKNOWN)
    _mirror(theirs, ours, settings)
    try:
        git = process.find("git")
    except ToolMissing as missing:
        return Told("could-not-run", words.GIT_MISSING, missing.message)
    done = process.run(
        [git, "--git-dir", str(ours), "fsck", "--full", "--no-dangling", "--no-progress"],
        timeout_s=subject.limits.wall_s - 5,
        env={"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null"},
        cwd=subject.scratch,
    )
    if done.timed_out:
        return Told("could-not-run", words.NO_TIME)
    wrong = damage(done.stdout + done.stderr)
    if done.ok or (done.returncode in _OF_REFS and not wrong):
        return Told("ok")
    return Told("bad-content", words.GIT_BROKEN, wrong or done.complaint())


def damage(said: bytes) -> str:
    """Return the first line of git fsck that tells of damage; "" if none does. Pure.

    A remote's HEAD that leads to a branch which was renamed there is none: every clone has it.
    """
    lines = (line for line in said.splitlines() if line.strip())
    bad = (line for line in lines if not _HARMLESS.match(line))
    return next(bad, b"").decode(errors="replace")


def _is_partial(theirs: Path) -> bool:
    """Tell a partial clone: what it lacks is promised by a server."""
    return any((theirs / "objects" / "pack").glob("*.promisor"))


def _mirror(theirs: Path, ours: Path, settings: bytes) -> None:
    """Make a bare repository of ours that shows their objects and refs."""
    ours.mkdir()
    for name in ("objects", "refs"):
        (ours / name).symlink_to(theirs / name)
    for name in ("HEAD", "packed-refs", "shallow"):
        if (theirs / name).is_file():
            shutil.copyfile(theirs / name, ours / name)
    sha256 = bool(_SHA256.search(settings))
    (ours / "config").write_text(
        f"[core]\nrepositoryformatversion = {int(sha256)}\nbare = true\n"
        + ("[extensions]\nobjectformat = sha256\n" if sha256 else "")
    )


def _read(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""


def limits(size_bytes: int) -> Limits:
    """Allow for 2 MB/s of objects, and for delta chains of large files in memory."""
    seconds = 60 + size_bytes / 2e6
    return Limits(
        wall_s=min(seconds, _LIMIT_S), cpu_s=int(seconds) * 2, memory_bytes=4 << 30, processes=32
    )


PROBES.add(NAME)(Probe(30, lambda _candidate: False, look))
