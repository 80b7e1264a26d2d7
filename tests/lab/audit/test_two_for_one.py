"""Two real machines with one address: ARP shows both, and a finding says so."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

INSIDE = Path(__file__).with_name("inside_two_for_one.py")


@pytest.mark.lab
def test_an_address_that_two_machines_answer_for_is_found() -> None:
    done = subprocess.run(
        ["unshare", "-Urn", "--map-root-user", sys.executable, str(INSIDE)],
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "macs": ["00:25:90:00:00:01", "3c:52:82:00:00:02"],
        "assets": 1,
        "parts": ["198.51.100.7"],
    }
