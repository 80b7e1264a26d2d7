"""Whether a repository that claims to be append-only is: tried, not believed.

A snapshot of one small file is made for that, once. Each trial asks restic to forget exactly that
one and lists again: what counts is whether it is still there, since 0.14 says 0 for what it could
not remove. It holds only where the storage refused; a lock or a lost line prove nothing.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from msptool import clock
from msptool.backup.keeping import ledger
from msptool.backup.repository import answers, restic
from msptool.backup.repository.answers import Snapshot
from msptool.backup.repository.outcome import told
from msptool.backup.repository.restic import Access
from msptool.workspace import Workspace

TAG = "msptool-append-only-trial"
_TEXT = b"msptool tries to delete this, to see that nothing can be.\n"  # restic wants some bytes
TIMEOUT_S = 20.0  # refused at once; but 0.14 tries again and again, for 15 minutes
_REFUSED = re.compile(
    r"40[135]\b|[Ff]orbidden|append.only|[Pp]ermission denied|not permitted|[Rr]ead-only"
    r"|SSH_FX_(?:PERMISSION_DENIED|FAILURE)"
)


@dataclass(frozen=True)
class Trial:
    """How a trial ended. `said`: what restic answered to the deletion, secrets blanked."""

    outcome: Literal["holds", "broken", "unknown"]
    reason: str = ""
    snapshot: str = ""
    said: bytes = b""


def tried(access: Access, workspace: Workspace, repository: str) -> Trial:
    """Try to delete our trial snapshot. The caller holds the workspace."""
    listed = _listed(access)
    if isinstance(listed, Trial):
        return listed
    target = probe(listed) or _made(access, workspace, repository)
    if isinstance(target, Trial):
        return target
    done, outcome = restic.call(access, restic.forget_argv(access, [target]), timeout_s=TIMEOUT_S)
    said = restic.blanked(access, done)
    after = _listed(access)
    if isinstance(after, Trial):
        return after
    if target not in {snapshot.id for snapshot in after}:
        return Trial("broken", snapshot=target, said=said)
    if _REFUSED.search(told(done.stderr)):
        return Trial("holds", snapshot=target, said=said)
    return Trial("unknown", outcome.detail, target, said)


def probe(snapshots: Sequence[Snapshot]) -> str:
    """Return our trial snapshot; "" if there is none. No other may ever be the target."""
    ours = (s.id for s in snapshots if s.tags == (TAG,) and s.paths == (f"/{TAG}",))
    return next(ours, "")


def _listed(access: Access) -> Sequence[Snapshot] | Trial:
    done, outcome = restic.call(access, restic.argv(access, "snapshots"))
    if outcome.verdict != "ok":
        return Trial("unknown", outcome.detail)
    return answers.parse_snapshots(done.stdout)


def _made(access: Access, workspace: Workspace, repository: str) -> str | Trial:
    """Make the trial snapshot; write it down as ours and as no backup of any job."""
    _, outcome = restic.call(access, restic.stdin_argv(access, TAG, [TAG]), stdin=_TEXT)
    listed = _listed(access)
    if isinstance(listed, Trial):
        return listed
    made = probe(listed)
    if not made:
        return Trial("unknown", outcome.detail)
    known = ledger.read(workspace, repository)
    ledger.record(
        workspace, repository, [ledger.move(known, [made], "trial", clock.now(), why=TAG)]
    )
    return made
