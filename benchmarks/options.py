"""What a benchmark is asked for: `python -m benchmarks [NAME…] [--quick] [--seed N]
[--each N] [--restic VERSION]`.
"""

import argparse
from dataclasses import dataclass

from msptool import clock


@dataclass(frozen=True)
class Options:
    """`quick`: a small form, for tests and for looking. `seed`: by default new each day, so that
    no figure stands on the seeds it was built with. `each`: how often each fault is drawn.
    `restic`: measure only with versions that begin so.
    """

    names: tuple[str, ...]
    quick: bool
    seed: int
    each: int
    restic: str = ""


def given(words: list[str] | None = None) -> Options:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--seed", type=int, default=clock.now().date().toordinal())
    parser.add_argument("--each", type=int, default=5)
    parser.add_argument("--restic", default="", metavar="VERSION")
    told = parser.parse_args(words)
    return Options(tuple(told.names), told.quick, told.seed, told.each, told.restic)
