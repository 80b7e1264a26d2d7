"""What leads back to a machine in later runs, and the ids that are minted for it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice

from msgspec import structs

from msptool.audit.asset import Shared
from msptool.audit.identify import differ, marks, witnesses
from msptool.audit.identify.joining import Joined
from msptool.audit.identify.shapes import Claim, Explanation, Group, Keys, Tie
from msptool.identity import Identities

_MOST_ALIASES, _MOST_TIES, _MOST_OTHERS = 64, 64, 8


def name(joined: Joined, identities: Identities, seen_at: datetime) -> list[Group]:
    """Mint ids for groups, demote what must not lead to any, and tell who shares what."""
    for key in sorted(joined.demoted):
        identities.demote(key)
    known = [_aliases(keys, identities.demoted) for keys in joined.groups]
    pairs = [(*a, *_pairs(keys)) for a, keys in zip(known, joined.groups, strict=True)]
    ids = identities.mint_all(pairs, seen_at)
    groups = [
        Group(id=ident, name=_name(keys), keys=tuple(keys), aliases=aliases,
              ties=tuple(islice(_ties(keys, joined, aliases), _MOST_TIES)))
        for ident, keys, aliases in zip(ids, joined.groups, known, strict=True)
    ]  # fmt: skip
    return list(_with_shared(groups, identities.demoted))


def explanation(group: Group) -> Explanation:
    """Return why a group is one machine, and who said what of it."""
    return Explanation(
        id=group.id,
        name=group.name,
        addresses=group.addresses,
        claims=tuple(_weighed([claim for one in group.keys for claim in one.claims])),
        ties=group.ties,
    )


def _weighed(claims: Sequence[Claim]) -> Iterator[Claim]:
    """Yield claims by field, one taken for each: what an address' best witness says counts for
    nothing where that of an earlier one was taken, or an agent said something. What a witness says
    again on another address is told once.
    """
    order = {field: at for at, field in enumerate(witnesses.FIELDS)}
    taken: set[str] = set()
    probes = (not claim.by.startswith("SNMP") for claim in claims)
    ranked = sorted(zip(probes, claims, strict=True), key=lambda one: (order[one[1].field], one[0]))
    told: set[tuple[str, str, str]] = set()
    for _, claim in ranked:
        if (claim.field, claim.by, claim.value) in told:
            continue
        told.add((claim.field, claim.by, claim.value))
        beaten = claim.state == "taken" and claim.field in taken
        yield structs.replace(claim, state="") if beaten else claim
        taken |= {claim.field} if claim.state == "taken" else set()


def _name(keys: Sequence[Keys]) -> str:
    agents = (one.plate.name for one in keys)
    others = (one.name for one in keys)
    return next(filter(None, (*agents, *others)), "") or keys[0].address


def _aliases(keys: Sequence[Keys], demoted: Collection[str]) -> tuple[str, ...]:
    """Return the names that lead back to this machine, strongest first. A MAC with the local bit
    is no identity by itself (RFC 7042: randomised, or copied with a container), but better than an
    address. Of the many MACs that an agent calls its own the first is enough.
    """
    strong = {key for one in keys for key in one.strong if not key.startswith("mac:")}
    macs = {f"mac:{mac}" for one in keys for mac in one.macs}
    own = sorted({f"mac:{mac}" for one in keys for mac in one.own_macs} - set(demoted))[:1]
    told = _name(keys)
    found = [*sorted(strong, key=_by_strength), *sorted({*macs, *own})]
    found = [key for key in found if key not in demoted][:_MOST_ALIASES]
    named = [f"name:{told}"] if told != keys[0].address else []
    return (*found, *named, *(f"ip:{one.address}" for one in keys))


def _by_strength(key: str) -> tuple[int, str]:
    return ("serial", "engine", "uuid", "guid", "hostkey").index(key.partition(":")[0]), key


def _pairs(keys: Sequence[Keys]) -> Iterator[str]:
    """Yield pairs of weak signs: a name with its card's maker, with a build, with an address; an
    address with its open ports. A name that makers give to all makes no pair.
    """
    names = sorted({name for one in keys for name in one.names})
    signs = {f"build:{build}" for one in keys for build in one.builds}
    for mac in (mac for one in keys for mac in one.macs):
        signs.add("random" if marks.is_local(mac) else f"oui:{mac[:8]}")
    signs |= {f"ip:{one.address}" for one in keys}
    for told in names[:_MOST_OTHERS]:
        yield from (f"pair:{told}|{sign}" for sign in sorted(signs)[:_MOST_ALIASES])
    yield from (f"look:{one.address}|{one.look}" for one in keys if one.look)


def _ties(keys: Sequence[Keys], joined: Joined, aliases: Iterable[str]) -> Iterator[Tie]:
    """Yield what joined, what was demoted, what was ignored, and what only this machine has."""
    told = [tie for one in keys for tie in joined.ties.get(one.address, ())]
    seen: set[tuple[str, str]] = set()
    for tie in (*told, *(tie for one in keys for tie in one.ties)):
        if (tie.key, tie.state) not in seen:
            seen.add((tie.key, tie.state))
            yield tie
    spoken_of = {key for key, _ in seen}
    for alias in aliases:
        kind = alias.partition(":")[0]
        if alias not in spoken_of and kind not in {"ip", "name"}:
            holders = tuple(one.address for one in keys if alias in one.strong)
            yield Tie(key=alias, state="alone", addresses=holders)


# Who shares what


def _with_shared(groups: Sequence[Group], demoted: Collection[str]) -> Iterator[Group]:
    """Yield groups with the demoted identifiers they have, and who else has them."""
    holders: dict[str, list[Group]] = defaultdict(list)
    for group in groups:
        for key in sorted({key for one in group.keys for key in one.strong} & set(demoted)):
            holders[key].append(group)
    firsts = {key: min(some, key=lambda g: g.id).id for key, some in holders.items()}
    by_group: Mapping[str, list[Shared]] = _by_group(holders, firsts)
    for group in groups:
        mine = by_group.get(group.id)
        yield structs.replace(group, shared=tuple(mine)) if mine else group


def _by_group(
    holders: Mapping[str, Sequence[Group]], firsts: Mapping[str, str]
) -> dict[str, list[Shared]]:
    found: dict[str, list[Shared]] = defaultdict(list)
    for key in sorted(holders, key=differ.order):
        some = holders[key]
        if key.startswith("mac:") and marks.is_local(key[4:]):
            continue  # made up by software: bridges and containers make up the same
        for group in some:
            others = islice((g.name for g in some if g.id != group.id), _MOST_OTHERS)
            found[group.id].append(
                Shared(key=key, others=tuple(others), count=len(some) - 1,
                       first=firsts[key] == group.id)
            )  # fmt: skip
    return found
