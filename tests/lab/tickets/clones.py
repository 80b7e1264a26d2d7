"""Clones of one store, and real git between them."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from tests.unit.tickets.site import Site

_SHIPPED = Path(__file__).parents[3] / "templates" / "workspace"
_SETTINGS = {
    "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.invalid",
    "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.invalid",
}  # fmt: skip


def git(root: Path, *words: str) -> str:
    """Run git without the settings of whoever runs the tests; it must not fail."""
    done = subprocess.run(
        ["git", "-C", str(root), *words],
        env=os.environ | _SETTINGS | {"HOME": str(root)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def init(root: Path) -> Site:
    """Make a store in git."""
    root.mkdir(mode=0o700)
    git(root, "init", "-q", "-b", "main", "--template=")
    for name in ("gitattributes", "gitignore"):
        shutil.copyfile(_SHIPPED / name, root / f".{name}")
    return Site(root)


def commit(site: Site, message: str = "work") -> None:
    """Commit what is there, if only that nothing is."""
    git(site.root, "add", ".")
    git(site.root, "commit", "-q", "--allow-empty", "-m", message)


def pull(site: Site, other: Site) -> None:
    """Merge what another has committed."""
    git(site.root, "fetch", "-q", str(other.root), "+main:theirs")
    git(site.root, "merge", "-q", "--no-edit", "theirs")


def meet(one: Site, other: Site) -> None:
    """Each merges the other's state of before the merge: the two orders of it."""
    for site, theirs in ((one, other), (other, one)):
        git(site.root, "fetch", "-q", str(theirs.root), "+main:theirs")
    for site in (one, other):
        git(site.root, "merge", "-q", "--no-edit", "theirs")


def go_round(sites: Sequence[Site]) -> None:
    """Each pulls from the one before, until all know all."""
    for _ in range(2):
        for site, before in zip(sites, (sites[-1], *sites), strict=False):
            pull(site, before)
