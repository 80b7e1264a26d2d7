"""Finding a site that already runs: by its process, so that nothing on disk can be stale.

PID 1 of a site carries a mark in its command line. A file would outlive a kill -9.
"""

import os
from pathlib import Path


def mark(seed: int) -> str:
    """Return the word that marks a site of that seed."""
    return f"msptool-demo-seed={seed}"


def find(seed: int, *, proc: Path = Path("/proc")) -> int | None:
    """Return the pid of this user's running site of that seed; None if there is none."""
    word = mark(seed).encode()
    for folder in sorted(proc.glob("[0-9]*"), key=lambda path: int(path.name)):
        if _is_holder(folder, word):
            return int(folder.name)
    return None


def _is_holder(folder: Path, word: bytes) -> bool:
    try:
        if folder.stat().st_uid != os.geteuid():
            return False
        words = (folder / "cmdline").read_bytes().rstrip(b"\0").split(b"\0")
        return words[-1] == word and _is_inner_init((folder / "status").read_text())
    except OSError:
        return False


def _is_inner_init(status: str) -> bool:
    """Whether a process is PID 1 of a pid namespace inside ours: "NSpid: 4711 1"."""
    lines = [line.split() for line in status.splitlines() if line.startswith("NSpid:")]
    return bool(lines) and len(lines[0]) > 2 and lines[0][-1] == "1"
