"""As an ordinary user: what cannot be read is told, what belongs to others comes back."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.lab.backup.site import Site
from tests.lab.machine import console_script

pytestmark = pytest.mark.lab
_USER = 65534


def test_an_unreadable_file_makes_the_backup_incomplete(site: Site) -> None:
    """restic 0.14 ends with 3 and a snapshot; the file is named, the rest is saved and proven."""
    (site.source / "docs" / "0.bin").chmod(0o000)
    (site.source / "shut").mkdir()
    (site.source / "shut").chmod(0o000)
    prefix: list[str] = []
    if os.geteuid() == 0:
        place = Path("/tmp") / f"msptool-user-{os.getpid()}"  # noqa: S108 - pytest's is closed to it
        shutil.copytree(site.root.parent, place, symlinks=True, dirs_exist_ok=False)
        subprocess.run(["chown", "-R", f"{_USER}:{_USER}", place], check=True)
        site = Site(place / "acme", place / "source")
        site.write_profile()
        os.chown(site.root / "client.yaml", _USER, _USER)
        prefix = ["setpriv", f"--reuid={_USER}", f"--regid={_USER}", "--clear-groups", "--"]
    try:
        _check(site, prefix)
    finally:
        if prefix:
            shutil.rmtree(site.root.parent)


def _check(site: Site, prefix: list[str]) -> None:
    def cli(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*prefix, console_script("msptool"), "-C", str(site.root), "backup", *words],
            capture_output=True, text=True, timeout=100, check=False,
            env=site.environment(HOME=str(site.root.parent)),
        )  # fmt: skip

    assert cli("init").returncode == 0
    done = cli("run")
    assert done.returncode == 3
    assert "error[backup.incomplete]: files: parts of the source could not be read" in done.stderr
    (finding,) = site.report("backup").findings
    assert finding.subject.part == "incomplete-source"
    named = str(finding.facts["names"])
    assert f"{site.source}/docs/0.bin" in named and f"{site.source}/shut" in named
    done = cli("verify")
    assert done.returncode == 1, done.stderr
    assert site.findings("restore") == {("BKP-013", "job:files", "incomplete-source")}
    assert site.facts("restore", "job:files")["same"] > 0
