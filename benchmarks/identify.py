"""Identify recorded real devices: how many fields are right, how fast, how many serials wrong.

Of the corpus beside the project (../shared/corpus) with its own scorer. No rule was written for
the part `check`: the gap between the two is what the rules owe to the recordings.
"""

import subprocess
import sys
import tempfile
import time

import msgspec

from benchmarks import timing
from msptool.audit import replay
from tests.unit.audit import corpus

BAR_PER_S = 40


def main() -> None:
    """Print the scorer's table of each part, the speed and the wrong serials."""
    if not corpus.FOLDER.is_dir():
        print("identify: left out, there is no corpus beside the project")
        return
    paths = list(replay.files([corpus.FOLDER / "snmp"]))
    began_s = time.process_time()
    found = [replay.replay(path) for path in paths]
    per_s = len(found) / (time.process_time() - began_s)
    timing.row("recordings a CPU second", f"{per_s:.0f}", f"bar {BAR_PER_S}", "")
    with tempfile.NamedTemporaryFile("wb", suffix=".jsonl") as told:
        told.write(b"\n".join(msgspec.json.encode(one) for one in found))
        told.flush()
        for part in ("work", "check"):
            print(f"part {part}", flush=True)
            subprocess.run(
                [sys.executable, corpus.SCORER, corpus.EXPECTED, told.name, "--part", part],
                check=True,
            )  # fmt: skip
    _serials(found)


def _serials(found: list[replay.Identified]) -> None:
    score, wanted = corpus.scorer(), corpus.expected()
    given = [one for one in found if one.serial and "serial" in wanted[one.name]]
    wrong = [one for one in given if not score.serial_ok(wanted[one.name]["serial"], one.serial)]
    share = len(wrong) / len(given)
    print(f"serials given {len(given)}, wrong {len(wrong)}: {share:.1%} (bar 3 %)")
