"""One client's folder on disk: where everything lies. Files are the truth."""

import os
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from msptool import files
from msptool.errors import Place, UsageError

CLIENT_FILE = "client.yaml"


@dataclass(frozen=True)
class Workspace:
    """Paths of a workspace; everything under `derived` may be deleted at any time."""

    root: Path

    @property
    def client_file(self) -> Path:
        """The client profile."""
        return self.root / CLIENT_FILE

    @property
    def identities(self) -> Path:
        """One file per asset: its minted id and all its aliases."""
        return self.root / "identities"

    @property
    def runs(self) -> Path:
        """One folder per run."""
        return self.root / "runs"

    @property
    def tickets(self) -> Path:
        """One file of events per ticket, and receipts."""
        return self.root / "tickets"

    @property
    def reports(self) -> Path:
        """One folder per built report."""
        return self.root / "reports"

    @property
    def manifests(self) -> Path:
        """What was in the sources when they were backed up, sealed."""
        return self.root / "manifests"

    @property
    def ledger(self) -> Path:
        """What each repository was seen to hold."""
        return self.root / "ledger"

    @property
    def coverage(self) -> Path:
        """Which files were proven when, and which packs were read."""
        return self.root / "coverage"

    @property
    def evidence(self) -> Path:
        """Signed proof of the restore tests, a chain a job and key."""
        return self.root / "evidence"

    @property
    def derived(self) -> Path:
        """Caches, indexes and locks."""
        return self.root / ".msptool"

    def lock(self, what: str) -> AbstractContextManager[None]:
        """Hold the workspace for one run; raise Busy where another holds it.

        The folder itself is locked too, as all that is derived may be deleted during the run.
        """
        return files.lock(self.derived / "lock", what=what, folder=self.root)


def find(directory: Path | None) -> Workspace:
    """Return the workspace named by -C, or the working directory if it is one.

    A profile in the working directory of someone else is never picked up by chance.
    """
    root = (directory or Path.cwd()).resolve()
    if not (root / CLIENT_FILE).is_file():
        raise UsageError(
            "workspace.missing",
            f"no {CLIENT_FILE} in {root}",
            hint="name a workspace with -C DIR, or make one: msptool init DIR",
        )
    refuse_unsafe(root)
    return Workspace(root)


# Everything in these is believed: who is who, what was promised, what a run saw.
_TRUSTED = (
    "identities", "tickets", "tickets/receipts", "runs", "reports", "manifests", "ledger",
    "coverage", "evidence", "secrets", ".msptool",
)  # fmt: skip


def refuse_unsafe(root: Path) -> None:
    """Refuse a workspace whose folders or profile another user could write."""
    files.refuse_foreign(root)
    files.refuse_foreign(root / CLIENT_FILE)
    for path in (root / name for name in _TRUSTED):
        if path.exists():
            files.refuse_foreign(path)


def require_free(root: Path) -> None:
    """Raise UsageError where a new workspace would land on an old one."""
    if (root / CLIENT_FILE).exists():
        raise UsageError(
            "workspace.exists",
            f"{root} is a workspace already",
            place=Place(file=str(root / CLIENT_FILE)),
            hint="edit its client.yaml, or name another folder",
        )


def state_home() -> Path:
    """Return the folder of what msptool remembers for this user (XDG_STATE_HOME).

    Raises UsageError for a user without a home, as in a container.
    """
    base = os.environ.get("XDG_STATE_HOME", "")
    if base.startswith("/"):
        return Path(base) / "msptool"
    try:
        return Path.home() / ".local" / "state" / "msptool"
    except RuntimeError as error:
        raise UsageError(
            "state.no-home",
            "this user has no home folder to remember anything in",
            hint="set HOME, or XDG_STATE_HOME to a folder of your own",
        ) from error
