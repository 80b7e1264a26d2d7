"""How tests start the program: the console script beside the interpreter that runs them."""

import sys
from pathlib import Path


def msptool(*words: str) -> list[str]:
    """Return argv of a command."""
    return [str(Path(sys.executable).with_name("msptool")), *words]
