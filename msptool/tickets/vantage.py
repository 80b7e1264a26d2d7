"""From where a look counts: a pass seen from afar is no answer to a fault seen from near.

A vantage is a word, or a word and a network: `routed`, `segment:192.0.2.0/24`, `agent:srv1`. The
first word ranks; two vantages compare only on the same network, or where one names none. Words
that are not ranked compare with themselves alone.

`anywhere` is the vantage of what was read from a workspace or a repository: a machine that has
them sees the same under any name, so it and the machines (`agent:`) stand for each other. Older
runs named the machine there.
"""

from collections.abc import Mapping

from msptool.model import Privilege
from msptool.runs import ANYWHERE

RANK: Mapping[str, int] = {"routed": 1, "segment": 2}
RIGHTS: Mapping[Privilege, int] = {"user": 1, "root": 2}


def covers(vantage: str, privilege: Privilege, needed: str, needed_privilege: Privilege) -> bool:
    """Tell whether a look sees at least what the needed one would have seen."""
    return RIGHTS[privilege] >= RIGHTS[needed_privilege] and _sees(vantage, needed)


def _sees(vantage: str, needed: str) -> bool:
    if not needed or vantage == needed:
        return True
    word, _, network = vantage.partition(":")
    needed_word, _, needed_network = needed.partition(":")
    if ANYWHERE in (word, needed_word):
        return {word, needed_word} <= {ANYWHERE, "agent"}
    if word not in RANK or needed_word not in RANK:
        return False
    nearer = RANK[word] > RANK[needed_word]
    return nearer and needed_network in ("", network)
