"""Run a part of a test in a network namespace of its own: the `inside_*.py` beside this."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]
ENTER = ["unshare", "-Urnm", "--map-root-user", "--fork", "--kill-child"]


def told(name: str, *words: str, timeout_s: float = 120.0) -> dict[str, Any]:
    """Return the JSON that `inside_NAME` prints; what it started ends with it."""
    argv = [*ENTER, sys.executable, "-m", f"tests.lab.audit.inside_{name}", *words]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=timeout_s, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found
