"""Two runs of one workspace at once: the second is told who holds it, and nothing is lost."""

import re
import shutil
from pathlib import Path

import pytest

from tests.lab.flow import children
from tests.lab.flow.client import Client, tools

pytestmark = pytest.mark.lab
# nmap that waits for a word before it looks at ports.
WAITING = 'case "$*" in *-sS*) until [ -e {go} ]; do sleep 0.1; done;; esac; exec {nmap} "$@"'


def test_the_second_run_is_told_who_holds_the_workspace(audited: Client, tmp_path: Path) -> None:
    go = tmp_path / "go"
    path = tools(tmp_path / "bin", nmap=WAITING.format(go=go, nmap=shutil.which("nmap")))
    words = ("run", "--skip", "backup", "--skip", "verify")
    first = children.start(audited, *words, env={"PATH": path})
    try:
        children.wait_for(first, b"-sS")
        for others in (("run",), ("audit", "run"), ("backup", "run"), ("backup", "verify")):
            second = audited.call(*others)
            assert second.returncode == 6, (others, second.stderr.decode())
            (line,) = (line for line in second.stderr.decode().splitlines() if "error[" in line)
            assert line.startswith("error[workspace.busy]") and "another run holds client" in line
            assert re.search(r"\(run since \S+Z, pid \d+\)$", line), line
        # Who looks is not kept out, nor monitor and tickets: they have locks of their own.
        assert audited.call("audit", "show").ok
        assert audited.call("monitor", "check").returncode in (0, 1)
        assert audited.call("tickets", "ingest").ok
        opened = audited.tickets()
    finally:
        go.touch()
        said = first.communicate(timeout=120)[1].decode()
    assert first.returncode in (0, 1), said
    assert [audited.count(kind) for kind in ("audit", "monitor", "backup")] == [2, 2, 0]
    assert opened and opened.keys() <= audited.tickets().keys()
    prints = [ticket["fingerprint"] for ticket in audited.tickets().values()]
    assert len(prints) == len(set(prints))
