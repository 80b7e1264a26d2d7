"""Run every benchmark of this folder, or those named: `python -m benchmarks [NAME…]`."""

import importlib
import pkgutil
import sys

import benchmarks
from benchmarks import timing


def main() -> None:
    """Find the benchmarks by their place and run them."""
    names = [module.name for module in pkgutil.iter_modules(benchmarks.__path__)]
    chosen = sys.argv[1:] or [n for n in names if n not in ("timing", "__main__")]
    timing.row("measured", "ours", "the other", "ratio")
    for name in chosen:
        importlib.import_module(f"benchmarks.{name}").main()


if __name__ == "__main__":
    main()
