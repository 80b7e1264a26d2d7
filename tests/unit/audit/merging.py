"""All of identity over facts in memory: the product reads them from disk, a machine at a time."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from msptool.audit.asset import Asset
from msptool.audit.facts import AnyFact
from msptool.audit.identify import Explanation, asset, explanation, join, keys
from msptool.audit.identify.keys import canonical
from msptool.identity import Identities
from msptool.profile.shape import AssetNote


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
