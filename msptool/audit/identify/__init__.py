"""From facts to assets: which addresses are one machine, and what it is. Pure but for minting.

Two passes, so that facts may stream from a disk: `keys` of each address, a few hundred bytes;
`join` them all, which mints ids in the workspace's identities; then `asset` and `explanation` of
one machine at a time. `merge` and `explained` are all of it over facts in memory. One writer
merges: a machine keeps its id over new leases, names and later learnt serials.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from msptool.audit.asset import Asset
from msptool.audit.facts import AnyFact
from msptool.audit.identify import joining, naming
from msptool.audit.identify.build import asset
from msptool.audit.identify.keys import canonical, keys
from msptool.audit.identify.naming import explanation
from msptool.audit.identify.shapes import Explanation, Group, Keys
from msptool.identity import Identities
from msptool.profile.shape import AssetNote

__all__ = ["Explanation", "Group", "Keys", "asset", "explained", "explanation", "join", "keys",
           "merge"]  # fmt: skip


def join(found: Iterable[Keys], identities: Identities, seen_at: datetime) -> list[Group]:
    """Return the machines behind addresses, in the order of their addresses; mints ids for new
    ones, and demotes in `identities` what several live machines have.
    """
    return naming.name(joining.join(found, identities.demoted), identities, seen_at)


def merge(
    facts: Iterable[AnyFact],
    identities: Identities,
    notes: Sequence[AssetNote],
    seen_at: datetime,
    *,
    ports_known: frozenset[str],
) -> list[Asset]:
    """Return the assets behind the facts, by name; mints ids for new ones.

    `ports_known` are the addresses whose ports were looked at to the end.
    """
    found = explained(facts, identities, notes, seen_at, ports_known=ports_known)
    return sorted((one for one, _ in found), key=lambda one: (one.name, one.id))


def explained(
    facts: Iterable[AnyFact],
    identities: Identities,
    notes: Sequence[AssetNote],
    seen_at: datetime,
    *,
    ports_known: frozenset[str],
) -> Iterator[tuple[Asset, Explanation]]:
    """Yield each asset behind the facts with its reasons, in the order of addresses."""
    by_address: dict[str, list[AnyFact]] = defaultdict(list)
    for fact in facts:
        by_address[canonical(fact.address)].append(fact)
    met = (keys(address, known) for address, known in by_address.items())
    for group in join((one for one in met if one is not None), identities, seen_at):
        mine = [fact for address in group.addresses for fact in by_address[address]]
        yield asset(group, mine, notes, seen_at, ports_known=ports_known), explanation(group)
