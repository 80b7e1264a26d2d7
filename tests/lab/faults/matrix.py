"""The matrix: each fault, what it is rightly called, and what we and the others say of it."""

import random
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from msptool.backup import verdicts
from msptool.backup.trouble import tried
from tests.lab.faults import content, repository
from tests.lab.faults.stage import Said, Stage

Kind = Literal["repository", "content"]


@dataclass(frozen=True)
class Fault:
    """One fault. `right`: what may be called of it, verdicts or check ids; ok where all is well.

    `group`: its row in the table.
    """

    name: str
    group: str
    right: frozenset[str]
    inject: Callable[[Stage, random.Random], None]
    kind: Kind = "repository"


def _fault(
    group: str, name: str, right: str, inject: Callable[[Stage, random.Random], None]
) -> Fault:
    kind: Kind = "content" if group == "bad content" else "repository"
    return Fault(name, group, frozenset(right.split()), inject, kind)


_DATA, _PACK = "bits of a data pack", "data pack as a whole"
_META, _ONLY = "tree, index, snapshot", "only snapshots deleted"
_KEYS, _WAY = "key, config", "lock, password, place"
_BAD = "bad content"
_DUMP = "files/data/shop.dump"
FAULTS = (
    _fault("none", "none", "ok", repository.nothing),
    _fault(_DATA, "data bit flipped", "damaged", repository.flipped("data")),
    _fault(_DATA, "data 4 KB zeroed", "damaged", repository.zeroed),
    _fault(_PACK, "data pack deleted", "damaged", repository.deleted("data")),
    _fault(_PACK, "data pack cut", "damaged", repository.cut("data")),
    _fault(_PACK, "data packs swapped", "damaged", repository.swapped),
    _fault(_META, "tree bit flipped", "not-restorable", repository.flipped("tree")),
    _fault(_META, "tree pack deleted", "not-restorable", repository.deleted("tree")),
    _fault(_META, "tree pack cut", "not-restorable", repository.cut("tree")),
    _fault(_META, "index damaged", "not-restorable", repository.spoilt("index")),
    _fault(_META, "index lost", "not-restorable", repository.lost("index")),
    _fault(_META, "snapshot damaged", "not-restorable", repository.spoilt("snapshots")),
    _fault(_META, "snapshot lost", "not-restorable", repository.lost("snapshots")),
    _fault(_ONLY, "all snapshots deleted", "not-restorable", repository.no_snapshot),
    _fault(_ONLY, "older snapshot deleted", "BKP-020", repository.older_snapshot),
    _fault(_KEYS, "key damaged", "not-restorable", repository.spoilt("keys")),
    _fault(_KEYS, "key lost", "not-restorable", repository.lost("keys")),
    _fault(_KEYS, "config damaged", "not-restorable", repository.spoilt("config")),
    _fault(_KEYS, "config lost", "not-restorable", repository.lost("config")),
    _fault(_WAY, "dead lock of ours", "ok", repository.dead_lock),
    _fault(_WAY, "lock of another machine", "locked", repository.foreign_lock),
    _fault(_WAY, "wrong password", "wrong-password", repository.wrong_password),
    _fault(_WAY, "repository gone", "repository-missing", repository.gone),
    _fault(_BAD, "dump cut early", "bad-content", content.cut(_DUMP, 0.2, 0.8)),
    _fault(_BAD, "dump cut late", "bad-content", content.cut(_DUMP, 0.95, 0.999)),
    _fault(_BAD, "SQL cut at a row", "bad-content", content.sql_at_a_row),
    _fault(_BAD, "SQL without indexes", "bad-content", content.sql_without_indexes),
    _fault(_BAD, "dump of an empty schema", "bad-content", content.empty_schema),
    _fault(_BAD, "dump of 0 bytes", "bad-content", content.zero_bytes),
    _fault(_BAD, "SQLite torn", "bad-content", content.torn),
    _fault(_BAD, "SQLite cut", "bad-content", content.cut("files/data/app.sqlite", 0.3, 0.95)),
    _fault(_BAD, "zip cut", "bad-content", content.cut("files/archives/site.zip", 0.3, 0.99)),
    _fault(_BAD, "gzip cut", "bad-content", content.cut("files/archives/mail.log.gz", 0.3, 0.99)),
    _fault(_BAD, "share encrypted", "bad-content", content.encrypted),
    _fault(_BAD, "share excluded", "absent incomplete-source BKP-011", content.excluded),
    _fault(_BAD, "share not mounted", "incomplete-source BKP-011", content.empty_mount),
)


@dataclass(frozen=True)
class Ours:
    """What our own verbs came to: the gravest verdict, and all that was found."""

    code: int
    verdict: str
    found: frozenset[str]
    text: str

    def right(self, fault: Fault) -> bool:
        """Whether it was called what it is."""
        if "ok" in fault.right:
            return self.code == 0
        return self.code != 0 and bool(fault.right & {self.verdict, *self.found})


def ours(stage: Stage, words: Sequence[str], made: Said | None) -> Ours:
    """Verify, and read what was recorded of that, and of the backup that was `made` before."""
    ends = [*([made] if made else []), stage.msptool("verify", *words)]
    reports = [stage.site.report(kind) for kind in ("backup", "restore")[-len(ends) :]]
    told = [verdict for report in reports for _, verdict in tried(report).values()]
    found = frozenset(finding.check for report in reports for finding in report.findings)
    code = max((end.code for end in ends), key=abs)
    return Ours(code, verdicts.worst(told), found, "".join(end.text for end in ends))


@dataclass(frozen=True)
class Other:
    """Another way to look at a backup. It has found a fault where it does not end with 0."""

    name: str
    call: Callable[[Stage, Path], Said]


def _restored(*words: str) -> Callable[[Stage, Path], Said]:
    def call(case: Stage, place: Path) -> Said:
        told = [word.format(place=place) for word in words]
        return case.restic(
            *told, "restore", "latest", f"--target={place}/back", repo=place / "repo"
        )

    return call


def _checked(*words: str) -> Callable[[Stage, Path], Said]:
    return lambda case, place: case.restic("--no-cache", "check", *words, repo=place / "repo")


OTHERS = (
    Other("check", _checked()),
    Other("read-data", _checked("--read-data")),
    Other("warm", _restored("--cache-dir={place}/cache")),
    Other("cold", _restored("--no-cache")),
)


@dataclass(frozen=True)
class Case:
    """One fault on the stage, and what each way to look at it came to."""

    fault: Fault
    number: int
    ours: Ours
    others: Mapping[str, Said]


def tried_out(
    sound: Stage, fault: Fault, number: int, words: Sequence[str], ways: Sequence[Other]
) -> Case:
    """Put a fault on the stage, drawn by seed, name and number; look at it in every way at once.

    All at once, as 0.14 waits for a minute at each lost file. Each of the others has links of its
    own to the repository, so that no lock of one is in the way of another.
    """
    sound.fresh()
    fault.inject(sound, random.Random(f"{sound.seed} {fault.name} {number}"))
    made = sound.msptool("run") if fault.kind == "content" else None
    places = {way.name: _place(sound, way.name) for way in ways}
    with ThreadPoolExecutor(1 + len(ways)) as pool:
        mine = pool.submit(ours, sound, words, made)
        told = {way.name: pool.submit(way.call, sound, places[way.name]) for way in ways}
        case = Case(fault, number, mine.result(), {name: t.result() for name, t in told.items()})
    shutil.rmtree(sound.root / "others", ignore_errors=True)
    return case


def _place(sound: Stage, name: str) -> Path:
    place = sound.root / "others" / name
    place.mkdir(parents=True)
    if sound.repo.exists():
        subprocess.run(["cp", "-al", sound.repo, place / "repo"], check=True)
    subprocess.run(["cp", "-a", sound.cache, place / "cache"], check=True)
    return place
