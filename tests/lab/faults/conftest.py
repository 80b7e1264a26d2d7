"""The stage: a sound client, made once a session by a seed that is new each day."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from msptool import clock
from tests.lab.faults import stage
from tests.lab.faults.stage import Stage


@pytest.fixture(scope="session")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    seed = int(os.environ.get("MSPTOOL_SEEDS", "").split(",")[0] or clock.now().date().toordinal())
    root: Path = tmp_path_factory.mktemp("stage")
    yield stage.make(root, seed, path=os.environ["PATH"], weeks=3, week_bytes=1_000_000)
    shutil.rmtree(root)
