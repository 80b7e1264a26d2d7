"""msptool, stopped at a moment that no clock could hit: `inside_run.py ORDERS WORDS…`.

ORDERS is JSON. {"step", "write", "signal"}: at the n-th write to disk (fsync) of a step of
`msptool run` its whole process group gets a signal, as a terminal's ^C gives it. {"grace_s"}: how
long a stopped child is waited for.
"""

import json
import os
import sys
from collections.abc import Callable
from typing import Any

from msptool import process
from msptool.cli import main, round

_fsync = os.fsync


def _signal_at(step: str, write: int, number: int) -> None:
    inner: Callable[[round.Round], round.Told] = round.STEPS[step]
    seen = 0

    def fsync(fd: Any) -> None:
        nonlocal seen
        _fsync(fd)
        seen += 1
        if seen == write:
            os.kill(0, number)

    def outer(given: round.Round) -> round.Told:
        os.fsync = fsync
        try:
            return inner(given)
        finally:
            os.fsync = _fsync

    round.STEPS[step] = outer


def start(orders: dict[str, Any]) -> None:
    if "grace_s" in orders:
        process.GRACE_S = orders["grace_s"]
    if "step" in orders:
        _signal_at(orders["step"], orders["write"], orders["signal"])
    sys.argv[:2] = ["msptool"]
    main()


if __name__ == "__main__":
    start(json.loads(sys.argv[1]))
