"""The escrow drill: the password is fetched from where the client keeps it, and opens the
repository from an empty cache, as on the day when this machine is gone.

What it found stands in a file beside the recovery sheet; a check asks for it (BKP-010).
"""

from datetime import datetime
from pathlib import Path

import msgspec

from msptool import clock, files
from msptool.backup import names
from msptool.backup.repository import restic, sheet
from msptool.backup.repository.outcome import Outcome
from msptool.backup.repository.restic import Access
from msptool.backup.verdicts import Verdict
from msptool.errors import UsageError
from msptool.model import Scalar
from msptool.profile.shape import Repository
from msptool.workspace import Workspace

# What tells something of the password; with any other verdict nothing was learnt.
TELLING = ("ok", "wrong-password")


class Drill(msgspec.Struct, frozen=True):
    """The last drill that told something; `source` is where the password came from, without
    what stands behind its first blank.
    """

    tested_at: datetime
    verdict: Verdict
    source: str


def _path(workspace: Workspace, name: str) -> Path:
    return sheet.folder(workspace) / f"{names.safe(name)}.escrow.json"


def last(workspace: Workspace, name: str) -> Drill | None:
    """Return the last drill of a repository; None if there was none, or its record is spoilt."""
    try:
        return msgspec.json.decode(_path(workspace, name).read_bytes(), type=Drill)
    except (OSError, msgspec.DecodeError):
        return None


def facts(drill: Drill | None) -> dict[str, Scalar]:
    """Return what a repository's record tells of its last drill."""
    return {
        "escrow": drill.verdict if drill else "untried",
        "escrow_tested_at": clock.iso(drill.tested_at) if drill else None,
        "escrow_source": drill.source if drill else "",
    }


def forget(workspace: Workspace, name: str) -> None:
    """Forget the drills of a repository that was made anew."""
    _path(workspace, name).unlink(missing_ok=True)


def require_other(repository: Repository, reference: str) -> None:
    """Raise UsageError for a drill with the very copy that the profile reads: it would show
    nothing about the day when this machine is gone.
    """
    if reference == repository.password:
        raise UsageError(
            "key.same-source",
            "that is where the profile reads the password itself",
            hint="name the client's vault, or - to type it from the recovery sheet",
        )


def test(cold: Access, workspace: Workspace, name: str, source: str) -> Outcome:
    """Open a repository with a password from elsewhere and an empty cache; record what it told."""
    _, outcome = restic.call(cold, restic.argv(cold, "snapshots"))
    if outcome.verdict in TELLING:
        drill = Drill(clock.now(), outcome.verdict, source)
        files.write(_path(workspace, name), msgspec.json.encode(drill) + b"\n")
    return outcome
