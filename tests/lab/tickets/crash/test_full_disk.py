"""A disk that fills up: what was acknowledged stays, nothing is half-written, all goes on later."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from msptool import clock
from tests.lab.conftest import FULL
from tests.lab.tickets.crash import disk
from tests.lab.tickets.crash.calls import REPOSITORY

pytestmark = pytest.mark.lab
_SEED = str(clock.now().date().toordinal())


def _fill(mount: Path, *before: str) -> None:
    argv = [*before, sys.executable, "-m", "tests.lab.tickets.crash.fulldisk", str(mount), _SEED]
    spare = os.environ | {"TMPDIR": str(mount.parent)}  # of indexes that have no room there
    done = subprocess.run(
        argv, cwd=REPOSITORY, env=spare, capture_output=True, text=True, timeout=120
    )
    print(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr


def test_tmpfs(tmp_path: Path) -> None:
    mount = tmp_path / "disk"
    mount.mkdir()
    shell = 'mount -t tmpfs -o size=2m,mode=700 none "$0" && exec "$@"'
    namespace = ("unshare", "-Urm", "--map-root-user", "/bin/sh", "-c", shell, str(mount))
    _fill(mount, *namespace)


@pytest.mark.skipif(not FULL, reason="as on tmpfs, more slowly: MSPTOOL_FULL=1")
def test_ext4(tmp_path: Path) -> None:
    with disk.plugged_in(tmp_path / "disk", mib=16) as made:
        _fill(made.mount)
