"""Which addresses are one machine. Near linear, and the same whatever the order of facts.

Strong identifiers join, from the factory's down to those on a disk; one that machines share which
differ in another is demoted and joins nothing. Then an agent's own list of addresses, then pairs
of weak signs; at last an address that only a virtual router's MAC answers for goes to a machine
that shares something with it.
"""

import ipaddress
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from msptool.audit.identify import differ, marks
from msptool.audit.identify.shapes import Keys, Tie

_SHOWN = 16  # addresses of a tie
_EARLIER = "several machines had it in an earlier run"


@dataclass
class Joined:
    """Addresses in groups, each in order; why, by address; and what must not join any more."""

    groups: list[list[Keys]]
    ties: dict[str, list[Tie]] = field(default_factory=dict)
    demoted: dict[str, str] = field(default_factory=dict)


def join(found: Iterable[Keys], demoted: Collection[str]) -> Joined:
    """Join addresses; `demoted` are identifiers that earlier runs saw on several machines."""
    by_address = {one.address: one for one in found}
    known = sorted(by_address.values(), key=lambda one: by_number(one.address))
    work = _Work(known, demoted)
    work.strong()
    work.own()
    work.pairs()
    work.virtual()
    return Joined(list(work.groups()), work.ties, work.demoted)


def by_number(address: str) -> tuple[int, bytes, str]:
    """Sort addresses: IPv4 first, by number."""
    number = ipaddress.ip_address(address)
    return number.version, number.packed, address


class _Work:
    """Union and find over addresses, with what each group is known by."""

    def __init__(self, known: Sequence[Keys], demoted: Collection[str]) -> None:
        self.known = known
        self.earlier = demoted
        self.demoted: dict[str, str] = {}
        self.ties: dict[str, list[Tie]] = defaultdict(list)
        self._leader = list(range(len(known)))
        self._traits: dict[int, dict[str, set[str]]] = {}
        self._disbelieved = set(demoted)
        self._at = {one.address: at for at, one in enumerate(known)}

    def find(self, at: int) -> int:
        while self._leader[at] != at:
            self._leader[at] = self._leader[self._leader[at]]
            at = self._leader[at]
        return at

    def unite(self, one: int, other: int) -> None:
        low, high = sorted((self.find(one), self.find(other)))
        if low == high:
            return
        self._leader[high] = low
        mine, theirs = self.traits(low), self._traits.pop(high, None) or self._read(high)
        for kind, values in theirs.items():
            some = mine.setdefault(kind, set())
            more, less = (some, values) if len(some) >= len(values) else (values, some)
            more |= less
            mine[kind] = more

    def traits(self, root: int) -> dict[str, set[str]]:
        """Return what a group is known by; read when it is asked for: most share nothing."""
        if root not in self._traits:
            self._traits[root] = self._read(root)
        return self._traits[root]

    def _read(self, at: int) -> dict[str, set[str]]:
        return _traits(self.known[at], self._disbelieved)

    def groups(self) -> Iterator[list[Keys]]:
        members: dict[int, list[Keys]] = defaultdict(list)
        for at, one in enumerate(self.known):
            members[self.find(at)].append(one)
        yield from (members[at] for at in sorted(members))

    def strong(self) -> None:
        holders = _holders(self.known)
        for key in sorted(holders, key=lambda key: differ.order(key.partition("@")[0])):
            plain, at = key.partition("@")[0], holders[key]
            roots = sorted({self.find(one) for one in at})
            if plain in self.earlier or plain in self.demoted:
                self._note(at, plain, "demoted", self.demoted.get(plain, _EARLIER))
            elif reason := differ.differ(plain, [self.traits(one) for one in roots]):
                self.demoted[plain] = reason
                self._disbelieved.add(plain)
                self._note(at, plain, "demoted", reason)
                self._forget(plain, roots)
            else:
                for one in roots[1:]:
                    self.unite(roots[0], one)
                self._note(at, plain, "joined", "")

    def _forget(self, key: str, roots: Iterable[int]) -> None:
        """What is not believed must not make machines look alike, either."""
        for one in roots:
            self.traits(one).get(differ.kind_of(key), set()).discard(key)

    def own(self) -> None:
        """Join what an agent calls its own, unless two claim it or it shows to be another."""
        claims: dict[int, set[int]] = defaultdict(set)
        for at, one in enumerate(self.known):
            for address in one.own:
                if address in self._at:
                    claims[self._at[address]].add(at)
        for mine, by in sorted(claims.items()):
            roots = {self.find(at) for at in by} - {self.find(mine)}
            if not roots or self.known[mine].virtual:
                continue
            key = f"own-address:{self.known[mine].address}"
            why = self._why_not_own(mine, roots)
            self._note([*sorted(by), mine], key, "refused" if why else "joined", why)
            if not why:
                self.unite(roots.pop(), mine)

    def _why_not_own(self, mine: int, roots: Collection[int]) -> str:
        if len(roots) > 1:
            return "several claim it"
        traits = [self.traits(next(iter(roots))), self.traits(self.find(mine))]
        return differ.differ("uuid:", traits)

    def pairs(self) -> None:
        """Join by name and build, where nothing else speaks against it."""
        holders: dict[str, list[int]] = defaultdict(list)
        for at, one in enumerate(self.known):
            for name in one.names:
                for build in one.builds:
                    holders[f"name+build:{name}/{build}"].append(at)
        for key, places in sorted(holders.items()):
            roots = sorted({self.find(place) for place in places})
            if len(roots) > 1 and not differ.differ("uuid:", [self.traits(r) for r in roots]):
                for root in roots[1:]:
                    self.unite(roots[0], root)
                self._note(places, key, "joined", "")

    def virtual(self) -> None:
        """Give an address of a role to the first machine that shares something with it."""
        shared: dict[str, list[int]] = defaultdict(list)
        for at, one in enumerate(self.known):
            for sign in _signs(one):
                if not one.virtual:
                    shared[sign].append(at)
        real = {self.find(at) for at, one in enumerate(self.known) if not one.virtual}
        for at, one in enumerate(self.known):
            if not one.virtual or self.find(at) in real:
                continue
            near = sorted({other for sign in _signs(one) for other in shared[sign]})
            if near:
                self.unite(near[0], at)
                self._note(
                    [near[0], at],
                    f"virtual-address:{one.address}",
                    "joined",
                    "an address of a role",
                )

    def _note(self, at: Iterable[int], key: str, state: str, why: str) -> None:
        """Keep a tie with the address that tells it; of very many addresses some are named."""
        told = sorted(set(at))
        shown = tuple(self.known[one].address for one in told[:_SHOWN])
        tie = Tie(key=key, state=state, addresses=shown, why=why)
        for one in told[:1] if state == "joined" else told:
            self.ties[self.known[one].address].append(tie)


def _traits(one: Keys, demoted: Collection[str]) -> dict[str, set[str]]:
    """Return what a machine has one of, by kind; MACs with those that its agent tells."""
    found: dict[str, set[str]] = defaultdict(set)
    for key in one.strong:
        if key not in demoted and key.partition(":")[0] not in {"mac", "uuid"}:
            found[differ.kind_of(key)].add(key)
    macs = {f"mac:{mac}" for mac in (*one.macs, *one.own_macs)}
    found["mac"] |= {mac for mac in macs if mac not in demoted}
    found["name"] |= set(one.names)
    return dict(found)


def _holders(known: Sequence[Keys]) -> Mapping[str, list[int]]:
    """Return the places of those that have an identifier, where they are several.

    A MAC with the local bit is made up: two places (vantages) may have made up the same.
    """
    holders: dict[str, list[int]] = defaultdict(list)
    for at, one in enumerate(known):
        for key in one.strong:
            local = key.startswith("mac:") and marks.is_local(key[4:]) and one.vantage
            holders[f"{key}@{one.vantage}" if local else key].append(at)
    return {key: at for key, at in holders.items() if len(at) > 1}


def _signs(one: Keys) -> Iterator[str]:
    yield from one.weak
    yield from (key for key in one.strong if not key.startswith("mac:"))
    yield from (f"name:{name}" for name in one.names)
    yield from (f"address:{address}" for address in one.own)
    if one.virtual:
        yield f"address:{one.address}"
