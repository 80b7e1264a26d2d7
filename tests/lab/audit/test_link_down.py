"""The laptop's interface goes down in the middle of an audit: said as such, and nothing is lost."""

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from msptool import runs
from msptool.audit.asset import Asset
from tests.lab.audit.lan import plan, scans
from tests.lab.audit.lan.ground import Ground
from tests.lab.conftest import FULL
from tests.lab.msptool import msptool

pytestmark = pytest.mark.lab
RUN = ("audit", "run", "--ports", "22,80,443")  # a few: what matters is that they end


@pytest.fixture
def ground() -> Iterator[Ground]:
    with Ground(plan.draw(4, hosts=6)) as made:
        yield made


def link(ground: Ground, state: str) -> None:
    assert ground.run(["ip", "link", "set", "eth0", state]).returncode == 0


def assets(folder: Path) -> list[Asset]:
    return runs.load_facts(folder, "assets", Asset)


@pytest.mark.parametrize("stage", ["discover", "ports", "services"] if FULL else ["services"])
def test_a_link_that_goes_down_ends_in_part(ground: Ground, tmp_path: Path, stage: str) -> None:
    workspace = scans.write_workspace(tmp_path, ground, "fast")
    whole = subprocess.Popen(
        ground.argv(msptool("-C", str(tmp_path), *RUN)),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    while not list(workspace.runs.glob(f"*.partial/facts/{stage}.jsonl")):
        assert whole.poll() is None, "it ended before the stage began"
        time.sleep(0.02)
    link(ground, "down")
    _, said = whole.communicate(timeout=240)
    link(ground, "up")
    assert "Traceback" not in said
    assert whole.returncode == 3, said
    assert "not all was seen" in said or "discover" in said, said
    done = ground.run(msptool("-C", str(tmp_path), *RUN, "-q"))
    assert done.returncode in (0, 1), done.stderr.decode()
    newest, cut = list(runs.folders(workspace, "audit"))
    assert {a for one in assets(cut) for a in one.addresses} <= {
        a for one in assets(newest) for a in one.addresses
    }
