"""The fault matrix: each fault drawn by seed, on each restic, looked at by us and by the others.

One table: how many of the faults each way found, and how many we called what they are. Below it
every fault that we missed or misnamed, and every alarm over an ordinary edit of the live source.
"""

import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import options, restics, restverify
from benchmarks.options import Options
from tests.lab.faults import alarms, matrix, stage
from tests.lab.faults.matrix import FAULTS, OTHERS, Case, Fault, Other
from tests.lab.faults.stage import Stage

BAR = 0.99
_EDITS = 50
# Our own ways: the daily default, and the highest level asked for by number.
OURS: tuple[tuple[str, ...], ...] = ((), ("--level", "5"))
# 0.14 tries each lost blob for 40 s, once in each pass: one of these takes a quarter of an hour.
_SLOW = ("data pack deleted", "tree pack deleted")
_SLOW_VERSIONS = ("0.14", "installed")


@dataclass(frozen=True)
class Looked:
    """A case, the restic it was tried with and our words."""

    version: str
    words: tuple[str, ...]
    case: Case


def main() -> None:
    """Print the table, what fell short, and the bars."""
    asked = options.given()
    with tempfile.TemporaryDirectory(prefix="msptool-faults-") as scratch:
        root = Path(scratch)
        theirs = restverify.fetched(root / "restverify")
        ways = (*OTHERS, theirs) if theirs else OTHERS
        looked: list[Looked] = []
        chosen = [(v, path) for v, path in restics.paths().items() if v.startswith(asked.restic)]
        chosen = chosen[-1:] if asked.quick else chosen
        for version, path in chosen:
            print(f"restic {version}, seed {asked.seed}", flush=True)
            sound = _stage(root / version, path, asked)
            looked += _tried(sound, version, asked, ways)
        _table(looked, ways)
        _misses(looked)
        _alarms(sound, 5 if asked.quick else _EDITS)


def _stage(root: Path, path: str, asked: Options) -> Stage:
    root.mkdir(mode=0o700)
    return stage.make(root, asked.seed, path=path, weeks=3 if asked.quick else 12)


def _tried(sound: Stage, version: str, asked: Options, ways: Sequence[Other]) -> list[Looked]:
    looked = []
    levels = OURS if "--level" in sound.msptool("verify", "--help").text else OURS[:1]
    for fault in FAULTS:
        for number in range(_count(fault, version, asked)):
            # The others are asked once: they know no level.
            for words, others in zip(levels, (ways, ()), strict=False):
                began_s = time.monotonic()
                case = matrix.tried_out(sound, fault, number, words, others)
                looked.append(Looked(version, words, case))
                _progress(looked[-1], time.monotonic() - began_s)
    return looked


def _count(fault: Fault, version: str, asked: Options) -> int:
    slow = fault.name in _SLOW and version.startswith(_SLOW_VERSIONS)
    return 1 if slow or asked.quick else asked.each


def _progress(looked: Looked, seconds: float) -> None:
    right = "ok" if looked.case.ours.right(looked.case.fault) else "WRONG"
    told = " ".join(looked.words) or "default"
    case = looked.case
    print(f"  {case.fault.name} {case.number} ({told}): {right}, {seconds:.0f} s", flush=True)


def _table(looked: Sequence[Looked], ways: Sequence[Other]) -> None:
    groups = dict.fromkeys(fault.group for fault in FAULTS)
    heads = ("found", "classed", *(way.name for way in ways))
    print(f"\n{'fault':<26}{'way':<10}" + "".join(f"{head:>12}" for head in heads))
    for words in dict.fromkeys(each.words for each in looked):
        mine = [each.case for each in looked if each.words == words]
        way = " ".join(words) or "default"
        for group in groups:
            _row(group, way, [c for c in mine if c.fault.group == group], ways)
        _row("all", way, mine, ways)
        share = sum(_found(c) and c.ours.right(c.fault) for c in mine) / len(mine)
        print(f"  bar {BAR:.0%} found and rightly classed: {share:.1%} "
              f"{'ok' if share >= BAR else 'UNDER'}")  # fmt: skip


def _row(group: str, way: str, cases: Sequence[Case], ways: Sequence[Other]) -> None:
    figures = [(sum(map(_found, cases)), len(cases))]
    figures.append((sum(c.ours.right(c.fault) for c in cases), len(cases)))
    for other in ways:
        asked = [c for c in cases if other.name in c.others]
        figures.append((sum(_saw(c, other.name) for c in asked), len(asked)))
    shown = (f"{found}/{total}" if total else "–" for found, total in figures)
    print(f"{group:<26}{way:<10}" + "".join(f"{figure:>12}" for figure in shown))


def _found(case: Case) -> bool:
    """Whether we reported it; where all is well the right thing is not to."""
    return (case.ours.code == 0) == ("ok" in case.fault.right)


def _saw(case: Case, name: str) -> bool:
    return (case.others[name].code == 0) == ("ok" in case.fault.right)


def _misses(looked: Iterable[Looked]) -> None:
    wrong = [each for each in looked if not each.case.ours.right(each.case.fault)]
    print(f"\nmissed or misnamed: {len(wrong)}")
    for each in wrong:
        case, mine = each.case, each.case.ours
        print(f"  restic {each.version} {case.fault.name} {case.number} {' '.join(each.words)}: "
              f"code {mine.code}, {mine.verdict} {sorted(mine.found)}; "
              f"right: {' or '.join(sorted(case.fault.right))}")  # fmt: skip
        print("    " + "\n    ".join(mine.text.splitlines()[:4]))


def _alarms(sound: Stage, count: int) -> None:
    ends = list(alarms.after(sound, count))
    false = [each for each in ends if each.alarm]
    print(
        f"\nalarms over {count} ordinary edits: {len(false)} (bar 0: {'OVER' if false else 'ok'})"
    )
    for each in false:
        print(f"  {each.name}: {each.alarm.strip()[:400]}")
