"""Runs under kill -9: what can be seen is whole."""

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from msptool import runs
from msptool.workspace import Workspace

pytestmark = pytest.mark.lab

AUDITOR = """
import sys
from pathlib import Path
from msptool import clock, runs
from msptool.model import End, Header, Report, Thing
from msptool.workspace import Workspace
workspace = Workspace(Path(sys.argv[1]))
while True:
    run = runs.start(workspace, "audit")
    kept = runs.keep(run, "txt", run.ident.encode() * 1000, source="test", at=clock.now())
    head = Header(run=run.ident, client="ACME", kind="audit", msptool="0", started_at=clock.now())
    things = tuple(Thing(id=str(n), kind="asset", name="x" * 100) for n in range(50))
    end = End(ended_at=clock.now(), complete=True)
    folder = runs.commit(run, Report(header=head, end=end, things=things, evidence=(kept,)))
    print(folder.name, flush=True)
"""


def test_kill_9_at_any_moment_shows_only_whole_runs(tmp_path: Path) -> None:
    draw = random.Random(7)
    workspace = Workspace(tmp_path)
    said: set[str] = set()
    for _ in range(12):
        auditor = subprocess.Popen(
            [sys.executable, "-c", AUDITOR, str(tmp_path)], stdout=subprocess.PIPE
        )
        assert auditor.stdout is not None
        said.add(auditor.stdout.readline().decode().strip())
        time.sleep(draw.uniform(0, 0.05))
        auditor.send_signal(signal.SIGKILL)
        said |= set(auditor.stdout.read().decode().split("\n")[:-1])
        auditor.wait()
        auditor.stdout.close()
        seen = list(runs.folders(workspace))
        assert said <= {folder.name for folder in seen}
        for folder in seen:
            assert len(runs.load(folder).things) == 50
        assert runs.newest(workspace, "audit") == seen[0]
    assert runs.cut_short(workspace), "some of the kills came between"
