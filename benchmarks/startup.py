"""Start-up: `msptool --help` beside `python -c "import click"`, as the promise is made."""

import shutil
import sys
from pathlib import Path

from benchmarks import timing

BAR = 2.0
RUNS = 15


def main() -> None:
    """Measure whole processes, the console script as it is installed."""
    script = shutil.which("msptool", path=str(Path(sys.executable).parent)) or "msptool"
    help_ = timing.command(script, "--help")
    click = timing.command(sys.executable, "-c", "import click")
    timing.told("msptool --help / import click", timing.pair(help_, click, RUNS), BAR)
