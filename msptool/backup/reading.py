"""Read a repository's structure and packs: finds what a restore of the newest snapshot does not
touch. One flipped bit in an old pack passes `restic check`, the next backup and every restore of
"latest"; only `--read-data` finds it.

Up to READ_AT_ONCE_BYTES a repository is read whole. A larger one is read in parts (`n/t`: packs
by the first byte of their id), the next part each time, so that t proofs read every pack. A part
in which damage was found is read again until it is clean: another part's success proves nothing.
"""

import math
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from msptool import process
from msptool.backup import locks, names, restic
from msptool.backup.exhibit import Fault
from msptool.backup.restic import Access
from msptool.backup.verdicts import Verdict, sort_of
from msptool.process import Word

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


def size_bytes(access: Access) -> int:
    """Return the bytes of a repository's packs: of a local one as they lie there; of a remote one
    as restic adds up what its snapshots need, 0 where it cannot tell.
    """
    if access.folder is not None:
        return sum(_pack_sizes(access.folder))
    done, outcome = locks.unlocking(access, restic.raw_size_argv(access))
    told = restic.parse_size(done.stdout) if outcome.verdict == "ok" else None
    return told.total_size if told else 0


def has_packs(access: Access) -> bool:
    """Tell a repository that lost its config from a place that never was one; of a remote place
    nobody can tell.
    """
    return access.folder is not None and any(_pack_sizes(access.folder))


def _pack_sizes(folder: Path) -> Iterator[int]:
    for at, _, files in os.walk(folder / "data"):
        for file in files:
            with suppress(OSError):
                yield os.lstat(os.path.join(at, file)).st_size  # noqa: PTH118 - thousands


def structure(access: Access, *, timeout_s: float) -> Reading:
    """Check the structure alone."""
    return _checked(access, restic.argv(access, "check"), "", timeout_s)


def read(access: Access, part: str, *, timeout_s: float) -> Reading:
    """Check the structure and read a part of the packs."""
    return _checked(access, restic.check_argv(access, part), part, timeout_s)


def _checked(access: Access, words: list[Word], part: str, timeout_s: float) -> Reading:
    done, outcome = locks.unlocking(access, words, timeout_s=timeout_s)
    said = process.redact(done.stdout + done.stderr, access.secrets)
    if outcome.verdict == "ok":
        return Reading("ok", part, said=said)
    # 0.14 also says of a pack that it could not fetch that it is in error.
    blind = sort_of(outcome.verdict) == "blind"
    packs = () if blind else restic.parse_packs(done.stdout, done.stderr)
    files = _needing(access, packs) if packs else ()
    return Reading(outcome.verdict, part, outcome.detail, packs, files, said)


def _needing(access: Access, packs: tuple[str, ...]) -> tuple[str, ...]:
    """Return the files of any snapshot that need some packs; none if restic cannot tell."""
    done, outcome = restic.call(access, restic.find_argv(access, packs))
    if outcome.verdict != "ok":
        return ()
    return tuple(names.written(path) for path in restic.parse_found(done.stdout))
