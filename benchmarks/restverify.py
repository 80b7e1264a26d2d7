"""restverify, fetched from the package index into a scratch folder when it is to be measured.

Its metadata names no licence, so nothing of it is shipped, imported or copied.
"""

import subprocess
import sys
from pathlib import Path

from tests.lab.faults.matrix import Other
from tests.lab.faults.stage import Said, Stage, said

VERSION = "0.3.1"


def fetched(folder: Path) -> Other | None:
    """Return it as a way to look at a backup; None, with a line, where it cannot be had."""
    done = subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", f"--target={folder}",
         f"restverify=={VERSION}"],
        check=False,
    )  # fmt: skip
    if done.returncode:
        print(f"restverify {VERSION} cannot be had here: its column is left out")
        return None
    return Other("restverify", lambda case, place: _run(folder, case, place))


def _run(folder: Path, case: Stage, place: Path) -> Said:
    """Compare a restore with the live source, with the cache of this machine, as it is used.

    Of a snapshot of two folders it compares the first with the source that it is told.
    """
    env = case.site.environment(
        PATH=case.path,
        PYTHONPATH=str(folder),
        RESTVERIFY_HOME=str(place / "home"),
        RESTIC_PASSWORD_FILE=str(case.site.root / "secrets/nas"),
        RESTIC_CACHE_DIR=str(place / "cache"),
        TMPDIR=str(place),
    )
    words = ["run", "--repo", str(place / "repo"), "--source", str(case.site.source / "files")]
    return said([sys.executable, "-m", "restverify", *words], env)
