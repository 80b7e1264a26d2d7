"""Announcements are heard, not a frame leaves, and no listener outlives who wants to know."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
NAMESPACE = ["unshare", "-Urnm", "--map-root-user"]


@pytest.mark.lab
def test_listening_sends_nothing_and_hears_all() -> None:
    argv = [*NAMESPACE, sys.executable, "-m", "tests.lab.audit.inside_listen"]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=60, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["heard"] == told["injected"]
    assert told["others"] == 0, "what is for one station was read"
    assert told["left"] == 0
    assert told["control"] > 0, "the counter counts nothing, so it proves nothing"
    assert told["trouble"] == ""
    assert told["refused"], "an authorisation that ended yesterday let us listen"
    assert told["orphan"] == "gone"
