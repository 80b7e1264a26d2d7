"""What a benchmark is asked for: `python -m benchmarks [NAME…] [--quick] [--seed N]
[--each N] [--restic VERSION] [--pace P] [--routed] [--no-naive] [--naive-only]`.
"""

import argparse
from dataclasses import dataclass

from msptool import clock


@dataclass(frozen=True)
class Options:
    """`quick`: a small form, for tests and for looking. `seed`: by default new each day, so that
    no figure stands on the seeds it was built with. `each`: how often each fault is drawn.
    `restic`: measure only with versions that begin so. Of discovery: `pace` takes one, `routed` the
    LAN behind a router, `no_naive` leaves the other scan out, `naive_only` ours.
    """

    names: tuple[str, ...]
    quick: bool
    seed: int
    each: int
    restic: str = ""
    pace: str = ""
    routed: bool = False
    no_naive: bool = False
    naive_only: bool = False


def given(words: list[str] | None = None) -> Options:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--seed", type=int, default=clock.now().date().toordinal())
    parser.add_argument("--each", type=int, default=5)
    parser.add_argument("--restic", default="", metavar="VERSION")
    parser.add_argument("--pace", choices=("gentle", "normal", "fast"), default="")
    parser.add_argument("--routed", action="store_true")
    parser.add_argument("--no-naive", action="store_true")
    parser.add_argument("--naive-only", action="store_true")
    told = vars(parser.parse_args(words))
    return Options(**{**told, "names": tuple(told["names"])})
