"""The restics to measure with: those that scripts/restic-versions fetched, else the installed."""

import os
import subprocess
from pathlib import Path

_SCRIPT = Path(__file__).parents[1] / "scripts/restic-versions"


def paths() -> dict[str, str]:
    """Return PATH by version, that version first; fetches what is missing, by apt."""
    if not _SCRIPT.exists():
        return {"installed": os.environ["PATH"]}
    told = subprocess.run([_SCRIPT], check=True, stdout=subprocess.PIPE, text=True).stdout
    pairs = [line.split(maxsplit=1) for line in told.splitlines()]
    return {version: f"{folder}:{os.environ['PATH']}" for version, folder in pairs}
