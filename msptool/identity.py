"""Who is who: an asset's minted id and all the names it ever had, in `identities/ID.jsonl`.

A serial learnt later, a new lease or a new name must make no second asset and no second ticket;
so findings are about minted ids, and an alias, once learnt, leads to its id for good. Files merge
by union: where two laptops minted twice, the lower id wins and the other becomes an alias.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from msptool import files, ulid
from msptool.model import Instant

# Aliases that name one machine for years, strongest first; an address is no identity: it is only
# kept for a machine that shows nothing better, and is forgotten when something better turns up.
STRONG = ("serial", "engine", "hostkey", "mac")
WEAK = ("name", "ip")


class Learnt(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line: from now on `alias` means this file's id. `lost` takes it away again."""

    alias: str
    at: Instant
    lost: bool = False


class Identities:
    """All ids and aliases of a workspace; remembers what is new until `save`."""

    def __init__(self, owners: Mapping[str, str], merged: Mapping[str, str]) -> None:
        self._owner = dict(owners)
        self._merged = dict(merged)
        self._new: dict[str, dict[str, bool]] = {}
        self._given: set[str] = set()
        self._shown: set[str] = set()

    def resolve(self, name: str) -> str:
        """Return the minted id of an alias or an older id; the name itself if it is unknown."""
        found = self._owner.get(name, name)
        while found in self._merged:
            found = self._merged[found]
        return found

    def aliases(self, ident: str) -> tuple[str, ...]:
        """Return the aliases that lead to an id, sorted."""
        return tuple(sorted(a for a, owner in self._owner.items() if self.resolve(owner) == ident))

    def mint(self, aliases: Iterable[str]) -> str:
        """Return the id that these aliases of one machine lead to; a new one if none does.

        Ids that strong aliases bring together become one, the lowest, unless their serials say
        that they are two machines (a router's virtual MAC moves to its neighbour). A weak alias
        joins nothing, and leads nowhere once its machine was met in this run: two machines may
        give themselves one name. What another machine had is taken over from it.
        """
        known = list(dict.fromkeys(aliases))
        owners = self._by_strong(known) or self._by_weak(known)
        ident = min(owners, default="") or ulid.new()
        for other in owners - {ident}:
            self._merged[other] = ident
            self._note(ident, f"id:{other}")
        for alias in known:
            self._learn(ident, alias)
        self._given.add(ident)
        self._shown.update(known)
        return ident

    def _by_strong(self, known: Sequence[str]) -> set[str]:
        found: set[str] = set()
        serials = _serials(known)
        for alias in sorted((a for a in known if a in self._owner), key=_strength):
            theirs = _serials(self.aliases(self.resolve(alias)))
            if _kind(alias) in STRONG and _agree(serials, theirs):
                found.add(self.resolve(alias))
                serials |= theirs
        return found

    def _by_weak(self, known: Sequence[str]) -> set[str]:
        """Return the one machine that weak aliases lead to, of which nothing stronger is known
        where this one shows something strong.
        """
        shows_strong = any(_kind(a) in STRONG for a in known)
        for alias in sorted((a for a in known if a in self._owner), key=_strength):
            ident = self.resolve(alias)
            known_better = any(_kind(a) in STRONG for a in self.aliases(ident))
            free = ident not in self._given and not (shows_strong and known_better)
            if _kind(alias) in WEAK and free:
                return {ident}
        return set()

    def _learn(self, ident: str, alias: str) -> None:
        owner = self.resolve(alias) if alias in self._owner else None
        if owner == ident or (_kind(alias) in WEAK and alias in self._shown):
            return  # a weak one shown twice stays with the first
        if owner is not None:
            self._note(owner, alias, lost=True)
        self._owner[alias] = ident
        self._note(ident, alias)

    def _note(self, ident: str, alias: str, *, lost: bool = False) -> None:
        self._new.setdefault(ident, {})[alias] = lost

    def save(self, folder: Path, at: datetime) -> None:
        """Append what was learnt since loading; the caller holds the workspace."""
        for ident, learnt in self._new.items():
            lines = [
                msgspec.json.encode(Learnt(alias=alias, at=at, lost=lost)) + b"\n"
                for alias, lost in learnt.items()
            ]
            files.append(files.make_folder(folder) / f"{ident}.jsonl", b"".join(lines))
        self._new.clear()
        self._given.clear()
        self._shown.clear()


def _kind(alias: str) -> str:
    return alias.partition(":")[0]


def _strength(alias: str) -> tuple[int, str]:
    """Order aliases from the strongest kind down."""
    order = (*STRONG, *WEAK)
    return (order.index(_kind(alias)) if _kind(alias) in order else len(order)), alias


def _serials(aliases: Iterable[str]) -> set[str]:
    """Return the serial numbers among aliases `serial:VENDOR/NUMBER`; vendors vary in spelling."""
    return {alias.rpartition("/")[2] for alias in aliases if _kind(alias) == "serial"}


def _agree(some: set[str], others: set[str]) -> bool:
    return not some or not others or bool(some & others)


def load(folder: Path) -> Identities:
    """Read all identities of a workspace; lines that cannot be read are passed over.

    The order of lines does not matter (union merges shuffle them). An alias belongs to the ids
    that learnt it and did not lose it since. Where two ids hold a strong one, two laptops minted
    twice: they are one, the lower, unless their serials differ. Of a weak one the latest word
    counts, and at the same instant the lower id.
    """
    merged: dict[str, str] = {}
    said: dict[str, dict[str, Learnt]] = {}
    for path in sorted(folder.glob("*.jsonl")) if folder.is_dir() else ():
        for line in _lines(path):
            if line.alias.startswith("id:"):
                _join(merged, line.alias[3:], path.stem)
                continue
            held = said.setdefault(line.alias, {})
            held[path.stem] = max(held.get(path.stem, line), line, key=lambda w: (w.at, not w.lost))
    return _settled(merged, said)


def _settled(merged: dict[str, str], said: Mapping[str, Mapping[str, Learnt]]) -> Identities:
    """Give each alias to one id, from the strongest down, joining what strong ones join."""
    owners: dict[str, str] = {}
    serials: dict[str, set[str]] = {}
    for alias in sorted(said, key=_strength):
        held = {ident: word for ident, word in said[alias].items() if not word.lost}
        if not held:
            continue
        latest = max(word.at for word in held.values())
        owner = min(ident for ident, word in held.items() if word.at == latest)
        for other in sorted(held) if _kind(alias) in STRONG else ():
            mine, theirs = (serials.get(_root(merged, i), set()) for i in (owner, other))
            if _agree(mine, theirs):
                _join(merged, owner, other)
                serials[_root(merged, owner)] = mine | theirs
        serials.setdefault(_root(merged, owner), set()).update(_serials([alias]))
        owners[alias] = owner
    return Identities(owners, merged)


def _root(merged: Mapping[str, str], ident: str) -> str:
    while ident in merged:
        ident = merged[ident]
    return ident


def _join(merged: dict[str, str], one: str, other: str) -> None:
    """Make two ids one; the lower stays."""
    low, high = sorted((_root(merged, one), _root(merged, other)))
    if low != high:
        merged[high] = low


def _lines(path: Path) -> Iterable[Learnt]:
    decoder = msgspec.json.Decoder(Learnt)
    for raw in path.read_bytes().splitlines():
        try:
            yield decoder.decode(raw)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            continue
