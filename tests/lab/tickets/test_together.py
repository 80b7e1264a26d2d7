"""Several processes at once: the lock makes them take turns, and nothing is opened twice."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.tickets.site import Site

pytestmark = pytest.mark.lab
CLIENT = "msptool: 1\nclient: {code: ACME, name: Acme}\nextends: basic\n"


def test_the_same_findings_by_four_processes_are_one_ticket_each(tmp_path: Path) -> None:
    site = Site(tmp_path)
    (tmp_path / "client.yaml").write_text(CLIENT)
    (tmp_path / "client.yaml").chmod(0o600)
    lines = b"".join(
        b'{"check":"NET-001","subject":{"thing":"sw%d"},"severity":"low"}\n' % number
        for number in range(40)
    )
    words = [sys.executable, "-m", "msptool", "-C", str(tmp_path), "tickets", "ingest", "-"]
    running = [
        subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603
        for _ in range(4)
    ]
    told = [one.communicate(lines, timeout=60)[0].decode() for one in running]
    assert [one.returncode for one in running] == [0] * 4
    assert sorted(told) == ["tickets: 40 known\n"] * 3 + ["tickets: 41 opened\n"]
    found = [ticket for ticket in site.all() if ticket.about]
    assert len({ticket.fingerprint for ticket in found}) == len(found) == 40
