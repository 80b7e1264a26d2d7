"""A mount whose server is dead makes that volume unknown, and holds nothing else up."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.lab


def test_a_dead_mount_is_unknown_and_the_pass_ends(tmp_path: Path) -> None:
    user = [] if os.geteuid() == 0 else ["-Ur"]
    script = Path(__file__).with_name("dead_mount.py")
    started = time.monotonic()
    done = subprocess.run(
        ["unshare", *user, "-m", sys.executable, str(script), str(tmp_path)],
        capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip
    assert done.stdout.strip() == "True Unseen(reason='timed-out') Volume True", done.stderr
    assert time.monotonic() - started < 10
