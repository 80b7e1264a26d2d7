"""Run every benchmark of this folder, or those named: `python -m benchmarks [NAME…] [--help]`."""

import importlib
import os
import pkgutil

import benchmarks
from benchmarks import options, timing

_NOT_ONE = (
    "timing", "options", "restics", "restverify", "snmpfarm", "ticketpeers", "ticketstore",
    "__main__",
)  # fmt: skip


def main() -> None:
    """Find the benchmarks by their place and run them."""
    names = [module.name for module in pkgutil.iter_modules(benchmarks.__path__)]
    chosen = options.given().names or [n for n in names if n not in _NOT_ONE]
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # what is installed is compiled once, not daily
    timing.row("measured", "ours", "the other", "ratio")
    for name in chosen:
        importlib.import_module(f"benchmarks.{name}").main()


if __name__ == "__main__":
    main()
