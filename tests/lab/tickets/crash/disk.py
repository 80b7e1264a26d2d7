"""A disk whose power can be cut: ext4 in a file, on a loop device. Needs root."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True)
class Disk:
    """An image, and where it is mounted."""

    image: Path
    mount: Path

    @property
    def root(self) -> Path:
        """The folder on it that a store goes into."""
        return self.mount / "acme"

    def plug_in(self) -> None:
        """Mount it; ext4 reads its journal first, as after a cut."""
        _run("mount", "-o", "loop,nosuid,nodev", str(self.image), str(self.mount))

    def pull_out(self) -> None:
        """Unmount it."""
        _run("umount", str(self.mount))

    def plug_in_again(self) -> None:
        """Mount what had reached the disk before the cut. It is copied first: where a namespace
        of somebody else's holds the old mount too, the kernel would mount the same dead disk.
        """
        self.pull_out()
        survived = self.image.with_name("survived")
        _run("cp", "--sparse=always", str(self.image), str(survived))
        survived.replace(self.image)
        self.plug_in()


@contextmanager
def plugged_in(folder: Path, mib: int = 96) -> Iterator[Disk]:
    """Make a new disk and mount it; a disk that was cut is never used for another cut."""
    if os.geteuid() != 0:
        pytest.fail("a disk's power is cut on a loop device: run as root, or through sudo")
    disk = Disk(folder / "disk", folder / "mount")
    folder.mkdir()
    disk.mount.mkdir()
    with disk.image.open("wb") as file:
        file.truncate(mib << 20)
    _run("mkfs.ext4", "-q", "-F", "-m", "0", str(disk.image))
    disk.plug_in()
    try:
        disk.root.mkdir(mode=0o700)
        os.sync()
        yield disk
    finally:
        disk.pull_out()
        disk.image.unlink()


def _run(*words: str) -> None:
    done = subprocess.run(words, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, f"{words[0]}: {done.stderr}"
