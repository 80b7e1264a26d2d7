"""From facts to assets: which addresses are one machine, and what it is. Pure but for minting.

Two passes, so that facts may stream from a disk: `keys` of each address, a few hundred bytes;
`join` them all, which mints ids in the workspace's identities; then `asset` and `explanation` of
one machine at a time. One writer merges: a machine keeps its id over new leases, names and later
learnt serials.
"""

from collections.abc import Iterable
from datetime import datetime

from msptool.audit.identify import joining, naming
from msptool.audit.identify.build import asset
from msptool.audit.identify.keys import keys
from msptool.audit.identify.naming import explanation
from msptool.audit.identify.shapes import Explanation, Group, Keys
from msptool.identity import Identities

__all__ = ["Explanation", "Group", "Keys", "asset", "explanation", "join", "keys"]


def join(found: Iterable[Keys], identities: Identities, seen_at: datetime) -> list[Group]:
    """Return the machines behind addresses, in the order of their addresses; mints ids for new
    ones, and demotes in `identities` what several live machines have.
    """
    return naming.name(joining.join(found, identities.demoted), identities, seen_at)
