"""What earlier runs recorded: the last proof of each job, the last reading of each repository,
and the hash under which a manifest was sealed.
"""

from collections.abc import Collection, Mapping

from msptool import model, runs
from msptool.backup.manifest import Seal
from msptool.errors import MsptoolError
from msptool.model import Scalar
from msptool.workspace import Workspace

LOOK_BACK = 100  # runs; each carries the last proof of every job of the profile


def last(
    workspace: Workspace, kind: model.Kind, things: Collection[str]
) -> dict[str, Mapping[str, Scalar]]:
    """Return what the newest run of a kind that names each of these things says of it."""
    found: dict[str, Mapping[str, Scalar]] = {}
    for _, folder in zip(range(LOOK_BACK), runs.folders(workspace, kind), strict=False):
        if len(found) == len(things):
            break
        try:
            report = runs.load(folder)
        except (MsptoolError, OSError, ValueError):  # a spoilt run proves nothing
            continue
        for thing in report.things:
            if thing.id in things:
                found.setdefault(thing.id, thing.facts)
    return found


def sealed_sha256(workspace: Workspace, seal: Seal) -> str:
    """Return the hash that the backup run recorded of a manifest; "" if the run is gone."""
    folder = workspace.runs / f"{seal.run}-backup"
    if not folder.is_dir():
        return ""
    try:
        things = runs.load(folder).things
    except (MsptoolError, OSError, ValueError):
        return ""
    facts = next((t.facts for t in things if t.id == f"job:{seal.job}"), {})
    return str(facts.get("manifest_sha256", ""))
