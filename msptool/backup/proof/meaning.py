"""What meaning probes come to for a proof: faults, and the counts that the next one compares."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import msgspec

from msptool import files
from msptool.backup import names, probes, words
from msptool.backup.exhibit import Fault
from msptool.backup.jobs import Task
from msptool.backup.manifest import Entry, Seal
from msptool.backup.probes import Asked, Examined, Probed
from msptool.backup.proof.compare import BAD, Comparison
from msptool.workspace import Workspace

Look = Callable[[Path, Comparison], Examined]
Counts = dict[str, Mapping[str, int]]


def look(
    workspace: Workspace, scratch: Path, task: Task, seal: Seal, entries: Sequence[Entry],
    *, budget_s: float, whole: bool,
) -> Look:  # fmt: skip
    """Return what looks at a restored tree while it stands: only at what came back well, since
    what did not is known to be damaged.
    """

    def examine(tree: Path, compared: Comparison) -> Examined:
        bad = {difference.path for difference in compared.of(*BAD)}
        asked = Asked(
            tree=tree,
            entries=[entry for entry in entries if entry.path not in bad],
            job=task.job,
            workspace=workspace,
            scratch=scratch,
            budget_s=budget_s,
            expected=seal.counts,
            earlier=recorded(workspace, task.name),
            whole=whole,
        )
        return probes.examine(asked)

    return examine


def faults(examined: Examined) -> tuple[Fault, ...]:
    """Return what is wrong with the content. What no probe could look at is no fault of it: that
    is told apart (BKP-023).
    """
    bad = [probed for probed in examined.probed if probed.verdict == "bad-content"]
    if not bad:
        return ()
    details = list(dict.fromkeys(probed.detail for probed in bad))
    detail = details[0] if len(details) == 1 else words.CONTENT_BAD
    paths = tuple(dict.fromkeys(probed.path for probed in bad))
    return (Fault("bad-content", detail, paths, len(paths)),)


def unseen(examined: Examined) -> tuple[Probed, ...]:
    """Return the probes that could not be run."""
    return tuple(probed for probed in examined.probed if probed.verdict == "could-not-run")


# The counts of the last good proof: what a table had, so that an empty one shows.


def recorded(workspace: Workspace, job: str) -> Counts:
    """Return the rows by table by path that the last good proof of each path counted."""
    with suppress(OSError, msgspec.DecodeError):
        return msgspec.json.decode(_path(workspace, job).read_bytes(), type=Counts)
    return {}


def record(workspace: Workspace, job: str, examined: Examined) -> None:
    """Remember what was counted where all was well. The caller holds the workspace."""
    found = {p.path: p.counts for p in examined.probed if p.verdict == "ok" and p.counts}
    if found:
        at = _path(workspace, job)
        files.make_folder(at.parent)
        files.write(at, msgspec.json.encode({**recorded(workspace, job), **found}))


def _path(workspace: Workspace, job: str) -> Path:
    return workspace.coverage / "counts" / f"{names.safe(job)}.json"
