"""A name server is asked what it knows of the scope's addresses, slowly, and nobody else is."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
NAMESPACE = ["unshare", "-Urnm", "--map-root-user"]


@pytest.mark.lab
def test_names_of_a_real_server() -> None:
    argv = [*NAMESPACE, sys.executable, "-m", "tests.lab.audit.inside_names"]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=60, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["names"] == {
        "198.51.100.7": "pc-7.lab.example",
        "198.51.100.9": "prn-9.lab.example",
    }
    assert told["transferred"] == told["names"], "of the zone itself: these were not asked for"
    assert told["trouble"] == ""
    assert told["busiest"] <= 40, "packets in one second, both ways"
    assert told["silent"] == "no-answer"
