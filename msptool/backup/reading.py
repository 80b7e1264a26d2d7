"""Read a repository's structure and packs: finds what a restore of the newest snapshot does not
touch. One flipped bit in an old pack passes `restic check`, the next backup and every restore of
"latest"; only `--read-data` finds it.

Up to READ_AT_ONCE_BYTES a repository is read whole. A larger one is read in parts (`n/t`: packs
by the first byte of their id), the next part each time, so that t proofs read every pack. A part
in which damage was found is read again until it is clean: another part's success proves nothing.
"""

import math
import os
from dataclasses import dataclass
from pathlib import Path

from msptool import process
from msptool.backup import locks, names, restic
from msptool.backup.exhibit import Fault
from msptool.backup.restic import Access
from msptool.backup.verdicts import Verdict

READ_AT_ONCE_BYTES = 20 << 30
_MOST_PARTS = 256  # restic draws parts by one byte


@dataclass(frozen=True)
class Reading:
    """What `check` found: the part that was read (`n/t`), broken packs and who needs them."""

    verdict: Verdict
    part: str
    detail: str = ""
    packs: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    said: bytes = b""

    def fault(self) -> Fault | None:
        """Return what is wrong; None if nothing is."""
        if self.verdict == "ok":
            return None
        named = self.files or tuple(f"pack {pack[:8]}" for pack in self.packs)
        return Fault(self.verdict, self.detail, named, len(named))


def next_part(size_bytes: int, previous: str, *, clean: bool) -> str:
    """Return the part to read, after the previous one (`n/t`, "" for none)."""
    parts = min(_MOST_PARTS, max(1, math.ceil(size_bytes / READ_AT_ONCE_BYTES)))
    at, _, of = previous.partition("/")
    known = at.isdecimal() and of.isdecimal()
    if known and not clean:
        return previous
    return f"{int(at) % parts + 1}/{parts}" if known else f"1/{parts}"


def size_bytes(repository: Path) -> int:
    """Return the bytes of a local repository's packs."""
    total = 0
    for folder, _, files in os.walk(repository / "data"):
        for file in files:
            try:
                total += os.lstat(os.path.join(folder, file)).st_size  # noqa: PTH118 - thousands
            except OSError:
                continue
    return total


def read(access: Access, part: str, *, timeout_s: float) -> Reading:
    """Check the structure and read a part of the packs."""
    done, outcome = locks.unlocking(access, restic.check_argv(access, part), timeout_s=timeout_s)
    said = process.redact(done.stdout + done.stderr, access.secrets)
    if outcome.verdict == "ok":
        return Reading("ok", part, said=said)
    packs = restic.parse_packs(done.stdout, done.stderr)
    files = _needing(access, packs) if packs else ()
    return Reading(outcome.verdict, part, outcome.detail, packs, files, said)


def _needing(access: Access, packs: tuple[str, ...]) -> tuple[str, ...]:
    """Return the files of any snapshot that need some packs; none if restic cannot tell."""
    done, outcome = restic.call(access, restic.find_argv(access, packs))
    if outcome.verdict != "ok":
        return ()
    return tuple(names.written(path) for path in restic.parse_found(done.stdout))
