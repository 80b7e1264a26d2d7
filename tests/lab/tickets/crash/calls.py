"""The herd as a test calls it."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.lab.tickets.crash.tally import Ack

REPOSITORY = Path(__file__).parents[4]


@dataclass(frozen=True)
class Told:
    """See `herd`; `stderr` is what writers said before they died."""

    acks: tuple[Ack, ...]
    refused: int
    died: tuple[int, ...]
    stderr: str


def herd(root: Path, *words: object) -> Told:
    """Run a herd to its end."""
    argv = [sys.executable, "-m", "tests.lab.tickets.crash.herd", str(root), *map(str, words)]
    done = subprocess.run(argv, cwd=REPOSITORY, capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    acks = tuple((ident, eid) for ident, eid in told["acks"])
    return Told(acks, told["refused"], tuple(told["died"]), done.stderr)
