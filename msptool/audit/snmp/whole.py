"""Read an agent whole, or one subtree of it, with the types of its values, for a recording."""

from collections.abc import Callable
from typing import Any

from msptool.audit.snmp import walk
from msptool.audit.snmp.engine import Rejected, Silent
from msptool.audit.snmp.survey import Survey
from msptool.audit.snmp.talk import Over, Talk, ended, subtree

_TOLD_EACH = 1000  # rows


async def read(
    talk: Talk, root: str, survey: Survey, tell: Callable[[int], None]
) -> dict[str, Any]:
    """Return the rows as (OID, tag, hex), and why there are no more; `tell` hears how many."""
    found: list[tuple[str, int, str]] = []

    def keep(rows: list[walk.Row]) -> None:
        told = len(found) // _TOLD_EACH
        found.extend((name, tag, value.hex()) for name, tag, value in rows)
        if len(found) // _TOLD_EACH > told:
            tell(len(found))

    try:
        await walk.Reader(talk, keep).walk([walk.Column.of(subtree(root))])
    except Over as over:
        survey.failed(over.reason, over.detail)
    except Rejected as rejected:
        survey.failed(rejected.reason)
    except Silent as silent:
        survey.failed(ended(silent, met=True).reason)
    told = {"varbinds": found, "complete": not survey.error, "error": survey.error}
    return {**told, "restarts": talk.restarts} if talk.restarts else told
