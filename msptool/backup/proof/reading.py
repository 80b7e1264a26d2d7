"""Read a repository's structure and packs: finds what a restore of the newest snapshot does not
touch. One flipped bit in an old pack passes `restic check`, the next backup and every restore of
"latest"; only `--read-data` finds it.

A repository is read in parts (`n/t`: packs by the first byte of their id), those first that were
read longest ago, as many as it takes to read every pack within the agreed days; a small one is
read whole. A part in which damage was found is read again until it is clean: another part's
success proves nothing. Where packs are broken, restic tells which files of which snapshots need
them, and so which snapshot has the last good copy of each.
"""

import math
import os
import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from msptool import process
from msptool.backup import names
from msptool.backup import words as own
from msptool.backup.exhibit import Fault
from msptool.backup.proof import sample
from msptool.backup.proof.coverage import PackStanding, Reads, in_part
from msptool.backup.repository import answers, locks, restic
from msptool.backup.repository.answers import Hit
from msptool.backup.repository.restic import Access
from msptool.backup.verdicts import Verdict, sort_of, worst
from msptool.process import Word

READ_AT_ONCE_BYTES = 20 << 30
_MOST_TRACED = 200  # files; restic holds each name against each
_SLACK_DAYS = 0.1  # a daily run does not start by the second
_NEVER = datetime.min.replace(tzinfo=UTC)
_PACK = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Reading:
    """What `check` found: the part that was read (`n/t`), broken packs and who needs them.

    `last_good`: by file, the newest snapshot that has it from other packs; a file of `files` that
    is not there has no good copy, or restic could not tell. `needing`: the same files by snapshot.
    `standing`: how many packs were read by now; None where none were to be read.
    """

    verdict: Verdict
    part: str
    detail: str = ""
    packs: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    said: bytes = b""
    last_good: Mapping[str, str] = field(default_factory=dict)
    needing: tuple[Hit, ...] = ()
    standing: PackStanding | None = None

    @property
    def read(self) -> bool:
        """Whether the packs of the part were really read, whatever was found in them."""
        return bool(self.part) and (self.verdict == "ok" or bool(self.packs))

    def fault(self) -> Fault | None:
        """Return what is wrong; None if nothing is."""
        if self.verdict == "ok":
            return None
        named = self.files or tuple(f"pack {pack[:8]}" for pack in self.packs)
        return Fault(self.verdict, self.detail, named, len(named), good=self.last_good)

    def fault_of(self, snapshots: Container[str]) -> Fault | None:
        """Return that some snapshots need what is broken; None if none does."""
        files = {names.written(hit.path) for hit in self.needing if hit.snapshot in snapshots}
        named = tuple(sorted(files))
        return (
            Fault("damaged", own.PACKS_BROKEN, named, len(named), good=self.last_good)
            if named
            else None
        )


def size_bytes(access: Access) -> int:
    """Return the bytes of a repository's packs: of a local one as they lie there; of a remote one
    as restic adds up what its snapshots need, 0 where it cannot tell.
    """
    if access.folder is not None:
        return sum(_pack_sizes(access.folder))
    done, outcome = locks.unlocking(access, restic.raw_size_argv(access))
    told = answers.parse_size(done.stdout) if outcome.verdict == "ok" else None
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
    packs = () if blind else answers.parse_packs(done.stdout, done.stderr)
    hits = _needing(access, packs) if packs else ()
    files = tuple(dict.fromkeys(names.written(hit.path) for hit in hits))
    good = _last_good(access, hits) if hits else {}
    return Reading(outcome.verdict, part, outcome.detail, packs, files, said, good, hits)


def _needing(access: Access, packs: tuple[str, ...]) -> tuple[Hit, ...]:
    """Return the files of any snapshot that need some packs; none if restic cannot tell."""
    done, outcome = restic.call(access, restic.find_argv(access, packs))
    return answers.parse_found(done.stdout) if outcome.verdict == "ok" else ()


def _last_good(access: Access, hits: Sequence[Hit]) -> dict[str, str]:
    """Ask which snapshots hold the files too; the first _MOST_TRACED only."""
    paths = list(dict.fromkeys(hit.path for hit in hits))[:_MOST_TRACED]
    words = restic.holders_argv(access, (sample.escaped(path) for path in paths))
    held, outcome = restic.call(access, words)
    listed, also = restic.call(access, restic.argv(access, "snapshots"))
    if outcome.verdict != "ok" or also.verdict != "ok":
        return {}
    order = [snapshot.id for snapshot in answers.parse_snapshots(listed.stdout)]
    return last_good(hits, answers.parse_holders(held.stdout), order)


def last_good(needing: Iterable[Hit], held: Iterable[Hit], order: Sequence[str]) -> dict[str, str]:
    """Return the newest snapshot that holds each path (written form) without needing what is
    broken. `order`: all snapshots, oldest first.
    """
    at = {snapshot: number for number, snapshot in enumerate(order)}
    asked = {hit.path for hit in needing}
    sound = {hit for hit in held if hit.path in asked and hit.snapshot in at}
    sound -= set(needing)
    newest = sorted(sound, key=lambda hit: at[hit.snapshot])
    return {names.written(hit.path): hit.snapshot for hit in newest}


def merged(readings: Sequence[Reading]) -> Reading:
    """Return several parts' readings as one, under the gravest verdict."""
    if len(readings) == 1:
        return readings[0]
    gravest = worst(reading.verdict for reading in readings)
    return Reading(
        gravest,
        ", ".join(reading.part for reading in readings),
        next((r.detail for r in readings if r.verdict == gravest), ""),
        tuple(dict.fromkeys(pack for r in readings for pack in r.packs)),
        tuple(dict.fromkeys(file for r in readings for file in r.files)),
        b"".join(reading.said for reading in readings),
        {path: snapshot for r in readings for path, snapshot in r.last_good.items()},
        tuple(hit for r in readings for hit in r.needing),
    )


# Which parts are due.


def due(known: Reads, now: datetime, *, days: int, small: bool) -> tuple[str, ...]:
    """Return the parts to read now, so that every pack is read within some days (1 to 256).

    At least one: the oldest; more where runs were missed, by the time since the last reading;
    all at once (`1/1`) where that is more than half, or the repository is `small`.
    """
    if small:
        return ("1/1",)
    times = [known.part_at(number, days) for number in range(1, days + 1)]
    newest = max((at for at in known.at if at is not None), default=None)
    gap_days = (now - newest) / timedelta(days=1) if newest else 1.0
    again = {number for number in range(1, days + 1) if _is_broken(known, f"{number}/{days}")}
    order = sorted(range(1, days + 1), key=lambda n: (n not in again, times[n - 1] or _NEVER))
    wanted = max(1, math.ceil(gap_days - _SLACK_DAYS), len(again))
    late = now - timedelta(days=max(0.0, days - gap_days))
    wanted = max(wanted, sum(at is not None and at < late for at in times))
    if wanted > days / 2:
        return ("1/1",)
    return tuple(f"{number}/{days}" for number in order[:wanted])


def _is_broken(known: Reads, part: str) -> bool:
    return any(in_part(pack, part) for pack in known.broken)


def packs(access: Access) -> frozenset[str]:
    """Return the ids of all packs; those of a folder of this machine without asking restic, which
    would open the repository for it (half a second). None where restic cannot tell.
    """
    if access.folder is not None:
        return packs_in(access.folder)
    done, outcome = restic.call(access, restic.packs_argv(access))
    return answers.parse_pack_list(done.stdout) if outcome.verdict == "ok" else frozenset()


def packs_in(folder: Path) -> frozenset[str]:
    """Return the ids of the packs in a local repository's folder."""
    found = (name for _, _, files in os.walk(folder / "data") for name in files)
    return frozenset(name for name in found if _PACK.fullmatch(name))
