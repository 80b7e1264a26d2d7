"""Outside, expired or unnamed: refused, and not a frame leaves, counted on the wire."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

INSIDE = Path(__file__).with_name("inside_no_packets.py")
NAMESPACE = ["unshare", "-Urnm", "--map-root-user"]


@pytest.mark.lab
def test_refused_scans_send_nothing() -> None:
    count = 100 if os.environ.get("MSPTOOL_FULL") else 30
    seed = os.environ.get("MSPTOOL_SEED", "20261124")
    argv = [*NAMESPACE, sys.executable, str(INSIDE), seed, str(count)]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["refused"] == count
    assert told["planned"] == 0
    assert told["left"] == 0
    assert told["control"] > 0, "the counter counts nothing, so it proves nothing"
